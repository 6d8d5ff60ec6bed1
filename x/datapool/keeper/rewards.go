package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// addToBudget adds a gift to the reward budget. The error is ErrTooLarge above 2^127.
func addToBudget(m *types.Market, alita bool, amount *amm.Int) error {
	budget := m.Rewards.Of(alita)
	if _, overflow := budget.AddOverflow(budget, amount); overflow || amm.TooLarge(budget) {
		return errorsmod.Wrapf(types.ErrTooLarge, "amount: expected a budget of at most 2^127, got %s more", amount.Dec())
	}
	return nil
}

// storeBudget writes a market whose budget has changed, and the stream that has accrued.
func (k *Keeper) storeBudget(ctx context.Context, poolID uint64, m *types.Market, a accrual) error {
	if err := k.Markets.Set(ctx, poolID, *m); err != nil {
		return err
	}
	return k.storeAccrual(ctx, poolID, m, a)
}

// PayReward pays the owner of a newly admitted record its reward out of the pool's
// budget: what the policy says of its rows in Data Tokens, and of the ALITA in the
// budget the same fraction, rounded down. Rewards that have streamed by now leave the
// budget first. Both amounts are zero if the Data Tokens are short: an empty budget is no
// error. The caller knows who has earned a reward, and that nobody earns it twice.
func (k *Keeper) PayReward(ctx context.Context, poolID uint64, owner sdk.AccAddress, rows uint64) (types.Amounts, error) {
	none := types.NoAmounts()
	p, err := k.record(ctx, poolID)
	if err != nil {
		return none, err
	}
	m, err := k.market(ctx, poolID)
	if err != nil {
		return none, err
	}
	var pay types.Pair
	if earned := p.RewardPolicy.Of(rows); !types.SetInt(&pay.Data, earned) {
		return none, errorsmod.Wrapf(types.ErrInvalidState, "pool %d: reward of %d rows: expected 0 to 2^256, got %s", poolID, rows, earned)
	}
	a, err := k.accrue(ctx, poolID, &m)
	if err != nil {
		return none, err
	}
	if pay.Data.IsZero() || pay.Data.Gt(&m.Rewards.Data) {
		return none, nil
	}
	pay.Alita = amm.Portion(&m.Rewards.Alita, &pay.Data, &m.Rewards.Data)
	m.Rewards.Data.Sub(&m.Rewards.Data, &pay.Data)
	m.Rewards.Alita.Sub(&m.Rewards.Alita, &pay.Alita)

	ownerText, err := k.addressCodec.BytesToString(owner)
	if err != nil {
		return none, errorsmod.Wrapf(types.ErrInvalidAddress, "owner: expected an address, got %x: %s", []byte(owner), err)
	}
	if err := k.bankKeeper.SendCoins(ctx, types.PoolAddress(poolID), owner, pay.Coins(poolID)); err != nil {
		return none, err
	}
	if err := k.storeBudget(ctx, poolID, &m, a); err != nil {
		return none, err
	}
	paid := pay.Amounts()
	return paid, modulekit.Emit(ctx, &types.EventRewardPaid{
		PoolId: poolID, Owner: ownerText, Paid: paid, Rewards: m.Rewards.Amounts(),
	})
}
