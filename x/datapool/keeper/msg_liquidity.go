package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// AddLiquidity implements types.MsgServer.
func (k msgServer) AddLiquidity(ctx context.Context, msg *types.MsgAddLiquidity) (*types.MsgAddLiquidityResponse, error) {
	sender, bound, err := k.tradeTerms(ctx, msg.Sender, "min_shares", msg.MinShares, msg.Deadline)
	if err != nil {
		return nil, err
	}
	c, m, err := k.QuoteAddLiquidity(ctx, msg.PoolId, msg.MaxAlita, msg.MaxData)
	if err != nil {
		return nil, err
	}
	shares := shareCoin(msg.PoolId, &c.Shares)
	if c.Shares.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_shares: expected at most the %s that the pool gives now, got %s", shares, msg.MinShares)
	}
	used := types.Pair{Alita: c.X, Data: c.Y}
	giver, err := k.deposit(ctx, msg.PoolId, sender, shares, used.Coins(msg.PoolId)...)
	if err != nil {
		return nil, err
	}
	if err := k.settleChange(ctx, msg.PoolId, &m, &c); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAddLiquidityResponse{Used: used.Amounts(), Shares: shares},
		emitAdded(ctx, msg.PoolId, giver, used, &c.Shares, &m))
}

// RemoveLiquidity implements types.MsgServer.
func (k msgServer) RemoveLiquidity(ctx context.Context, msg *types.MsgRemoveLiquidity) (*types.MsgRemoveLiquidityResponse, error) {
	sender, minAlita, err := k.tradeTerms(ctx, msg.Sender, "min_alita", msg.MinAlita, msg.Deadline)
	if err != nil {
		return nil, err
	}
	var minData amm.Int
	if err := types.Bound(&minData, "min_data", msg.MinData); err != nil {
		return nil, err
	}
	c, m, err := k.QuoteRemoveLiquidity(ctx, msg.PoolId, msg.Shares)
	if err != nil {
		return nil, err
	}
	paid := types.Pair{Alita: c.X, Data: c.Y}
	if paid.Alita.Lt(&minAlita) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_alita: expected at most the %s%s that the pool pays now, got %s",
			paid.Alita.Dec(), types.BaseDenom, msg.MinAlita)
	}
	if paid.Data.Lt(&minData) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_data: expected at most the %s%s that the pool pays now, got %s",
			paid.Data.Dec(), types.DataDenom(msg.PoolId), msg.MinData)
	}
	taker, err := k.withdraw(ctx, msg.PoolId, sender, shareCoin(msg.PoolId, &c.Shares), paid.Coins(msg.PoolId)...)
	if err != nil {
		return nil, err
	}
	if err := k.settleChange(ctx, msg.PoolId, &m, &c); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRemoveLiquidityResponse{Paid: paid.Amounts()}, emitRemoved(ctx, msg.PoolId, taker, paid, &c.Shares, &m))
}
