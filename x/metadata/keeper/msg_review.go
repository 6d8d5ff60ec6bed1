package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// AdmitVersion implements types.MsgServer: it admits a version that waits for review; only the
// pool's maker may. It has to meet what the pool requires now, which may be more than when it was
// registered. The one admitted before is superseded, and the owner earns the pool's reward if it is
// due.
func (k msgServer) AdmitVersion(ctx context.Context, msg *types.MsgAdmitVersion) (*types.MsgAdmitVersionResponse, error) {
	record, version, pool, err := k.pendingVersion(ctx, msg.Maker, msg.RecordId, msg.Version)
	if err != nil {
		return nil, err
	}
	if err := types.CheckRequirements(version.Content, pool.Requirements); err != nil {
		return nil, err
	}
	if record.Admitted > version.Number {
		return nil, errorsmod.Wrapf(types.ErrVersionStatus,
			"version %s of record %s is older than the admitted one; refuse it instead", msg.Version, msg.RecordId)
	}
	_, _, reward, err := k.admit(ctx, record, version)
	if err != nil {
		return nil, err
	}
	return &types.MsgAdmitVersionResponse{RewardAlita: reward.Alita, RewardData: reward.Data}, nil
}

// RefuseVersion implements types.MsgServer: it refuses a version that waits for review, with a
// reason; only the pool's maker may.
func (k msgServer) RefuseVersion(ctx context.Context, msg *types.MsgRefuseVersion) (*types.MsgRefuseVersionResponse, error) {
	if err := types.ValidateReason(msg.Reason, true); err != nil {
		return nil, err
	}
	record, version, _, err := k.pendingVersion(ctx, msg.Maker, msg.RecordId, msg.Version)
	if err != nil {
		return nil, err
	}
	version.Status = types.VERSION_STATUS_REFUSED
	version.Reason = msg.Reason
	if err := k.Versions.Set(ctx, collections.Join(record.Id, version.Number), version); err != nil {
		return nil, err
	}
	record.ModifiedAt = sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRefuseVersionResponse{}, modulekit.Emit(ctx, &types.EventVersionRefused{
		RecordId: record.Id, Version: msg.Version, PoolId: record.PoolId, Reason: msg.Reason,
	}))
}
