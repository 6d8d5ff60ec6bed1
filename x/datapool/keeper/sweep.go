package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// explained returns what the records say that the account of a whole pool holds of a
// coin: reserves, fees, budget, the allotment that is not yet claimed, and the shares
// that are locked.
func explained(p types.Pool, denom string) math.Int {
	switch denom {
	case types.BaseDenom:
		return p.Reserves.Alita.Add(p.MakerFees.Alita).Add(p.ProtocolFees.Alita).Add(p.Rewards.Alita)
	case p.DataDenom:
		return p.Reserves.Data.Add(p.MakerFees.Data).Add(p.ProtocolFees.Data).Add(p.Rewards.Data).
			Add(p.Vesting.Total).Sub(p.Vesting.Claimed)
	case p.ShareDenom:
		return p.LockedShares.Amount.AddRaw(amm.MinimumShares)
	}
	return math.ZeroInt()
}

// stray returns how much of a coin was sent to the account of a whole pool without a
// message. Message and query both use it.
func (k *Keeper) stray(ctx context.Context, p types.Pool, denom string) math.Int {
	return k.bankKeeper.GetBalance(ctx, types.PoolAddress(p.Id), denom).Amount.Sub(explained(p, denom))
}

// sweepToBudget adds to the reward budget what the account holds already.
func (k *Keeper) sweepToBudget(ctx context.Context, poolID uint64, m *types.Market, swept sdk.Coin) error {
	var amount amm.Int
	if !types.SetInt(&amount, swept.Amount) {
		return errorsmod.Wrapf(types.ErrTooLarge, "amount: expected less than 2^256, got %s", swept)
	}
	if err := addToBudget(m, swept.Denom == types.BaseDenom, &amount); err != nil {
		return err
	}
	return k.Markets.Set(ctx, poolID, *m)
}

// burnShares burns shares that the account holds, beyond those that are locked in it.
func (k *Keeper) burnShares(ctx context.Context, p types.Pool, m *types.Market, swept sdk.Coin) error {
	left := p.Shares.Sub(swept.Amount)
	if least := explained(p, p.ShareDenom); left.LT(least) || !types.SetInt(&m.Shares, left) {
		return broken(p.Id, "expected at least the locked %s shares after burning %s, got %s", least, swept, left)
	}
	shares := sdk.Coins{swept}
	if err := k.bankKeeper.SendCoinsFromAccountToModule(ctx, types.PoolAddress(p.Id), types.ModuleName, shares); err != nil {
		return err
	}
	if err := k.bankKeeper.BurnCoins(ctx, types.ModuleName, shares); err != nil {
		return err
	}
	return k.Markets.Set(ctx, p.Id, *m)
}
