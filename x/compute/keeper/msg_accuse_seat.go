package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// AccuseSeat implements types.MsgServer: it decides on an owner's evidence that a seat has judged a
// contribution wrongly, or on a seat's evidence about its noise.
func (k msgServer) AccuseSeat(ctx context.Context, msg *types.MsgAccuseSeat) (*types.MsgAccuseSeatResponse, error) {
	worker, _, err := k.account("worker", msg.Worker)
	if err != nil {
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
	lied := false
	if of, found := job.SeatNamed(msg.RecordId); found {
		lied, err = k.liedAboutNoise(ctx, job, of, worker, int(msg.Seat), msg.Randomness)
	} else {
		lied, err = k.liedAboutContribution(ctx, job, msg.RecordId, worker, int(msg.Seat), msg.Randomness)
	}
	if err != nil {
		return nil, err
	}
	if !lied {
		return nil, errorsmod.Wrapf(types.ErrNoFault, "answer of seat %d about record %s: expected one that does not follow from its share, got one that does", msg.Seat, msg.RecordId)
	}
	if err := k.unschedule(ctx, job); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgAccuseSeatResponse{}, k.replace(ctx, job, []int{int(msg.Seat)}, types.SEAT_FAULT_PREPARATION))
}

// liedAboutContribution reports whether a seat has judged a record's contribution wrongly, as one of the owner's accounts says.
func (k *Keeper) liedAboutContribution(ctx context.Context, job types.Job, recordID string, worker sdk.AccAddress, seat int, randomness []byte) (bool, error) {
	if err := types.ValidateRecordID(recordID); err != nil {
		return false, err
	}
	c, err := k.Contribution(ctx, job.Id, recordID)
	if err != nil {
		return false, err
	}
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return false, err
	}
	if err := k.checkWorker(ctx, owner, worker); err != nil {
		return false, err
	}
	if !job.Current(c) || c.Status != types.CONTRIBUTION_STATUS_INVALID {
		return false, errorsmod.Wrapf(types.ErrNoFault, "contribution of record %s: expected %s in round %d, attempt %d, got %s in round %d, attempt %d",
			recordID, types.CONTRIBUTION_STATUS_INVALID, job.Round, job.Attempt, c.Status, c.Attestation.Round, c.Attempt)
	}
	lied, err := k.lied(ctx, job, c, seat, randomness)
	if err != nil {
		return false, errorsmod.Wrap(types.ErrNoFault, err.Error())
	}
	return lied, nil
}
