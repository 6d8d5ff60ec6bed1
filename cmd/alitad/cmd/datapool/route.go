package datapool

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

// quoteRoute quotes a trade of one Data Token for another.
func quoteRoute(ctx context.Context, s *session, from types.Pool, ref string, w swap) (trader.Quote, error) {
	to, err := secondPool(s, from, ref)
	if err != nil {
		return trader.Quote{}, err
	}
	if w.sell != "" {
		in, err := dataAmount(from, to, w.sell)
		if err != nil {
			return trader.Quote{}, err
		}
		return s.market.SellRoute(ctx, from, to, in)
	}
	out, err := dataAmount(to, to, w.buy)
	if err != nil {
		return trader.Quote{}, err
	}
	q, err := s.market.BuyRoute(ctx, from, to, out)
	if err != nil {
		return q, err
	}
	return limited(q, w.limit, func(text string) (sdk.Coin, error) { return dataAmount(from, to, text) })
}

// secondPool finds the second pool of a route.
func secondPool(s *session, from types.Pool, ref string) (types.Pool, error) {
	if _, ok := trader.AlitaUnits().Named(ref); ok {
		return types.Pool{}, fmt.Errorf("--%s: expected another Data Token, got %s; without --%s tokens are sold for ALITA", flagTo, ref, flagTo)
	}
	to, err := s.pool(ref)
	if err != nil {
		return to, fmt.Errorf("--%s: %w", flagTo, err)
	}
	if to.Id == from.Id {
		return to, fmt.Errorf("--%s: expected another Data Token than %s, got the same; without --%s it is sold for ALITA", flagTo, from.Symbol, flagTo)
	}
	return to, nil
}

// dataAmount reads an amount of the Data Token of a pool of a route to another one.
func dataAmount(p, to types.Pool, text string) (sdk.Coin, error) {
	c, err := trader.DataUnits(p).Parse(text)
	if err == nil {
		return c, nil
	}
	if in, notData := trader.AlitaUnits().Parse(text); notData == nil {
		return c, fmt.Errorf("expected an amount of %s, got %s; to buy %s with ALITA: swap %s %s",
			p.Symbol, trader.AlitaUnits().Format(in), to.Symbol, to.Symbol, text)
	}
	return c, err
}
