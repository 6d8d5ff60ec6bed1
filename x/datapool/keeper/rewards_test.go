package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestRewards: a reward is paid as far as the outlet lets it out, and stays owed beyond.
// The pool holds 10,000 SPEED: 50 leave in a day, 5 to one owner.
func TestRewards(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, giver := f.Funded(t, 2, 1_000_000_000)
	owner, text := testutil.Account(3), f.Text(testutil.Account(3))
	claim := &types.MsgClaimRewards{Sender: giver, Owner: text, PoolId: id}

	paid, earned, err := f.Keeper.PayReward(f.Ctx, id, owner, 1)
	require.NoError(t, err)
	require.Equal(t, amounts(0, 5_000_000), paid)
	require.Equal(t, "10000000", earned.String())
	require.Equal(t, "5000000", f.Balance(owner, "data/1").String())
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, []string{"995000000", "5000000", "45000000", "5000000"},
		[]string{p.Rewards.Data.String(), p.Outlet.Owed.String(), p.Outlet.Data.String(), p.Outlet.Admissions.String()})
	_, err = f.Msg.ClaimRewards(f.Ctx, claim)
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	// The owner's part of the next day, with ALITA for at most what it is worth: 5 SPEED at
	// 10 SPEED for an ALITA. A hundredth of the ALITA leaves in a day.
	_, err = f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: giver, PoolId: id, Amount: coin("100000000ualita")})
	require.NoError(t, err)
	f.NextBlock(86_400)
	res, err := f.Msg.ClaimRewards(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, amounts(500_000, 5_000_000), res.Paid)
	require.Equal(t, "0", res.Owed.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// Ten owners take a day's flow, the eleventh is owed all of it.
	f.NextBlock(86_400)
	for i := range uint64(11) {
		paid, earned, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(10+i), 1)
		require.NoError(t, err)
		require.Equal(t, "10000000", earned.String())
		want := int64(5_000_000)
		if i == 10 {
			want = 0
		}
		require.Equal(t, math.NewInt(want).String(), paid.Data.String(), "owner %d", i)
	}
	// 60 SPEED were owed, and the ALITA bucket is empty: 500,000 and 500,000 of a million.
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
	p, err = f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, "60000000", p.Outlet.Owed.String())

	_, _, err = f.Keeper.PayReward(f.Ctx, 7, owner, 1)
	require.ErrorIs(t, err, types.ErrPoolNotFound)
}

// TestRewardsEndWithTheBudget: nothing is promised that the budget does not hold.
func TestRewardsEndWithTheBudget(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardBudget = math.NewInt(29_999_999) })
	owner := testutil.Account(3)
	for range 2 {
		_, earned, err := f.Keeper.PayReward(f.Ctx, id, owner, 1)
		require.NoError(t, err)
		require.Equal(t, "10000000", earned.String())
	}
	// 9,999,999 are not owed: the third is due at the record's next admission.
	before := dump(f.Ctx, f, types.StoreKey)
	paid, earned, err := f.Keeper.PayReward(f.Ctx, id, owner, 1)
	require.NoError(t, err)
	require.Equal(t, types.NoAmounts(), paid)
	require.Equal(t, "0", earned.String())
	require.Equal(t, before, dump(f.Ctx, f, types.StoreKey))
	// Nor does a match take what is owed.
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestMatch: what a contribution earns, by hand. 10 SPEED for an ALITA; a tenth of a loss
// of 2 ALITA is 2 SPEED.
func TestMatch(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.RewardPolicy = policyOf(0, 0, 0, 100_000) })
	plain := f.CreatePool(t, 1, "LIGHT", nil)
	owner := testutil.Account(3)
	match := func(pool uint64, owner uint64, lost int64) string {
		t.Helper()
		paid, err := f.Keeper.MatchContribution(f.Ctx, pool, "record", testutil.Account(owner), math.NewInt(lost))
		require.NoError(t, err)
		return paid.String()
	}
	require.Equal(t, "0", match(id, 3, 2_000_000), "no price yet")
	f.NextBlock(3600)
	require.Equal(t, "0", match(plain, 3, 2_000_000), "no match in the policy")
	require.Equal(t, "0", match(id, 3, 0))
	require.Equal(t, "0", match(id, 3, 0))
	// 20 SPEED leave in a day by the policy: 2 to one owner.
	require.Equal(t, "1000000", match(id, 3, 1_000_000))
	require.Len(t, events(t, f, &types.EventRewardMatched{}), 1)
	require.Equal(t, "1000000", match(id, 3, 5_000_000), "what is left of the owner's day")
	require.Equal(t, "0", match(id, 3, 5_000_000))
	require.Equal(t, "2000000", f.Balance(owner, "data/1").String())
	for i := range uint64(9) {
		require.Equal(t, "2000000", match(id, 10+i, 1_000_000_000), "owner %d", i)
	}
	require.Equal(t, "0", match(id, 30, 1_000_000_000), "the bucket is empty")
	f.NextBlock(8640)
	require.Equal(t, "2000000", match(id, 30, 1_000_000_000), "a tenth of a day")
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestSwapLeavesRewardsAlone: a swap neither reads nor writes what rewards change.
func TestSwapLeavesRewardsAlone(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 1_000_000_000)
	before, err := f.Keeper.Outlets.Get(f.Ctx, id)
	require.NoError(t, err)
	f.NextBlock(100)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
	after, err := f.Keeper.Outlets.Get(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// TestExtendLock: lock and vesting end later, never earlier.
func TestExtendLock(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	maker := f.Text(testutil.Account(1))
	start := f.Ctx.BlockTime().Unix()
	f.NextBlock(500)
	claim := &types.MsgClaimMaker{Maker: maker, PoolId: id}
	claimed, err := f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, "250000000", claimed.Vested.String())

	_, err = f.Msg.ExtendLock(f.Ctx, &types.MsgExtendLock{Maker: maker, PoolId: id, LockedUntil: start + 5000, VestingEnds: start + 4000})
	require.NoError(t, err)
	require.Len(t, events(t, f, &types.EventLockExtended{}), 1)
	f.NextBlock(1500) // half of the allotment has vested by now, which is what was claimed
	_, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.ErrorIs(t, err, types.ErrNothingToClaim)
	f.NextBlock(1000)
	claimed, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, []string{"125000000", "0"}, []string{claimed.Vested.String(), claimed.Shares.String()})
	f.NextBlock(2000)
	claimed, err = f.Msg.ClaimMaker(f.Ctx, claim)
	require.NoError(t, err)
	require.Equal(t, []string{"125000000", "3162276660"}, []string{claimed.Vested.String(), claimed.Shares.String()})
	_, err = f.Msg.ExtendLock(f.Ctx, &types.MsgExtendLock{Maker: maker, PoolId: id, LockedUntil: start + 9000})
	require.ErrorIs(t, err, types.ErrNothingToClaim)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
