package keeper

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/ledger"
	"github.com/alita-network/alita/x/datapool/types"
)

// QuoteAddLiquidity returns the deposit that at most maxAlita and maxData would
// make now, and the market it would change. Messages and queries both use it.
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
	if err := checkRunning(poolID, &m); err != nil {
		return amm.Change{}, m, err
	}
	c, err := amm.AddLiquidity(&m.Reserves.Alita, &m.Reserves.Data, &m.Shares, &alita, &data)
	return c, m, types.FromAMM(err, "max_alita and max_data", &types.Pair{Alita: alita, Data: data})
}

// QuoteRemoveLiquidity returns what shares would redeem now. A stopped pool pays too.
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
	c, err := amm.GuardedRemoveLiquidity(blockOpening(sdk.UnwrapSDKContext(ctx), &m), &m.Reserves.Alita, &m.Reserves.Data, &m.Shares, &burn)
	return c, m, types.FromAMM(err, "shares", shares)
}

// deposit takes coins, sorted by denom, from a giver and mints shares for them. It
// returns the giver's address as text.
func (k *Keeper) deposit(ctx context.Context, poolID uint64, sender sdk.AccAddress, shares sdk.Coin, given ...sdk.Coin) (string, error) {
	giver, escrow, err := k.parties(ctx, poolID, sender)
	if err != nil {
		return "", err
	}
	if err := k.ledger.Send(ctx, &giver, &escrow, given...); err != nil {
		return "", err
	}
	return giver.String(), k.ledger.Mint(ctx, &giver, shares)
}

// withdraw burns shares of a taker and pays coins, sorted by denom, for them. It
// returns the taker's address as text.
func (k *Keeper) withdraw(ctx context.Context, poolID uint64, sender sdk.AccAddress, shares sdk.Coin, paid ...sdk.Coin) (string, error) {
	taker, escrow, err := k.parties(ctx, poolID, sender)
	if err != nil {
		return "", err
	}
	if err := k.ledger.Burn(ctx, &taker, shares); err != nil {
		return "", err
	}
	return taker.String(), k.ledger.Send(ctx, &escrow, &taker, paid...)
}

// parties returns the sender of a message and the account of the pool.
func (k *Keeper) parties(ctx context.Context, poolID uint64, sender sdk.AccAddress) (trader, escrow ledger.Party, err error) {
	if trader, err = k.ledger.Trader(ctx, sender); err != nil {
		return trader, escrow, err
	}
	escrow, err = k.ledger.Pool(types.PoolAddress(poolID))
	return trader, escrow, err
}

// settleChange writes a market after a deposit or a withdrawal in proportion.
func (k *Keeper) settleChange(ctx context.Context, poolID uint64, m *types.Market, c *amm.Change) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	s := sdk.UnwrapSDKContext(ctx)
	if err := k.advance(s, poolID, m, &params); err != nil {
		return err
	}
	m.Reserves = types.Pair{Alita: c.ReserveX, Data: c.ReserveY}
	setShares(s, m, &c.TotalShares)
	return k.Markets.Set(ctx, poolID, *m)
}

// shareCoin returns an amount of a pool's shares.
func shareCoin(poolID uint64, amount *amm.Int) sdk.Coin {
	return sdk.Coin{Denom: types.ShareDenom(poolID), Amount: types.MathInt(amount)}
}

// emitAdded emits the event of a deposit after which the market is as given.
func emitAdded(ctx context.Context, poolID uint64, sender string, used types.Pair, shares *amm.Int, m *types.Market) error {
	return modulekit.Emit(ctx, &types.EventLiquidityAdded{
		PoolId:      poolID,
		Sender:      sender,
		Used:        used.Amounts(),
		Shares:      shares.Dec(),
		Reserves:    m.Reserves.Amounts(),
		TotalShares: m.Shares.Dec(),
	})
}

// emitRemoved emits the event of a withdrawal after which the market is as given.
func emitRemoved(ctx context.Context, poolID uint64, sender string, paid types.Pair, shares *amm.Int, m *types.Market) error {
	return modulekit.Emit(ctx, &types.EventLiquidityRemoved{
		PoolId:      poolID,
		Sender:      sender,
		Shares:      shares.Dec(),
		Paid:        paid.Amounts(),
		Reserves:    m.Reserves.Amounts(),
		TotalShares: m.Shares.Dec(),
	})
}
