package keeper

import (
	"context"
	"errors"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// Prepare implements types.MsgServer: it takes a seat's preparation shares. A contribution about
// which every seat has answered is judged at once.
func (k msgServer) Prepare(ctx context.Context, msg *types.MsgPrepare) (*types.MsgPrepareResponse, error) {
	job, seat, err := k.jobSeat(ctx, msg.Account, msg.JobId, types.JOB_STATUS_VERIFYING)
	if err != nil {
		return nil, err
	}
	if msg.Attempt != job.Attempt {
		return nil, errorsmod.Wrapf(types.ErrWrongAttempt, "attempt: expected %d, got %d", job.Attempt, msg.Attempt)
	}
	if len(msg.Preparations) == 0 {
		return nil, errorsmod.Wrap(types.ErrInvalidPreparation, "preparations: expected at least one, got none")
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return nil, err
	}
	for i, p := range msg.Preparations {
		err := k.addPreparation(ctx, &job, sum, seat, p)
		if blame := new(securesum.BlameError); errors.As(err, &blame) {
			if err := k.unschedule(ctx, job); err != nil {
				return nil, err
			}
			return modulekit.Answer(&types.MsgPrepareResponse{}, k.replace(ctx, job, []int{blame.Seat}, types.SEAT_FAULT_PREPARATION))
		}
		if err != nil {
			return nil, errorsmod.Wrapf(err, "preparations[%d]", i)
		}
	}
	return modulekit.Answer(&types.MsgPrepareResponse{}, k.storeProgress(ctx, job))
}
