package cmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/client/flags"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/cmd/alitad/cmd"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

// run executes alitad with the given arguments and returns its standard output.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	root, err := cmd.NewRootCmd()
	require.NoError(t, err)
	var out, errOut bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errOut)
	root.SetArgs(args)
	err = svrcmd.Execute(root, app.EnvPrefix, t.TempDir())
	return out.String(), err
}

func TestInit(t *testing.T) {
	home := t.TempDir()
	_, err := run(t, "init", "node", "--chain-id", "alita-test-1", "--home", home)
	require.NoError(t, err)
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
	require.NoError(t, err)
	require.Equal(t, "alita-test-1", genesis.ChainID)
	require.Equal(t, app.DefaultConsensusParams().Block, genesis.Consensus.Params.Block)
	require.Equal(t, app.DefaultConsensusParams().Evidence, genesis.Consensus.Params.Evidence)

	appToml := viper.New()
	appToml.SetConfigFile(filepath.Join(home, "config", "app.toml"))
	require.NoError(t, appToml.ReadInConfig())
	require.Equal(t, app.DefaultMinGasPrice, appToml.GetString("minimum-gas-prices"))
	require.True(t, appToml.GetBool(app.FlagOptimisticExecution))
	require.Equal(t, "sequential", appToml.GetString("block-executor"))

	config := viper.New()
	config.SetConfigFile(filepath.Join(home, "config", "config.toml"))
	require.NoError(t, config.ReadInConfig())
	require.Equal(t, "500ms", config.GetString("consensus.timeout_commit"))
}

func TestInitKeepsExistingGenesis(t *testing.T) {
	home := t.TempDir()
	_, err := run(t, "init", "node", "--home", home)
	require.NoError(t, err)
	file := filepath.Join(home, "config", "genesis.json")
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	_, err = run(t, "init", "node", "--home", home)
	require.ErrorContains(t, err, "already exists")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// newGenesis makes the files of a network of one validator.
func newGenesis(t *testing.T, home string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "node", "--chain-id", "alita-test-1"},
		{"keys", "add", "validator", "--keyring-backend", "test"},
		{"genesis", "add-genesis-account", "validator", "5000000000ualita", "--keyring-backend", "test"},
		{"genesis", "gentx", "validator", "1000000ualita", "--keyring-backend", "test", "--chain-id", "alita-test-1"},
		{"genesis", "collect-gentxs"},
		{"genesis", "validate"},
	} {
		_, err := run(t, append(args, "--home", home)...)
		require.NoError(t, err, "%v", args)
	}
}

// TestGenesisCommands goes from new files to a genesis that a network can
// start from.
func TestGenesisCommands(t *testing.T) {
	home := t.TempDir()
	newGenesis(t, home)
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
	require.NoError(t, err)
	var state struct {
		Genutil struct {
			GenTxs []json.RawMessage `json:"gen_txs"`
		} `json:"genutil"`
	}
	require.NoError(t, json.Unmarshal(genesis.AppState, &state))
	require.Len(t, state.Genutil.GenTxs, 1)
}

func TestCommandTree(t *testing.T) {
	root, err := cmd.NewRootCmd()
	require.NoError(t, err)
	for _, path := range [][]string{
		{"start"},
		{"status"},
		{"version"},
		{"export"},
		{"rollback"},
		{"comet", "show-node-id"},
		{"config", "set"},
		{"snapshots", "list"},
		{"prune"},
		{"keys", "add"},
		{"debug", "addr"},
		{"debug", "job"},
		{"query", "bank", "balances"},
		{"query", "wait-tx"},
		{"tx", "bank", "send"},
		{"tx", "sign"},
		{"compute", "run"},
		{"metadata", "check"},
		{"tx", "metadata", "register"},
		{"tx", "compute", "store-program"},
		{"tx", "datapool", "create-pool"},
		{"tx", "datapool", "update-pool"},
		{"tx", "datapool", "swap"},
		{"tx", "datapool", "liquidity"},
		{"tx", "datapool", "claim-maker"},
		{"query", "datapool", "pools"},
		{"query", "metadata", "jsonld"},
		{"query", "compute", "job"},
	} {
		found, rest, err := root.Find(path)
		require.NoError(t, err, "%v", path)
		require.Empty(t, rest, "%v", path)
		require.Equal(t, path[len(path)-1], found.Name(), "%v", path)
	}
	// A description for everything that a person can type.
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		require.NotEmpty(t, c.Short, c.CommandPath())
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// TestTransactionCommandsAreSubmitted: every command of a module that makes a transaction waits for its block.
func TestTransactionCommandsAreSubmitted(t *testing.T) {
	root, err := cmd.NewRootCmd()
	require.NoError(t, err)
	tx, _, err := root.Find([]string{"tx"})
	require.NoError(t, err)
	found := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		if c.Flags().Lookup(flags.FlagGenerateOnly) != nil {
			require.True(t, txflags.Submits(c), c.CommandPath())
			found[c.CommandPath()] = true
		}
	}
	for _, module := range tx.Commands() {
		if module.HasSubCommands() {
			walk(module)
		}
	}
	for _, path := range []string{"datapool swap", "datapool claim-maker", "metadata register", "metadata retire", "compute store-program", "compute open-job", "bank send", "staking delegate"} {
		require.True(t, found["alitad tx "+path], path)
	}
}
