package cmd_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/alita-network/alita/app"
)

// TestExportPrintsGenesisAlone: what `alitad export` writes to standard output
// is the genesis and nothing else, so that it can be redirected to a file.
func TestExportPrintsGenesisAlone(t *testing.T) {
	home := t.TempDir()
	newGenesis(t, home)
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
	require.NoError(t, err)

	db, err := dbm.NewDB("application", dbm.GoLevelDBBackend, filepath.Join(home, "data"))
	require.NoError(t, err)
	a := app.New(log.NewNopLogger(), db, true, simtestutil.AppOptionsMap{}, baseapp.SetChainID(genesis.ChainID))
	params := genesis.Consensus.Params.ToProto()
	_, err = a.InitChain(&abci.RequestInitChain{
		ChainId: genesis.ChainID, Time: genesis.GenesisTime, InitialHeight: 1, ConsensusParams: &params, AppStateBytes: genesis.AppState,
	})
	require.NoError(t, err)
	_, err = a.FinalizeBlock(&abci.RequestFinalizeBlock{Height: 1, Time: genesis.GenesisTime})
	require.NoError(t, err)
	_, err = a.Commit()
	require.NoError(t, err)
	require.NoError(t, a.Close())

	out, err := run(t, "export", "--home", home)
	require.NoError(t, err)
	var exported struct {
		InitialHeight int64                      `json:"initial_height"`
		AppState      map[string]json.RawMessage `json:"app_state"`
	}
	require.NoError(t, json.Unmarshal([]byte(out), &exported), out)
	require.EqualValues(t, 2, exported.InitialHeight)
	for _, module := range []string{"bank", "staking", "datapool", "metadata", "compute"} {
		require.Contains(t, exported.AppState, module)
	}
}
