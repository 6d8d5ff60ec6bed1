package keeper

import (
	"context"
	"errors"

	"github.com/holiman/uint256"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// MatchContribution pays the owner of an active record for a paid contribution by which
// its payer lost some ualita to others: a part of the loss in Data Tokens, match_ppm of the
// policy, and at most what the outlet and the budget beside what is owed hold. A payer
// who is the owner and has a part b of the stake gets back less than it lost, since
// match_ppm is below 1-b for every b up to a half. Zero is no error. The caller knows the
// loss, that the record is active, and that nobody is paid twice.
func (k *Keeper) MatchContribution(ctx context.Context, poolID uint64, recordID string, owner sdk.AccAddress, lost math.Int) (math.Int, error) {
	zero := math.ZeroInt()
	if !lost.IsPositive() {
		return zero, nil
	}
	p, err := k.record(ctx, poolID)
	if err != nil {
		return zero, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return zero, err
	}
	match := min(p.PolicyAt(sdk.UnwrapSDKContext(ctx).BlockTime().Unix()).MatchPpm, params.MaxMatchPpm)
	if match == 0 {
		return zero, nil
	}
	price, err := k.leastDataPerAlita(ctx, poolID)
	if errors.Is(err, types.ErrNoPrice) {
		return zero, nil
	} else if err != nil {
		return zero, err
	}
	o, err := k.openOutlet(ctx, poolID, owner)
	if err != nil {
		return zero, err
	}
	var pay types.Pair
	if pay.Data, err = matched(lost, match, &price); err != nil {
		return zero, err
	}
	var free amm.Int
	if _, underflow := free.SubOverflow(&o.market.Rewards.Data, &o.outlet.Owed); underflow {
		return zero, broken(poolID, "expected a budget of at least what is owed, %s, got %s", o.outlet.Owed.Dec(), o.market.Rewards.Data.Dec())
	}
	pay.Data = least(least(pay.Data, o.most), free)
	if pay.Data.IsZero() {
		return zero, nil
	}
	if err := k.pay(ctx, &o, pay); err != nil {
		return zero, err
	}
	if err := k.storePayout(ctx, &o); err != nil {
		return zero, err
	}
	ownerText, err := k.addressCodec.BytesToString(owner)
	if err != nil {
		return zero, errorsmod.Wrapf(types.ErrInvalidAddress, "owner: expected an address, got %x: %s", []byte(owner), err)
	}
	return types.MathInt(&pay.Data), modulekit.Emit(ctx, &types.EventRewardMatched{
		PoolId: poolID, RecordId: recordID, Owner: ownerText,
		Lost: lost.String(), Paid: pay.Data.Dec(), Rewards: o.market.Rewards.Amounts(),
	})
}

// matched returns floor(lost * match/10^6 * price/2^64) Data Tokens.
func matched(lost math.Int, match uint32, price *amm.Int) (amm.Int, error) {
	var z amm.Int
	if !types.SetInt(&z, lost) {
		return z, errorsmod.Wrapf(types.ErrTooLarge, "loss: expected 0 to 2^256, got %s", lost)
	}
	_, a := z.MulDivOverflow(&z, uint256.NewInt(uint64(match)), uint256.NewInt(types.PPM))
	_, b := z.MulDivOverflow(&z, price, priceUnit)
	if a || b {
		return z, errorsmod.Wrapf(types.ErrTooLarge, "match: expected less than 2^256, got that of %s", lost)
	}
	return z, nil
}

// leastDataPerAlita returns the fewest Data Token units for a ualita of the mean prices
// that the chain keeps, times 2^64. The error is ErrNoPrice in the second of the creation.
func (k *Keeper) leastDataPerAlita(ctx context.Context, poolID uint64) (amm.Int, error) {
	means, err := k.Means(ctx, poolID)
	if err != nil {
		return amm.Int{}, err
	}
	return least(means[0].DataPerAlita, least(means[1].DataPerAlita, means[2].DataPerAlita)), nil
}
