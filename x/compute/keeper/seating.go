package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// advanceSeating draws the seats that are free, replaces those that have given no key in time, or opens the window for
// contributions.
func (k *Keeper) advanceSeating(ctx context.Context, job types.Job) error {
	if job.Complete() {
		_, err := k.startContributing(ctx, job)
		return err
	}
	if silent := seatsIn(job, types.SEAT_STATUS_DRAWN); len(silent) > 0 {
		return k.replace(ctx, job, silent, types.SEAT_FAULT_SILENT)
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	if err := k.drawSeats(ctx, &job, params.MinSeatBond); err != nil {
		if !errors.Is(err, types.ErrTooFewSeats) {
			return err
		}
		return k.fail(ctx, job, types.FAILURE_REASON_SEATS)
	}
	job.AskedHeight = sdk.UnwrapSDKContext(ctx).BlockHeight()
	if job.DeadlineHeight, err = k.deadline(ctx, job, types.JOB_STATUS_SEATING); err != nil {
		return err
	}
	if err := k.setJob(ctx, job); err != nil {
		return err
	}
	if err := k.schedule(ctx, job.DeadlineHeight, job.Id); err != nil {
		return err
	}
	operators := make([]string, len(job.Seats))
	for i, s := range job.Seats {
		operators[i] = s.Operator
	}
	return modulekit.Emit(ctx, &types.EventSeatsDrawn{JobId: job.Id, Operators: operators, DeadlineHeight: job.DeadlineHeight})
}

// startContributing opens the window for contributions, and for the seats' noise. It returns its last block.
func (k *Keeper) startContributing(ctx context.Context, job types.Job) (int64, error) {
	deadline, err := k.deadline(ctx, job, types.JOB_STATUS_CONTRIBUTING)
	if err != nil {
		return 0, err
	}
	return deadline, k.enter(ctx, job, types.JOB_STATUS_CONTRIBUTING, deadline-sdk.UnwrapSDKContext(ctx).BlockHeight())
}

// replace takes seats from a job, slashes them for a fault, and starts the round again with others. What was contributed
// to the attempt can no longer be summed: nobody else can read it.
func (k *Keeper) replace(ctx context.Context, job types.Job, seats []int, fault types.SeatFault) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	if err := k.dropNoise(ctx, &job); err != nil {
		return err
	}
	gone := make(map[int]bool, len(seats))
	for _, i := range seats {
		gone[i] = true
		if err := k.loseSeat(ctx, &job, i, fault, params); err != nil {
			return err
		}
	}
	var left []types.JobSeat
	for i, s := range job.Seats {
		if err := k.Sums.Remove(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(i))); err != nil {
			return err
		}
		if gone[i] {
			continue
		}
		if s.Status == types.SEAT_STATUS_OPENED {
			s.Status = types.SEAT_STATUS_SEATED
		}
		s.Prepared, s.Commitment = 0, nil
		left = append(left, s)
	}
	job.Seats = left
	job.Contributions, job.Owners, job.Judged, job.Valid, job.ValidOwners, job.ValidRows = 0, 0, 0, 0, 0, 0
	job.Reserved, job.Operations, job.VerifyKey = job.Settled, job.SettledOperations, nil
	// No contribution belongs to the present attempt any more, even if no other attempt follows.
	job.Attempt++
	if job.Attempt > params.MaxAttempts {
		return k.fail(ctx, job, types.FAILURE_REASON_SEATS)
	}
	// The draw follows at the end of the next block, whose hash nobody knows yet.
	return k.enter(ctx, job, types.JOB_STATUS_SEATING, 1)
}

// loseSeat slashes a seat of a job and notes why.
func (k *Keeper) loseSeat(ctx context.Context, job *types.Job, seat int, fault types.SeatFault, params types.Params) error {
	operator, err := k.validatorCodec.StringToBytes(job.Seats[seat].Operator)
	if err != nil {
		return err
	}
	ppm := uint32(terms.PPM)
	switch fault {
	case types.SEAT_FAULT_SILENT:
		if ppm, err = k.silence(ctx, operator, job.AskedHeight, params); err != nil {
			return err
		}
	case types.SEAT_FAULT_NOISE:
		// Noise whose shares do not fit keeps a sum from being opened, as silence does. It cannot be out of its bounds, nor move a sum.
		ppm = params.StallSlashPpm
	}
	slashed, err := k.slash(ctx, operator, ppm)
	if err != nil {
		return err
	}
	if err := k.leaveJob(ctx, *job, seat); err != nil {
		return err
	}
	lost := types.LostSeat{
		Operator: job.Seats[seat].Operator, Fault: fault, Round: job.Round, Attempt: job.Attempt, Slashed: slashed,
	}
	job.Lost = append(job.Lost, lost)
	return modulekit.Emit(ctx, &types.EventSeatLost{JobId: job.Id, Lost: lost})
}

// silence notes that a seat has not answered in time what it was asked at a height, and returns which part of its bond it loses.
// One outage is one fault: what was asked before the last silence that it paid for costs it nothing more.
func (k *Keeper) silence(ctx context.Context, operator []byte, asked int64, params types.Params) (ppm uint32, err error) {
	seat, err := k.seat(ctx, operator)
	if err != nil {
		return 0, err
	}
	seat.Away = true
	if seat.SilentHeight == 0 || asked > seat.SilentHeight {
		seat.SilentHeight = sdk.UnwrapSDKContext(ctx).BlockHeight()
		ppm = params.StallSlashPpm
	}
	return ppm, k.Seats.Set(ctx, operator, seat)
}

// back notes that a seat has answered.
func (k *Keeper) back(ctx context.Context, operator string) error {
	key, err := k.validatorCodec.StringToBytes(operator)
	if err != nil {
		return err
	}
	seat, err := k.seat(ctx, key)
	if err != nil || !seat.Away {
		return err
	}
	seat.Away = false
	return k.Seats.Set(ctx, key, seat)
}

// leaveJob ends a seat's part in a job.
func (k *Keeper) leaveJob(ctx context.Context, job types.Job, seat int) error {
	text := job.Seats[seat].Operator
	operator, err := k.validatorCodec.StringToBytes(text)
	if err != nil {
		return err
	}
	if err := k.SeatJobs.Remove(ctx, seatJobKey(operator, job.Id)); err != nil {
		return err
	}
	if err := k.SeatKeys.Remove(ctx, collections.Join(job.Id, text)); err != nil {
		return err
	}
	registered, err := k.seat(ctx, operator)
	if err != nil {
		return err
	}
	registered.Jobs--
	return k.Seats.Set(ctx, operator, registered)
}

// seatsIn lists the seats of a job with a status.
func seatsIn(job types.Job, status types.SeatStatus) (seats []int) {
	for i, s := range job.Seats {
		if s.Status == status {
			seats = append(seats, i)
		}
	}
	return seats
}

// jobSeat returns a job that is in a phase and the number of the seat for which an account signs.
func (k *Keeper) jobSeat(ctx context.Context, account, jobID string, phase types.JobStatus) (types.Job, int, error) {
	_, signer, err := k.account("account", account)
	if err != nil {
		return types.Job{}, 0, err
	}
	job, err := k.job(ctx, jobID)
	if err != nil {
		return types.Job{}, 0, err
	}
	seat, found := job.SeatOf(signer)
	if !found {
		return types.Job{}, 0, errorsmod.Wrapf(types.ErrNotSeat, "account: expected the account of a seat of job %s, got %s", jobID, signer)
	}
	if err := checkPhase(ctx, job, phase); err != nil {
		return types.Job{}, 0, err
	}
	return job, seat, k.back(ctx, job.Seats[seat].Operator)
}

// checkPhase refuses what comes in another phase, or too late.
func checkPhase(ctx context.Context, job types.Job, phase types.JobStatus) error {
	if job.Status != phase {
		return errorsmod.Wrapf(types.ErrWrongPhase, "phase: expected %s, got %s", phase, job.Status)
	}
	if height := sdk.UnwrapSDKContext(ctx).BlockHeight(); height > job.DeadlineHeight {
		return errorsmod.Wrapf(types.ErrDeadline, "height: expected at most %d, got %d", job.DeadlineHeight, height)
	}
	return nil
}

// storeProgress stores a job after an answer. If no other answer can come, the job is due in this very block.
func (k *Keeper) storeProgress(ctx context.Context, job types.Job) error {
	if err := k.setJob(ctx, job); err != nil {
		return err
	}
	if !job.Complete() {
		return nil
	}
	return k.endPhase(ctx, job)
}

func seatJobKey(operator []byte, jobID string) collections.Pair[[]byte, string] {
	return collections.Join(operator, jobID)
}
