package keeper_test

import (
	stdmath "math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSafetyFacts: the facts of a new pool, and of the same one later.
func TestSafetyFacts(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.BlockGuard = true })
	maker := f.Text(testutil.Account(1))
	f.NextBlock(250)
	res, err := f.Query.Safety(f.Ctx, &types.QuerySafetyRequest{PoolId: id})
	require.NoError(t, err)
	// A quarter of the allotment now, all of it in a week, and the first shares: 1,000 are nobody's.
	require.Equal(t, []string{"1.725939", "100", "100"}, []string{res.Takes[0].Percent[:8], res.Takes[1].Percent, res.Takes[2].Percent})
	require.Zero(t, res.DaysToTenth)
	res.Takes = nil
	flow := types.FormatUnits(types.MaxAmount(), types.Decimals)
	require.Equal(t, &types.QuerySafetyResponse{
		RewardsPerDay: flow, MaxRewardsPerDay: flow, RewardsOwed: "0",
		Symbol:     "SPEED",
		DataSupply: "11500",
		// sqrt(10^9 * 10^10) = 3162277660 shares, of which 1,000 are nobody's.
		SharesLockedForEver:  "0.000032",
		SharesLockedForMaker: "99.999968",
		SharesLockedUntil:    testutil.Start.Add(2000 * time.Second),
		MakerAllotment:       "500",
		MakerVested:          "125", // a quarter of 1,000 seconds
		VestingEnds:          testutil.Start.Add(1000 * time.Second),
		RewardBudgetData:     "1000",
		RewardBudgetAlita:    "0",
		SwapFeePercent:       "0.3",
		BlockGuard:           true,
		Tokens:               types.Concentration{Held: "0", Complete: true},
		Shares: types.Concentration{
			Holders: 1, Held: "3162.27666", Hhi: 10_000, Complete: true,
			Largest: []types.Holder{{Address: maker, Amount: "3162.27666", Percent: "100"}},
		},
	}, res)

	f.NextBlock(1750)
	_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: maker, PoolId: id})
	require.NoError(t, err)
	res, err = f.Query.Safety(f.Ctx, &types.QuerySafetyRequest{PoolId: id})
	require.NoError(t, err)
	require.Equal(t, "0", res.SharesLockedForMaker)
	require.Equal(t, "500", res.MakerVested)
	require.Equal(t, "500", res.Tokens.Held)
	require.Equal(t, []types.Holder{{Address: maker, Amount: "3162.27666", Percent: "100"}}, res.Shares.Largest, "the same shares, now in its own account")

	_, err = f.Query.Safety(f.Ctx, &types.QuerySafetyRequest{PoolId: 2})
	require.ErrorIs(t, err, types.ErrPoolNotFound)
}

// TestSafetyConcentration: who holds what, with the pool's account left out and the
// tokens of pool 10 kept apart from the tokens of pool 1.
func TestSafetyConcentration(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	for i := range 9 {
		f.CreatePool(t, 2, "OTHER"+strings.Repeat("X", i), nil)
	}
	send := func(from, to uint64, coins string) {
		t.Helper()
		require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(from), testutil.Account(to), sdk.Coins{coin(coins)}))
	}
	buy := func(buyer, pool uint64, out string) {
		t.Helper()
		_, text := f.Funded(t, buyer, 1_000_000_000)
		_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
			Sender: text, PoolId: pool, TokenOut: coin(out), MaxIn: math.NewInt(1_000_000_000), Deadline: f.Deadline(),
		})
		require.NoError(t, err)
	}
	buy(3, id, "100000000data/1")
	buy(3, 10, "100000000data/10")
	send(3, 4, "30000000data/1")
	send(3, 5, "10000000data/1")
	// What is sent to the pool without a message is the pool's.
	require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(5), types.PoolAddress(id), coins("1000000data/1")))

	res, err := f.Query.Safety(f.Ctx, &types.QuerySafetyRequest{PoolId: id})
	require.NoError(t, err)
	require.Equal(t, types.Concentration{
		// (60^2 + 30^2 + 9^2) / 99^2 = 4581/9801 = 0.46740
		Holders: 3, Held: "99", Hhi: 4674, Complete: true,
		Largest: []types.Holder{
			{Address: f.Text(testutil.Account(3)), Amount: "60", Percent: "60.606061"},
			{Address: f.Text(testutil.Account(4)), Amount: "30", Percent: "30.30303"},
			{Address: f.Text(testutil.Account(5)), Amount: "9", Percent: "9.090909"},
		},
	}, res.Tokens)

	_, text := f.Funded(t, 6, 2_000_000_000)
	require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(3), testutil.Account(6), coins("60000000data/1")))
	add, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
		Sender: text, PoolId: id, MaxAlita: math.NewInt(2_000_000_000), MaxData: math.NewInt(60_000_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	// The maker may have its shares in both places.
	require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(6), testutil.Account(1), coins("7share/1")))
	res, err = f.Query.Safety(f.Ctx, &types.QuerySafetyRequest{PoolId: id})
	require.NoError(t, err)
	require.EqualValues(t, 2, res.Shares.Holders)
	require.Equal(t, f.Text(testutil.Account(1)), res.Shares.Largest[0].Address)
	require.Equal(t, types.FormatUnits(math.NewInt(3_162_277_660-1000+7), 6), res.Shares.Largest[0].Amount)
	require.Equal(t, types.FormatUnits(add.Shares.Amount.SubRaw(7), 6), res.Shares.Largest[1].Amount)
}

// TestConcentrationIsBounded: beyond the bound the answer says that it is not all.
// The pages are crossed, and the maker is counted wherever its address lies.
func TestConcentrationIsBounded(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	const holders = 2*holdersPage + 5 // the maker has none
	for i := range uint64(holders) {
		f.Fund(t, testutil.Account(100+i), coin("2data/1"))
	}
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	all, err := keeper.Concentration(f.Keeper, f.Ctx, p, p.DataDenom, math.ZeroInt(), holders, stdmath.MaxUint64)
	require.NoError(t, err)
	require.True(t, all.Complete)
	require.EqualValues(t, holders, all.Holders)
	require.EqualValues(t, 49, all.Hhi) // 10000 / 205 = 48.78
	require.Len(t, all.Largest, types.MaxLargest)
	require.IsIncreasing(t, addresses(all.Largest))

	for _, most := range []uint64{1, holdersPage, holdersPage + 1, holders - 1} {
		part, err := keeper.Concentration(f.Keeper, f.Ctx, p, p.DataDenom, math.NewInt(1_000_000), most, stdmath.MaxUint64)
		require.NoError(t, err)
		require.False(t, part.Complete)
		require.Equal(t, most, part.Holders)
		require.Equal(t, p.Maker, part.Largest[0].Address)
	}
}

// holdersPage is the page in which holders are read.
const holdersPage = 100

// TestSafetyOfManyHolders: if the gas of the query is not enough for all holders, the
// answer is about the holders that were counted, and says so.
func TestSafetyOfManyHolders(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	const holders = 3_000
	for i := range uint64(holders) {
		f.Fund(t, testutil.Account(100+i), coin("2data/1"), coin("3share/1"))
	}
	ask := func(gas uint64) *types.QuerySafetyResponse {
		t.Helper()
		ctx := f.Ctx.WithGasMeter(storetypes.NewGasMeter(gas))
		res, err := f.Query.Safety(ctx, &types.QuerySafetyRequest{PoolId: id})
		require.NoError(t, err)
		return res
	}
	all := ask(50_000_000) // the limit of a default node
	require.True(t, all.Tokens.Complete)
	require.True(t, all.Shares.Complete)
	require.EqualValues(t, holders, all.Tokens.Holders)
	require.EqualValues(t, holders+1, all.Shares.Holders, "and the maker")
	for _, gas := range []uint64{2_000_000, 4_000_000} {
		part := ask(gas)
		for _, c := range []types.Concentration{part.Tokens, part.Shares} {
			require.False(t, c.Complete)
			require.Greater(t, c.Holders, uint64(500))
			require.Less(t, c.Holders, uint64(holders))
		}
	}
}

func addresses(largest []types.Holder) []string {
	var all []string
	for _, h := range largest {
		all = append(all, h.Address)
	}
	return all
}
