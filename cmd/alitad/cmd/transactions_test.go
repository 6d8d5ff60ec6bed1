package cmd_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
)

// sent is what --output json prints of a transaction.
type sent struct {
	Hash   string `json:"txhash"`
	Height string `json:"height"`
	Code   uint32 `json:"code"`
	Log    string `json:"raw_log"`
	Events []struct {
		Type string `json:"type"`
	} `json:"events"`
}

// TestTransactionCommands holds the commands to the rule against a real node: they wait for the block, say what has
// happened, and fail when the transaction does.
func TestTransactionCommands(t *testing.T) {
	home, rpc := startNode(t)
	flags := []string{"--home", home, "--keyring-backend", "test", "--chain-id", "alita-test-1", "--node", rpc}
	tx := func(args ...string) (string, error) {
		return run(t, append(append([]string{"tx"}, args...), flags...)...)
	}
	read := func(out string) sent {
		var s sent
		require.NoError(t, json.Unmarshal([]byte(out), &s), out)
		return s
	}
	out, err := run(t, "keys", "show", "validator", "-a", "--home", home, "--keyring-backend", "test")
	require.NoError(t, err)
	validator := strings.TrimSpace(out)
	moments, err := programs.ByName("moments")
	require.NoError(t, err)

	t.Run("a command of ours", func(t *testing.T) {
		out, err := tx("compute", "store-program", "--shipped", "moments", "--from", "validator", "--dry-run")
		require.NoError(t, err, "the name of a key is enough")
		require.Empty(t, out)

		out, err = tx("compute", "store-program", "--shipped", "moments", "--from", "validator", "--yes")
		require.NoError(t, err)
		require.Regexp(t, `^Program stored
  program  `+moments.Hash+`
  author   `+validator+`
  name     moments
Done in block [0-9]+ for a fee of 0\.[0-9]+ ALITA
Gas [0-9]+ of [0-9]+
Transaction [0-9A-F]{64}
$`, out)

		out, err = tx("compute", "store-program", "--shipped", "moments", "--from", "validator", "--yes")
		require.ErrorContains(t, err, "the chain would refuse it: ")
		require.ErrorContains(t, err, "; nothing was sent")
		require.Empty(t, out)
	})
	t.Run("a generated command", func(t *testing.T) {
		out, err := tx("compute", "register-seat", validator, "2000000000ualita", "500", "--from", "validator", "--yes")
		require.NoError(t, err)
		require.Contains(t, out, "Seat registered\n")
		require.Contains(t, out, "bond 2000 ALITA, fee 0.0005 ALITA")
		_, err = tx("compute", "cancel-job", strings.Repeat("0", 32), "--from", "validator", "--yes")
		require.ErrorContains(t, err, "the chain would refuse it: ")
	})
	t.Run("a command of the SDK that takes the sender as an argument", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1500000ualita", "--yes")
		require.NoError(t, err)
		require.Regexp(t, `^Transfer
  recipient  `+validator+`
  sender     `+validator+`
  amount     1\.5 ALITA
Done in block `, out)
	})
	t.Run("JSON", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1ualita", "--yes", "--output", "json")
		require.NoError(t, err)
		s := read(out)
		require.Zero(t, s.Code)
		require.NotEqual(t, "0", s.Height)
		require.NotEmpty(t, s.Events)
	})
	t.Run("a failure in the block", func(t *testing.T) {
		// With a gas limit nothing is simulated, so the block is the first to refuse it.
		out, err := tx("bank", "send", "validator", validator, "9000000000ualita", "--yes", "--gas", "200000", "--output", "json")
		require.ErrorContains(t, err, "insufficient funds")
		s := read(out)
		require.NotZero(t, s.Code)
		require.NotEqual(t, "0", s.Height)
		require.ErrorContains(t, err, "; the fee is paid and nothing else has happened: `alitad query tx "+s.Hash+"`")
	})
	t.Run("no gas", func(t *testing.T) {
		_, err := tx("compute", "store-program", "--shipped", "histogram", "--from", "validator", "--yes", "--gas", "30000")
		require.ErrorContains(t, err, "; without --gas the gas is measured first")
	})
	t.Run("no fee", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1ualita", "--yes", "--fees", "1ualita")
		require.ErrorContains(t, err, "refused: ")
		require.ErrorContains(t, err, "; nothing was paid: without --fees and --gas-prices the node's own price is paid")
		require.Empty(t, out)
	})
	t.Run("not confirmed", func(t *testing.T) {
		_, err := tx("bank", "send", "validator", validator, "1ualita")
		require.ErrorContains(t, err, "confirmation: expected y or N, got none: --yes confirms")
	})
	t.Run("without waiting", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1ualita", "--yes", "--async", "--output", "json")
		require.NoError(t, err)
		s := read(out)
		require.Len(t, s.Hash, 64)
		require.Equal(t, "0", s.Height)
		_, err = run(t, "query", "wait-tx", s.Hash, "--home", home, "--node", rpc, "--timeout", "2m")
		require.NoError(t, err)
	})
	t.Run("without waiting, in words", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1ualita", "--yes", "--async")
		require.NoError(t, err)
		require.Regexp(t, "^Sent, and not in a block yet: `alitad query wait-tx [0-9A-F]{64}` says what becomes of it\n$", out)
		_, err = run(t, "query", "wait-tx", strings.Fields(out)[10][:64], "--home", home, "--node", rpc, "--timeout", "2m")
		require.NoError(t, err)
		_, err = tx("bank", "send", "validator", validator, "1ualita", "--yes", "--async", "--fees", "1ualita")
		require.ErrorContains(t, err, "refused: ")
	})
	t.Run("as the SDK does not wait", func(t *testing.T) {
		out, err := tx("bank", "send", "validator", validator, "1ualita", "--yes", "--broadcast-mode", "sync", "--output", "json", "--fees", "500ualita")
		require.NoError(t, err)
		s := read(out)
		require.Equal(t, "0", s.Height)
		_, err = run(t, "query", "wait-tx", s.Hash, "--home", home, "--node", rpc, "--timeout", "2m")
		require.NoError(t, err)
	})
	t.Run("signed before", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "tx.json")
		out, err := tx("bank", "send", "validator", validator, "2ualita", "--generate-only", "--fees", "500ualita")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, []byte(out), 0o600))
		out, err = tx("sign", file, "--from", "validator")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, []byte(out), 0o600))
		out, err = tx("broadcast", file)
		require.NoError(t, err)
		require.Contains(t, out, "amount     0.000002 ALITA\nDone in block ")
		again, err := tx("broadcast", file)
		require.NoError(t, err)
		require.Equal(t, out, again, "the same transaction does nothing more")
	})
}
