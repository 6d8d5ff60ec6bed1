package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestGenesisRoundTrip exports a state that random messages have made, imports it
// together with the bank's, and exports it again.
func TestGenesisRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		ids := anyPools(r, f, r)
		for range rapid.IntRange(0, 40).Draw(r, "steps") {
			cached, write := f.Ctx.CacheContext()
			ctx := f.Ctx
			f.Ctx = cached
			if _, err := action(r, f, ids); err == nil {
				write()
				f.Ctx = ctx.WithBlockHeight(f.Ctx.BlockHeight()).WithBlockTime(f.Ctx.BlockTime())
			} else {
				f.Ctx = ctx
			}
		}
		exported, err := f.Keeper.ExportGenesis(f.Ctx)
		require.NoError(r, err)
		require.NoError(r, exported.Validate())
		text := f.Codec.MustMarshalJSON(exported)

		g := testutil.New(t)
		var imported types.GenesisState
		g.Codec.MustUnmarshalJSON(text, &imported)
		g.Accounts.InitGenesis(g.Ctx, *f.Accounts.ExportGenesis(f.Ctx))
		g.Bank.InitGenesis(g.Ctx, f.Bank.ExportGenesis(f.Ctx))
		require.NoError(r, g.Keeper.InitGenesis(g.Ctx, imported))
		g.Ctx = g.Ctx.WithBlockTime(f.Ctx.BlockTime())
		require.NoError(r, g.Keeper.Invariants(g.Ctx))
		again, err := g.Keeper.ExportGenesis(g.Ctx)
		require.NoError(r, err)
		require.Equal(r, string(text), string(g.Codec.MustMarshalJSON(again)))

		// Both go on in the same way.
		f.NextBlock(5)
		g.Ctx = f.Ctx.WithMultiStore(g.Ctx.MultiStore())
		for _, id := range ids {
			want, err := f.Keeper.TWAP(f.Ctx, id, 0)
			got, err2 := g.Keeper.TWAP(g.Ctx, id, 0)
			require.Equal(r, want, got)
			require.Equal(r, err == nil, err2 == nil)
		}
	})
}

func TestGenesisRefused(t *testing.T) {
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", nil)
	f.CreatePool(t, 2, "LIGHT", nil)
	_, text := f.Funded(t, 3, 1_000_000_000)
	f.NextBlock(100)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 1, "1000000ualita"))
	require.NoError(t, err)

	tests := []struct {
		name   string
		change func(*types.GenesisState)
		says   string
	}{
		{"params", func(g *types.GenesisState) { g.Params.TwapWindow = 1 }, "twap_window"},
		{"next id zero", func(g *types.GenesisState) { g.NextPoolId = 0 }, "at least 1"},
		{"next id taken", func(g *types.GenesisState) { g.NextPoolId = 2 }, "below next_pool_id"},
		{"pool twice", func(g *types.GenesisState) { g.Pools = append(g.Pools, g.Pools[0]) }, "found twice"},
		{"symbol twice", func(g *types.GenesisState) { g.Pools[1].Symbol = g.Pools[0].Symbol }, "a symbol of its own"},
		{"bad symbol", func(g *types.GenesisState) { g.Pools[0].Symbol = "x" }, "3 to 16"},
		{"wrong denom", func(g *types.GenesisState) { g.Pools[0].DataDenom = "data/2" }, "expected data/1"},
		{"wrong share denom", func(g *types.GenesisState) { g.Pools[0].ShareDenom = "share/01" }, "expected share/1"},
		{"no maker", func(g *types.GenesisState) { g.Pools[0].Maker = "" }, "maker"},
		{"wrong maker", func(g *types.GenesisState) { g.Pools[0].Maker = "alita1xyz" }, "maker"},
		{"wrong address", func(g *types.GenesisState) { g.Pools[0].Address = g.Pools[1].Address }, "expected address"},
		{"empty reserve", func(g *types.GenesisState) { g.Pools[0].Reserves.Data = math.ZeroInt() }, "above zero"},
		{"negative fee", func(g *types.GenesisState) { g.Pools[0].MakerFees.Data = math.NewInt(-1) }, "maker_fees.data"},
		{"missing amount", func(g *types.GenesisState) { g.Pools[0].Shares = math.Int{} }, "shares"},
		{"reserve too large", func(g *types.GenesisState) { g.Pools[0].Reserves.Alita = two255 }, "2^127"},
		{"budget too large", func(g *types.GenesisState) { g.Pools[0].Rewards.Data = two255 }, "2^127"},
		{"more tokens than the supply", func(g *types.GenesisState) { g.Pools[0].DataSupply = math.OneInt() }, "no more than the supply"},
		{"fewer shares than locked", func(g *types.GenesisState) { g.Pools[0].Shares = math.NewInt(999) }, "at least the locked"},
		{"claimed more than vests", func(g *types.GenesisState) { g.Pools[0].Vesting.Claimed = math.NewInt(1_000_000_000) }, "vesting.claimed"},
		{"fee policy", func(g *types.GenesisState) { g.Pools[0].Fees.SwapFeePpm = 999_999 }, "swap_fee_ppm"},
		{"no observation", func(g *types.GenesisState) { g.Observations = nil }, "expected the observations"},
		{"an observation missing", func(g *types.GenesisState) { g.Observations = g.Observations[1:] }, "expected observation 1"},
		{"of no pool", func(g *types.GenesisState) { g.Observations[0].PoolId = 7 }, "expected a known pool"},
		{"observations out of order", func(g *types.GenesisState) { g.Observations[1].Observation.Time = 0 }, "a later time"},
		{"observation in the future", func(g *types.GenesisState) { g.Pools[0].Price.Time = 5 }, "expected no observation after"},
		{"negative sum", func(g *types.GenesisState) { g.Observations[0].Observation.DataPerAlita = math.NewInt(-1) }, "expected sums"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			gs, err := f.Keeper.ExportGenesis(f.Ctx)
			require.NoError(t, err)
			require.NoError(t, gs.Validate())
			tc.change(gs)
			g := testutil.New(t)
			before, err := g.Keeper.ExportGenesis(g.Ctx)
			require.NoError(t, err)
			require.ErrorContains(t, g.Keeper.InitGenesis(g.Ctx, *gs), tc.says)
			after, err := g.Keeper.ExportGenesis(g.Ctx)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
}

// TestInvariantsNotice: each check can fail.
func TestInvariantsNotice(t *testing.T) {
	breaks := []struct {
		name string
		do   func(*testing.T, *testutil.Fixture)
		says string
	}{
		{"escrow short", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Bank.SendCoins(f.Ctx, types.PoolAddress(1), testutil.Account(9), coins("1ualita")))
		}, "account to hold"},
		{"tokens missing", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Bank.SendCoins(f.Ctx, types.PoolAddress(1), testutil.Account(9), coins("1data/1")))
		}, "account to hold"},
		{"token minted", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Bank.MintCoins(f.Ctx, types.ModuleName, coins("1data/1")))
		}, "expected a supply"},
		{"share minted", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Bank.MintCoins(f.Ctx, types.ModuleName, coins("1share/1")))
		}, "expected a supply"},
		{"symbol lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Symbols.Remove(f.Ctx, "SPEED")) }, "symbol"},
		{"maker lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Makers.Clear(f.Ctx, nil)) }, "maker"},
		{"history lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Observations.Clear(f.Ctx, nil)) }, "observations"},
		{"stray market", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.Markets.Set(f.Ctx, 5, types.Market{}))
		}, "markets"},
		{"rates differ", func(t *testing.T, f *testutil.Fixture) {
			m, err := f.Keeper.Markets.Get(f.Ctx, 1)
			require.NoError(t, err)
			m.Fees.SwapFeePpm++
			require.NoError(t, f.Keeper.Markets.Set(f.Ctx, 1, m))
		}, "rates"},
	}
	for _, tc := range breaks {
		t.Run(tc.name, func(t *testing.T) {
			f := testutil.New(t)
			f.CreatePool(t, 1, "SPEED", nil)
			require.NoError(t, f.Keeper.Invariants(f.Ctx))
			tc.do(t, f)
			err := f.Keeper.Invariants(f.Ctx)
			require.ErrorIs(t, err, types.ErrInvariant)
			require.ErrorContains(t, err, tc.says)
		})
	}
}
