package keeper

import (
	"context"
	"errors"

	"github.com/holiman/uint256"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

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

// payout is the outlet of a pool up to the block's time, and the account of the owner that
// may be paid through it. Nothing of it is written until send and store.
type payout struct {
	poolID  uint64
	owner   sdk.AccAddress
	pool    types.Pool
	market  types.Market
	outlet  types.OutletState
	rewards types.OwnerRewards
	policy  types.RewardPolicy
	// most is what the owner can be paid of Data Tokens now: by the bucket, and by its part of the day.
	most amm.Int
	now  int64
}

// openOutlet reads what a payment of rewards needs. The error is ErrPoolNotFound if there
// is no such pool.
func (k *Keeper) openOutlet(ctx context.Context, poolID uint64, owner sdk.AccAddress) (payout, error) {
	o := payout{poolID: poolID, owner: owner, now: sdk.UnwrapSDKContext(ctx).BlockTime().Unix()}
	var err error
	if o.pool, err = k.record(ctx, poolID); err != nil {
		return o, err
	}
	if o.market, err = k.market(ctx, poolID); err != nil {
		return o, err
	}
	if o.outlet, err = k.outlet(ctx, poolID); err != nil {
		return o, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return o, err
	}
	o.rewards, err = k.OwnerRewards.Get(ctx, collections.Join(poolID, owner))
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return o, err
	}
	o.policy = o.pool.PolicyAt(o.now)
	flow, err := o.pool.FillOutlet(&o.outlet, &o.market, params.OutletPpm, o.now)
	if err != nil {
		return o, err
	}
	o.most = least(o.outlet.Bucket.Data, o.rewards.Left(o.now, &flow))
	return o, nil
}

// pay takes a payment out of bucket, budget and the owner's part of the day, and sends it.
func (k *Keeper) pay(ctx context.Context, o *payout, pay types.Pair) error {
	for _, alita := range [...]bool{true, false} {
		for _, from := range [...]*types.Pair{&o.outlet.Bucket, &o.market.Rewards} {
			if _, underflow := from.Of(alita).SubOverflow(from.Of(alita), pay.Of(alita)); underflow {
				return broken(o.poolID, "expected no reward above bucket and budget, got %s", pay.Of(alita).Dec())
			}
		}
	}
	o.rewards.Pay(o.now, &pay.Data)
	if pay.IsZero() {
		return nil
	}
	return k.bankKeeper.SendCoins(ctx, types.PoolAddress(o.poolID), o.owner, pay.Coins(o.poolID))
}

// storePayout writes market, outlet and the owner's account. An account to which nothing
// is owed, and was paid nothing, is removed.
func (k *Keeper) storePayout(ctx context.Context, o *payout) error {
	if err := k.Markets.Set(ctx, o.poolID, o.market); err != nil {
		return err
	}
	if err := k.Outlets.Set(ctx, o.poolID, o.outlet); err != nil {
		return err
	}
	key := collections.Join(o.poolID, o.owner)
	if o.rewards.Owed.IsZero() && o.rewards.Paid.IsZero() {
		return k.OwnerRewards.Remove(ctx, key)
	}
	return k.OwnerRewards.Set(ctx, key, o.rewards)
}

// payable returns what the owner can be paid now of what it is owed: Data Tokens, and
// of the ALITA in the budget at most their worth and what its bucket holds.
func (k *Keeper) payable(ctx context.Context, o *payout) (types.Pair, error) {
	pay := types.Pair{Data: least(o.most, o.rewards.Owed)}
	if pay.Data.IsZero() || o.market.Rewards.Alita.IsZero() {
		return pay, nil
	}
	means, err := k.Means(ctx, o.poolID)
	if errors.Is(err, types.ErrNoPrice) {
		return pay, nil
	} else if err != nil {
		return pay, err
	}
	per := mostOf(&means)
	if per.IsZero() {
		return pay, nil
	}
	var worth amm.Int
	if _, overflow := worth.MulDivOverflow(&pay.Data, priceUnit, &per); overflow {
		return pay, nil
	}
	pay.Alita = least(o.outlet.Bucket.Alita, worth)
	return pay, nil
}

// priceUnit is one, in prices.
var priceUnit = new(amm.Int).Lsh(uint256.NewInt(1), amm.PriceBits)

func least(a, b amm.Int) amm.Int {
	if b.Lt(&a) {
		return b
	}
	return a
}

// payOwed pays an owner what the outlet lets out of what it is owed, and writes everything.
func (k *Keeper) payOwed(ctx context.Context, o *payout) (types.Amounts, error) {
	pay, err := k.payable(ctx, o)
	if err != nil {
		return types.NoAmounts(), err
	}
	for _, owed := range [...]*amm.Int{&o.outlet.Owed, &o.rewards.Owed} {
		if _, underflow := owed.SubOverflow(owed, &pay.Data); underflow {
			return types.NoAmounts(), broken(o.poolID, "expected no owner to be owed more than all are, got %s", pay.Data.Dec())
		}
	}
	if _, overflow := o.outlet.Admissions.AddOverflow(&o.outlet.Admissions, &pay.Data); overflow {
		return types.NoAmounts(), errorsmod.Wrapf(types.ErrTooLarge, "rewards: expected a sum below 2^256, got %s more", pay.Data.Dec())
	}
	if err := k.pay(ctx, o, pay); err != nil {
		return types.NoAmounts(), err
	}
	if err := k.storePayout(ctx, o); err != nil {
		return types.NoAmounts(), err
	}
	owner, err := k.addressCodec.BytesToString(o.owner)
	if err != nil {
		return types.NoAmounts(), errorsmod.Wrapf(types.ErrInvalidAddress, "owner: expected an address, got %x: %s", []byte(o.owner), err)
	}
	paid := pay.Amounts()
	return paid, modulekit.Emit(ctx, &types.EventRewardPaid{
		PoolId: o.poolID, Owner: owner, Paid: paid, Rewards: o.market.Rewards.Amounts(), Owed: o.rewards.Owed.Dec(),
	})
}

// PayReward credits the owner of a newly admitted record with its reward, what the policy
// says of its rows in Data Tokens, and pays what the outlet lets out of it now. The rest
// stays owed, and MsgClaimRewards pays it later. earned is all of it; it is zero, and
// nothing is paid, if the budget does not hold it beside what is owed already: an empty
// budget is no error. The caller knows who has earned a reward, and that nobody earns it twice.
func (k *Keeper) PayReward(ctx context.Context, poolID uint64, owner sdk.AccAddress, rows uint64) (paid types.Amounts, earned math.Int, err error) {
	none, zero := types.NoAmounts(), math.ZeroInt()
	o, err := k.openOutlet(ctx, poolID, owner)
	if err != nil {
		return none, zero, err
	}
	var earn, after amm.Int
	earned = o.policy.Of(rows)
	if !types.SetInt(&earn, earned) {
		return none, zero, errorsmod.Wrapf(types.ErrInvalidState, "pool %d: reward of %d rows: expected 0 to 2^256, got %s", poolID, rows, earned)
	}
	if earn.IsZero() {
		return none, zero, nil
	}
	// Both are at most 2^192.
	if after.Add(&o.outlet.Owed, &earn).Gt(&o.market.Rewards.Data) {
		return none, zero, nil
	}
	o.outlet.Owed = after
	o.rewards.Owed.Add(&o.rewards.Owed, &earn)
	paid, err = k.payOwed(ctx, &o)
	return paid, earned, err
}

// RewardsClaimable returns what MsgClaimRewards would pay an owner now, and all that it is owed.
func (k *Keeper) RewardsClaimable(ctx context.Context, poolID uint64, owner sdk.AccAddress) (types.Amounts, math.Int, error) {
	o, err := k.openOutlet(ctx, poolID, owner)
	if err != nil {
		return types.NoAmounts(), math.ZeroInt(), err
	}
	pay, err := k.payable(ctx, &o)
	return pay.Amounts(), types.MathInt(&o.rewards.Owed), err
}
