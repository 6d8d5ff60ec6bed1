package app_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"testing/cryptotest"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	"github.com/cosmos/cosmos-sdk/types/module"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/app"
	computesim "github.com/alita-network/alita/tests/simulation/compute"
	datapoolsim "github.com/alita-network/alita/tests/simulation/datapool"
	metadatasim "github.com/alita-network/alita/tests/simulation/metadata"
)

// TestSimulation runs random messages of all modules over many blocks, from
// random genesis states. Every seed runs twice and must end in the same state:
// what differs between the runs is the order of maps, the clock and the
// scheduler, on none of which the state may depend. ALITA_SIM=full runs longer.
func TestSimulation(t *testing.T) {
	blocks, size, seeds := 12, 25, []int64{7}
	if os.Getenv("ALITA_SIM") == "full" {
		blocks, size, seeds = 150, 100, []int64{1, 2, 3, 5, 8, 13}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			first := simulate(t, seed, blocks, size)
			require.Equal(t, first, simulate(t, seed, blocks, size))
		})
	}
}

// simulated is the application with the simulations of its own modules and of the SDK's.
type simulated struct {
	*app.App
	manager *module.SimulationManager
}

func newSimulated(
	logger log.Logger, db dbm.DB, loadLatest bool, opts servertypes.AppOptions, base ...func(*baseapp.BaseApp),
) *simulated {
	a := app.New(logger, db, loadLatest, opts, base...)
	modules := append(slices.Clone(a.SimulationManager().Modules),
		datapoolsim.NewModule(a.DatapoolKeeper),
		metadatasim.NewModule(a.MetadataKeeper),
		computesim.NewModule(a.ComputeKeeper, a.MetadataKeeper))
	manager := module.NewSimulationManager(modules...)
	manager.RegisterStoreDecoders()
	return &simulated{a, manager}
}

// SimulationManager implements runtime.AppI.
func (a *simulated) SimulationManager() *module.SimulationManager { return a.manager }

// simulate returns the application hash at the end.
func simulate(t *testing.T, seed int64, blocks, size int) (hash []byte) {
	t.Helper()
	// Also what is sealed, by which the application hash and so the seats are drawn.
	cryptotest.SetGlobalRandom(t, uint64(seed))
	cfg := simtypes.Config{
		ChainID: simsx.SimAppChainID, InitialBlockHeight: 1, GenesisTime: 1_750_000_000,
		NumBlocks: blocks, BlockSize: size, Commit: true, DBBackend: "memdb", Lean: true,
	}
	simsx.RunWithSeed(t, cfg, newSimulated, simState, seed, nil,
		func(tb testing.TB, run simsx.TestInstance[*simulated], _ []simtypes.Account) {
			tb.Helper()
			hash = run.App.LastCommitID().Hash
			ctx := run.App.NewNextBlockContext(cmtproto.Header{ChainID: cfg.ChainID, Height: run.App.LastBlockHeight() + 1})
			require.NoError(tb, run.App.ComputeKeeper.Invariants(ctx))
			_, err := run.App.ExportAppStateAndValidators(false, nil, nil)
			require.NoError(tb, err)
		})
	return hash
}

func simState(a *simulated) simsx.SimStateFactory {
	return simsx.SimStateFactory{
		Codec:         a.AppCodec(),
		AppStateFn:    simtestutil.AppStateFn(a.AppCodec(), a.SimulationManager(), a.DefaultGenesis()),
		BlockedAddr:   app.BlockedAddresses(),
		AccountSource: a.AccountKeeper,
		BalanceSource: a.BankKeeper,
	}
}
