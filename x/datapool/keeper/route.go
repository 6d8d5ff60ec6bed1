package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// Route is a trade of one Data Token for another, through ALITA, as it would happen
// now: the output of the first swap is the input of the second, to the unit.
type Route struct {
	First, Second Swap
}

// Alita returns the amount that goes from the first pool to the second, in ualita.
func (r *Route) Alita() math.Int { return types.MathInt(&r.Second.In) }

// ImpactPPM is how much worse than the present prices of both pools the trade is, in
// parts per million, the fees excluded.
func (r *Route) ImpactPPM() uint32 { return amm.CombineImpact(r.First.ImpactPPM, r.Second.ImpactPPM) }

// QuoteSwapRouteExactIn returns what selling tokenIn for the Data Token denomOut
// would do now. Messages and queries both use it.
func (k *Keeper) QuoteSwapRouteExactIn(ctx context.Context, tokenIn sdk.Coin, denomOut string) (Route, error) {
	r, err := routePools("token_in", tokenIn.Denom, "denom_out", denomOut)
	if err != nil {
		return r, err
	}
	var in amm.Int
	if err := types.PositiveAmount(&in, "token_in", tokenIn.Amount); err != nil {
		return r, err
	}
	if err := k.loadMarkets(ctx, &r); err != nil {
		return r, err
	}
	if err := r.First.sell(false, &in); err != nil {
		return r, types.FromAMM(err, "token_in", tokenIn)
	}
	return r, types.FromAMM(r.Second.sell(true, &r.First.Out), "ualita of the route", &r.First.Out)
}

// QuoteSwapRouteExactOut returns what buying tokenOut with the Data Token denomIn
// would do now.
func (k *Keeper) QuoteSwapRouteExactOut(ctx context.Context, denomIn string, tokenOut sdk.Coin) (Route, error) {
	r, err := routePools("denom_in", denomIn, "token_out", tokenOut.Denom)
	if err != nil {
		return r, err
	}
	var out amm.Int
	if err := types.PositiveAmount(&out, "token_out", tokenOut.Amount); err != nil {
		return r, err
	}
	if err := k.loadMarkets(ctx, &r); err != nil {
		return r, err
	}
	if err := r.Second.buy(false, &out); err != nil {
		return r, types.FromAMM(err, "token_out", tokenOut)
	}
	return r, types.FromAMM(r.First.buy(true, &r.Second.In), "ualita of the route", &r.Second.In)
}

// routePools finds the pools of the two Data Tokens of a route.
func routePools(inField, in, outField, out string) (r Route, err error) {
	if r.First.PoolID, err = poolOfData(inField, in); err != nil {
		return r, err
	}
	if r.Second.PoolID, err = poolOfData(outField, out); err != nil {
		return r, err
	}
	if r.First.PoolID == r.Second.PoolID {
		return r, errorsmod.Wrapf(types.ErrSameToken, "%s: expected another Data Token than %s has, got %s", outField, inField, out)
	}
	return r, nil
}

// poolOfData returns the pool of a Data Token.
func poolOfData(field, denom string) (uint64, error) {
	id, ok := types.PoolIDOfDenom(denom)
	if !ok || denom != types.DataDenom(id) {
		return 0, errorsmod.Wrapf(types.ErrInvalidDenom, "%s: expected a Data Token such as %s, got %.80q", field, types.DataDenom(1), denom)
	}
	return id, nil
}

// loadMarkets reads what the swaps of a route need.
func (k *Keeper) loadMarkets(ctx context.Context, r *Route) (err error) {
	if r.First.params, err = k.Params.Get(ctx); err != nil {
		return err
	}
	r.Second.params = r.First.params
	if err := k.loadMarket(ctx, r.First.PoolID, &r.First); err != nil {
		return err
	}
	return k.loadMarket(ctx, r.Second.PoolID, &r.Second)
}

// settleRoute moves the coins and writes both markets. The ALITA goes from pool to
// pool: the trader neither needs any nor gets any.
func (k *Keeper) settleRoute(ctx context.Context, r *Route, sender sdk.AccAddress) error {
	trader, first, err := k.parties(ctx, r.First.PoolID, sender)
	if err != nil {
		return err
	}
	second, err := k.ledger.Pool(types.PoolAddress(r.Second.PoolID))
	if err != nil {
		return err
	}
	in, alita, out := r.First.TokenIn(), r.First.TokenOut(), r.Second.TokenOut()
	if err := k.ledger.Send(ctx, &trader, &first, in); err != nil {
		return err
	}
	if err := k.ledger.Send(ctx, &first, &second, alita); err != nil {
		return err
	}
	if err := k.ledger.Send(ctx, &second, &trader, out); err != nil {
		return err
	}
	if err := k.writeSwap(ctx, &r.First, sender, trader.String(), in, alita, r.First.FeeSplit()); err != nil {
		return err
	}
	return k.writeSwap(ctx, &r.Second, sender, trader.String(), alita, out, r.Second.FeeSplit())
}
