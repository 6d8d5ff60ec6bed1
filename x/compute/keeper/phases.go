package keeper

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// RetryBlocks is the number of blocks after which a failed step of a job is tried again.
const RetryBlocks = 64

// EndBlock moves the jobs that are due, a bounded number of them and with a
// bounded number of payments. A job whose step fails stays as it was and is
// tried again later; it stops no other.
func (k *Keeper) EndBlock(ctx context.Context) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	height := sdkCtx.BlockHeight()
	due, err := k.due(ctx, height, params.MaxJobsPerBlock)
	if err != nil {
		return err
	}
	if err := k.returnBonds(ctx, height, params.MaxJobsPerBlock); err != nil {
		return err
	}
	payments := int(params.MaxPaymentsPerBlock)
	for _, key := range due {
		err := isolated(ctx, func(ctx context.Context) error { return k.advance(ctx, key, &payments) })
		if err == nil {
			continue
		}
		sdkCtx.Logger().Error("a job could not be advanced", "module", types.ModuleName, "job", key.K2(), "err", err)
		if err := k.reschedule(ctx, key.K1(), height+RetryBlocks, key.K2()); err != nil {
			return err
		}
	}
	return nil
}

// advance takes a due job as far as this block allows.
func (k *Keeper) advance(ctx context.Context, key collections.Pair[int64, string], payments *int) error {
	if err := k.Queue.Remove(ctx, key); err != nil {
		return err
	}
	job, err := k.job(ctx, key.K2())
	if err != nil {
		return err
	}
	if !job.Open() {
		return nil
	}
	if err := k.step(ctx, job, payments); err != nil {
		return err
	}
	// A job that is to be settled from now on need not wait for the next block.
	now := collections.Join(sdk.UnwrapSDKContext(ctx).BlockHeight(), job.Id)
	due, err := k.Queue.Has(ctx, now)
	if err != nil || !due {
		return err
	}
	if job, err = k.job(ctx, job.Id); err != nil || job.Status != types.JOB_STATUS_SETTLING {
		return err
	}
	if err := k.Queue.Remove(ctx, now); err != nil {
		return err
	}
	return k.settle(ctx, job, payments)
}

// step takes a job, which is not queued, out of a phase that is over.
func (k *Keeper) step(ctx context.Context, job types.Job, payments *int) error {
	if job.AnotherDraft() {
		// After an upgrade nobody can judge what was shared by the old protocol.
		return k.fail(ctx, job, types.FAILURE_REASON_SEATS)
	}
	switch job.Status {
	case types.JOB_STATUS_SEATING:
		return k.advanceSeating(ctx, job)
	case types.JOB_STATUS_CONTRIBUTING:
		switch {
		case job.Owners < job.Spec.MinCohort:
			return k.fail(ctx, job, job.TooFew())
		case !job.HasNoise():
			// Nothing may be opened without the noise of all seats.
			return k.replace(ctx, job, job.WithoutNoise(), types.SEAT_FAULT_SILENT)
		case job.IsSecure():
			return k.startVerifying(ctx, job)
		}
		return k.enter(ctx, job, types.JOB_STATUS_DELIVERING, int64(job.Spec.DeliverBlocks))
	case types.JOB_STATUS_DELIVERING:
		if job.DeliveredOwners < job.Spec.MinCohort {
			return k.fail(ctx, job, types.FAILURE_REASON_DELIVERY)
		}
		return k.startSettling(ctx, job)
	case types.JOB_STATUS_VERIFYING:
		return k.advanceVerifying(ctx, job)
	case types.JOB_STATUS_CONTESTING:
		if liars := job.InvalidNoise(); len(liars) > 0 {
			return k.replace(ctx, job, liars, types.SEAT_FAULT_NOISE)
		}
		return k.startAggregating(ctx, job)
	case types.JOB_STATUS_AGGREGATING:
		return k.advanceAggregating(ctx, job)
	case types.JOB_STATUS_READING:
		return k.startSettling(ctx, job)
	case types.JOB_STATUS_SETTLING:
		return k.settle(ctx, job, payments)
	case types.JOB_STATUS_WAITING:
		_, err := k.closeJob(ctx, job)
		return err
	default:
		return fmt.Errorf("job %s, which is due: expected an open one, got %s", job.Id, job.Status)
	}
}

// fail ends a job for a reason, after what is due to others is paid.
func (k *Keeper) fail(ctx context.Context, job types.Job, reason types.FailureReason) error {
	job.Failure = reason
	return k.startSettling(ctx, job)
}

// startSettling lets the contributions of a job be paid from this very block on.
func (k *Keeper) startSettling(ctx context.Context, job types.Job) error {
	if err := k.dropNoise(ctx, &job); err != nil {
		return err
	}
	if err := k.setStatus(ctx, &job, types.JOB_STATUS_SETTLING); err != nil {
		return err
	}
	job.DeadlineHeight = 0
	if err := k.setJob(ctx, job); err != nil {
		return err
	}
	if err := k.schedule(ctx, sdk.UnwrapSDKContext(ctx).BlockHeight(), job.Id); err != nil {
		return err
	}
	return emitAdvanced(ctx, job)
}

// enter brings a job, which is not queued, into a phase of some blocks.
func (k *Keeper) enter(ctx context.Context, job types.Job, phase types.JobStatus, blocks int64) error {
	if err := k.setStatus(ctx, &job, phase); err != nil {
		return err
	}
	job.AskedHeight = sdk.UnwrapSDKContext(ctx).BlockHeight()
	job.DeadlineHeight = job.AskedHeight + blocks
	if err := k.setJob(ctx, job); err != nil {
		return err
	}
	if err := k.schedule(ctx, job.DeadlineHeight, job.Id); err != nil {
		return err
	}
	return emitAdvanced(ctx, job)
}

// enterSeats is enter for a phase in which seats must answer.
func (k *Keeper) enterSeats(ctx context.Context, job types.Job, phase types.JobStatus) error {
	deadline, err := k.deadline(ctx, job, phase)
	if err != nil {
		return err
	}
	return k.enter(ctx, job, phase, deadline-sdk.UnwrapSDKContext(ctx).BlockHeight())
}

// deadline returns the last block of a job's phase: the end of the consumer's window, or later if seats must answer. It is
// late enough for a seat that answers its jobs one after the other, in the order in which it was asked, and for what all seats
// were asked for to find room in blocks. So no seat is slashed because many jobs and contributions came at once. The time of
// the seats is reserved in SeatTimes, the room in LaneUntil.
func (k *Keeper) deadline(ctx context.Context, job types.Job, phase types.JobStatus) (int64, error) {
	job.Status = phase
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	deadline := height + job.PhaseBlocks()
	work, err := k.seatWork(ctx, job)
	if err != nil || work == 0 {
		return deadline, err
	}
	gas, err := k.answersGas(ctx, job)
	if err != nil {
		return 0, err
	}
	room, err := k.laneUntil(ctx, gas)
	if err != nil {
		return 0, err
	}
	// An answer is a block later when it is due in the block in which it finds room.
	deadline = max(deadline, room+types.BlocksPerAnswer)
	for _, s := range job.Seats {
		if phase == types.JOB_STATUS_SEATING && s.Status != types.SEAT_STATUS_DRAWN {
			continue
		}
		operator, err := k.validatorCodec.StringToBytes(s.Operator)
		if err != nil {
			return 0, err
		}
		busy, err := k.SeatTimes.Get(ctx, operator)
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return 0, err
		}
		until := max(int64(busy), height) + work
		if err := k.SeatTimes.Set(ctx, operator, uint64(until)); err != nil {
			return 0, err
		}
		deadline = max(deadline, until)
	}
	return deadline, nil
}

// seatWork is how many blocks the present phase of a job takes a seat that has nothing else to do; zero if no seat must
// answer.
func (k *Keeper) seatWork(ctx context.Context, job types.Job) (int64, error) {
	contributions, noises := job.Contributions, uint32(len(job.Seats))
	switch job.Status {
	case types.JOB_STATUS_SEATING:
		return types.BlocksPerAnswer, nil
	case types.JOB_STATUS_CONTRIBUTING:
		if job.Exact() {
			return 0, nil
		}
		contributions, noises = 0, 1
	case types.JOB_STATUS_CONTESTING:
		if len(job.InvalidNoise()) == 0 {
			return 0, nil
		}
		return types.BlocksPerAnswer, nil
	case types.JOB_STATUS_VERIFYING:
	case types.JOB_STATUS_AGGREGATING:
		// A seat that has lost its state judges the valid contributions again.
		contributions = job.Valid
	default:
		return 0, nil
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return 0, err
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return 0, err
	}
	load := types.SeatLoad{Count: contributions, Bytes: sum.SharedSize(), Share: sum.PreparationSize(), Slots: sum.Slots()}
	noise, noised := sum.Noise()
	if !noised {
		return params.SeatWork(load), nil
	}
	ofNoise := types.SeatLoad{
		Count: noises, Bytes: noise.SharedSize(), Share: noise.PreparationSize(), Slots: noise.Slots(), ProofBits: noise.ProvedBits(),
	}
	if job.Status == types.JOB_STATUS_CONTRIBUTING {
		// A seat makes its own noise, and then sends it.
		ofNoise.ProofBits, ofNoise.MadeBits = 0, noise.ProvedBits()
		return types.BlocksPerAnswer + params.SeatWork(ofNoise), nil
	}
	return params.SeatWork(load, ofNoise), nil
}

func emitAdvanced(ctx context.Context, job types.Job) error {
	return modulekit.Emit(ctx, &types.EventJobAdvanced{
		JobId: job.Id, Status: job.Status, Failure: job.Failure, DeadlineHeight: job.DeadlineHeight,
		Round: job.Round, Attempt: job.Attempt,
	})
}

// isolated runs fn so that it changes the state wholly or not at all, and turns
// a panic into an error.
func isolated(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	cached, write := sdk.UnwrapSDKContext(ctx).CacheContext()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if err := fn(cached); err != nil {
		return err
	}
	write()
	return nil
}
