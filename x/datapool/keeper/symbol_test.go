package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSymbolsDoNotLookAlike: what looks like a pool's symbol is taken, and leads to no pool; also after an import.
func TestSymbolsDoNotLookAlike(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPOIL", nil)
	checkLookAlikes(t, f, id)

	exported, err := f.Keeper.ExportGenesis(f.Ctx)
	require.NoError(t, err)
	g := testutil.New(t)
	g.Accounts.InitGenesis(g.Ctx, *f.Accounts.ExportGenesis(f.Ctx))
	g.Bank.InitGenesis(g.Ctx, f.Bank.ExportGenesis(f.Ctx))
	require.NoError(t, g.Keeper.InitGenesis(g.Ctx, *exported))
	require.NoError(t, g.Keeper.Invariants(g.Ctx))
	checkLookAlikes(t, g, id)
}

func checkLookAlikes(t *testing.T, f *testutil.Fixture, id uint64) {
	t.Helper()
	for _, symbol := range []string{"SPOIL", "SP0IL", "SPO1L", "SP01L"} {
		_, err := f.Msg.CreatePool(f.Ctx, testutil.CreatePoolMsg(f.Text(testutil.Account(2)), symbol))
		require.ErrorIs(t, err, types.ErrSymbolTaken, symbol)
		require.ErrorContains(t, err, "got "+symbol+", and pool 1 has SPOIL")
		res, err := f.Query.PoolByDenom(f.Ctx, &types.QueryPoolByDenomRequest{Denom: symbol})
		if symbol != "SPOIL" {
			require.ErrorIs(t, err, types.ErrPoolNotFound, symbol)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, id, res.Pool.Id)
	}
}
