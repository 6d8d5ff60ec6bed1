package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// pendingVersion returns a version that the maker of its pool can decide on, and the pool.
func (k *Keeper) pendingVersion(ctx context.Context, maker, recordID, version string) (types.Record, types.Version, datapooltypes.Pool, error) {
	fail := func(err error) (types.Record, types.Version, datapooltypes.Pool, error) {
		return types.Record{}, types.Version{}, datapooltypes.Pool{}, err
	}
	makerAddress, makerText, err := k.account("maker", maker)
	if err != nil {
		return fail(err)
	}
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return fail(err)
	}
	pool, err := k.Pool(ctx, record.PoolId)
	if err != nil {
		return fail(err)
	}
	poolMaker, _, err := k.account("maker of the pool", pool.Maker)
	if err != nil {
		return fail(err)
	}
	if !makerAddress.Equals(poolMaker) {
		return fail(errorsmod.Wrapf(types.ErrNotMaker, "pool %d: expected its maker %s, got %s", pool.Id, pool.Maker, makerText))
	}
	if err := checkNotRetired(record); err != nil {
		return fail(err)
	}
	v, err := k.Version(ctx, recordID, version)
	if err != nil {
		return fail(err)
	}
	if v.Status != types.VERSION_STATUS_PENDING {
		return fail(errorsmod.Wrapf(types.ErrVersionStatus, "version %s of record %s: expected %s, got %s", version, recordID, types.VERSION_STATUS_PENDING, v.Status))
	}
	return record, v, pool, nil
}

// admit makes a pending version the one that is computed on, and pays the reward if it is due.
func (k *Keeper) admit(ctx context.Context, record types.Record, version types.Version) (types.Record, types.Version, datapooltypes.Amounts, error) {
	fail := func(err error) (types.Record, types.Version, datapooltypes.Amounts, error) {
		return types.Record{}, types.Version{}, datapooltypes.Amounts{}, err
	}
	var rowsBefore uint64
	if record.Admitted != 0 {
		key := collections.Join(record.Id, record.Admitted)
		old, err := k.Versions.Get(ctx, key)
		if err != nil {
			return fail(err)
		}
		rowsBefore = old.Content.Commitment.Rows
		old.Status = types.VERSION_STATUS_SUPERSEDED
		if err := k.Versions.Set(ctx, key, old); err != nil {
			return fail(err)
		}
	}
	version.Status = types.VERSION_STATUS_ADMITTED
	if err := k.Versions.Set(ctx, collections.Join(record.Id, version.Number), version); err != nil {
		return fail(err)
	}
	record, reward, err := k.reward(ctx, record, version)
	if err != nil {
		return fail(err)
	}
	before := record.Status
	record.Status = types.RECORD_STATUS_ACTIVE
	record.Admitted = version.Number
	record.ModifiedAt = sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	if err := k.setRecord(ctx, record, before); err != nil {
		return fail(err)
	}
	if err := k.changeTotals(ctx, record.PoolId, rowsBefore, version.Content.Commitment.Rows); err != nil {
		return fail(err)
	}
	err = modulekit.Emit(ctx, &types.EventVersionAdmitted{
		RecordId: record.Id, Version: version.Content.Version, Owner: record.Owner, PoolId: record.PoolId,
		RewardAlita: reward.Alita.String(), RewardData: reward.Data.String(),
	})
	return record, version, reward, err
}

// reward credits the pool's reward for the version's rows once per record and once per pool, owner and content, and
// returns what was paid of it now. A budget that is short leaves the reward due at the record's next admission.
func (k *Keeper) reward(ctx context.Context, record types.Record, version types.Version) (types.Record, datapooltypes.Amounts, error) {
	none := datapooltypes.Amounts{Alita: math.ZeroInt(), Data: math.ZeroInt()}
	if record.Rewarded {
		return record, none, nil
	}
	owner, _, err := k.account("owner", record.Owner)
	if err != nil {
		return record, none, err
	}
	content := collections.Join3(record.PoolId, owner, version.Content.Dataset.Files[0].Sha256)
	paid, err := k.Rewarded.Has(ctx, content)
	if err != nil || paid {
		return record, none, err
	}
	reward, earned, err := k.poolKeeper.PayReward(ctx, record.PoolId, owner, version.Content.Commitment.Rows)
	if err != nil {
		return record, none, err
	}
	if earned.IsZero() {
		return record, reward, nil
	}
	record.Rewarded = true
	return record, reward, k.Rewarded.Set(ctx, content)
}
