package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func addSingle(f *testutil.Fixture, sender string, id uint64, token sdk.Coin) (*types.MsgAddLiquiditySingleResponse, error) {
	return f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{
		Sender: sender, PoolId: id, TokenIn: token, MinShares: math.OneInt(), Deadline: f.Deadline(),
	})
}

func removeSingle(f *testutil.Fixture, sender string, id uint64, shares math.Int, denom string) (*types.MsgRemoveLiquiditySingleResponse, error) {
	return f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{
		Sender: sender, PoolId: id, Shares: shares, DenomOut: denom, MinOut: math.OneInt(), Deadline: f.Deadline(),
	})
}

// aged returns a pool that has traded, and a trader with both coins and shares.
func aged(t *testing.T, guard bool) (f *testutil.Fixture, trader sdk.AccAddress, text string) {
	t.Helper()
	f = testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.BlockGuard = guard })
	trader, text = f.Funded(t, 2, 100_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "777777777ualita"))
	require.NoError(t, err)
	add(t, f, text, id, 500_000_000, 1_500_000_000)
	f.NextBlock(7)
	return f, trader, text
}

// TestAddLiquiditySingleIsSwapAndDeposit: all of the coin is taken, and a swap and a
// deposit of what is left would give the same shares; the event of each is there.
func TestAddLiquiditySingleIsSwapAndDeposit(t *testing.T) {
	f, trader, text := aged(t, true)
	rapid.Check(t, func(r *rapid.T) {
		start := f.Ctx
		defer func() { f.Ctx = start }()
		in := sdk.NewInt64Coin(rapid.SampledFrom([]string{types.BaseDenom, "data/1"}).Draw(r, "denom"), rapid.Int64Range(100, 500_000_000).Draw(r, "amount"))
		f.Ctx, _ = start.CacheContext()
		had, shares := f.Balance(trader, in.Denom), f.Balance(trader, "share/1")
		before := pools(r, f, []uint64{1})[0]
		res, err := addSingle(f, text, 1, in)
		require.NoError(r, err)
		require.Equal(r, had.Sub(in.Amount), f.Balance(trader, in.Denom), "all of it is taken")
		require.Equal(r, shares.Add(res.Shares.Amount), f.Balance(trader, "share/1"))
		after := pools(r, f, []uint64{1})[0]
		requireShareKept(r, before, after, "deposit of one coin")
		require.Equal(r, before.Swaps+1, after.Swaps)
		require.NoError(r, f.Keeper.Invariants(f.Ctx))

		f.Ctx, _ = start.CacheContext()
		swap, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 1, res.Swapped.String()))
		require.NoError(r, err)
		require.Equal(r, res.Fee, swap.Fee)
		rest := in.Amount.Sub(res.Swapped.Amount)
		msg := &types.MsgAddLiquidity{Sender: text, PoolId: 1, MaxAlita: rest, MaxData: swap.TokenOut.Amount, MinShares: math.OneInt(), Deadline: f.Deadline()}
		if in.Denom != types.BaseDenom {
			msg.MaxAlita, msg.MaxData = msg.MaxData, msg.MaxAlita
		}
		two, err := f.Msg.AddLiquidity(f.Ctx, msg)
		require.NoError(r, err)
		require.Equal(r, two.Shares, res.Shares)
	})
}

// TestRemoveLiquiditySingleIsWithdrawalAndSwap: it pays as much as a
// withdrawal and the sale of the other coin would, to the unit; with the
// guard a unit less at most, since the opening is rounded down.
func TestRemoveLiquiditySingleIsWithdrawalAndSwap(t *testing.T) {
	for _, guard := range []bool{false, true} {
		f, trader, text := aged(t, guard)
		have := f.Balance(trader, "share/1").Int64()
		rapid.Check(t, func(r *rapid.T) {
			start := f.Ctx
			defer func() { f.Ctx = start }()
			shares := math.NewInt(rapid.Int64Range(1000, have).Draw(r, "shares"))
			denom := rapid.SampledFrom([]string{types.BaseDenom, "data/1"}).Draw(r, "denom")
			f.Ctx, _ = start.CacheContext()
			had := f.Balance(trader, denom)
			before := pools(r, f, []uint64{1})[0]
			res, err := removeSingle(f, text, 1, shares, denom)
			require.NoError(r, err)
			require.Equal(r, had.Add(res.TokenOut.Amount), f.Balance(trader, denom))
			requireShareKept(r, before, pools(r, f, []uint64{1})[0], "withdrawal of one coin")
			require.NoError(r, f.Keeper.Invariants(f.Ctx))

			f.Ctx, _ = start.CacheContext()
			out := remove(t, f, text, 1, shares)
			own, other := out.Paid.Alita, sdk.Coin{Denom: "data/1", Amount: out.Paid.Data}
			if denom != types.BaseDenom {
				own, other = out.Paid.Data, sdk.Coin{Denom: types.BaseDenom, Amount: out.Paid.Alita}
			}
			require.Equal(r, other, res.Swapped)
			swap, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 1, other.String()))
			require.NoError(r, err)
			diff := own.Add(swap.TokenOut.Amount).Sub(res.TokenOut.Amount)
			if guard {
				require.True(r, !diff.IsNegative() && diff.LTE(math.OneInt()), "%s", diff)
			} else {
				require.True(r, diff.IsZero(), "%s", diff)
			}
		})
	}
}
