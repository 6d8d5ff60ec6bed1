package keeper

import (
	"context"
	"fmt"
	"time"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// Grant implements types.MsgServer: it allows computing on a record; only its owner may. It returns
// the number of the grant in the record.
func (k msgServer) Grant(ctx context.Context, msg *types.MsgGrant) (*types.MsgGrantResponse, error) {
	terms := msg.Terms.Normalize()
	if err := terms.Validate(k.addressCodec); err != nil {
		return nil, err
	}
	if terms.Grantee != "" {
		_, grantee, err := k.account("grantee", terms.Grantee)
		if err != nil {
			return nil, err
		}
		terms.Grantee = grantee
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	if terms.NotAfter != nil && !terms.NotAfter.After(now) {
		return nil, errorsmod.Wrapf(types.ErrInvalidGrant, "not_after: expected a time after %s, got %s", now.Format(time.RFC3339), terms.NotAfter.Format(time.RFC3339))
	}
	record, _, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
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
	grants, err := k.recordGrants(ctx, record.Id)
	if err != nil {
		return nil, err
	}
	if len(grants) >= int(params.MaxGrants) {
		var ended []string
		for _, g := range grants {
			if g.Ended(now) {
				ended = append(ended, fmt.Sprint(g.Id))
			}
		}
		return nil, errorsmod.Wrapf(types.ErrTooManyGrants, "record %s: expected at most %d grants, got %d; revoke one first (ended: %s)",
			record.Id, params.MaxGrants, len(grants)+1, orNone(ended))
	}
	grant := types.Grant{RecordId: record.Id, Id: record.NextGrantId, Terms: terms}
	record.NextGrantId++
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return nil, err
	}
	if err := k.Grants.Set(ctx, collections.Join(record.Id, grant.Id), grant); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgGrantResponse{GrantId: grant.Id}, modulekit.Emit(ctx, &types.EventGranted{RecordId: record.Id, GrantId: grant.Id, Terms: terms}))
}

// RevokeGrant implements types.MsgServer: it ends a grant at once; only the record's owner may, of
// a retired record, too.
func (k msgServer) RevokeGrant(ctx context.Context, msg *types.MsgRevokeGrant) (*types.MsgRevokeGrantResponse, error) {
	record, _, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	if _, err := k.RecordGrant(ctx, record.Id, msg.GrantId); err != nil {
		return nil, err
	}
	if err := k.Grants.Remove(ctx, collections.Join(record.Id, msg.GrantId)); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRevokeGrantResponse{}, modulekit.Emit(ctx, &types.EventGrantRevoked{RecordId: record.Id, GrantId: msg.GrantId}))
}
