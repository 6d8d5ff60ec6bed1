// Package keeper holds the state of the metadata module and changes it by the module's rules.
package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"
	errorsmod "cosmossdk.io/errors"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// Keeper holds the state of the metadata module.
type Keeper struct {
	addressCodec address.Codec
	poolKeeper   types.DatapoolKeeper

	// authority may update the parameters; typically the x/gov account.
	authority string

	Schema collections.Schema
	// Params are the parameters of the module.
	Params collections.Item[types.Params]
	// Records holds the records by id.
	Records collections.Map[string, types.Record]
	// Versions holds the versions by (record, number), so that a record's versions lie in their order.
	Versions collections.Map[collections.Pair[string, uint32], types.Version]
	// VersionNumbers finds a version's number by (record, SemVer text).
	VersionNumbers collections.Map[collections.Pair[string, string], uint32]
	// RecordsByPool is (pool, status, record): the active records of a pool are one range.
	RecordsByPool collections.KeySet[collections.Triple[uint64, int32, string]]
	// RecordsByOwner is (owner, record).
	RecordsByOwner collections.KeySet[collections.Pair[sdk.AccAddress, string]]
	// Workers holds the workers by account.
	Workers collections.Map[sdk.AccAddress, types.Worker]
	// WorkersByOwner is (owner, worker).
	WorkersByOwner collections.KeySet[collections.Pair[sdk.AccAddress, sdk.AccAddress]]
	// Grants holds the grants by (record, id), so that a record's grants lie in their order.
	Grants collections.Map[collections.Pair[string, uint64], types.Grant]
	// Rewarded is (pool, owner, sha256 of the first file): contents that have earned their reward.
	Rewarded collections.KeySet[collections.Triple[uint64, sdk.AccAddress, []byte]]
	// Panels holds the panels by id, without their members.
	Panels collections.Map[string, types.Panel]
	// PanelMembers holds the members of panels by (panel, record).
	PanelMembers collections.Map[collections.Pair[string, string], types.PanelMember]
	// PanelsByPool is (pool, panel).
	PanelsByPool collections.KeySet[collections.Pair[uint64, string]]
	// PanelOwners holds the active panel of an owner in a pool, by (pool, owner).
	PanelOwners collections.Map[collections.Pair[uint64, sdk.AccAddress], string]
	// PanelContents holds the contents that give exact answers by (owner, root of the rows): the panel over which they do, or
	// nothing for those that were delivered directly. A content stays where it is for ever.
	PanelContents collections.Map[collections.Pair[sdk.AccAddress, []byte], string]
	// Totals holds what the active records of a pool add up to, by pool; a pool without active records has none.
	Totals collections.Map[uint64, types.PoolTotals]
}

// NewKeeper returns a keeper of the metadata module. It panics if the authority is no address or the schema is
// wrong, which are faults of the program.
func NewKeeper(
	cdc codec.BinaryCodec,
	storeService store.KVStoreService,
	addressCodec address.Codec,
	poolKeeper types.DatapoolKeeper,
	authority string,
) *Keeper {
	if _, err := addressCodec.StringToBytes(authority); err != nil {
		panic(err)
	}
	sb := collections.NewSchemaBuilder(storeService)
	k := &Keeper{
		addressCodec: addressCodec,
		poolKeeper:   poolKeeper,
		authority:    authority,
		Params:       collections.NewItem(sb, types.ParamsPrefix, "params", codec.CollValue[types.Params](cdc)),
		Records: collections.NewMap(sb, types.RecordsPrefix, "records",
			collections.StringKey, codec.CollValue[types.Record](cdc)),
		Versions: collections.NewMap(sb, types.VersionsPrefix, "versions",
			collections.PairKeyCodec(collections.StringKey, collections.Uint32Key), codec.CollValue[types.Version](cdc)),
		VersionNumbers: collections.NewMap(sb, types.VersionNumbersPrefix, "version_numbers",
			collections.PairKeyCodec(collections.StringKey, collections.StringKey), collections.Uint32Value),
		RecordsByPool: collections.NewKeySet(sb, types.RecordsByPoolPrefix, "records_by_pool",
			collections.TripleKeyCodec(collections.Uint64Key, collections.Int32Key, collections.StringKey)),
		RecordsByOwner: collections.NewKeySet(sb, types.RecordsByOwnerPrefix, "records_by_owner",
			collections.PairKeyCodec(sdk.AccAddressKey, collections.StringKey)),
		Workers: collections.NewMap(sb, types.WorkersPrefix, "workers",
			sdk.AccAddressKey, codec.CollValue[types.Worker](cdc)),
		WorkersByOwner: collections.NewKeySet(sb, types.WorkersByOwnerPrefix, "workers_by_owner",
			collections.PairKeyCodec(sdk.AccAddressKey, sdk.AccAddressKey)),
		Grants: collections.NewMap(sb, types.GrantsPrefix, "grants",
			collections.PairKeyCodec(collections.StringKey, collections.Uint64Key), codec.CollValue[types.Grant](cdc)),
		Rewarded: collections.NewKeySet(sb, types.RewardedPrefix, "rewarded",
			collections.TripleKeyCodec(collections.Uint64Key, sdk.AccAddressKey, collections.BytesKey)),
		Panels: collections.NewMap(sb, types.PanelsPrefix, "panels", collections.StringKey, codec.CollValue[types.Panel](cdc)),
		PanelMembers: collections.NewMap(sb, types.PanelMembersPrefix, "panel_members",
			collections.PairKeyCodec(collections.StringKey, collections.StringKey), codec.CollValue[types.PanelMember](cdc)),
		PanelsByPool: collections.NewKeySet(sb, types.PanelsByPoolPrefix, "panels_by_pool",
			collections.PairKeyCodec(collections.Uint64Key, collections.StringKey)),
		PanelOwners: collections.NewMap(sb, types.PanelOwnersPrefix, "panel_owners",
			collections.PairKeyCodec(collections.Uint64Key, sdk.AccAddressKey), collections.StringValue),
		PanelContents: collections.NewMap(sb, types.PanelContentsPrefix, "panel_contents",
			collections.PairKeyCodec(sdk.AccAddressKey, collections.BytesKey), collections.StringValue),
		Totals: collections.NewMap(sb, types.TotalsPrefix, "totals",
			collections.Uint64Key, codec.CollValue[types.PoolTotals](cdc)),
	}
	schema, err := sb.Build()
	if err != nil {
		panic(err)
	}
	k.Schema = schema
	return k
}

// Authority is the account that may update the parameters.
func (k *Keeper) Authority() string { return k.authority }

// AddressCodec turns account addresses into text and back.
func (k *Keeper) AddressCodec() address.Codec { return k.addressCodec }

// account reads the address in a field of a message. It returns the canonical text as well: bech32 may be
// written in upper case, and state and comparisons need one form.
func (k *Keeper) account(field, text string) (sdk.AccAddress, string, error) {
	a, err := k.addressCodec.StringToBytes(text)
	if err != nil {
		return nil, "", errorsmod.Wrapf(types.ErrInvalidAddress, "%s: expected an address, got %.80q: %s", field, text, err)
	}
	canonical, err := k.addressCodec.BytesToString(a)
	if err != nil {
		return nil, "", errorsmod.Wrapf(types.ErrInvalidAddress, "%s: expected an address, got %.80q: %s", field, text, err)
	}
	return a, canonical, nil
}

// Record returns a record, or ErrRecordNotFound.
func (k *Keeper) Record(ctx context.Context, id string) (types.Record, error) {
	if err := types.ValidateRecordID(id); err != nil {
		return types.Record{}, errorsmod.Wrap(types.ErrRecordNotFound, err.Error())
	}
	r, err := k.Records.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return r, errorsmod.Wrapf(types.ErrRecordNotFound, "record: expected one on this chain, got %s", id)
	}
	return r, err
}

// Version returns a record's version by its SemVer text, or ErrVersionNotFound.
func (k *Keeper) Version(ctx context.Context, recordID, version string) (types.Version, error) {
	number, err := k.VersionNumbers.Get(ctx, collections.Join(recordID, version))
	if errors.Is(err, collections.ErrNotFound) {
		return types.Version{}, errorsmod.Wrapf(types.ErrVersionNotFound, "record %.80s: expected one of its versions, got %.80q", recordID, version)
	}
	if err != nil {
		return types.Version{}, err
	}
	return k.Versions.Get(ctx, collections.Join(recordID, number))
}

// setRecord stores a record and moves it in the index of its pool. before is the status that it is stored with, or
// unspecified for a new record.
func (k *Keeper) setRecord(ctx context.Context, r types.Record, before types.RecordStatus) error {
	if before != r.Status {
		if before != types.RECORD_STATUS_UNSPECIFIED {
			if err := k.RecordsByPool.Remove(ctx, collections.Join3(r.PoolId, int32(before), r.Id)); err != nil {
				return err
			}
		}
		if err := k.RecordsByPool.Set(ctx, collections.Join3(r.PoolId, int32(r.Status), r.Id)); err != nil {
			return err
		}
	}
	return k.Records.Set(ctx, r.Id, r)
}

// ownedRecord returns a record that the account holds, and the account.
func (k *Keeper) ownedRecord(ctx context.Context, ownerText, recordID string) (types.Record, sdk.AccAddress, error) {
	owner, text, err := k.account("owner", ownerText)
	if err != nil {
		return types.Record{}, nil, err
	}
	r, err := k.Record(ctx, recordID)
	if err != nil {
		return r, nil, err
	}
	if r.Owner != text {
		return r, nil, errorsmod.Wrapf(types.ErrNotOwner, "record %s: expected its owner %s, got %s", recordID, r.Owner, text)
	}
	return r, owner, nil
}

// checkNotRetired reports whether a record can still change.
func checkNotRetired(r types.Record) error {
	if r.Status == types.RECORD_STATUS_RETIRED {
		return errorsmod.Wrapf(types.ErrRecordRetired, "record %s: expected one that is not retired, got one withdrawn by its owner; register a new one", r.Id)
	}
	return nil
}
