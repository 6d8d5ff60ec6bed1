package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// AddLiquiditySingle implements types.MsgServer.
func (k msgServer) AddLiquiditySingle(
	ctx context.Context, msg *types.MsgAddLiquiditySingle,
) (*types.MsgAddLiquiditySingleResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "min_shares", msg.MinShares, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteAddLiquiditySingle(ctx, msg.PoolId, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	res := &types.MsgAddLiquiditySingleResponse{Shares: s.Shares(), Swapped: s.TokenIn(), Fee: s.FeeSplit()}
	if s.Liquidity.Shares.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_shares: expected at most the %s that the pool gives now, got %s", res.Shares, msg.MinShares)
	}
	return modulekit.Answer(res, k.settleAddSingle(ctx, &s, sender, msg.TokenIn, res.Fee))
}

// RemoveLiquiditySingle implements types.MsgServer.
func (k msgServer) RemoveLiquiditySingle(
	ctx context.Context, msg *types.MsgRemoveLiquiditySingle,
) (*types.MsgRemoveLiquiditySingleResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "min_out", msg.MinOut, msg.Deadline)
	if err != nil {
		return nil, err
	}
	s, err := k.QuoteRemoveLiquiditySingle(ctx, msg.PoolId, msg.Shares, msg.DenomOut)
	if err != nil {
		return nil, err
	}
	res := &types.MsgRemoveLiquiditySingleResponse{TokenOut: s.Paid(), Swapped: s.TokenIn(), Fee: s.FeeSplit()}
	if types.MathInt(&bound).GT(res.TokenOut.Amount) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_out: expected at most the %s that the pool pays now, got %s", res.TokenOut, msg.MinOut)
	}
	return modulekit.Answer(res, k.settleRemoveSingle(ctx, &s, sender, res.TokenOut, res.Fee))
}
