package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// SwapExactIn implements types.MsgServer.
func (k msgServer) SwapExactIn(ctx context.Context, msg *types.MsgSwapExactIn) (*types.MsgSwapExactInResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "min_out", msg.MinOut, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteSwapExactIn(ctx, msg.PoolId, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	res := &types.MsgSwapExactInResponse{TokenOut: s.TokenOut(), Fee: s.FeeSplit(), Surcharge: s.KeptSurcharge()}
	if s.Out.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_out: expected at most the %s that the pool pays now, got %s", res.TokenOut, msg.MinOut)
	}
	return modulekit.Answer(res, k.settleSwap(ctx, &s, sender, s.TokenIn(), res.TokenOut, res.Fee))
}

// SwapExactOut implements types.MsgServer.
func (k msgServer) SwapExactOut(ctx context.Context, msg *types.MsgSwapExactOut) (*types.MsgSwapExactOutResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "max_in", msg.MaxIn, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteSwapExactOut(ctx, msg.PoolId, msg.TokenOut)
	if err != nil {
		return nil, err
	}
	res := &types.MsgSwapExactOutResponse{TokenIn: s.TokenIn(), Fee: s.FeeSplit(), Surcharge: s.KeptSurcharge()}
	if s.In.Gt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "max_in: expected at least the %s that the pool asks now, got %s", res.TokenIn, msg.MaxIn)
	}
	return modulekit.Answer(res, k.settleSwap(ctx, &s, sender, res.TokenIn, s.TokenOut(), res.Fee))
}
