package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// OpenSum implements types.MsgServer: it takes a seat's sum. If the sum is public and does not
// open the sum of its commitments, the seat loses its bond and the round starts again. The message
// itself succeeds: it proves the fault.
func (k msgServer) OpenSum(ctx context.Context, msg *types.MsgOpenSum) (*types.MsgOpenSumResponse, error) {
	job, seat, err := k.jobSeat(ctx, msg.Account, msg.JobId, types.JOB_STATUS_AGGREGATING)
	if err != nil {
		return nil, err
	}
	if msg.Attempt != job.Attempt {
		return nil, errorsmod.Wrapf(types.ErrWrongAttempt, "attempt: expected %d, got %d", job.Attempt, msg.Attempt)
	}
	if job.Seats[seat].Status == types.SEAT_STATUS_OPENED {
		return nil, errorsmod.Wrapf(types.ErrSeatTaken, "opened: expected one sum of seat %d in job %s, got a second", seat, job.Id)
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return nil, err
	}
	if err := checkOpenedForm(job, sum, msg.Opened); err != nil {
		return nil, err
	}
	if job.Spec.Secure.PublicResult {
		sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerSlotOpened*uint64(job.Spec.Length), "opening a commitment")
		if _, err := sum.VerifyOpening(job.Seats[seat].Commitment, uint64(job.Valid), msg.Opened.Sum); err != nil {
			if err := k.unschedule(ctx, job); err != nil {
				return nil, err
			}
			return modulekit.Answer(&types.MsgOpenSumResponse{}, k.replace(ctx, job, []int{seat}, types.SEAT_FAULT_SUM))
		}
	}
	if err := k.Sums.Set(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(seat)), msg.Opened); err != nil {
		return nil, err
	}
	job.Seats[seat].Status = types.SEAT_STATUS_OPENED
	if err := k.storeProgress(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgOpenSumResponse{}, modulekit.Emit(ctx, &types.EventSumOpened{JobId: job.Id, Round: job.Round, Seat: uint32(seat)}))
}
