package keeper_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/collections"
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
		g.Ctx = g.Ctx.WithBlockHeight(f.Ctx.BlockHeight()).WithBlockTime(f.Ctx.BlockTime())
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

// livingPools is a chain with all that a genesis can hold: two owners that are owed
// rewards, a raise of them that waits, a former maker,
// candles of hours and of a day, an offer of the maker's role, a paused pool, and one
// with the block guard.
func livingPools(t *testing.T) *testutil.Fixture {
	t.Helper()
	f := testutil.New(t)
	f.CreatePool(t, 9, "SPEED", func(m *types.MsgCreatePool) { m.RewardPolicy = policyOf(10_000_000, 0, 0, 100_000) })
	f.CreatePool(t, 2, "LIGHT", func(m *types.MsgCreatePool) { m.BlockGuard = true })
	_, text := f.Funded(t, 3, 1_000_000_000)
	for i, seconds := range []int64{100, 3600, 90_000} {
		f.NextBlock(seconds)
		for _, id := range []uint64{1, 2} {
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
			require.NoError(t, err)
		}
		if i < 2 {
			for _, owner := range []uint64{4, 5} {
				_, _, err := f.Keeper.PayReward(f.Ctx, 1, testutil.Account(owner), 1)
				require.NoError(t, err)
			}
		}
	}
	first, heir := f.Text(testutil.Account(9)), f.Text(testutil.Account(1))
	_, err := f.Msg.ProposeMaker(f.Ctx, &types.MsgProposeMaker{Maker: first, PoolId: 1, NewMaker: heir})
	require.NoError(t, err)
	_, err = f.Msg.AcceptMaker(f.Ctx, &types.MsgAcceptMaker{NewMaker: heir, PoolId: 1})
	require.NoError(t, err)
	_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: heir, PoolId: 1, RewardPolicy: policyOf(10_000_000, 0, 0, 200_000)})
	require.NoError(t, err)
	_, err = f.Msg.ProposeMaker(f.Ctx, &types.MsgProposeMaker{Maker: f.Text(testutil.Account(1)), PoolId: 1, NewMaker: f.Text(testutil.Account(6))})
	require.NoError(t, err)
	_, err = f.Msg.PausePool(f.Ctx, &types.MsgPausePool{Authority: f.Authority, PoolId: 2, Paused: true})
	require.NoError(t, err)
	return f
}

// TestGenesisHoldsAll: all that a chain can hold is exported and imported, byte by byte,
// and lives on in the same way.
func TestGenesisHoldsAll(t *testing.T) {
	f := livingPools(t)
	gs, err := f.Keeper.ExportGenesis(f.Ctx)
	require.NoError(t, err)
	require.Len(t, gs.RewardAccounts, 2)
	require.Equal(t, []string{f.Text(testutil.Account(9))}, gs.Pools[0].FormerMakers)
	require.EqualValues(t, 200_000, gs.Pools[0].PendingRewards.Policy.MatchPpm)
	require.Len(t, gs.Charts, 2)
	require.Len(t, gs.Candles, 6, "two hours and a day of each pool")
	require.Equal(t, f.Text(testutil.Account(6)), gs.Pools[0].PendingMaker)
	require.True(t, gs.Pools[0].Outlet.Owed.IsPositive())
	require.True(t, gs.Pools[1].Paused)
	require.True(t, gs.Pools[1].BlockGuard)

	g := testutil.New(t)
	g.Ctx = g.Ctx.WithBlockHeight(f.Ctx.BlockHeight()).WithBlockTime(f.Ctx.BlockTime())
	g.Accounts.InitGenesis(g.Ctx, *f.Accounts.ExportGenesis(f.Ctx))
	g.Bank.InitGenesis(g.Ctx, f.Bank.ExportGenesis(f.Ctx))
	require.NoError(t, g.Keeper.InitGenesis(g.Ctx, *gs))
	require.Equal(t, dump(f.Ctx, f, types.StoreKey), dump(g.Ctx, g, types.StoreKey))
	f.NextBlock(50)
	g.Ctx = f.Ctx.WithMultiStore(g.Ctx.MultiStore())
	require.NoError(t, g.Keeper.Invariants(g.Ctx))
	for _, live := range []*testutil.Fixture{f, g} {
		owner := live.Text(testutil.Account(5))
		_, err := live.Msg.ClaimRewards(live.Ctx, &types.MsgClaimRewards{Sender: owner, Owner: owner, PoolId: 1})
		require.NoError(t, err)
		_, err = live.Msg.AcceptMaker(live.Ctx, &types.MsgAcceptMaker{NewMaker: live.Text(testutil.Account(6)), PoolId: 1})
		require.NoError(t, err)
		_, err = live.Msg.SwapExactIn(live.Ctx, swapIn(live, live.Text(testutil.Account(3)), 2, "1000ualita"))
		require.ErrorIs(t, err, types.ErrPaused)
	}
	require.Equal(t, dump(f.Ctx, f, types.StoreKey), dump(g.Ctx, g, types.StoreKey))
	require.NoError(t, g.Keeper.Invariants(g.Ctx))
}

// TestGenesisForgetsTheOpening: a chain whose heights start again reaches the height of an old opening again.
func TestGenesisForgetsTheOpening(t *testing.T) {
	f := testutil.New(t)
	for range 5 {
		f.NextBlock(5)
	}
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.BlockGuard = true })
	exported, err := f.Keeper.ExportGenesis(f.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, f.Ctx.BlockHeight(), exported.Pools[0].Opening.Height)

	g := testutil.New(t)
	g.Ctx = g.Ctx.WithBlockTime(f.Ctx.BlockTime())
	g.Accounts.InitGenesis(g.Ctx, *f.Accounts.ExportGenesis(f.Ctx))
	g.Bank.InitGenesis(g.Ctx, f.Bank.ExportGenesis(f.Ctx))
	require.NoError(t, g.Keeper.InitGenesis(g.Ctx, *exported))
	p, err := g.Keeper.Pool(g.Ctx, id)
	require.NoError(t, err)
	require.Zero(t, p.Opening.Height)
}

func TestGenesisRefused(t *testing.T) {
	f := livingPools(t)

	tests := []struct {
		name   string
		change func(*types.GenesisState)
		says   string
	}{
		{"params", func(g *types.GenesisState) { g.Params.TwapWindow = 0 }, "twap_window"},
		{"next id zero", func(g *types.GenesisState) { g.NextPoolId = 0 }, "at least 1"},
		{"next id taken", func(g *types.GenesisState) { g.NextPoolId = 2 }, "below next_pool_id"},
		{"pool twice", func(g *types.GenesisState) { g.Pools = append(g.Pools, g.Pools[0]) }, "expected once, got twice"},
		{"symbol twice", func(g *types.GenesisState) { g.Pools[1].Symbol = g.Pools[0].Symbol }, "a symbol that looks like no other"},
		{"symbols alike", func(g *types.GenesisState) { g.Pools[0].Symbol, g.Pools[1].Symbol = "SPOON", "SP0ON" }, "a symbol that looks like no other"},
		{"bad symbol", func(g *types.GenesisState) { g.Pools[0].Symbol = "x" }, "3 to 16"},
		{"wrong denom", func(g *types.GenesisState) { g.Pools[0].DataDenom = "data/2" }, "expected data/1"},
		{"wrong share denom", func(g *types.GenesisState) { g.Pools[0].ShareDenom = "share/01" }, "expected share/1"},
		{"no maker", func(g *types.GenesisState) { g.Pools[0].Maker = "" }, "maker"},
		{"wrong maker", func(g *types.GenesisState) { g.Pools[0].Maker = "alita1xyz" }, "maker"},
		{"wrong address", func(g *types.GenesisState) { g.Pools[0].Address = g.Pools[1].Address }, "expected address"},
		{"empty reserve", func(g *types.GenesisState) { g.Pools[0].Reserves.Data = math.ZeroInt() }, "both above 0"},
		{"negative fee", func(g *types.GenesisState) { g.Pools[0].MakerFees.Data = math.NewInt(-1) }, "maker_fees.data"},
		{"missing amount", func(g *types.GenesisState) { g.Pools[0].Shares = math.Int{} }, "shares"},
		{"reserve too large", func(g *types.GenesisState) { g.Pools[0].Reserves.Alita = two255 }, "2^127"},
		{"budget too large", func(g *types.GenesisState) { g.Pools[0].Rewards.Data = two255 }, "2^127"},
		{"more tokens than the supply", func(g *types.GenesisState) { g.Pools[0].DataSupply = math.OneInt() }, "at most the supply"},
		{"fewer shares than locked", func(g *types.GenesisState) { g.Pools[0].Shares = math.NewInt(999) }, "at least the locked"},
		{"claimed more than vests", func(g *types.GenesisState) { g.Pools[0].Vesting.Claimed = math.NewInt(1_000_000_000) }, "vesting.claimed"},
		{"fee policy", func(g *types.GenesisState) { g.Pools[0].Fees.SwapFeePpm = 999_999 }, "swap_fee_ppm"},
		{"no observation", func(g *types.GenesisState) { g.Observations = nil }, "expected the observations"},
		{"an observation missing", func(g *types.GenesisState) { g.Observations = g.Observations[1:] }, "expected observation 1"},
		{"of no pool", func(g *types.GenesisState) { g.Observations[0].PoolId = 7 }, "expected a known pool"},
		{"observations out of order", func(g *types.GenesisState) { g.Observations[1].Observation.Time = 0 }, "a later time"},
		{"observation in the future", func(g *types.GenesisState) { g.Pools[0].Price.Active = 5 }, "expected no observation after"},
		{"no chart", func(g *types.GenesisState) { g.Charts = g.Charts[1:] }, "one for each of 2 pools"},
		{"a chart twice", func(g *types.GenesisState) { g.Charts[1] = g.Charts[0] }, "one of a known pool"},
		{"a bad chart", func(g *types.GenesisState) { g.Charts[0].Chart.HourOpen = math.NewInt(-1) }, "chart: expected amounts"},
		{"a candle of no pool", func(g *types.GenesisState) { g.Candles[0].PoolId = 9 }, "expected a known pool"},
		{"a candle of no interval", func(g *types.GenesisState) { g.Candles[0].Interval = 0 }, "beginning of an hour"},
		{"a candle within an hour", func(g *types.GenesisState) { g.Candles[0].Candle.Time++ }, "beginning of an hour"},
		{"a bad candle", func(g *types.GenesisState) { g.Candles[0].Candle.Low = math.Int{} }, "expected amounts"},
		{"a candle twice", func(g *types.GenesisState) { g.Candles[1] = g.Candles[0] }, "a slot of its own"},
		{"an owner of no pool", func(g *types.GenesisState) { g.RewardAccounts[0].PoolId = 9 }, "of a known pool"},
		{"an owner twice", func(g *types.GenesisState) { g.RewardAccounts[1] = g.RewardAccounts[0] }, "once"},
		{"an owner in upper case", func(g *types.GenesisState) { g.RewardAccounts[0].Owner = strings.ToUpper(g.RewardAccounts[0].Owner) }, "expected alita1"},
		{"no owner", func(g *types.GenesisState) { g.RewardAccounts[0].Owner = "alita1xyz" }, "owner"},
		{"an owner owed more", func(g *types.GenesisState) {
			g.RewardAccounts[0].Account.Owed = g.RewardAccounts[0].Account.Owed.AddRaw(1)
		}, "outlet.owed"},
		{"an owner owed too much", func(g *types.GenesisState) { g.RewardAccounts[0].Account.Owed = two255 }, "no more owed"},
		{"a bad account", func(g *types.GenesisState) { g.RewardAccounts[0].Account.Paid = math.NewInt(-1) }, "expected amounts"},
		{"owed beyond the budget", func(g *types.GenesisState) { g.Pools[0].Outlet.Owed = g.Pools[0].Rewards.Data.AddRaw(1) }, "outlet.owed"},
		{"negative owed", func(g *types.GenesisState) { g.Pools[0].Outlet.Owed = math.NewInt(-1) }, "outlet.owed"},
		{"a bucket of more than a day", func(g *types.GenesisState) { g.Pools[0].Outlet.Data = math.NewInt(40_000_001) }, "outlet.data"},
		{"a bucket of all ALITA", func(g *types.GenesisState) { g.Pools[0].Outlet.Alita = g.Pools[0].Rewards.Alita.AddRaw(1) }, "outlet.alita"},
		{"an outlet of no time", func(g *types.GenesisState) { g.Pools[0].Outlet.At = 0 }, "outlet.at"},
		{"no sum of rewards", func(g *types.GenesisState) { g.Pools[0].Outlet.Admissions = math.Int{} }, "outlet.admissions"},
		{"no first shares", func(g *types.GenesisState) { g.Pools[0].FirstShares = math.ZeroInt() }, "first_shares"},
		{"a raise of no time", func(g *types.GenesisState) { g.Pools[0].PendingRewards.From = time.Time{} }, "pending_rewards.from"},
		{"a raise that lowers", func(g *types.GenesisState) { g.Pools[0].PendingRewards.Policy.MatchPpm = 0 }, "match_ppm"},
		{"a raise above the ceiling", func(g *types.GenesisState) { g.Pools[0].PendingRewards.Policy.MaxPerDay = types.MaxAmount() }, "max_per_day"},
		{"rewards that nobody reviews", func(g *types.GenesisState) { g.Pools[0].Requirements.OpenAdmission = true }, "if admission is open"},
		{"a bad former maker", func(g *types.GenesisState) { g.Pools[0].FormerMakers[0] = "alita1xyz" }, "former_makers"},
		{"many former makers", func(g *types.GenesisState) { g.Pools[0].FormerMakers = make([]string, types.MaxFormerMakers+1) }, "former_makers"},
		{"a bad offer", func(g *types.GenesisState) { g.Pools[0].PendingMaker = "alita1xyz" }, "pending_maker"},
		{"no revision", func(g *types.GenesisState) { g.Pools[0].Revision = 0 }, "revision"},
		{"a guard without opening", func(g *types.GenesisState) { g.Pools[0].BlockGuard = true }, "opening"},
		{"active time before the beginning", func(g *types.GenesisState) { g.Pools[0].Price.Active = -1 }, "price.active: expected at least 0"},
		{"active time ahead of the chain's", func(g *types.GenesisState) { g.Pools[0].Price.Active++ }, "price.active: expected at most the chain's"},
		{"negative run", func(g *types.GenesisState) { g.Pools[0].Run.Above = math.NewInt(-1) }, "run.above"},
		{"no sums of hours", func(g *types.GenesisState) { g.HourSums = nil }, "expected one of the hour of"},
		{"the sum of the last hour missing", func(g *types.GenesisState) { g.HourSums = g.HourSums[:len(g.HourSums)-1] }, "expected one of the hour of"},
		{"a sum of an hour of no pool", func(g *types.GenesisState) { g.HourSums[0].PoolId = 9 }, "expected a known pool"},
		{"a sum within an hour", func(g *types.GenesisState) { g.HourSums[1].Sum.Time++ }, "a whole hour"},
		{"a sum of an hour twice", func(g *types.GenesisState) { g.HourSums[1] = g.HourSums[0] }, "a slot of its own"},
		{"a sum ahead of the pool's", func(g *types.GenesisState) {
			g.HourSums[0].Sum.DataPerAlita = g.Pools[0].Price.DataPerAlita.AddRaw(1)
			g.HourSums[0].Sum.Time = 0
		}, "hour sum 0: expected at most"},
		{"a bad sum of an hour", func(g *types.GenesisState) { g.HourSums[0].Sum.Price = math.NewInt(-1) }, "expected numbers"},
		{"a range upside down", func(g *types.GenesisState) { g.Pools[0].Hour.Low = two255 }, "hour"},
		{"rows without a bound", func(g *types.GenesisState) { g.Pools[0].RewardPolicy.PerRow = math.OneInt() }, "if rows are rewarded"},
		{"negative sum", func(g *types.GenesisState) { g.Observations[0].Observation.DataPerAlita = math.NewInt(-1) }, "expected sums"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			gs, err := f.Keeper.ExportGenesis(f.Ctx)
			require.NoError(t, err)
			require.NoError(t, gs.Validate())
			tc.change(gs)
			g := testutil.New(t)
			g.Ctx = g.Ctx.WithBlockTime(f.Ctx.BlockTime())
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
		{"symbol lost", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.Symbols.Remove(f.Ctx, types.SymbolKey("SPEED")))
		}, "symbol"},
		{"maker lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Makers.Clear(f.Ctx, nil)) }, "maker"},
		{"history lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Observations.Clear(f.Ctx, nil)) }, "observations"},
		{"stray market", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.Markets.Set(f.Ctx, 5, types.Market{}))
		}, "markets"},
		{"a maker of two", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.Makers.Set(f.Ctx, collections.Join(testutil.Account(9), uint64(1))))
		}, "entries of makers"},
		{"chart lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.Charts.Clear(f.Ctx, nil)) }, "charts"},
		{"an owner lost", func(t *testing.T, f *testutil.Fixture) { require.NoError(t, f.Keeper.OwnerRewards.Clear(f.Ctx, nil)) }, "owed to owners"},
		{"an owner of no pool", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.OwnerRewards.Set(f.Ctx, collections.Join(uint64(9), testutil.Account(4)), types.OwnerRewards{}))
		}, "owners"},
		{"outlet of no pool", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.Outlets.Set(f.Ctx, 9, types.OutletState{}))
		}, "outlets"},
		{"a candle of no pool", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.HourCandles.Set(f.Ctx, collections.Join(uint64(9), uint64(1)), types.Bar{}))
		}, "candles"},
		{"a candle in another's slot", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.HourCandles.Set(f.Ctx, collections.Join(uint64(1), uint64(1)), types.Bar{Swaps: 1}))
		}, "candle of slot"},
		{"a candle of the future", func(t *testing.T, f *testutil.Fixture) {
			at := f.Ctx.BlockTime().Unix()/types.DaySeconds*types.DaySeconds + types.DaySeconds
			slot := uint64(at/types.DaySeconds) % types.DayCandles
			require.NoError(t, f.Keeper.DayCandles.Set(f.Ctx, collections.Join(uint64(1), slot), types.Bar{Time: at, Swaps: 1}))
		}, "that is over"},
		{"a candle without swaps", func(t *testing.T, f *testutil.Fixture) {
			require.NoError(t, f.Keeper.DayCandles.Set(f.Ctx, collections.Join(uint64(1), uint64(0)), types.Bar{}))
		}, "swaps"},
		{"a candle out of its range", func(t *testing.T, f *testutil.Fixture) {
			c := types.Bar{Swaps: 1}
			c.Close.SetOne()
			require.NoError(t, f.Keeper.DayCandles.Set(f.Ctx, collections.Join(uint64(1), uint64(0)), c))
		}, "expected prices"},
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
			_, text := f.Funded(t, 3, 1_000_000)
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 1, "1000000ualita"))
			require.NoError(t, err)
			_, _, err = f.Keeper.PayReward(f.Ctx, 1, testutil.Account(4), 1)
			require.NoError(t, err)
			f.NextBlock(10)
			require.NoError(t, f.Keeper.Invariants(f.Ctx))
			tc.do(t, f)
			err = f.Keeper.Invariants(f.Ctx)
			require.ErrorIs(t, err, types.ErrInvariant)
			require.ErrorContains(t, err, tc.says)
		})
	}
}
