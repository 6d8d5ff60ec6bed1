package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestPause: governance stops swaps and deposits of one pool. Whoever has something in
// it can take it out all the same, and what is no trade goes on.
func TestPause(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	free := f.CreatePool(t, 1, "LIGHT", nil)
	maker := f.Text(testutil.Account(1))
	addr, trader := f.Funded(t, 2, 1_000_000_000)
	for _, pool := range []uint64{id, free} {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, pool, "100000000ualita"))
		require.NoError(t, err)
	}
	deposit := func() error {
		_, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
			Sender: trader, PoolId: id, MaxAlita: math.NewInt(10_000_000), MaxData: math.NewInt(200_000_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
		return err
	}
	require.NoError(t, deposit())
	_, _, err := f.Keeper.PayReward(f.Ctx, id, addr, 1)
	require.NoError(t, err)
	f.NextBlock(86_400)
	pause := func(paused bool) error {
		_, err := f.Msg.PausePool(f.Ctx, &types.MsgPausePool{Authority: f.Authority, PoolId: id, Paused: paused})
		return err
	}
	require.ErrorIs(t, pause(false), types.ErrPaused, "no change")
	require.NoError(t, pause(true))
	require.Equal(t, []sdk.Msg{&types.EventPoolPaused{PoolId: id, Paused: true}}, events(t, f, &types.EventPoolPaused{}))
	require.ErrorIs(t, pause(true), types.ErrPaused)
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.True(t, p.Paused)
	f.NextBlock(500)

	data := types.DataDenom(id)
	before := state(t, f)
	for name, refused := range map[string]func() error{
		"sell": func() error {
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "1000000ualita"))
			return err
		},
		"buy": func() error {
			_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{Sender: trader, PoolId: id, TokenOut: coin("1000ualita"), MaxIn: two255, Deadline: f.Deadline()})
			return err
		},
		"deposit": deposit,
		"deposit of one coin": func() error {
			_, err := f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{Sender: trader, PoolId: id, TokenIn: coin("1000000ualita"), MinShares: math.OneInt(), Deadline: f.Deadline()})
			return err
		},
		"withdrawal of one coin": func() error {
			_, err := f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{
				Sender: trader, PoolId: id, Shares: math.NewInt(1_000_000), DenomOut: types.BaseDenom, MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
			return err
		},
		"route from it": func() error {
			_, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{
				Sender: trader, TokenIn: sdk.NewInt64Coin(data, 1_000_000), DenomOut: types.DataDenom(free), MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
			return err
		},
		"route to it": func() error {
			_, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{
				Sender: trader, DenomIn: types.DataDenom(free), TokenOut: sdk.NewInt64Coin(data, 1000), MaxIn: two255, Deadline: f.Deadline(),
			})
			return err
		},
	} {
		require.ErrorIs(t, refused(), types.ErrPaused, name)
		require.Equal(t, before, state(t, f), name)
	}

	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, free, "1000000ualita"))
	require.NoError(t, err, "another pool goes on")
	require.NoError(t, f.Bank.SendCoins(f.Ctx, addr, types.PoolAddress(id), coins("1000ualita")))
	for name, goesOn := range map[string]func() error{
		"withdrawal": func() error {
			_, err := f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
				Sender: trader, PoolId: id, Shares: math.NewInt(1_000_000), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
			})
			return err
		},
		"gift": func() error {
			_, err := f.Msg.FundRewards(f.Ctx, &types.MsgFundRewards{Sender: trader, PoolId: id, Amount: coin("1000ualita")})
			return err
		},
		"maker's claim": func() error {
			_, err := f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: maker, PoolId: id})
			return err
		},
		"protocol's claim": func() error {
			_, err := f.Msg.ClaimProtocol(f.Ctx, &types.MsgClaimProtocol{Sender: trader, PoolId: id})
			return err
		},
		"rewards": func() error {
			_, err := f.Msg.ClaimRewards(f.Ctx, &types.MsgClaimRewards{Sender: trader, Owner: trader, PoolId: id})
			return err
		},
		"sweep": func() error {
			_, err := f.Msg.Sweep(f.Ctx, &types.MsgSweep{Sender: trader, PoolId: id, Denom: types.BaseDenom})
			return err
		},
		"reward": func() error {
			_, earned, err := f.Keeper.PayReward(f.Ctx, id, testutil.Account(3), 1)
			require.True(t, earned.IsPositive())
			return err
		},
	} {
		require.NoError(t, goesOn(), name)
	}
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	require.NoError(t, pause(false))
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "1000000ualita"))
	require.NoError(t, err)
	require.NoError(t, deposit())
}
