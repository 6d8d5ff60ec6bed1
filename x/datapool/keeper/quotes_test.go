package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// quoted is a quote and what its message does, both as text.
type quoted struct {
	name           string
	quote, message func(c sdk.Coin, shares math.Int) (string, error)
}

// quotes pairs each quote with its message; the second pool is 2.
func quotes(f *testutil.Fixture, sender string) []quoted {
	one := math.OneInt()
	other := map[string]string{"data/1": "data/2", "data/2": "data/1", types.BaseDenom: types.BaseDenom}
	return []quoted{
		{"swap in", func(c sdk.Coin, _ math.Int) (string, error) {
			q, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: 1, TokenIn: c.String()})
			return text(err, func() []any { return []any{q.TokenOut, q.Fee} })
		}, func(c sdk.Coin, _ math.Int) (string, error) {
			m, err := f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{Sender: sender, PoolId: 1, TokenIn: c, MinOut: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.TokenOut, m.Fee} })
		}},
		{"swap out", func(c sdk.Coin, _ math.Int) (string, error) {
			q, err := f.Query.QuoteSwapExactOut(f.Ctx, &types.QueryQuoteSwapExactOutRequest{PoolId: 1, TokenOut: c.String()})
			return text(err, func() []any { return []any{q.TokenIn, q.Fee} })
		}, func(c sdk.Coin, _ math.Int) (string, error) {
			m, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{Sender: sender, PoolId: 1, TokenOut: c, MaxIn: two255, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.TokenIn, m.Fee} })
		}},
		{"add", func(c sdk.Coin, n math.Int) (string, error) {
			q, err := f.Query.QuoteAddLiquidity(f.Ctx, &types.QueryQuoteAddLiquidityRequest{PoolId: 1, MaxAlita: c.Amount.String(), MaxData: n.String()})
			return text(err, func() []any { return []any{q.Used, q.Shares} })
		}, func(c sdk.Coin, n math.Int) (string, error) {
			m, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{Sender: sender, PoolId: 1, MaxAlita: c.Amount, MaxData: n, MinShares: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.Used, m.Shares} })
		}},
		{"remove", func(_ sdk.Coin, n math.Int) (string, error) {
			q, err := f.Query.QuoteRemoveLiquidity(f.Ctx, &types.QueryQuoteRemoveLiquidityRequest{PoolId: 1, Shares: n.String()})
			return text(err, func() []any { return []any{q.Paid} })
		}, func(_ sdk.Coin, n math.Int) (string, error) {
			m, err := f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{Sender: sender, PoolId: 1, Shares: n, MinAlita: one, MinData: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.Paid} })
		}},
		{"add one", func(c sdk.Coin, _ math.Int) (string, error) {
			q, err := f.Query.QuoteAddLiquiditySingle(f.Ctx, &types.QueryQuoteAddLiquiditySingleRequest{PoolId: 1, TokenIn: c.String()})
			return text(err, func() []any { return []any{q.Shares, q.Swapped, q.Fee} })
		}, func(c sdk.Coin, _ math.Int) (string, error) {
			m, err := f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{Sender: sender, PoolId: 1, TokenIn: c, MinShares: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.Shares, m.Swapped, m.Fee} })
		}},
		{"remove to one", func(c sdk.Coin, n math.Int) (string, error) {
			q, err := f.Query.QuoteRemoveLiquiditySingle(f.Ctx, &types.QueryQuoteRemoveLiquiditySingleRequest{PoolId: 1, Shares: n.String(), DenomOut: c.Denom})
			return text(err, func() []any { return []any{q.TokenOut, q.Swapped, q.Fee} })
		}, func(c sdk.Coin, n math.Int) (string, error) {
			m, err := f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{Sender: sender, PoolId: 1, Shares: n, DenomOut: c.Denom, MinOut: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.TokenOut, m.Swapped, m.Fee} })
		}},
		{"route in", func(c sdk.Coin, _ math.Int) (string, error) {
			q, err := f.Query.QuoteSwapRouteExactIn(f.Ctx, &types.QueryQuoteSwapRouteExactInRequest{TokenIn: c.String(), DenomOut: other[c.Denom]})
			return text(err, func() []any { return []any{q.TokenOut, q.Alita, q.FeeIn, q.FeeOut} })
		}, func(c sdk.Coin, _ math.Int) (string, error) {
			m, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{Sender: sender, TokenIn: c, DenomOut: other[c.Denom], MinOut: one, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.TokenOut, m.Alita.String(), m.FeeIn, m.FeeOut} })
		}},
		{"route out", func(c sdk.Coin, _ math.Int) (string, error) {
			q, err := f.Query.QuoteSwapRouteExactOut(f.Ctx, &types.QueryQuoteSwapRouteExactOutRequest{TokenOut: c.String(), DenomIn: other[c.Denom]})
			return text(err, func() []any { return []any{q.TokenIn, q.Alita, q.FeeIn, q.FeeOut} })
		}, func(c sdk.Coin, _ math.Int) (string, error) {
			m, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{Sender: sender, TokenOut: c, DenomIn: other[c.Denom], MaxIn: two255, Deadline: f.Deadline()})
			return text(err, func() []any { return []any{m.TokenIn, m.Alita.String(), m.FeeIn, m.FeeOut} })
		}},
	}
}

// text writes an answer, if there is one.
func text(err error, answer func() []any) (string, error) {
	if err != nil {
		return "", err
	}
	return fmt.Sprint(answer()...), nil
}

// TestEveryQuoteIsItsMessage: after random trades in a block every quote says what its
// message does in the next one, to the unit, in the answer as in the error.
func TestEveryQuoteIsItsMessage(t *testing.T) {
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", guardOn)
	f.CreatePool(t, 1, "LIGHT", nil)
	_, sender := f.Funded(t, 2, 1_000_000_000_000)
	for id := uint64(1); id <= 2; id++ {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, sender, id, "1000000000ualita"))
		require.NoError(t, err)
		add(t, f, sender, id, 100_000_000, 1_000_000_000)
	}
	pairs := quotes(f, sender)
	// property returns the name of what went through; empty if it was refused.
	property := func(r *rapid.T) string {
		start := f.Ctx
		f.Ctx, _ = start.CacheContext()
		defer func() { f.Ctx = start }()
		draw := func(i int) (quoted, sdk.Coin, math.Int) {
			denom := rapid.SampledFrom([]string{types.BaseDenom, "data/1", "data/1", "data/2"}).Draw(r, fmt.Sprint("denom ", i))
			return rapid.SampledFrom(pairs).Draw(r, fmt.Sprint("what ", i)),
				sdk.NewInt64Coin(denom, rapid.Int64Range(1, 1_000_000_000).Draw(r, fmt.Sprint("amount ", i))),
				math.NewInt(rapid.Int64Range(1, 400_000_000).Draw(r, fmt.Sprint("number ", i)))
		}
		for i := range rapid.IntRange(0, 3).Draw(r, "trades") {
			p, c, n := draw(i + 1)
			ctx := f.Ctx
			cached, write := ctx.CacheContext()
			f.Ctx = cached
			if _, err := p.message(c, n); err == nil {
				write()
			}
			f.Ctx = ctx
		}
		p, c, n := draw(0)
		quote, qerr := p.quote(c, n)
		f.NextBlock(0)
		message, merr := p.message(c, n)
		requireSame(r, qerr, merr)
		if qerr != nil || merr != nil {
			return ""
		}
		require.Equal(r, message, quote, p.name)
		return p.name
	}
	rapid.Check(t, func(r *rapid.T) { property(r) })
	// Each goes through with one of the fixed seeds.
	answered, seeded := map[string]int{}, rapid.Custom(property)
	for seed := range 200 {
		answered[seeded.Example(seed)]++
	}
	for _, p := range pairs {
		require.Positive(t, answered[p.name], "%s never went through", p.name)
	}
}
