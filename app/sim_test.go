package app_test

import (
	"fmt"
	"os"
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/app"
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
			t.Parallel()
			first := simulate(t, seed, blocks, size)
			require.Equal(t, first, simulate(t, seed, blocks, size))
		})
	}
}

// simulate returns the application hash at the end.
func simulate(t *testing.T, seed int64, blocks, size int) (hash []byte) {
	t.Helper()
	cfg := simtypes.Config{
		ChainID: simsx.SimAppChainID, InitialBlockHeight: 1, GenesisTime: 1_750_000_000,
		NumBlocks: blocks, BlockSize: size, Commit: true, DBBackend: "memdb", Lean: true,
	}
	simsx.RunWithSeed(t, cfg, app.New, simState, seed, nil,
		func(tb testing.TB, run simsx.TestInstance[*app.App], _ []simtypes.Account) {
			tb.Helper()
			hash = run.App.LastCommitID().Hash
			ctx := run.App.NewNextBlockContext(cmtproto.Header{ChainID: cfg.ChainID, Height: run.App.LastBlockHeight() + 1})
			require.NoError(tb, run.App.ComputeKeeper.Invariants(ctx))
			_, err := run.App.ExportAppStateAndValidators(false, nil, nil)
			require.NoError(tb, err)
		})
	return hash
}

func simState(a *app.App) simsx.SimStateFactory {
	return simsx.SimStateFactory{
		Codec:         a.AppCodec(),
		AppStateFn:    simtestutil.AppStateFn(a.AppCodec(), a.SimulationManager(), a.DefaultGenesis()),
		BlockedAddr:   app.BlockedAddresses(),
		AccountSource: a.AccountKeeper,
		BalanceSource: a.BankKeeper,
	}
}
