package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestClaimableIsWhatMessagesPay: each part of the answer is what the message pays, and
// zero afterwards.
func TestClaimableIsWhatMessagesPay(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	maker := f.Text(testutil.Account(1))
	_, trader := f.Funded(t, 2, 1_000_000_000)
	owner, ownerText := testutil.Account(3), f.Text(testutil.Account(3))
	other := f.Text(testutil.Account(4))

	ask := func(of string) *types.QueryClaimableResponse {
		t.Helper()
		res, err := f.Query.Claimable(f.Ctx, &types.QueryClaimableRequest{PoolId: id, Owner: of})
		require.NoError(t, err)
		return res
	}
	nothing := &types.QueryClaimableResponse{
		MakerFees: types.NoAmounts(), MakerVested: "0", MakerShares: "0",
		ProtocolFees: types.NoAmounts(), Rewards: types.NoAmounts(), Owed: "0", Stray: types.NoAmounts(),
	}
	require.Equal(t, nothing.String(), ask(ownerText).String())

	// 50 SPEED leave the budget in a day; one owner gets a tenth of it.
	paid, earned, err := f.Keeper.PayReward(f.Ctx, id, owner, 1)
	require.NoError(t, err)
	require.Equal(t, amounts(0, 5_000_000), paid)
	require.Equal(t, "10000000", earned.String())
	for _, in := range []string{"100000000ualita", "500000000data/1"} {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, in))
		require.NoError(t, err)
	}
	require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(2), types.PoolAddress(id), coins("11ualita")))
	require.NoError(t, f.Bank.SendCoins(f.Ctx, testutil.Account(2), types.PoolAddress(id), coins("13data/1")))
	f.NextBlock(100)

	got := ask(ownerText)
	// 0.3 % of 100 ALITA and of 500 SPEED; a tenth of it is the protocol's, a fifth of the rest the maker's.
	requireAmounts(t, types.Amounts{Alita: math.NewInt(54_000), Data: math.NewInt(270_000)}, got.MakerFees)
	requireAmounts(t, types.Amounts{Alita: math.NewInt(30_000), Data: math.NewInt(150_000)}, got.ProtocolFees)
	require.Equal(t, "50000000", got.MakerVested) // 100 of 1,000 seconds of 500 SPEED
	require.Equal(t, "0", got.MakerShares)
	requireAmounts(t, types.Amounts{Alita: math.NewInt(11), Data: math.NewInt(13)}, got.Stray)
	// The owner has had its part of the day.
	requireAmounts(t, types.NoAmounts(), got.Rewards)
	require.Equal(t, "5000000", got.Owed)
	require.Equal(t, "0", ask(other).Owed)
	require.Equal(t, "0", ask("").Owed)
	claimed, err := f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: maker, PoolId: id})
	require.NoError(t, err)
	requireAmounts(t, got.MakerFees, claimed.Fees)
	require.Equal(t, got.MakerVested, claimed.Vested.String())
	require.Equal(t, got.MakerShares, claimed.Shares.String())
	protocol, err := f.Msg.ClaimProtocol(f.Ctx, &types.MsgClaimProtocol{Sender: other, PoolId: id})
	require.NoError(t, err)
	requireAmounts(t, got.ProtocolFees, protocol.Fees)
	for denom, want := range map[string]math.Int{types.BaseDenom: got.Stray.Alita, "data/1": got.Stray.Data} {
		res, err := f.Msg.Sweep(f.Ctx, &types.MsgSweep{Sender: other, PoolId: id, Denom: denom})
		require.NoError(t, err)
		require.True(t, want.Equal(res.Swept.Amount))
	}
	f.NextBlock(86_400)
	rewards := ask(ownerText).Rewards
	require.True(t, rewards.Alita.IsPositive() && rewards.Data.IsPositive(), rewards)
	paidNow, err := f.Msg.ClaimRewards(f.Ctx, &types.MsgClaimRewards{Sender: other, Owner: ownerText, PoolId: id})
	require.NoError(t, err)
	requireAmounts(t, rewards, paidNow.Paid)
	_, err = f.Msg.ClaimRewards(f.Ctx, &types.MsgClaimRewards{Sender: other, Owner: ownerText, PoolId: id})
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	got = ask("")
	require.Equal(t, "450000000", got.MakerVested)
	require.Equal(t, "3162276660", got.MakerShares)
	claimed, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: maker, PoolId: id})
	require.NoError(t, err)
	require.Equal(t, got.MakerShares, claimed.Shares.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	_, err = f.Query.Claimable(f.Ctx, &types.QueryClaimableRequest{PoolId: 9})
	require.ErrorIs(t, err, types.ErrPoolNotFound)
	_, err = f.Query.Claimable(f.Ctx, &types.QueryClaimableRequest{PoolId: id, Owner: "nobody"})
	require.ErrorIs(t, err, types.ErrInvalidAddress)
}

// requireAmounts compares numbers: a zero has more than one form in memory.
func requireAmounts(t *testing.T, want, got types.Amounts) {
	t.Helper()
	require.True(t, want.Equal(got), "expected %s, got %s", want, got)
}
