package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// streaming makes a pool stream some Data Token units a second from its budget of 1,000 Data Tokens.
func streaming(perSecond int64) func(*types.MsgCreatePool) {
	return func(m *types.MsgCreatePool) { m.RewardPolicy.PerSecond = math.NewInt(perSecond) }
}

func amounts(alita, data int64) types.Amounts {
	return types.Amounts{Alita: math.NewInt(alita), Data: math.NewInt(data)}
}

// requireClaimable: the query's path answers what is expected.
func requireClaimable(t *testing.T, f *testutil.Fixture, id uint64, owner sdk.AccAddress, want types.Amounts) {
	t.Helper()
	got, err := f.Keeper.StreamClaimable(f.Ctx, id, owner)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// events returns the events of one type since the block began.
func events(t *testing.T, f *testutil.Fixture, sample sdk.Msg) []sdk.Msg {
	t.Helper()
	var out []sdk.Msg
	for _, e := range f.Ctx.EventManager().ABCIEvents() {
		if e.Type != sdk.MsgTypeURL(sample)[1:] {
			continue
		}
		m, err := sdk.ParseTypedEvent(e)
		require.NoError(t, err)
		out = append(out, m)
	}
	return out
}

// TestStreamLife follows a stream of 100 a second, checked by hand.
func TestStreamLife(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", streaming(100))
	_, giver := f.Funded(t, 2, 1_000_000)
	ada, bob := testutil.Account(3), testutil.Account(4)
	_, err := f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: giver, PoolId: id, Amount: coin("1000000ualita")})
	require.NoError(t, err)

	// Time before anything is served streams nothing.
	f.NextBlock(1000)
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "a", ada))
	require.Equal(t, []sdk.Msg{&types.EventContributionServed{PoolId: id, RecordId: "a", Owner: f.Text(ada), Weight: 1}},
		events(t, f, &types.EventContributionServed{}))
	require.Empty(t, events(t, f, &types.EventRewardsStreamed{}))
	requireClaimable(t, f, id, ada, amounts(0, 0))

	// 10 seconds for ada: 1,000 units, and of the ALITA 1,000,000 * 1,000 / 10^9 = 1.
	f.NextBlock(10)
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "b", bob))
	require.Equal(t, []sdk.Msg{&types.EventRewardsStreamed{PoolId: id, Accrued: amounts(1, 1000), Rewards: amounts(999_999, 999_999_000)}},
		events(t, f, &types.EventRewardsStreamed{}))
	// Another 10 for both in equal parts; then bob has served twice and ada three times.
	f.NextBlock(10)
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "b", bob))
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "a", ada))
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "a2", ada))
	requireClaimable(t, f, id, ada, amounts(1, 1500)) // of the second ualita she has a half
	requireClaimable(t, f, id, bob, amounts(0, 500))
	f.NextBlock(10)
	requireClaimable(t, f, id, ada, amounts(2, 2100)) // 3 of 5
	requireClaimable(t, f, id, bob, amounts(0, 900))  // 0.5 + 0.4 ualita
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// A claim pays what the query says, once.
	res, err := f.Msg.ClaimStream(f.Ctx, &types.MsgClaimStream{Owner: f.Text(ada), PoolId: id})
	require.NoError(t, err)
	require.Equal(t, amounts(2, 2100), res.Paid)
	require.Equal(t, []sdk.Msg{&types.EventStreamClaimed{PoolId: id, Owner: f.Text(ada), Paid: amounts(2, 2100)}}, events(t, f, &types.EventStreamClaimed{}))
	require.Equal(t, "2100", f.Balance(ada, types.DataDenom(id)).String())
	require.Equal(t, "2", f.Balance(ada, types.BaseDenom).String())
	_, err = f.Msg.ClaimStream(f.Ctx, &types.MsgClaimStream{Owner: f.Text(ada), PoolId: id})
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	// A record that has ended earns no more; what was earned stays.
	f.NextBlock(10)
	require.NoError(t, f.Keeper.Retired(f.Ctx, id, "b", bob))
	require.NoError(t, f.Keeper.Retired(f.Ctx, id, "b", bob), "twice is no error")
	require.NoError(t, f.Keeper.Retired(f.Ctx, id, "never served", bob))
	f.NextBlock(10)
	requireClaimable(t, f, id, bob, amounts(1, 1300))
	// 600 and 1,000, less what a third of 2^64 is rounded down by; 0.1 + 0.6 + 1 ualita.
	requireClaimable(t, f, id, ada, amounts(1, 1599))
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.EqualValues(t, 3, p.Stream.Weight)
	_, err = f.Msg.ClaimStream(f.Ctx, &types.MsgClaimStream{Owner: f.Text(bob), PoolId: id})
	require.NoError(t, err)
	gs, err := f.Keeper.ExportGenesis(f.Ctx)
	require.NoError(t, err)
	require.Len(t, gs.StreamAccounts, 1, "who has no weight and nothing to claim is forgotten")
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestStreamEndsWithTheBudget: no more than the budget streams, and what was streamed
// is not there for admissions.
func TestStreamEndsWithTheBudget(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", streaming(90_000_000))
	ada, bob := testutil.Account(3), testutil.Account(4)
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "a", ada))
	f.NextBlock(11)
	// 990 of 1,000 have streamed: one reward of 10 is left.
	paid, err := f.Keeper.PayReward(f.Ctx, id, bob, 1)
	require.NoError(t, err)
	require.Equal(t, amounts(0, 10_000_000), paid)
	paid, err = f.Keeper.PayReward(f.Ctx, id, bob, 1)
	require.NoError(t, err)
	require.Equal(t, amounts(0, 0), paid)
	f.NextBlock(1000)
	requireClaimable(t, f, id, ada, amounts(0, 990_000_000))

	// A gift streams from its own time on, not for the time before it.
	giver, text := f.Funded(t, 5, 0)
	f.Fund(t, giver, coin("1000000ualita"))
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
	got := f.Balance(giver, types.DataDenom(id))
	_, err = f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: text, PoolId: id, Amount: sdk.Coin{Denom: types.DataDenom(id), Amount: got}})
	require.NoError(t, err)
	requireClaimable(t, f, id, ada, amounts(0, 990_000_000))
	f.NextBlock(1)
	// The swap's fee left 300 ualita of 10 % in the budget; all goes with the last Data Tokens.
	requireClaimable(t, f, id, ada, types.Amounts{Alita: math.NewInt(300), Data: got.AddRaw(990_000_000)})
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestRateChangesFromNowOn: what has streamed has streamed at the old rate, weight
// that was served under a rate of zero counts, and a rate of zero streams nothing.
func TestRateChangesFromNowOn(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	ada := testutil.Account(3)
	require.NoError(t, f.Keeper.Served(f.Ctx, id, "a", ada))
	rate := func(perSecond int64) {
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(t, err)
		policy := p.RewardPolicy
		policy.PerSecond = math.NewInt(perSecond)
		_, err = f.Msg.UpdatePool(f.Ctx, &types.MsgUpdatePool{Maker: p.Maker, PoolId: id, Requirements: p.Requirements, RewardPolicy: policy})
		require.NoError(t, err)
	}
	f.NextBlock(1000)
	requireClaimable(t, f, id, ada, amounts(0, 0))
	rate(7)
	f.NextBlock(10)
	rate(50)
	requireClaimable(t, f, id, ada, amounts(0, 70))
	f.NextBlock(10)
	requireClaimable(t, f, id, ada, amounts(0, 570))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestSwapLeavesStreamsAlone: a swap neither reads nor writes a stream; what its fee
// adds to the budget streams with the rest.
func TestSwapLeavesStreamsAlone(t *testing.T) {
	f := testutil.New(t)
	plain, with := f.CreatePool(t, 1, "PLAIN", nil), f.CreatePool(t, 1, "STREAM", streaming(100))
	_, text := f.Funded(t, 2, 1_000_000_000)
	require.NoError(t, f.Keeper.Served(f.Ctx, with, "a", testutil.Account(3)))
	gas := map[uint64]uint64{}
	for range 2 { // the first swap makes balances
		f.NextBlock(10)
		for _, id := range []uint64{plain, with} {
			before := f.Ctx.GasMeter().GasConsumed()
			stream, err := f.Keeper.Streams.Get(f.Ctx, with)
			require.NoError(t, err)
			read := f.Ctx.GasMeter().GasConsumed()
			_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
			require.NoError(t, err)
			gas[id] = f.Ctx.GasMeter().GasConsumed() - read
			require.Positive(t, read-before)
			after, err := f.Keeper.Streams.Get(f.Ctx, with)
			require.NoError(t, err)
			require.Equal(t, stream, after)
		}
	}
	require.Equal(t, gas[plain], gas[with], "a stream makes a swap no dearer")
}
