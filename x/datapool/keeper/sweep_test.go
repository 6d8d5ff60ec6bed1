package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSweep: what was sent to a pool's account goes where it belongs and moves no price.
func TestSweep(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.BlockGuard = true })
	giver, text := f.Funded(t, 2, 1_000_000_000)
	f.Fund(t, giver, sdk.NewInt64Coin(foreignDenom, 70))
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	add, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
		Sender: text, PoolId: id, MaxAlita: math.NewInt(10_000_000), MaxData: math.NewInt(100_000_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	f.NextBlock(100)
	sweep := func(denom string) (sdk.Coin, error) {
		res, err := f.Msg.Sweep(f.Ctx, &types.MsgSweep{Sender: text, PoolId: id, Denom: denom})
		if err != nil {
			return sdk.Coin{}, err
		}
		return res.Swept, nil
	}
	for _, denom := range []string{types.BaseDenom, types.DataDenom(id), types.ShareDenom(id), foreignDenom, "unknown"} {
		_, err := sweep(denom)
		require.ErrorIs(t, err, types.ErrNothingToClaim, denom)
	}

	before, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	mean, err := f.Keeper.TWAP(f.Ctx, id, 0)
	require.NoError(t, err)
	quote, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: "1000000ualita"})
	require.NoError(t, err)
	gifts := sdk.NewCoins(sdk.NewInt64Coin(types.BaseDenom, 500), sdk.NewInt64Coin(types.DataDenom(id), 600),
		sdk.Coin{Denom: types.ShareDenom(id), Amount: add.Shares.Amount}, sdk.NewInt64Coin(foreignDenom, 70))
	require.NoError(t, f.Bank.SendCoins(f.Ctx, giver, types.PoolAddress(id), gifts))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	want := before
	for _, gift := range gifts {
		got, err := sweep(gift.Denom)
		require.NoError(t, err, gift)
		require.Equal(t, gift.String(), got.String())
		switch gift.Denom {
		case types.BaseDenom:
			want.Rewards.Alita = want.Rewards.Alita.Add(gift.Amount)
		case types.DataDenom(id):
			want.Rewards.Data = want.Rewards.Data.Add(gift.Amount)
		case types.ShareDenom(id):
			want.Shares = want.Shares.Sub(gift.Amount)
		}
		after, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(t, err)
		require.Equal(t, want.String(), after.String(), gift)
		swept := events(t, f, &types.EventSwept{})
		require.Equal(t, &types.EventSwept{PoolId: id, Swept: gift, Rewards: want.Rewards, TotalShares: want.Shares.String()}, swept[len(swept)-1])
		require.NoError(t, f.Keeper.Invariants(f.Ctx))
		_, err = sweep(gift.Denom)
		require.ErrorIs(t, err, types.ErrNothingToClaim)
	}
	require.Equal(t, "70", f.Balance(types.TreasuryAddress(), foreignDenom).String())

	// No price has moved: not the quoted one, not the mean, now or later.
	now, err := f.Keeper.TWAP(f.Ctx, id, 0)
	require.NoError(t, err)
	require.Equal(t, mean, now)
	again, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: "1000000ualita"})
	require.NoError(t, err)
	require.Equal(t, quote.String(), again.String())

	// The shares of everybody else gain the worth of the burned ones.
	require.Equal(t, before.Shares.Sub(add.Shares.Amount), f.Bank.GetSupply(f.Ctx, types.ShareDenom(id)).Amount)
}

// TestSweepKeepsLockedShares: the first 1,000 shares and the maker's locked ones are no
// gift, also after the lock, until the maker claims them.
func TestSweepKeepsLockedShares(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	maker := testutil.Account(1)
	f.NextBlock(3000)
	sweep := &types.MsgSweep{Sender: f.Text(maker), PoolId: id, Denom: types.ShareDenom(id)}
	_, err := f.Msg.Sweep(f.Ctx, sweep)
	require.ErrorIs(t, err, types.ErrNothingToClaim)
	_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: f.Text(maker), PoolId: id})
	require.NoError(t, err)
	_, err = f.Msg.Sweep(f.Ctx, sweep)
	require.ErrorIs(t, err, types.ErrNothingToClaim)

	// All shares but the 1,000 are given away and burned: the pool stays a pool.
	all := f.Balance(maker, types.ShareDenom(id))
	require.NoError(t, f.Bank.SendCoins(f.Ctx, maker, types.PoolAddress(id), sdk.Coins{{Denom: types.ShareDenom(id), Amount: all}}))
	_, err = f.Msg.Sweep(f.Ctx, sweep)
	require.NoError(t, err)
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, "1000", p.Shares.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
	_, text := f.Funded(t, 2, 1_000_000)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
}
