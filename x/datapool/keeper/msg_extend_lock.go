package keeper

import (
	"context"
	"time"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// ExtendLock implements types.MsgServer, for the maker only: its first shares, or its
// allotment, become free later than was said. What is claimed is claimed. An allotment
// that vests for longer may have vested less than was claimed: then nothing more can be
// claimed until it has.
func (k msgServer) ExtendLock(ctx context.Context, msg *types.MsgExtendLock) (*types.MsgExtendLockResponse, error) {
	p, _, err := k.recordOfMaker(ctx, msg.PoolId, msg.Maker)
	if err != nil {
		return nil, err
	}
	if msg.LockedUntil == 0 && msg.VestingEnds == 0 {
		return nil, errorsmod.Wrap(types.ErrInvalidDuration, "locked_until and vesting_ends: expected at least one, got none")
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	if msg.LockedUntil != 0 {
		if !p.LockedShares.Amount.IsPositive() {
			return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected first shares that are not claimed, got none", p.Id)
		}
		if err := later("locked_until", &p.LockedShares.Until, msg.LockedUntil, now); err != nil {
			return nil, err
		}
	}
	if msg.VestingEnds != 0 {
		if p.Vesting.Claimed.Equal(p.Vesting.Total) {
			return nil, errorsmod.Wrapf(types.ErrNothingToClaim, "pool %d: expected an allotment that is not claimed, got none", p.Id)
		}
		if err := later("vesting_ends", &p.Vesting.End, msg.VestingEnds, now); err != nil {
			return nil, err
		}
	}
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgExtendLockResponse{}, modulekit.Emit(ctx, &types.EventLockExtended{
		PoolId: p.Id, LockedShares: p.LockedShares, Vesting: p.Vesting,
	}))
}

// later sets a time to another one, in Unix seconds: later than it, in the future, and by
// at most MaxDuration.
func later(field string, of *time.Time, to int64, now time.Time) error {
	t := time.Unix(to, 0).UTC()
	if !t.After(*of) || !t.After(now) || to > now.Unix()+types.MaxDuration {
		return errorsmod.Wrapf(types.ErrInvalidDuration, "%s: expected a time after %s and after the block's, at most %d seconds ahead, got %d",
			field, of.UTC().Format(time.RFC3339), types.MaxDuration, to)
	}
	*of = t
	return nil
}
