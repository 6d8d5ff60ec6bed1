package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// CancelJob implements types.MsgServer: it returns the budget of a job to which nobody has
// contributed.
func (k msgServer) CancelJob(ctx context.Context, msg *types.MsgCancelJob) (*types.MsgCancelJobResponse, error) {
	consumer, err := k.address("consumer", msg.Consumer)
	if err != nil {
		return nil, err
	}
	job, err := k.job(ctx, msg.JobId)
	if err != nil {
		return nil, err
	}
	payer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return nil, err
	}
	if !payer.Equals(consumer) {
		return nil, errorsmod.Wrapf(types.ErrNotConsumer, "consumer: expected %s, got %s", job.Consumer, msg.Consumer)
	}
	if job.Status != types.JOB_STATUS_CONTRIBUTING && job.Status != types.JOB_STATUS_SEATING {
		return nil, errorsmod.Wrapf(types.ErrWrongPhase, "phase: expected %s or %s, got %s",
			types.JOB_STATUS_SEATING, types.JOB_STATUS_CONTRIBUTING, job.Status)
	}
	if height := sdk.UnwrapSDKContext(ctx).BlockHeight(); height > job.DeadlineHeight {
		return nil, errorsmod.Wrapf(types.ErrDeadline, "height: expected at most %d, got %d; the job ends by itself", job.DeadlineHeight, height)
	}
	if job.Round > 1 || job.Attempt > 1 {
		return nil, errorsmod.Wrapf(types.ErrHasContributions, "round and attempt: expected the first ones, got %d and %d", job.Round, job.Attempt)
	}
	if job.Contributions > 0 {
		return nil, errorsmod.Wrapf(types.ErrHasContributions, "contributions: expected none, got %d", job.Contributions)
	}

	if err := k.unschedule(ctx, job); err != nil {
		return nil, err
	}
	job.Failure = types.FAILURE_REASON_CANCELLED
	if job, err = k.closeJob(ctx, job); err != nil {
		return nil, err
	}
	return &types.MsgCancelJobResponse{Refunded: job.Refunded}, nil
}
