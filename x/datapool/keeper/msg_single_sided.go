package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

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
	giver, err := k.deposit(ctx, s.PoolID, sender, res.Shares, msg.TokenIn)
	if err != nil {
		return nil, err
	}
	// First the swap, then the deposit of the rest with what was bought.
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return nil, err
	}
	if err := k.applySwap(m, s.AlitaIn, &s.Trade); err != nil {
		return nil, err
	}
	emitSwap(c, &s.Swap, giver, res.Swapped, s.TokenOut(), res.Fee)
	m.Reserves = s.pair(&s.Liquidity.ReserveX, &s.Liquidity.ReserveY)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := k.recordPrice(m); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return nil, err
	}
	return modulekit.Answer(res, emitAdded(ctx, s.PoolID, giver, s.pair(&s.Liquidity.X, &s.Liquidity.Y), &s.Liquidity.Shares, m))
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
	taker, err := k.withdraw(ctx, s.PoolID, sender, s.Shares(), res.TokenOut)
	if err != nil {
		return nil, err
	}
	// First the withdrawal of both coins, then the swap of the one that is not wanted.
	c, m := sdk.UnwrapSDKContext(ctx), &s.market
	if err := k.advance(c, s.PoolID, m, &s.params); err != nil {
		return nil, err
	}
	paid := s.pair(&s.Liquidity.X, &s.Liquidity.Y)
	m.Reserves.Alita.Sub(&m.Reserves.Alita, &paid.Alita)
	m.Reserves.Data.Sub(&m.Reserves.Data, &paid.Data)
	setShares(c, m, &s.Liquidity.TotalShares)
	if err := emitRemoved(ctx, s.PoolID, taker, paid, &s.Liquidity.Shares, m); err != nil {
		return nil, err
	}
	if err := k.applySwap(m, s.AlitaIn, &s.Trade); err != nil {
		return nil, err
	}
	if err := k.Markets.Set(ctx, s.PoolID, *m); err != nil {
		return nil, err
	}
	emitSwap(c, &s.Swap, taker, res.Swapped, s.TokenOut(), res.Fee)
	return res, nil
}
