package cmd_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const smallPool = `{
  "symbol": "LIGHT", "name": "Speed of light", "liquidity_alita": "100ALITA", "liquidity_data": "10000LIGHT",
  "reward_budget": "1000LIGHT", "reward_per_record": "10LIGHT", "maker_allotment": "500LIGHT", "vesting": "365d", "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "requirements": {"text": "One row per reading.", "columns": [{"name": "speed_km_s"}], "min_rows": 1}
}`

// TestProofsOfARealNode trades with proofs that a node serves over its RPC, and with what the transaction before has just done.
func TestProofsOfARealNode(t *testing.T) {
	home, rpc := startNode(t)
	tx := func(args ...string) (string, error) {
		return run(t, append(append([]string{"tx"}, args...), "--home", home, "--keyring-backend", "test", "--chain-id", "alita-test-1",
			"--node", rpc, "--from", "validator", "--yes")...)
	}
	file := filepath.Join(t.TempDir(), "pool.json")
	require.NoError(t, os.WriteFile(file, []byte(smallPool), 0o600))
	_, err := tx("datapool", "create-pool", file)
	require.NoError(t, err)
	for range 2 {
		out, err := tx("datapool", "swap", "LIGHT", "1ALITA")
		require.NoError(t, err)
		require.Contains(t, out, "Done in block ")
	}
	kept, err := os.ReadFile(filepath.Join(home, "trust", "alita-test-1", "trust.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(kept), "trust: {height: ")
	require.FileExists(t, filepath.Join(home, "trust", "alita-test-1", "trusted.json"))
}
