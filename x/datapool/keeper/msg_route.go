package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/types"
)

// SwapRouteExactIn implements types.MsgServer.
func (k msgServer) SwapRouteExactIn(
	ctx context.Context, msg *types.MsgSwapRouteExactIn,
) (*types.MsgSwapRouteExactInResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "min_out", msg.MinOut, msg.Deadline)
	if err != nil {
		return nil, err
	}
	r, err := k.QuoteSwapRouteExactIn(ctx, msg.TokenIn, msg.DenomOut)
	if err != nil {
		return nil, err
	}
	out := r.Second.TokenOut()
	if r.Second.Out.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_out: expected at most the %s that the route pays now, got %s", out, msg.MinOut)
	}
	if err := k.settleRoute(ctx, &r, sender); err != nil {
		return nil, err
	}
	return &types.MsgSwapRouteExactInResponse{
		TokenOut: out, Alita: r.Alita(), FeeIn: r.First.FeeSplit(), FeeOut: r.Second.FeeSplit(),
	}, nil
}

// SwapRouteExactOut implements types.MsgServer.
func (k msgServer) SwapRouteExactOut(
	ctx context.Context, msg *types.MsgSwapRouteExactOut,
) (*types.MsgSwapRouteExactOutResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "max_in", msg.MaxIn, msg.Deadline)
	if err != nil {
		return nil, err
	}
	r, err := k.QuoteSwapRouteExactOut(ctx, msg.DenomIn, msg.TokenOut)
	if err != nil {
		return nil, err
	}
	in := r.First.TokenIn()
	if r.First.In.Gt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "max_in: expected at least the %s that the route asks now, got %s", in, msg.MaxIn)
	}
	if err := k.settleRoute(ctx, &r, sender); err != nil {
		return nil, err
	}
	return &types.MsgSwapRouteExactOutResponse{
		TokenIn: in, Alita: r.Alita(), FeeIn: r.First.FeeSplit(), FeeOut: r.Second.FeeSplit(),
	}, nil
}
