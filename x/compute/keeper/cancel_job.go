package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// cancelJob returns the budget of a job to which nobody has contributed.
func (k *Keeper) cancelJob(ctx context.Context, msg *types.MsgCancelJob) (types.Funds, error) {
	consumer, err := k.address("consumer", msg.Consumer)
	if err != nil {
		return types.Funds{}, err
	}
	job, err := k.job(ctx, msg.JobId)
	if err != nil {
		return types.Funds{}, err
	}
	payer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return types.Funds{}, err
	}
	if !payer.Equals(consumer) {
		return types.Funds{}, errorsmod.Wrapf(types.ErrNotConsumer, "expected %s, got %s", job.Consumer, msg.Consumer)
	}
	if job.Status != types.JOB_STATUS_CONTRIBUTING && job.Status != types.JOB_STATUS_SEATING {
		return types.Funds{}, errorsmod.Wrapf(types.ErrWrongPhase, "%s: expected %s or %s",
			job.Status, types.JOB_STATUS_SEATING, types.JOB_STATUS_CONTRIBUTING)
	}
	if height := sdk.UnwrapSDKContext(ctx).BlockHeight(); height > job.DeadlineHeight {
		return types.Funds{}, errorsmod.Wrapf(types.ErrDeadline, "height %d: expected at most %d, the job ends by itself", height, job.DeadlineHeight)
	}
	if job.Round > 1 || job.Attempt > 1 {
		return types.Funds{}, errorsmod.Wrapf(types.ErrHasContributions, "round %d, attempt %d: expected the first", job.Round, job.Attempt)
	}
	if job.Contributions > 0 {
		return types.Funds{}, errorsmod.Wrapf(types.ErrHasContributions, "%d: expected none", job.Contributions)
	}

	if err := k.unschedule(ctx, job); err != nil {
		return types.Funds{}, err
	}
	job.Failure = types.FAILURE_REASON_CANCELLED
	job, err = k.closeJob(ctx, job)
	return job.Refunded, err
}
