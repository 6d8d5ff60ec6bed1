package keeper_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// twoPools returns two pools of 1,000 ALITA and 10,000 tokens, and a trader with 500
// tokens of the first and no ALITA.
func twoPools(t *testing.T, guard bool) (f *testutil.Fixture, trader sdk.AccAddress, text string) {
	t.Helper()
	f = testutil.New(t)
	for i, symbol := range []string{"SPEED", "LIGHT"} {
		f.CreatePool(t, uint64(1+i), symbol, func(m *types.MsgCreatePool) {
			m.BlockGuard = guard
			m.VestingSeconds = 0
		})
	}
	trader, text = f.Funded(t, 3, 0)
	maker := testutil.Account(1)
	_, err := f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: f.Text(maker), PoolId: 1})
	require.NoError(t, err)
	require.NoError(t, f.Bank.SendCoins(f.Ctx, maker, trader, coins("500000000data/1")))
	f.Ctx = f.Ctx.WithEventManager(sdk.NewEventManager())
	return f, trader, text
}

// swapsOf returns the typed events of swaps so far.
func swapsOf(t *testing.T, f *testutil.Fixture) (out []*types.EventSwap) {
	t.Helper()
	for _, e := range f.Ctx.EventManager().Events() {
		if msg, err := sdk.ParseTypedEvent(abci.Event(e)); err == nil {
			if swap, ok := msg.(*types.EventSwap); ok {
				out = append(out, swap)
			}
		}
	}
	return out
}

func TestSwapRouteExactIn(t *testing.T) {
	f, trader, text := twoPools(t, true)
	res, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{
		Sender: text, TokenIn: coin("100000000data/1"), DenomOut: "data/2", MinOut: math.NewInt(97_460_450), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	// 10^9*997000*10^8/(10^16+997000*10^8) = 9871580.34 ualita, then
	// 10^10*997000*9871580/(10^15+997000*9871580) = 97460450.9.
	require.Equal(t, "9871580", res.Alita.String())
	require.Equal(t, "97460450data/2", res.TokenOut.String())
	require.Equal(t, types.FeeSplit{
		Liquidity: math.NewInt(189_000), Maker: math.NewInt(54_000), Protocol: math.NewInt(30_000), Rewards: math.NewInt(27_000),
	}, res.FeeIn)
	require.Equal(t, types.FeeSplit{
		Liquidity: math.NewInt(18_658), Maker: math.NewInt(5_330), Protocol: math.NewInt(2_961), Rewards: math.NewInt(2_665),
	}, res.FeeOut)
	require.Equal(t, "400000000", f.Balance(trader, "data/1").String())
	require.Equal(t, "97460450", f.Balance(trader, "data/2").String())
	require.True(t, f.Balance(trader, types.BaseDenom).IsZero(), "the ALITA goes from pool to pool")
	require.Equal(t, "990128420", f.Balance(types.PoolAddress(1), types.BaseDenom).String())
	require.Equal(t, "1009871580", f.Balance(types.PoolAddress(2), types.BaseDenom).String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	swaps := swapsOf(t, f)
	require.Len(t, swaps, 2, "an event for each pool")
	require.Equal(t, swaps[0].TokenOut, swaps[1].TokenIn)
	for i, p := range pools(t, f, []uint64{1, 2}) {
		require.Equal(t, p.Id, swaps[i].PoolId)
		require.Equal(t, text, swaps[i].Sender)
		require.Equal(t, p.Reserves.String(), swaps[i].Reserves.String())
		require.Equal(t, uint64(1), p.Swaps)
	}
}

func TestSwapRouteExactOut(t *testing.T) {
	f, trader, text := twoPools(t, true)
	res, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{
		Sender: text, DenomIn: "data/1", TokenOut: coin("90000000data/2"), MaxIn: math.NewInt(92_204_622), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	// 10^9*10^6*90000000/(997000*9910000000) = 9109062.03 ualita, rounded up, then
	// 10^10*10^6*9109063/(997000*990890937) = 92204621.3, rounded up.
	require.Equal(t, "9109063", res.Alita.String())
	require.Equal(t, "92204622data/1", res.TokenIn.String())
	require.Equal(t, "90000000", f.Balance(trader, "data/2").String())
	require.Equal(t, "407795378", f.Balance(trader, "data/1").String())
	require.True(t, f.Balance(trader, types.BaseDenom).IsZero())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestRouteIsTwoSwaps: in both ways of pricing a route does to the pools what two
// messages would.
func TestRouteIsTwoSwaps(t *testing.T) {
	for _, guard := range []bool{false, true} {
		f, _, text := twoPools(t, guard)
		start := f.Ctx
		f.Ctx, _ = start.CacheContext()
		_, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{
			Sender: text, TokenIn: coin("300000000data/1"), DenomOut: "data/2", MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
		require.NoError(t, err)
		route := state(t, f)

		f.Ctx, _ = start.CacheContext()
		first, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 1, "300000000data/1"))
		require.NoError(t, err)
		_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 2, first.TokenOut.String()))
		require.NoError(t, err)
		require.Equal(t, state(t, f), route)
	}
}

// TestPausedPool: a stopped pool refuses all trade and deposits, routes through it
// too, and pays whoever withdraws in both coins.
func TestPausedPool(t *testing.T) {
	f, _, text := twoPools(t, true)
	f.Fund(t, testutil.Account(3), sdk.NewInt64Coin(types.BaseDenom, 1_000_000_000))
	for _, id := range []uint64{1, 2} {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
		require.NoError(t, err)
	}
	add(t, f, text, 2, 10_000_000, 90_000_000)
	_, err := f.Msg.PausePool(f.Ctx, &types.MsgPausePool{Authority: f.Authority, PoolId: 2, Paused: true})
	require.NoError(t, err)
	before := state(t, f)

	one := math.OneInt()
	refused := map[string]func() error{
		"swap in": func() error { _, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, 2, "1000ualita")); return err },
		"swap out": func() error {
			_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{Sender: text, PoolId: 2, TokenOut: coin("1000data/2"), MaxIn: two255, Deadline: f.Deadline()})
			return err
		},
		"add": func() error { _, err := f.Msg.AddLiquidity(f.Ctx, addMsg(f, text, 2, 1000)); return err },
		"add single": func() error {
			_, err := f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{Sender: text, PoolId: 2, TokenIn: coin("1000ualita"), MinShares: one, Deadline: f.Deadline()})
			return err
		},
		"remove single": func() error {
			_, err := f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{Sender: text, PoolId: 2, Shares: math.NewInt(1000), DenomOut: types.BaseDenom, MinOut: one, Deadline: f.Deadline()})
			return err
		},
		"route to it": func() error {
			_, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{Sender: text, TokenIn: coin("1000data/1"), DenomOut: "data/2", MinOut: one, Deadline: f.Deadline()})
			return err
		},
		"route from it": func() error {
			_, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{Sender: text, DenomIn: "data/2", TokenOut: coin("1000data/1"), MaxIn: two255, Deadline: f.Deadline()})
			return err
		},
		"quote": func() error {
			_, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: 2, TokenIn: "1000ualita"})
			return err
		},
	}
	for name, run := range refused {
		err := run()
		require.ErrorIs(t, err, types.ErrPaused, name)
		require.ErrorContains(t, err, "liquidity can be removed in both coins", name)
	}
	require.Equal(t, before, state(t, f))
	remove(t, f, text, 2, f.Balance(testutil.Account(3), "share/2"))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
