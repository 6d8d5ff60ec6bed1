package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// NextRound implements types.MsgServer: it opens the next round of a job with its input, or ends
// the job.
func (k msgServer) NextRound(ctx context.Context, msg *types.MsgNextRound) (*types.MsgNextRoundResponse, error) {
	job, err := k.consumerJob(ctx, msg.Consumer, msg.JobId, types.JOB_STATUS_WAITING)
	if err != nil {
		return nil, err
	}
	if msg.Round != job.Round+1 {
		return nil, errorsmod.Wrapf(types.ErrWrongAttempt, "round: expected %d, got %d", job.Round+1, msg.Round)
	}
	if msg.Done {
		if len(msg.Input) > 0 {
			return nil, errorsmod.Wrapf(types.ErrInvalidJob, "input: expected none if the job is done, got %d bytes", len(msg.Input))
		}
		return modulekit.Answer(&types.MsgNextRoundResponse{}, k.endPhase(ctx, job))
	}
	if err := k.checkActivePanels(ctx, job); err != nil {
		return nil, err
	}
	if _, err := k.protocol(ctx, job); err != nil {
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	if uint64(len(msg.Input)) > uint64(params.MaxInputBytes) {
		return nil, errorsmod.Wrapf(types.ErrInvalidJob, "input: expected at most %d bytes, got %d", params.MaxInputBytes, len(msg.Input))
	}
	if err := k.unschedule(ctx, job); err != nil {
		return nil, err
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return nil, err
	}
	job.Spec.Input = msg.Input
	if err := k.setQuestion(ctx, job); err != nil {
		return nil, err
	}
	chargeSteps(ctx, job)
	job.Round++
	job.Attempt = 1
	job.Contributions, job.Owners, job.Judged, job.Valid, job.ValidOwners, job.ValidRows = 0, 0, 0, 0, 0, 0
	job.VerifyKey, job.OpenedAttempts = nil, 0
	for i := range job.Seats {
		job.Seats[i].Status, job.Seats[i].Prepared, job.Seats[i].Commitment = types.SEAT_STATUS_SEATED, 0, nil
	}
	deadline, err := k.startContributing(ctx, job)
	if err != nil {
		return nil, err
	}
	return &types.MsgNextRoundResponse{DeadlineHeight: deadline}, nil
}
