package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// Deliver implements types.MsgServer: it takes the sealed vector of a contribution; a job whose
// vectors are all there is due in this very block.
func (k msgServer) Deliver(ctx context.Context, msg *types.MsgDeliver) (*types.MsgDeliverResponse, error) {
	worker, signer, err := k.account("worker", msg.Worker)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateRecordID(msg.RecordId); err != nil {
		return nil, err
	}
	job, err := k.job(ctx, msg.JobId)
	if err != nil {
		return nil, err
	}
	if job.Status != types.JOB_STATUS_DELIVERING {
		return nil, errorsmod.Wrapf(types.ErrWrongPhase, "phase: expected %s, got %s", types.JOB_STATUS_DELIVERING, job.Status)
	}
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	if height > job.DeadlineHeight {
		return nil, errorsmod.Wrapf(types.ErrDeadline, "height: expected at most %d, got %d", job.DeadlineHeight, height)
	}
	c, err := k.Contribution(ctx, msg.JobId, msg.RecordId)
	if err != nil {
		return nil, err
	}
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return nil, err
	}
	// The worker that contributed may also deliver, even if the owner has removed it since.
	if c.Worker != signer {
		if err := k.checkWorker(ctx, owner, worker); err != nil {
			return nil, err
		}
	}
	if c.Status != types.CONTRIBUTION_STATUS_ATTESTED {
		return nil, errorsmod.Wrapf(types.ErrAlreadyDelivered, "vectors of record %s to job %s: expected one, got a second", msg.RecordId, msg.JobId)
	}
	way, err := deliveryOf(job.Spec.Delivery)
	if err != nil {
		return nil, err
	}
	if err := way.check(job.Spec, c.Attestation, msg.Sealed); err != nil {
		return nil, err
	}

	key := collections.Join(job.Id, msg.RecordId)
	c.Status = types.CONTRIBUTION_STATUS_DELIVERED
	if err := k.Contributions.Set(ctx, key, c); err != nil {
		return nil, err
	}
	if err := k.Deliveries.Set(ctx, key, msg.Sealed); err != nil {
		return nil, err
	}
	ownerKey := collections.Join(job.Id, []byte(owner))
	before, err := k.Owners.Get(ctx, ownerKey)
	if err != nil {
		return nil, err
	}
	if !before {
		if err := k.Owners.Set(ctx, ownerKey, true); err != nil {
			return nil, err
		}
		job.DeliveredOwners++
	}
	job.Delivered++
	if err := k.setProgress(ctx, job); err != nil {
		return nil, err
	}
	if job.Delivered == job.Contributions {
		if err := k.reschedule(ctx, job.DeadlineHeight, height, job.Id); err != nil {
			return nil, err
		}
	}
	return modulekit.Answer(&types.MsgDeliverResponse{}, modulekit.Emit(ctx, &types.EventDelivered{JobId: job.Id, RecordId: msg.RecordId}))
}
