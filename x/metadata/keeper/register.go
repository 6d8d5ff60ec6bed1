package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// Pool returns the pool that lists records, or ErrPoolNotFound.
func (k *Keeper) Pool(ctx context.Context, id uint64) (datapooltypes.Pool, error) {
	pool, err := k.poolKeeper.Pool(ctx, id)
	if errors.Is(err, datapooltypes.ErrPoolNotFound) {
		return pool, errorsmod.Wrapf(types.ErrPoolNotFound, "pool_id: expected a pool on this chain, got %d", id)
	}
	return pool, err
}

// checkContent checks a version against the rules, the state and the pool's requirements.
func (k *Keeper) checkContent(ctx context.Context, owner sdk.AccAddress, c types.VersionContent, pool datapooltypes.Pool) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	if err := types.ValidateContent(c, params.MaxDatasetBytes); err != nil {
		return err
	}
	for i, ref := range c.Dataset.IsBasedOn {
		// Versions never change and can only name earlier ones, so the lineage has no cycle.
		exists, err := k.VersionNumbers.Has(ctx, collections.Join(ref.RecordId, ref.Version))
		if err != nil {
			return err
		}
		if !exists {
			return errorsmod.Wrapf(types.ErrInvalidLineage, "$.is_based_on[%d]: expected a version on this chain, got %s of record %s", i, ref.Version, ref.RecordId)
		}
	}
	if err := types.CheckRequirements(c, pool.Requirements); err != nil {
		return err
	}
	return k.checkRecipients(ctx, owner, c.Location)
}

// addVersion stores a checked version as the newest of a record.
func (k *Keeper) addVersion(ctx context.Context, record types.Record, c types.VersionContent, pool datapooltypes.Pool) (types.Record, types.Version, error) {
	fail := func(err error) (types.Record, types.Version, error) { return types.Record{}, types.Version{}, err }
	now := sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	record.Versions++
	record.ModifiedAt = now
	version := types.Version{
		RecordId: record.Id, Number: record.Versions, Content: c,
		Status: types.VERSION_STATUS_PENDING, RegisteredAt: now,
	}
	if err := k.VersionNumbers.Set(ctx, collections.Join(record.Id, c.Version), version.Number); err != nil {
		return fail(err)
	}
	if err := k.Versions.Set(ctx, collections.Join(record.Id, version.Number), version); err != nil {
		return fail(err)
	}
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return fail(err)
	}
	if err := modulekit.Emit(ctx, &types.EventVersionRegistered{
		RecordId: record.Id, Version: c.Version, Owner: record.Owner, PoolId: record.PoolId,
		Rows: c.Commitment.Rows, RowRoot: c.Commitment.Root,
	}); err != nil {
		return fail(err)
	}
	if !pool.Requirements.OpenAdmission {
		return record, version, nil
	}
	record, version, _, err := k.admit(ctx, record, version)
	return record, version, err
}
