package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// AccuseSeat implements types.MsgServer: it decides on an owner's evidence that a seat has judged a
// contribution wrongly.
func (k msgServer) AccuseSeat(ctx context.Context, msg *types.MsgAccuseSeat) (*types.MsgAccuseSeatResponse, error) {
	worker, _, err := k.account("worker", msg.Worker)
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
	if err := checkPhase(ctx, job, types.JOB_STATUS_CONTESTING); err != nil {
		return nil, err
	}
	if uint64(msg.Seat) >= uint64(len(job.Seats)) {
		return nil, errorsmod.Wrapf(types.ErrInvalidSeat, "seat: expected below %d, got %d", len(job.Seats), msg.Seat)
	}
	c, err := k.Contribution(ctx, job.Id, msg.RecordId)
	if err != nil {
		return nil, err
	}
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return nil, err
	}
	if err := k.checkWorker(ctx, owner, worker); err != nil {
		return nil, err
	}
	if !job.Current(c) || c.Status != types.CONTRIBUTION_STATUS_INVALID {
		return nil, errorsmod.Wrapf(types.ErrNoFault, "contribution of record %s: expected %s in round %d, attempt %d, got %s in round %d, attempt %d",
			msg.RecordId, types.CONTRIBUTION_STATUS_INVALID, job.Round, job.Attempt, c.Status, c.Attestation.Round, c.Attempt)
	}
	lied, err := k.lied(ctx, job, c, int(msg.Seat), msg.Randomness)
	if err != nil {
		return nil, errorsmod.Wrap(types.ErrNoFault, err.Error())
	}
	if !lied {
		return nil, errorsmod.Wrapf(types.ErrNoFault, "answer of seat %d about record %s: expected one that does not follow from its share, got one that does", msg.Seat, msg.RecordId)
	}
	if err := k.unschedule(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAccuseSeatResponse{}, k.replace(ctx, job, []int{int(msg.Seat)}, types.SEAT_FAULT_PREPARATION))
}
