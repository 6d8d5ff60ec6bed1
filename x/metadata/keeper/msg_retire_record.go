package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// RetireRecord implements types.MsgServer: it withdraws a record for good; only its owner may.
// Nothing can be computed on it from then on, and none of its grants can be used; what it states
// stays readable. A panel that it is in is dissolved.
func (k msgServer) RetireRecord(ctx context.Context, msg *types.MsgRetireRecord) (*types.MsgRetireRecordResponse, error) {
	if err := types.ValidateReason(msg.Reason, false); err != nil {
		return nil, err
	}
	record, _, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	if err := checkNotRetired(record); err != nil {
		return nil, err
	}
	before := record.Status
	if before == types.RECORD_STATUS_ACTIVE {
		admitted, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Admitted))
		if err != nil {
			return nil, err
		}
		if err := k.changeTotals(ctx, record.PoolId, admitted.Content.Commitment.Rows, 0); err != nil {
			return nil, err
		}
	}
	record.Status = types.RECORD_STATUS_RETIRED
	record.RetireReason = msg.Reason
	record.ModifiedAt = sdk.UnwrapSDKContext(ctx).BlockTime().UTC()
	if err := k.setRecord(ctx, record, before); err != nil {
		return nil, err
	}
	if err := k.dissolveOf(ctx, record); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRetireRecordResponse{}, modulekit.Emit(ctx, &types.EventRecordRetired{RecordId: record.Id, PoolId: record.PoolId, Reason: msg.Reason}))
}
