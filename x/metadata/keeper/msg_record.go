package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// RegisterRecord implements types.MsgServer: it lists a record in a pool with its first version. If
// the pool admits openly the version is admitted at once.
func (k msgServer) RegisterRecord(ctx context.Context, msg *types.MsgRegisterRecord) (*types.MsgRegisterRecordResponse, error) {
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateSalt(msg.Salt); err != nil {
		return nil, err
	}
	id := types.RecordID(owner, msg.Salt)
	exists, err := k.Records.Has(ctx, id)
	if err != nil {
		return nil, err
	}
	if exists {
		return nil, errorsmod.Wrapf(types.ErrRecordExists, "record: expected a new id, got %s; take a new random salt, or add a version", id)
	}
	pool, err := k.Pool(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}
	if err := k.checkContent(ctx, owner, msg.Content, pool); err != nil {
		return nil, err
	}

	now := sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	record := types.Record{
		Id: id, Owner: ownerText, PoolId: msg.PoolId, Status: types.RECORD_STATUS_PENDING,
		NextGrantId: 1, PublishedAt: now, ModifiedAt: now,
	}
	if err := k.RecordsByOwner.Set(ctx, collections.Join(owner, id)); err != nil {
		return nil, err
	}
	if err := k.setRecord(ctx, record, types.RECORD_STATUS_UNSPECIFIED); err != nil {
		return nil, err
	}
	_, version, err := k.addVersion(ctx, record, msg.Content, pool)
	if err != nil {
		return nil, err
	}
	return &types.MsgRegisterRecordResponse{RecordId: id, Status: version.Status}, nil
}

// AddVersion implements types.MsgServer: it adds a version to a record. Its SemVer precedence must be
// greater than every earlier version's.
func (k msgServer) AddVersion(ctx context.Context, msg *types.MsgAddVersion) (*types.MsgAddVersionResponse, error) {
	record, owner, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	if err := checkNotRetired(record); err != nil {
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	if record.Versions >= params.MaxVersions {
		return nil, errorsmod.Wrapf(types.ErrTooManyVersions, "record %s: expected at most %d versions, got %d; register a new record", record.Id, params.MaxVersions, uint64(record.Versions)+1)
	}
	pool, err := k.Pool(ctx, record.PoolId)
	if err != nil {
		return nil, err
	}
	if err := k.checkContent(ctx, owner, msg.Content, pool); err != nil {
		return nil, err
	}
	// Each version is greater than the one before, so a comparison with the newest is enough.
	newest, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Versions))
	if err != nil {
		return nil, err
	}
	if err := types.CheckNewer(msg.Content.Version, newest.Content.Version); err != nil {
		return nil, err
	}
	_, version, err := k.addVersion(ctx, record, msg.Content, pool)
	if err != nil {
		return nil, err
	}
	return &types.MsgAddVersionResponse{Number: version.Number, Status: version.Status}, nil
}
