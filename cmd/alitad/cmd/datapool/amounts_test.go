package datapool_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/testutil"
)

// TestHugeAmounts: what no pool can hold is an error wherever an amount is read, never a
// panic of the arithmetic.
func TestHugeAmounts(t *testing.T) {
	f, ctx, from := setup(t)
	f.CreatePool(t, 1, "LIGHT", nil)
	huge := "1" + strings.Repeat("0", 71) // with 6 decimals below 2^256
	pool := filepath.Join(t.TempDir(), "pool.json")
	_, example, err := run(t, ctx, "create-pool", "--example")
	require.NoError(t, err)
	for _, old := range []string{`"10000SPEED"`, `"1000SPEED"`, `"500SPEED"`} {
		example = strings.Replace(example, old, `"`+huge+`SPEED"`, 1)
	}
	require.NoError(t, os.WriteFile(pool, []byte(example), 0o600))
	update := filepath.Join(t.TempDir(), "update.json")
	require.NoError(t, os.WriteFile(update, []byte(`{"rewards_per_day":"`+huge+`SPEED"}`), 0o600))
	for _, args := range [][]string{
		{"swap", "SPEED", huge + "ALITA"},
		{"swap", "SPEED", "--to-receive", huge + "SPEED"},
		{"swap", "SPEED", huge + "SPEED", "--to", "LIGHT"},
		{"swap", "SPEED", huge + "SPEED", "--to", "LIGHT", "--to-receive", "1LIGHT"},
		{"liquidity", "add", "SPEED", huge + "ALITA"},
		{"liquidity", "add", "SPEED", huge + "SPEED", "--single"},
		{"liquidity", "remove", "SPEED", huge + "SPEED-SHARE"},
		{"create-pool", pool},
		{"update-pool", "SPEED", update},
	} {
		t.Run(args[0], func(t *testing.T) {
			sender := from
			if args[0] == "update-pool" {
				sender = f.Text(testutil.Account(1))
			}
			require.NotPanics(t, func() {
				_, _, err := run(t, ctx, append(args, "--generate-only", "--from", sender)...)
				require.ErrorContains(t, err, "expected at most 170141183460469231731687303715884")
			})
		})
	}
}
