package keeper_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// two255 is an amount far beyond every pool.
var two255 = math.NewIntFromBigInt(new(amm.Int).Lsh(new(amm.Int).SetOne(), 255).ToBig())

// state is everything that a message could change: the module's and the bank's.
func state(t *testing.T, f *testutil.Fixture) string {
	t.Helper()
	gs, err := f.Keeper.ExportGenesis(f.Ctx)
	require.NoError(t, err)
	pool, err := f.Distribution.FeePool.Get(f.Ctx)
	require.NoError(t, err)
	return string(f.Codec.MustMarshalJSON(gs)) + string(f.Codec.MustMarshalJSON(f.Bank.ExportGenesis(f.Ctx))) + pool.CommunityPool.String()
}

// refusal is a message that is refused with an error, which says something.
type refusal struct {
	name string
	run  func(context.Context) error
	err  error
	says string
}

// requireRefused sends messages that must be refused and leave the state as it is.
func requireRefused(t *testing.T, f *testutil.Fixture, all []refusal) {
	t.Helper()
	before := state(t, f)
	for _, tc := range all {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.run(f.Ctx)
			require.ErrorIs(t, err, tc.err)
			require.ErrorContains(t, err, tc.says)
			require.Equal(t, before, state(t, f), "a refused message changed the state")
		})
	}
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestBadInput sends each bad message to a living pool and checks that the error is
// typed and says what would be right, and that nothing has changed, even without
// the roll-back of a failed transaction.
func TestBadInput(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	f.CreatePool(t, 4, "SOUND", nil)
	maker := f.Text(testutil.Account(1))
	addr, trader := f.Funded(t, 2, 1_000_000_000)
	f.Fund(t, addr, sdk.NewInt64Coin("uother", 1000))
	_, poor := f.Funded(t, 3, 5)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)
	_, err = f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
		Sender: trader, PoolId: id, MaxAlita: math.NewInt(1_000_000), MaxData: math.NewInt(100_000_000),
		MinShares: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	f.NextBlock(10)

	swap := func(change func(*types.MsgSwapExactIn)) func(context.Context) error {
		m := swapIn(f, trader, id, "1000000ualita")
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.SwapExactIn(ctx, m); return err }
	}
	buy := func(change func(*types.MsgSwapExactOut)) func(context.Context) error {
		m := &types.MsgSwapExactOut{
			Sender: trader, PoolId: id, TokenOut: coin("1000000data/1"), MaxIn: math.NewInt(1_000_000_000), Deadline: f.Deadline(),
		}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.SwapExactOut(ctx, m); return err }
	}
	add := func(change func(*types.MsgAddLiquidity)) func(context.Context) error {
		m := &types.MsgAddLiquidity{
			Sender: trader, PoolId: id, MaxAlita: math.NewInt(1_000_000), MaxData: math.NewInt(10_000_000),
			MinShares: math.OneInt(), Deadline: f.Deadline(),
		}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.AddLiquidity(ctx, m); return err }
	}
	remove := func(change func(*types.MsgRemoveLiquidity)) func(context.Context) error {
		m := &types.MsgRemoveLiquidity{
			Sender: trader, PoolId: id, Shares: math.NewInt(100_000), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
		}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.RemoveLiquidity(ctx, m); return err }
	}
	addOne := func(change func(*types.MsgAddLiquiditySingle)) func(context.Context) error {
		m := &types.MsgAddLiquiditySingle{Sender: trader, PoolId: id, TokenIn: coin("1000000ualita"), MinShares: math.OneInt(), Deadline: f.Deadline()}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.AddLiquiditySingle(ctx, m); return err }
	}
	removeOne := func(change func(*types.MsgRemoveLiquiditySingle)) func(context.Context) error {
		m := &types.MsgRemoveLiquiditySingle{
			Sender: trader, PoolId: id, Shares: math.NewInt(100_000), DenomOut: types.BaseDenom, MinOut: math.OneInt(), Deadline: f.Deadline(),
		}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.RemoveLiquiditySingle(ctx, m); return err }
	}
	routeIn := func(change func(*types.MsgSwapRouteExactIn)) func(context.Context) error {
		m := &types.MsgSwapRouteExactIn{Sender: trader, TokenIn: coin("1000000data/1"), DenomOut: "data/2", MinOut: math.OneInt(), Deadline: f.Deadline()}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.SwapRouteExactIn(ctx, m); return err }
	}
	routeOut := func(change func(*types.MsgSwapRouteExactOut)) func(context.Context) error {
		m := &types.MsgSwapRouteExactOut{
			Sender: trader, DenomIn: "data/1", TokenOut: coin("1000000data/2"), MaxIn: math.NewInt(1_000_000_000), Deadline: f.Deadline(),
		}
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.SwapRouteExactOut(ctx, m); return err }
	}
	create := func(change func(*types.MsgCreatePool)) func(context.Context) error {
		m := testutil.CreatePoolMsg(trader, "LIGHT")
		m.LiquidityAlita = sdk.NewInt64Coin(types.BaseDenom, 500_000_000)
		change(m)
		return func(ctx context.Context) error { _, err := f.Msg.CreatePool(ctx, m); return err }
	}
	fund := func(sender string, pool uint64, amount sdk.Coin) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.FundRewards(ctx, &types.MsgFundRewards{Sender: sender, PoolId: pool, Amount: amount})
			return err
		}
	}
	claim := func(maker string, pool uint64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.ClaimMaker(ctx, &types.MsgClaimMaker{Maker: maker, PoolId: pool})
			return err
		}
	}
	protocol := func(sender string, pool uint64) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := f.Msg.ClaimProtocol(ctx, &types.MsgClaimProtocol{Sender: sender, PoolId: pool})
			return err
		}
	}
	past := f.Ctx.BlockTime().Add(-time.Second)
	huge := sdk.Coin{Denom: types.BaseDenom, Amount: two255}

	requireRefused(t, f, []refusal{
		{"swap: zero", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = coin("0ualita") }), types.ErrInvalidAmount, "expected at least 1"},
		{"swap: negative", swap(func(m *types.MsgSwapExactIn) { m.TokenIn.Amount = math.NewInt(-5) }), types.ErrInvalidAmount, "expected at least 1"},
		{"swap: no amount", swap(func(m *types.MsgSwapExactIn) { m.TokenIn.Amount = math.Int{} }), types.ErrInvalidAmount, "expected at least 1"},
		{"swap: overflowing", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = huge }), types.ErrTooLarge, "2^127"},
		{"swap: foreign denom", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = coin("5uother") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"swap: another pool's denom", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = coin("5data/2") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"swap: shares", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = coin("5share/1") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"swap: bound missed", swap(func(m *types.MsgSwapExactIn) { m.MinOut = math.NewInt(10_000_000_000) }), types.ErrSlippage, "data/1 that the pool pays now"},
		{"swap: bound zero", swap(func(m *types.MsgSwapExactIn) { m.MinOut = math.ZeroInt() }), types.ErrInvalidBound, "expected at least 1"},
		{"swap: no bound", swap(func(m *types.MsgSwapExactIn) { m.MinOut = math.Int{} }), types.ErrInvalidBound, "expected at least 1"},
		{"swap: bound beyond everything", swap(func(m *types.MsgSwapExactIn) { m.MinOut = two255 }), types.ErrSlippage, "that the pool pays now"},
		{"swap: late", swap(func(m *types.MsgSwapExactIn) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"swap: no deadline", swap(func(m *types.MsgSwapExactIn) { m.Deadline = time.Time{} }), types.ErrDeadline, "got none"},
		{"swap: dust", swap(func(m *types.MsgSwapExactIn) { m.TokenIn = coin("1data/1") }), types.ErrDust, "at least 1 unit"},
		{"swap: unknown pool", swap(func(m *types.MsgSwapExactIn) { m.PoolId = 9; m.TokenIn = coin("5data/9") }), types.ErrPoolNotFound, "got 9"},
		{"swap: pool zero", swap(func(m *types.MsgSwapExactIn) { m.PoolId = 0; m.TokenIn = coin("5ualita") }), types.ErrPoolNotFound, "got 0"},
		{"swap: no address", swap(func(m *types.MsgSwapExactIn) { m.Sender = "" }), types.ErrInvalidAddress, "sender"},
		{"swap: another chain's address", swap(func(m *types.MsgSwapExactIn) { m.Sender = "cosmos1qnk2n4nlkpw9xfqntladh74w6ujtulwn7j8za9" }), types.ErrInvalidAddress, "sender"},
		{"swap: too poor", swap(func(m *types.MsgSwapExactIn) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "5ualita"},

		{"buy: zero", buy(func(m *types.MsgSwapExactOut) { m.TokenOut = coin("0data/1") }), types.ErrInvalidAmount, "expected at least 1"},
		{"buy: negative", buy(func(m *types.MsgSwapExactOut) { m.TokenOut.Amount = math.NewInt(-1) }), types.ErrInvalidAmount, "expected at least 1"},
		{"buy: overflowing", buy(func(m *types.MsgSwapExactOut) { m.TokenOut.Amount = two255 }), types.ErrTooLarge, "2^127"},
		{"buy: foreign denom", buy(func(m *types.MsgSwapExactOut) { m.TokenOut = coin("5uother") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"buy: all of the reserve", buy(func(m *types.MsgSwapExactOut) { m.TokenOut = coin("9200000000data/1") }), types.ErrDrained, "expected less than"},
		{"buy: bound missed", buy(func(m *types.MsgSwapExactOut) { m.MaxIn = math.OneInt() }), types.ErrSlippage, "ualita that the pool asks now"},
		{"buy: bound zero", buy(func(m *types.MsgSwapExactOut) { m.MaxIn = math.ZeroInt() }), types.ErrInvalidBound, "expected at least 1"},
		{"buy: late", buy(func(m *types.MsgSwapExactOut) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"buy: no deadline", buy(func(m *types.MsgSwapExactOut) { m.Deadline = time.Unix(0, 0) }), types.ErrDeadline, "got none"},
		{"buy: unknown pool", buy(func(m *types.MsgSwapExactOut) { m.PoolId = 9; m.TokenOut = coin("5data/9") }), types.ErrPoolNotFound, "got 9"},
		{"buy: too poor", buy(func(m *types.MsgSwapExactOut) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "5ualita"},
		{"buy: no address", buy(func(m *types.MsgSwapExactOut) { m.Sender = "x" }), types.ErrInvalidAddress, "sender"},

		{"add: zero", add(func(m *types.MsgAddLiquidity) { m.MaxAlita = math.ZeroInt() }), types.ErrInvalidAmount, "max_alita"},
		{"add: zero data", add(func(m *types.MsgAddLiquidity) { m.MaxData = math.ZeroInt() }), types.ErrInvalidAmount, "max_data"},
		{"add: negative", add(func(m *types.MsgAddLiquidity) { m.MaxData = math.NewInt(-1) }), types.ErrInvalidAmount, "max_data"},
		{"add: missing", add(func(m *types.MsgAddLiquidity) { m.MaxData = math.Int{} }), types.ErrInvalidAmount, "max_data"},
		{"add: overflowing", add(func(m *types.MsgAddLiquidity) { m.MaxAlita = two255 }), types.ErrTooLarge, "2^127"},
		{"add: dust", add(func(m *types.MsgAddLiquidity) { m.MaxData = math.OneInt() }), types.ErrDust, "at least 1 unit"},
		{"add: bound missed", add(func(m *types.MsgAddLiquidity) { m.MinShares = math.NewInt(1_000_000_000) }), types.ErrSlippage, "share/1 that the pool gives now"},
		{"add: bound zero", add(func(m *types.MsgAddLiquidity) { m.MinShares = math.ZeroInt() }), types.ErrInvalidBound, "min_shares"},
		{"add: late", add(func(m *types.MsgAddLiquidity) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"add: unknown pool", add(func(m *types.MsgAddLiquidity) { m.PoolId = 9 }), types.ErrPoolNotFound, "got 9"},
		{"add: too poor", add(func(m *types.MsgAddLiquidity) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, ""},
		{"add: no address", add(func(m *types.MsgAddLiquidity) { m.Sender = "" }), types.ErrInvalidAddress, "sender"},

		{"remove: zero", remove(func(m *types.MsgRemoveLiquidity) { m.Shares = math.ZeroInt() }), types.ErrInvalidAmount, "shares"},
		{"remove: negative", remove(func(m *types.MsgRemoveLiquidity) { m.Shares = math.NewInt(-1) }), types.ErrInvalidAmount, "shares"},
		{"remove: overflowing", remove(func(m *types.MsgRemoveLiquidity) { m.Shares = two255 }), types.ErrTooLarge, "2^127"},
		{"remove: the whole pool", remove(func(m *types.MsgRemoveLiquidity) { m.Shares = math.NewInt(3_165_152_000) }), types.ErrDrained, "expected less than"},
		{"remove: dust", remove(func(m *types.MsgRemoveLiquidity) { m.Shares = math.OneInt() }), types.ErrDust, "at least 1 unit"},
		{"remove: bound missed", remove(func(m *types.MsgRemoveLiquidity) { m.MinAlita = math.NewInt(1_000_000) }), types.ErrSlippage, "ualita that the pool pays now"},
		{"remove: other bound missed", remove(func(m *types.MsgRemoveLiquidity) { m.MinData = math.NewInt(10_000_000) }), types.ErrSlippage, "data/1 that the pool pays now"},
		{"remove: bound zero", remove(func(m *types.MsgRemoveLiquidity) { m.MinData = math.ZeroInt() }), types.ErrInvalidBound, "min_data"},
		{"remove: late", remove(func(m *types.MsgRemoveLiquidity) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"remove: unknown pool", remove(func(m *types.MsgRemoveLiquidity) { m.PoolId = 9 }), types.ErrPoolNotFound, "got 9"},
		{"remove: not one's own", remove(func(m *types.MsgRemoveLiquidity) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "share/1"},

		{"add one: zero", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = coin("0ualita") }), types.ErrInvalidAmount, "token_in: expected at least 1"},
		{"add one: negative", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn.Amount = math.NewInt(-5) }), types.ErrInvalidAmount, "token_in"},
		{"add one: missing", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn.Amount = math.Int{} }), types.ErrInvalidAmount, "token_in"},
		{"add one: overflowing", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = huge }), types.ErrTooLarge, "2^127"},
		{"add one: foreign denom", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = coin("5uother") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"add one: another pool's denom", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = coin("5data/2") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"add one: shares", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = coin("5share/1") }), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"add one: dust", addOne(func(m *types.MsgAddLiquiditySingle) { m.TokenIn = coin("1ualita") }), types.ErrDust, "at least 1 unit"},
		{"add one: bound missed", addOne(func(m *types.MsgAddLiquiditySingle) { m.MinShares = math.NewInt(1_000_000_000) }), types.ErrSlippage, "share/1 that the pool gives now"},
		{"add one: bound zero", addOne(func(m *types.MsgAddLiquiditySingle) { m.MinShares = math.ZeroInt() }), types.ErrInvalidBound, "min_shares"},
		{"add one: no bound", addOne(func(m *types.MsgAddLiquiditySingle) { m.MinShares = math.Int{} }), types.ErrInvalidBound, "min_shares"},
		{"add one: late", addOne(func(m *types.MsgAddLiquiditySingle) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"add one: no deadline", addOne(func(m *types.MsgAddLiquiditySingle) { m.Deadline = time.Time{} }), types.ErrDeadline, "got none"},
		{"add one: unknown pool", addOne(func(m *types.MsgAddLiquiditySingle) { m.PoolId = 9 }), types.ErrPoolNotFound, "got 9"},
		{"add one: too poor", addOne(func(m *types.MsgAddLiquiditySingle) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "5ualita"},
		{"add one: no address", addOne(func(m *types.MsgAddLiquiditySingle) { m.Sender = "" }), types.ErrInvalidAddress, "sender"},

		{"remove one: zero", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = math.ZeroInt() }), types.ErrInvalidAmount, "shares"},
		{"remove one: negative", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = math.NewInt(-1) }), types.ErrInvalidAmount, "shares"},
		{"remove one: missing", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = math.Int{} }), types.ErrInvalidAmount, "shares"},
		{"remove one: overflowing", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = two255 }), types.ErrTooLarge, "2^127"},
		{"remove one: the whole pool", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = math.NewInt(3_165_152_000) }), types.ErrDrained, "expected less than"},
		{"remove one: dust", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Shares = math.OneInt() }), types.ErrDust, "at least 1 unit"},
		{"remove one: foreign denom", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.DenomOut = "uother" }), types.ErrInvalidDenom, "denom_out: expected ualita or data/1"},
		{"remove one: no denom", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.DenomOut = "" }), types.ErrInvalidDenom, "denom_out"},
		{"remove one: bound missed", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.MinOut = two255 }), types.ErrSlippage, "ualita that the pool pays now"},
		{"remove one: bound zero", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.MinOut = math.ZeroInt() }), types.ErrInvalidBound, "min_out"},
		{"remove one: late", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"remove one: no deadline", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Deadline = time.Time{} }), types.ErrDeadline, "got none"},
		{"remove one: unknown pool", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.PoolId = 9 }), types.ErrPoolNotFound, "got 9"},
		{"remove one: not one's own", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "share/1"},
		{"remove one: no address", removeOne(func(m *types.MsgRemoveLiquiditySingle) { m.Sender = "x" }), types.ErrInvalidAddress, "sender"},

		{"route: zero", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn = coin("0data/1") }), types.ErrInvalidAmount, "token_in: expected at least 1"},
		{"route: negative", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn.Amount = math.NewInt(-1) }), types.ErrInvalidAmount, "token_in"},
		{"route: missing", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn.Amount = math.Int{} }), types.ErrInvalidAmount, "token_in"},
		{"route: overflowing", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn.Amount = two255 }), types.ErrTooLarge, "2^127"},
		{"route: from ALITA", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn = coin("5ualita") }), types.ErrInvalidDenom, "token_in: expected a Data Token such as data/1"},
		{"route: from shares", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn = coin("5share/1") }), types.ErrInvalidDenom, "token_in"},
		{"route: from a number written otherwise", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn.Denom = "data/01" }), types.ErrInvalidDenom, "token_in"},
		{"route: to ALITA", routeIn(func(m *types.MsgSwapRouteExactIn) { m.DenomOut = types.BaseDenom }), types.ErrInvalidDenom, "denom_out: expected a Data Token such as data/1"},
		{"route: to nothing", routeIn(func(m *types.MsgSwapRouteExactIn) { m.DenomOut = "" }), types.ErrInvalidDenom, "denom_out"},
		{"route: to the same", routeIn(func(m *types.MsgSwapRouteExactIn) { m.DenomOut = "data/1" }), types.ErrSameToken, "denom_out: expected another Data Token"},
		{"route: dust", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn = coin("1data/1") }), types.ErrDust, "at least 1 unit"},
		{"route: bound missed", routeIn(func(m *types.MsgSwapRouteExactIn) { m.MinOut = two255 }), types.ErrSlippage, "data/2 that the route pays now"},
		{"route: bound zero", routeIn(func(m *types.MsgSwapRouteExactIn) { m.MinOut = math.ZeroInt() }), types.ErrInvalidBound, "min_out"},
		{"route: late", routeIn(func(m *types.MsgSwapRouteExactIn) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"route: no deadline", routeIn(func(m *types.MsgSwapRouteExactIn) { m.Deadline = time.Time{} }), types.ErrDeadline, "got none"},
		{"route: from an unknown pool", routeIn(func(m *types.MsgSwapRouteExactIn) { m.TokenIn = coin("5data/9") }), types.ErrPoolNotFound, "got 9"},
		{"route: to an unknown pool", routeIn(func(m *types.MsgSwapRouteExactIn) { m.DenomOut = "data/9" }), types.ErrPoolNotFound, "got 9"},
		{"route: too poor", routeIn(func(m *types.MsgSwapRouteExactIn) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "0data/1"},
		{"route: no address", routeIn(func(m *types.MsgSwapRouteExactIn) { m.Sender = "" }), types.ErrInvalidAddress, "sender"},

		{"route out: zero", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut = coin("0data/2") }), types.ErrInvalidAmount, "token_out: expected at least 1"},
		{"route out: negative", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut.Amount = math.NewInt(-1) }), types.ErrInvalidAmount, "token_out"},
		{"route out: overflowing", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut.Amount = two255 }), types.ErrTooLarge, "2^127"},
		{"route out: from ALITA", routeOut(func(m *types.MsgSwapRouteExactOut) { m.DenomIn = types.BaseDenom }), types.ErrInvalidDenom, "denom_in: expected a Data Token such as data/1"},
		{"route out: to ALITA", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut = coin("5ualita") }), types.ErrInvalidDenom, "token_out: expected a Data Token such as data/1"},
		{"route out: the same", routeOut(func(m *types.MsgSwapRouteExactOut) { m.DenomIn = "data/2" }), types.ErrSameToken, "token_out: expected another Data Token"},
		{"route out: all of the reserve", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut = coin("10000000000data/2") }), types.ErrDrained, "token_out: expected less than"},
		{"route out: more ALITA than the first pool holds", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut = coin("9000000000data/2") }), types.ErrDrained, "ualita of the route: expected less than"},
		{"route out: bound missed", routeOut(func(m *types.MsgSwapRouteExactOut) { m.MaxIn = math.OneInt() }), types.ErrSlippage, "data/1 that the route asks now"},
		{"route out: bound zero", routeOut(func(m *types.MsgSwapRouteExactOut) { m.MaxIn = math.ZeroInt() }), types.ErrInvalidBound, "max_in"},
		{"route out: late", routeOut(func(m *types.MsgSwapRouteExactOut) { m.Deadline = past }), types.ErrDeadline, "deadline: expected at least the block time"},
		{"route out: no deadline", routeOut(func(m *types.MsgSwapRouteExactOut) { m.Deadline = time.Time{} }), types.ErrDeadline, "got none"},
		{"route out: from an unknown pool", routeOut(func(m *types.MsgSwapRouteExactOut) { m.DenomIn = "data/9" }), types.ErrPoolNotFound, "got 9"},
		{"route out: to an unknown pool", routeOut(func(m *types.MsgSwapRouteExactOut) { m.TokenOut = coin("5data/9") }), types.ErrPoolNotFound, "got 9"},
		{"route out: too poor", routeOut(func(m *types.MsgSwapRouteExactOut) { m.Sender = poor }), sdkerrors.ErrInsufficientFunds, "0data/1"},
		{"route out: no address", routeOut(func(m *types.MsgSwapRouteExactOut) { m.Sender = "x" }), types.ErrInvalidAddress, "sender"},

		{"create: duplicate symbol", create(func(m *types.MsgCreatePool) { m.Symbol = "SPEED" }), types.ErrSymbolTaken, "no pool has"},
		{"create: lower case", create(func(m *types.MsgCreatePool) { m.Symbol = "light" }), types.ErrInvalidSymbol, "upper-case"},
		{"create: digit first", create(func(m *types.MsgCreatePool) { m.Symbol = "1ABC" }), types.ErrInvalidSymbol, "a letter first"},
		{"create: short symbol", create(func(m *types.MsgCreatePool) { m.Symbol = "AB" }), types.ErrInvalidSymbol, "3 to 16"},
		{"create: long symbol", create(func(m *types.MsgCreatePool) { m.Symbol = strings.Repeat("A", 17) }), types.ErrInvalidSymbol, "3 to 16"},
		{"create: the native coin's", create(func(m *types.MsgCreatePool) { m.Symbol = "ALITA" }), types.ErrInvalidSymbol, "native coin"},
		{"create: short name", create(func(m *types.MsgCreatePool) { m.Name = "ab" }), types.ErrInvalidText, "3 to 128"},
		{"create: long name", create(func(m *types.MsgCreatePool) { m.Name = strings.Repeat("ä", 129) }), types.ErrInvalidText, "3 to 128"},
		{"create: name in two lines", create(func(m *types.MsgCreatePool) { m.Name = "one\ntwo" }), types.ErrInvalidText, "name: expected printed characters, got U+000A at byte 3 (a control character)"},
		{"create: name written backwards", create(func(m *types.MsgCreatePool) { m.Name = "abc\u202edef" }), types.ErrInvalidText, "U+202E at byte 3 (a control of the direction of writing)"},
		{"create: markup in the name", create(func(m *types.MsgCreatePool) { m.Name = "A <b>& collection" }), types.ErrInvalidText, "without < and >"},
		{"create: invisible name", create(func(m *types.MsgCreatePool) { m.Name = "\u200b\u200b\u200b" }), types.ErrInvalidText, "U+200B at byte 0 (an invisible character)"},
		{"create: name of spaces", create(func(m *types.MsgCreatePool) { m.Name = "   " }), types.ErrInvalidText, "that a reader sees"},
		{"create: looks like the native coin", create(func(m *types.MsgCreatePool) { m.Symbol = "UAL1TA" }), types.ErrInvalidSymbol, "native coin"},
		{"create: long description", create(func(m *types.MsgCreatePool) { m.Description = strings.Repeat("x", 4097) }), types.ErrInvalidText, "at most 4096 bytes"},
		{"create: not UTF-8", create(func(m *types.MsgCreatePool) { m.Description = "\xff\xfe" }), types.ErrInvalidText, "UTF-8"},
		{"create: long requirements", create(func(m *types.MsgCreatePool) { m.Requirements.Text = strings.Repeat("x", 4097) }), types.ErrInvalidText, "requirements.text"},
		{"create: many columns", create(func(m *types.MsgCreatePool) { m.Requirements.Columns = make([]types.RequiredColumn, 65) }), types.ErrInvalidRequired, "at most 64"},
		{"create: column twice", create(func(m *types.MsgCreatePool) {
			m.Requirements.Columns = []types.RequiredColumn{{Name: "a"}, {Name: "a"}}
		}), types.ErrInvalidRequired, "columns[1].name: expected each name once"},
		{"create: column that looks like another", create(func(m *types.MsgCreatePool) {
			m.Requirements.Columns = []types.RequiredColumn{{Name: "speed"}, {Name: "sp\u0435ed"}}
		}), types.ErrInvalidRequired, "U+0435 at byte 2"},
		{"create: nameless column", create(func(m *types.MsgCreatePool) { m.Requirements.Columns = []types.RequiredColumn{{}} }), types.ErrInvalidRequired, "1 to 128"},
		{"create: unknown type", create(func(m *types.MsgCreatePool) {
			m.Requirements.Columns = []types.RequiredColumn{{Name: "a", Type: 7}}
		}), types.ErrInvalidRequired, "expected 0 to 6"},
		{"create: rows beyond measure", create(func(m *types.MsgCreatePool) { m.Requirements.MinRows = types.MaxMinRows + 1 }), types.ErrInvalidRequired, "min_rows"},
		{"create: zero ALITA", create(func(m *types.MsgCreatePool) { m.LiquidityAlita = coin("0ualita") }), types.ErrInvalidAmount, "liquidity_alita"},
		{"create: little ALITA", create(func(m *types.MsgCreatePool) { m.LiquidityAlita = coin("99999999ualita") }), types.ErrLiquidityTooLow, "at least 100000000ualita"},
		{"create: another coin", create(func(m *types.MsgCreatePool) { m.LiquidityAlita = coin("1000uother") }), types.ErrInvalidDenom, "expected ualita"},
		{"create: zero data", create(func(m *types.MsgCreatePool) { m.LiquidityData = math.ZeroInt() }), types.ErrInvalidAmount, "liquidity_data"},
		{"create: negative data", create(func(m *types.MsgCreatePool) { m.LiquidityData = math.NewInt(-1) }), types.ErrInvalidAmount, "liquidity_data"},
		{"create: no data", create(func(m *types.MsgCreatePool) { m.LiquidityData = math.Int{} }), types.ErrInvalidAmount, "liquidity_data"},
		{"create: overflowing data", create(func(m *types.MsgCreatePool) { m.LiquidityData = two255 }), types.ErrTooLarge, "2^127"},
		{"create: overflowing supply", create(func(m *types.MsgCreatePool) { m.LiquidityData = types.MaxAmount() }), types.ErrInvalidSupply, "2^127"},
		{"create: negative allotment", create(func(m *types.MsgCreatePool) { m.MakerAllotment = math.NewInt(-1) }), types.ErrInvalidAmount, "maker_allotment"},
		{"create: reward above the budget", create(func(m *types.MsgCreatePool) { m.RewardPolicy.PerRecord = math.NewInt(1_000_000_001) }), types.ErrInvalidReward, "reward_budget"},
		{"create: budget without reward", create(func(m *types.MsgCreatePool) { m.RewardPolicy.PerRecord = math.ZeroInt() }), types.ErrInvalidReward, "a rate of at least 1"},
		{"create: fee too high", create(func(m *types.MsgCreatePool) { m.Fees.SwapFeePpm = 100_001 }), types.ErrInvalidFees, "at most 100000"},
		{"create: parts above the fee", create(func(m *types.MsgCreatePool) { m.Fees.MakerPpm = 900_001 }), types.ErrInvalidFees, "at most 1000000"},
		{"create: parts that overflow", create(func(m *types.MsgCreatePool) { m.Fees.MakerPpm, m.Fees.RewardsPpm = ^uint32(0), 2 }), types.ErrInvalidFees, "at most 1000000"},
		{"create: vesting for ever", create(func(m *types.MsgCreatePool) { m.VestingSeconds = types.MaxDuration + 1 }), types.ErrInvalidDuration, "vesting_seconds"},
		{"create: locked for ever", create(func(m *types.MsgCreatePool) { m.LockSeconds = ^uint64(0) }), types.ErrInvalidDuration, "lock_seconds"},
		{"create: too poor", create(func(m *types.MsgCreatePool) { m.Maker = poor }), sdkerrors.ErrInsufficientFunds, ""},
		{"create: no address", create(func(m *types.MsgCreatePool) { m.Maker = "" }), types.ErrInvalidAddress, "maker"},

		{"fund: zero", fund(trader, id, coin("0ualita")), types.ErrInvalidAmount, "expected at least 1"},
		{"fund: negative", fund(trader, id, sdk.Coin{Denom: types.BaseDenom, Amount: math.NewInt(-1)}), types.ErrInvalidAmount, "expected at least 1"},
		{"fund: foreign denom", fund(trader, id, coin("5uother")), types.ErrInvalidDenom, "expected ualita or data/1"},
		{"fund: overflowing", fund(trader, id, huge), types.ErrTooLarge, "2^127"},
		{"fund: budget overflowing", fund(trader, id, sdk.Coin{Denom: "data/1", Amount: types.MaxAmount()}), types.ErrTooLarge, "2^127"},
		{"fund: unknown pool", fund(trader, 9, coin("5ualita")), types.ErrPoolNotFound, "got 9"},
		{"fund: too poor", fund(poor, id, coin("6ualita")), sdkerrors.ErrInsufficientFunds, ""},
		{"fund: no address", fund("", id, coin("6ualita")), types.ErrInvalidAddress, "sender"},

		{"claim: not the maker", claim(trader, id), types.ErrNotMaker, maker},
		{"claim: unknown pool", claim(maker, 9), types.ErrPoolNotFound, "got 9"},
		{"claim: no address", claim("", id), types.ErrInvalidAddress, "maker"},
		{"protocol: unknown pool", protocol(trader, 9), types.ErrPoolNotFound, "got 9"},
		{"protocol: no address", protocol("", id), types.ErrInvalidAddress, "sender"},
	})
}

// TestMakerInUpperCase: the address codec takes both cases; the record has one.
func TestMakerInUpperCase(t *testing.T) {
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.Maker = strings.ToUpper(m.Maker) })
	p, err := f.Keeper.Pool(f.Ctx, 1)
	require.NoError(t, err)
	require.Equal(t, f.Text(testutil.Account(1)), p.Maker)
	f.NextBlock(500)
	_, err = f.Msg.ClaimMaker(f.Ctx, &types.MsgClaimMaker{Maker: strings.ToUpper(p.Maker), PoolId: 1})
	require.NoError(t, err)
}
