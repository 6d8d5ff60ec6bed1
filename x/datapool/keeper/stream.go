package keeper

import (
	"context"
	"errors"
	"math"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// accrual is the stream of a pool brought up to the block's time and not yet written.
type accrual struct {
	stream types.StreamState
	// exists reports whether the pool has a stream in the store.
	exists bool
	// moved went from the budget to what is owed.
	moved types.Pair
}

// accrue brings the stream of a pool up to the block's time, and takes what has
// streamed from the market's budget. It writes nothing: storeAccrual and the
// market's writer do. The pool's record has the rate; it is read only if there is a
// weight to stream to. A pool without a stream costs one read.
func (k *Keeper) accrue(ctx context.Context, poolID uint64, m *types.Market) (accrual, error) {
	var a accrual
	var err error
	a.stream, err = k.Streams.Get(ctx, poolID)
	if errors.Is(err, collections.ErrNotFound) {
		return a, nil
	} else if err != nil {
		return a, err
	}
	a.exists = true
	var perSecond amm.Int
	if a.stream.Weight > 0 {
		p, err := k.record(ctx, poolID)
		if err != nil {
			return a, err
		}
		if !types.SetInt(&perSecond, p.RewardPolicy.PerSecond) {
			return a, errorsmod.Wrapf(types.ErrInvalidState, "pool %d: per_second: expected 0 to 2^256, got %s", poolID, p.RewardPolicy.PerSecond)
		}
	}
	a.moved, err = a.stream.Accrue(&m.Rewards, &perSecond, sdk.UnwrapSDKContext(ctx).BlockTime().Unix())
	return a, err
}

// storeAccrual writes a stream and emits the event of what has accrued. The caller
// writes the market.
func (k *Keeper) storeAccrual(ctx context.Context, poolID uint64, m *types.Market, a accrual) error {
	if !a.exists {
		return nil
	}
	if err := k.Streams.Set(ctx, poolID, a.stream); err != nil {
		return err
	}
	if a.moved.IsZero() {
		return nil
	}
	return modulekit.Emit(ctx, &types.EventRewardsStreamed{PoolId: poolID, Accrued: a.moved.Amounts(), Rewards: m.Rewards.Amounts()})
}

// Served notes that an active record has served a contribution: a unit of weight in
// the streamed rewards of its pool. The caller knows who has served and that the
// record is active. The error is ErrPoolNotFound if there is no such pool; any other
// error means a broken state.
func (k *Keeper) Served(ctx context.Context, poolID uint64, recordID string, owner sdk.AccAddress) error {
	served, err := k.served(ctx, poolID, recordID)
	if err != nil {
		return err
	}
	ownerText, err := k.addressCodec.BytesToString(owner)
	if err != nil {
		return errorsmod.Wrapf(types.ErrInvalidAddress, "owner: expected an address, got %x: %s", []byte(owner), err)
	}
	c, err := k.openShare(ctx, poolID, owner)
	if err != nil {
		return err
	}
	if c.stream.Weight == math.MaxUint64 {
		return errorsmod.Wrapf(types.ErrTooLarge, "pool %d: expected fewer than 2^64 contributions, got one more", poolID)
	}
	// No weight of an owner or a record exceeds the whole.
	if err := c.stream.Settle(&c.share, c.share.Weight+1); err != nil {
		return err
	}
	c.stream.Weight++
	if err := k.storeShare(ctx, &c); err != nil {
		return err
	}
	if err := k.Contributions.Set(ctx, collections.Join(poolID, recordID), served+1); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventContributionServed{PoolId: poolID, RecordId: recordID, Owner: ownerText, Weight: c.stream.Weight})
}

// Retired takes the weight of a record that has ended out of the streamed rewards of
// its pool. What the owner has earned by then stays to be claimed. A record that has
// served nothing changes nothing.
func (k *Keeper) Retired(ctx context.Context, poolID uint64, recordID string, owner sdk.AccAddress) error {
	served, err := k.served(ctx, poolID, recordID)
	if err != nil || served == 0 {
		return err
	}
	c, err := k.openShare(ctx, poolID, owner)
	if err != nil {
		return err
	}
	if served > c.share.Weight || served > c.stream.Weight {
		return broken(poolID, "expected the %d contributions of record %s to be among its owner's, got %d of %d",
			served, recordID, c.share.Weight, c.stream.Weight)
	}
	if err := c.stream.Settle(&c.share, c.share.Weight-served); err != nil {
		return err
	}
	c.stream.Weight -= served
	if err := k.storeShare(ctx, &c); err != nil {
		return err
	}
	return k.Contributions.Remove(ctx, collections.Join(poolID, recordID))
}

// served returns how many contributions a record has served.
func (k *Keeper) served(ctx context.Context, poolID uint64, recordID string) (uint64, error) {
	n, err := k.Contributions.Get(ctx, collections.Join(poolID, recordID))
	if errors.Is(err, collections.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// streamChange is an owner's part of a stream, both up to the block's time, and the
// market that they change.
type streamChange struct {
	accrual
	poolID uint64
	owner  sdk.AccAddress
	market types.Market
	share  types.StreamShare
}

// openShare reads an owner's part of a stream and what accrues to it. The error is
// ErrPoolNotFound if there is no such pool.
func (k *Keeper) openShare(ctx context.Context, poolID uint64, owner sdk.AccAddress) (streamChange, error) {
	c := streamChange{poolID: poolID, owner: owner}
	var err error
	if c.market, err = k.market(ctx, poolID); err != nil {
		return c, err
	}
	if c.accrual, err = k.accrue(ctx, poolID, &c.market); err != nil {
		return c, err
	}
	if !c.exists {
		c.exists = true
		c.stream.AccruedAt = sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	}
	c.share, err = k.StreamShares.Get(ctx, collections.Join(poolID, owner))
	if errors.Is(err, collections.ErrNotFound) {
		return c, nil
	}
	return c, err
}

// storeShare writes the stream, the owner's part, and the market if its budget has
// changed. A part without weight to which nothing is owed is removed.
func (k *Keeper) storeShare(ctx context.Context, c *streamChange) error {
	if !c.moved.IsZero() {
		if err := k.Markets.Set(ctx, c.poolID, c.market); err != nil {
			return err
		}
	}
	if err := k.storeAccrual(ctx, c.poolID, &c.market, c.accrual); err != nil {
		return err
	}
	key := collections.Join(c.poolID, c.owner)
	if c.share.Weight == 0 && c.share.Owed.IsZero() {
		return k.StreamShares.Remove(ctx, key)
	}
	return k.StreamShares.Set(ctx, key, c.share)
}

// claimable returns what an owner can claim of a stream now, and the change that
// paying it would be. Messages and queries both use it.
func (k *Keeper) claimable(ctx context.Context, poolID uint64, owner sdk.AccAddress) (streamChange, error) {
	c, err := k.openShare(ctx, poolID, owner)
	if err != nil {
		return c, err
	}
	return c, c.stream.Settle(&c.share, c.share.Weight)
}

// StreamClaimable returns what MsgClaimStream would pay an owner now.
func (k *Keeper) StreamClaimable(ctx context.Context, poolID uint64, owner sdk.AccAddress) (types.Amounts, error) {
	c, err := k.claimable(ctx, poolID, owner)
	return c.share.Owed.Amounts(), err
}
