package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// QuoteAddLiquidity returns the deposit that at most maxAlita and maxData would
// make now, and the market it would change. Messages and queries both come this way.
func (k *Keeper) QuoteAddLiquidity(
	ctx context.Context, poolID uint64, maxAlita, maxData math.Int,
) (amm.Change, types.Market, error) {
	var alita, data amm.Int
	if err := types.PositiveAmount(&alita, "max_alita", maxAlita); err != nil {
		return amm.Change{}, types.Market{}, err
	}
	if err := types.PositiveAmount(&data, "max_data", maxData); err != nil {
		return amm.Change{}, types.Market{}, err
	}
	m, err := k.market(ctx, poolID)
	if err != nil {
		return amm.Change{}, m, err
	}
	c, err := amm.AddLiquidity(&m.Reserves.Alita, &m.Reserves.Data, &m.Shares, &alita, &data)
	return c, m, types.FromAMM(err, "max_alita and max_data")
}

// QuoteRemoveLiquidity returns what shares would redeem now.
func (k *Keeper) QuoteRemoveLiquidity(
	ctx context.Context, poolID uint64, shares math.Int,
) (amm.Change, types.Market, error) {
	var burn amm.Int
	if err := types.PositiveAmount(&burn, "shares", shares); err != nil {
		return amm.Change{}, types.Market{}, err
	}
	m, err := k.market(ctx, poolID)
	if err != nil {
		return amm.Change{}, m, err
	}
	c, err := amm.RemoveLiquidity(&m.Reserves.Alita, &m.Reserves.Data, &m.Shares, &burn)
	return c, m, types.FromAMM(err, "shares")
}

// AddLiquidity executes a message.
func (k *Keeper) AddLiquidity(ctx context.Context, msg *types.MsgAddLiquidity) (*types.MsgAddLiquidityResponse, error) {
	var bound amm.Int
	sender, err := k.account("sender", msg.Sender)
	if err != nil {
		return nil, err
	}
	if err := types.Bound(&bound, "min_shares", msg.MinShares); err != nil {
		return nil, err
	}
	if err := types.CheckDeadline(msg.Deadline, sdk.UnwrapSDKContext(ctx).BlockTime()); err != nil {
		return nil, err
	}
	c, m, err := k.QuoteAddLiquidity(ctx, msg.PoolId, msg.MaxAlita, msg.MaxData)
	if err != nil {
		return nil, err
	}
	shares := sdk.Coin{Denom: types.ShareDenom(msg.PoolId), Amount: types.MathInt(&c.Shares)}
	if c.Shares.Lt(&bound) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_shares: expected at most the %s that the pool gives now, got %s", shares, msg.MinShares)
	}
	used := types.Pair{Alita: c.X, Data: c.Y}
	if err := k.bankKeeper.SendCoins(ctx, sender, types.PoolAddress(msg.PoolId), used.Coins(msg.PoolId)); err != nil {
		return nil, err
	}
	if err := k.bankKeeper.MintCoins(ctx, types.ModuleName, sdk.Coins{shares}); err != nil {
		return nil, err
	}
	if err := k.bankKeeper.SendCoins(ctx, k.accountKeeper.GetModuleAddress(types.ModuleName), sender, sdk.Coins{shares}); err != nil {
		return nil, err
	}
	if err := k.settleChange(ctx, msg.PoolId, &m, &c); err != nil {
		return nil, err
	}
	return &types.MsgAddLiquidityResponse{Used: used.Amounts(), Shares: shares}, emit(ctx, &types.EventLiquidityAdded{
		PoolId:      msg.PoolId,
		Sender:      msg.Sender,
		Used:        used.Amounts(),
		Shares:      shares.Amount.String(),
		Reserves:    m.Reserves.Amounts(),
		TotalShares: m.Shares.Dec(),
	})
}

// RemoveLiquidity executes a message.
func (k *Keeper) RemoveLiquidity(ctx context.Context, msg *types.MsgRemoveLiquidity) (*types.MsgRemoveLiquidityResponse, error) {
	var bound types.Pair
	sender, err := k.account("sender", msg.Sender)
	if err != nil {
		return nil, err
	}
	if err := types.Bound(&bound.Alita, "min_alita", msg.MinAlita); err != nil {
		return nil, err
	}
	if err := types.Bound(&bound.Data, "min_data", msg.MinData); err != nil {
		return nil, err
	}
	if err := types.CheckDeadline(msg.Deadline, sdk.UnwrapSDKContext(ctx).BlockTime()); err != nil {
		return nil, err
	}
	c, m, err := k.QuoteRemoveLiquidity(ctx, msg.PoolId, msg.Shares)
	if err != nil {
		return nil, err
	}
	paid := types.Pair{Alita: c.X, Data: c.Y}
	if paid.Alita.Lt(&bound.Alita) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_alita: expected at most the %s%s that the pool pays now, got %s",
			paid.Alita.Dec(), types.BaseDenom, msg.MinAlita)
	}
	if paid.Data.Lt(&bound.Data) {
		return nil, errorsmod.Wrapf(types.ErrSlippage, "min_data: expected at most the %s%s that the pool pays now, got %s",
			paid.Data.Dec(), types.DataDenom(msg.PoolId), msg.MinData)
	}
	shares := sdk.Coins{{Denom: types.ShareDenom(msg.PoolId), Amount: types.MathInt(&c.Shares)}}
	if err := k.bankKeeper.SendCoinsFromAccountToModule(ctx, sender, types.ModuleName, shares); err != nil {
		return nil, err
	}
	if err := k.bankKeeper.BurnCoins(ctx, types.ModuleName, shares); err != nil {
		return nil, err
	}
	if err := k.bankKeeper.SendCoins(ctx, types.PoolAddress(msg.PoolId), sender, paid.Coins(msg.PoolId)); err != nil {
		return nil, err
	}
	if err := k.settleChange(ctx, msg.PoolId, &m, &c); err != nil {
		return nil, err
	}
	return &types.MsgRemoveLiquidityResponse{Paid: paid.Amounts()}, emit(ctx, &types.EventLiquidityRemoved{
		PoolId:      msg.PoolId,
		Sender:      msg.Sender,
		Shares:      c.Shares.Dec(),
		Paid:        paid.Amounts(),
		Reserves:    m.Reserves.Amounts(),
		TotalShares: m.Shares.Dec(),
	})
}

// settleChange writes a market after a deposit or a withdrawal.
func (k *Keeper) settleChange(ctx context.Context, poolID uint64, m *types.Market, c *amm.Change) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	if err := k.advance(sdk.UnwrapSDKContext(ctx), poolID, m, &params); err != nil {
		return err
	}
	m.Reserves = types.Pair{Alita: c.ReserveX, Data: c.ReserveY}
	m.Shares = c.TotalShares
	return k.Markets.Set(ctx, poolID, *m)
}
