package trader

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// Sell quotes the sale of an exact amount of one coin of a pool for the other one.
func (m Market) Sell(ctx context.Context, p types.Pool, in sdk.Coin) (Quote, error) {
	res, err := m.Pools.QuoteSwapExactIn(ctx, &types.QueryQuoteSwapExactInRequest{PoolId: p.Id, TokenIn: in.String()})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Sale, Pools: []types.Pool{p}, Give: []sdk.Coin{in}, Get: []sdk.Coin{res.TokenOut},
		Fees: []Fee{feeOf(p, in.Denom, res.Fee)}, ImpactPPM: res.PriceImpactPpm,
		message: func(t Terms, _, least []sdk.Coin) sdk.Msg {
			return &types.MsgSwapExactIn{Sender: t.Sender, PoolId: p.Id, TokenIn: in, MinOut: least[0].Amount, Deadline: t.Deadline}
		},
	}, nil
}

// Buy quotes the purchase of an exact amount of one coin of a pool with the other one.
func (m Market) Buy(ctx context.Context, p types.Pool, out sdk.Coin) (Quote, error) {
	res, err := m.Pools.QuoteSwapExactOut(ctx, &types.QueryQuoteSwapExactOutRequest{PoolId: p.Id, TokenOut: out.String()})
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		Kind: Purchase, Pools: []types.Pool{p}, Give: []sdk.Coin{res.TokenIn}, Get: []sdk.Coin{out},
		Fees: []Fee{feeOf(p, res.TokenIn.Denom, res.Fee)}, ImpactPPM: res.PriceImpactPpm,
		ceilings: []ceiling{{quoted: res.TokenIn}},
		message: func(t Terms, most, _ []sdk.Coin) sdk.Msg {
			return &types.MsgSwapExactOut{Sender: t.Sender, PoolId: p.Id, TokenOut: out, MaxIn: most[0].Amount, Deadline: t.Deadline}
		},
	}, nil
}

// SellRoute quotes the sale of an exact amount of the Data Token of one pool for the Data Token of another, through
// ALITA.
func (m Market) SellRoute(ctx context.Context, from, to types.Pool, in sdk.Coin) (Quote, error) {
	res, err := m.Pools.QuoteSwapRouteExactIn(ctx, &types.QueryQuoteSwapRouteExactInRequest{
		TokenIn: in.String(), DenomOut: to.DataDenom,
	})
	if err != nil {
		return Quote{}, err
	}
	q, err := route(from, to, res.Alita, res.FeeIn, res.FeeOut, res.PriceImpactPpm)
	q.Kind, q.Give, q.Get = Sale, []sdk.Coin{in}, []sdk.Coin{res.TokenOut}
	q.message = func(t Terms, _, least []sdk.Coin) sdk.Msg {
		return &types.MsgSwapRouteExactIn{
			Sender: t.Sender, TokenIn: in, DenomOut: to.DataDenom, MinOut: least[0].Amount, Deadline: t.Deadline,
		}
	}
	return q, err
}

// BuyRoute quotes the purchase of an exact amount of the Data Token of one pool with the Data Token of another,
// through ALITA.
func (m Market) BuyRoute(ctx context.Context, from, to types.Pool, out sdk.Coin) (Quote, error) {
	res, err := m.Pools.QuoteSwapRouteExactOut(ctx, &types.QueryQuoteSwapRouteExactOutRequest{
		DenomIn: from.DataDenom, TokenOut: out.String(),
	})
	if err != nil {
		return Quote{}, err
	}
	q, err := route(from, to, res.Alita, res.FeeIn, res.FeeOut, res.PriceImpactPpm)
	q.Kind, q.Give, q.Get = Purchase, []sdk.Coin{res.TokenIn}, []sdk.Coin{out}
	q.ceilings = []ceiling{{quoted: res.TokenIn}}
	q.message = func(t Terms, most, _ []sdk.Coin) sdk.Msg {
		return &types.MsgSwapRouteExactOut{
			Sender: t.Sender, DenomIn: from.DataDenom, TokenOut: out, MaxIn: most[0].Amount, Deadline: t.Deadline,
		}
	}
	return q, err
}

// route holds the figures of a route in both directions: the ALITA between the pools, both fees and the impact.
func route(from, to types.Pool, alita string, feeIn, feeOut types.FeeSplit, impact uint32) (Quote, error) {
	through, err := types.ParseInt("alita", alita)
	return Quote{
		Pools:   []types.Pool{from, to},
		Through: sdk.Coin{Denom: types.BaseDenom, Amount: through},
		Fees:    []Fee{feeOf(from, from.DataDenom, feeIn), feeOf(to, types.BaseDenom, feeOut)}, ImpactPPM: impact,
	}, err
}
