package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// AddNoise implements types.MsgServer: it takes a seat's noise within the window for contributions. If no owner can come any more and no
// other noise is missing, the window ends in this very block.
func (k msgServer) AddNoise(ctx context.Context, msg *types.MsgAddNoise) (*types.MsgAddNoiseResponse, error) {
	job, seat, err := k.jobSeat(ctx, msg.Account, msg.JobId, types.JOB_STATUS_CONTRIBUTING)
	if err != nil {
		return nil, err
	}
	if msg.Round != job.Round || msg.Shared.Attempt != job.Attempt {
		return nil, errorsmod.Wrapf(types.ErrWrongAttempt, "round and attempt: expected %d and %d, got %d and %d", job.Round, job.Attempt, msg.Round, msg.Shared.Attempt)
	}
	if job.Seats[seat].Noise != nil {
		return nil, errorsmod.Wrapf(types.ErrSeatTaken, "noise of seat %d: expected one vector in job %s, got a second", seat, job.Id)
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return nil, err
	}
	protocol, err := noiseProtocol(job, sum)
	if err != nil {
		return nil, err
	}
	chargeProof(ctx, protocol)
	if err := protocol.CheckNoise(terms.NoiseOf(job.Seats[seat].Operator), msg.Shared.Proto()); err != nil {
		return nil, errorsmod.Wrap(types.ErrInvalidShares, err.Error())
	}
	if err := k.storeNoise(ctx, &job, seat, msg.Shared); err != nil {
		return nil, err
	}
	if err := k.storeProgress(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAddNoiseResponse{}, modulekit.Emit(ctx, &types.EventNoiseAdded{JobId: job.Id, Round: job.Round, Seat: uint32(seat)}))
}
