package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// RegisterRecord lists a record in a pool with its first version. Where the pool admits openly the version is
// admitted at once.
func (k *Keeper) RegisterRecord(ctx context.Context, msg *types.MsgRegisterRecord) (types.Record, types.Version, error) {
	fail := func(err error) (types.Record, types.Version, error) { return types.Record{}, types.Version{}, err }
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return fail(err)
	}
	if err := types.ValidateSalt(msg.Salt); err != nil {
		return fail(err)
	}
	id := types.RecordID(owner, msg.Salt)
	exists, err := k.Records.Has(ctx, id)
	if err != nil {
		return fail(err)
	}
	if exists {
		return fail(errorsmod.Wrapf(types.ErrRecordExists, "%s; take a new random salt, or add a version", id))
	}
	pool, err := k.Pool(ctx, msg.PoolId)
	if err != nil {
		return fail(err)
	}
	if err := k.checkContent(ctx, owner, msg.Content, pool); err != nil {
		return fail(err)
	}

	now := sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	record := types.Record{
		Id: id, Owner: ownerText, PoolId: msg.PoolId, Status: types.RECORD_STATUS_PENDING,
		NextGrantId: 1, PublishedAt: now, ModifiedAt: now,
	}
	if err := k.RecordsByOwner.Set(ctx, collections.Join(owner, id)); err != nil {
		return fail(err)
	}
	if err := k.setRecord(ctx, record, types.RECORD_STATUS_UNSPECIFIED); err != nil {
		return fail(err)
	}
	return k.addVersion(ctx, record, msg.Content, pool)
}

// AddVersion adds a version to a record. Its SemVer must be greater than that of every earlier one.
func (k *Keeper) AddVersion(ctx context.Context, msg *types.MsgAddVersion) (types.Record, types.Version, error) {
	fail := func(err error) (types.Record, types.Version, error) { return types.Record{}, types.Version{}, err }
	record, owner, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return fail(err)
	}
	if err := checkNotRetired(record); err != nil {
		return fail(err)
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return fail(err)
	}
	if record.Versions >= params.MaxVersions {
		return fail(errorsmod.Wrapf(types.ErrTooManyVersions, "record %s has %d, expected at most %d; register a new record", record.Id, record.Versions, params.MaxVersions))
	}
	pool, err := k.Pool(ctx, record.PoolId)
	if err != nil {
		return fail(err)
	}
	if err := k.checkContent(ctx, owner, msg.Content, pool); err != nil {
		return fail(err)
	}
	// Versions only ever grow, so being greater than the newest is being greater than all.
	newest, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Versions))
	if err != nil {
		return fail(err)
	}
	if err := types.CheckNewer(msg.Content.Version, newest.Content.Version); err != nil {
		return fail(err)
	}
	return k.addVersion(ctx, record, msg.Content, pool)
}

// Pool returns the pool that lists records, or ErrPoolNotFound.
func (k *Keeper) Pool(ctx context.Context, id uint64) (datapooltypes.Pool, error) {
	pool, err := k.poolKeeper.Pool(ctx, id)
	if errors.Is(err, datapooltypes.ErrPoolNotFound) {
		return pool, errorsmod.Wrapf(types.ErrPoolNotFound, "no pool %d", id)
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
			return errorsmod.Wrapf(types.ErrInvalidLineage, "$.is_based_on[%d]: record %s has no version %s on this chain", i, ref.RecordId, ref.Version)
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
	if err := emit(ctx, &types.EventVersionRegistered{
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
