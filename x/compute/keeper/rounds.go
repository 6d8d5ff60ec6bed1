package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// endRound ends a round whose contributions are paid: the next one may come, or the job is over.
func (k *Keeper) endRound(ctx context.Context, job types.Job) error {
	// What invalid contributions had reserved is free again.
	job.Reserved, job.Settled, job.SettledOperations = job.Paid, job.Paid, job.Operations
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED || job.Round >= job.Spec.Secure.Rounds {
		_, err := k.closeJob(ctx, job)
		return err
	}
	return k.enter(ctx, job, types.JOB_STATUS_WAITING, int64(job.Spec.Secure.NextBlocks))
}

// nextRound opens the next round of a job with its input, or ends the job.
func (k *Keeper) nextRound(ctx context.Context, msg *types.MsgNextRound) (int64, error) {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_WAITING)
	if err != nil {
		return 0, err
	}
	if msg.Round != job.Round+1 {
		return 0, errorsmod.Wrapf(types.ErrWrongAttempt, "round %d: expected %d", msg.Round, job.Round+1)
	}
	if msg.Done {
		if len(msg.Input) > 0 {
			return 0, errorsmod.Wrap(types.ErrInvalidJob, "input: expected none where the job is done")
		}
		return 0, k.endPhase(ctx, job)
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return 0, err
	}
	if uint64(len(msg.Input)) > uint64(params.MaxInputBytes) {
		return 0, errorsmod.Wrapf(types.ErrInvalidJob, "input of %d bytes: expected at most %d", len(msg.Input), params.MaxInputBytes)
	}
	if err := k.unschedule(ctx, job); err != nil {
		return 0, err
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return 0, err
	}
	job.Spec.Input = msg.Input
	if err := k.setQuestion(ctx, job); err != nil {
		return 0, err
	}
	job.Round++
	job.Attempt = 1
	job.Contributions, job.Owners, job.Judged, job.Valid, job.ValidOwners = 0, 0, 0, 0, 0
	job.VerifyKey = nil
	for i := range job.Seats {
		job.Seats[i].Status, job.Seats[i].Prepared, job.Seats[i].Commitment = types.SEAT_STATUS_SEATED, 0, nil
	}
	if err := k.startContributing(ctx, job); err != nil {
		return 0, err
	}
	return sdk.UnwrapSDKContext(ctx).BlockHeight() + int64(job.Spec.ContributeBlocks), nil
}
