package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// startAggregating lets the seats open their sums, where enough owners are in them and the same was not asked before over
// nearly the same owners.
func (k *Keeper) startAggregating(ctx context.Context, job types.Job) error {
	if job.ValidOwners < job.Spec.MinCohort {
		return k.fail(ctx, job, types.FAILURE_REASON_COHORT)
	}
	overlaps, err := k.overlaps(ctx, job)
	if err != nil {
		return err
	}
	if overlaps {
		return k.fail(ctx, job, types.FAILURE_REASON_OVERLAP)
	}
	return k.enterSeats(ctx, job, types.JOB_STATUS_AGGREGATING)
}

// openSum takes a seat's sum. A public one that does not open the sum of its commitments costs the seat its bond, and the
// round begins anew: the message that shows the lie is a valid one.
func (k *Keeper) openSum(ctx context.Context, msg *types.MsgOpenSum) error {
	job, seat, err := k.jobSeat(ctx, msg.Account, msg.JobId, types.JOB_STATUS_AGGREGATING)
	if err != nil {
		return err
	}
	if msg.Attempt != job.Attempt {
		return errorsmod.Wrapf(types.ErrWrongAttempt, "attempt %d: expected %d", msg.Attempt, job.Attempt)
	}
	if job.Seats[seat].Status == types.SEAT_STATUS_OPENED {
		return errorsmod.Wrapf(types.ErrSeatTaken, "seat %d of job %s has opened its sum", seat, job.Id)
	}
	sum, err := k.protocol(ctx, job)
	if err != nil {
		return err
	}
	if err := checkOpenedForm(job, sum, msg.Opened); err != nil {
		return err
	}
	if job.Spec.Secure.PublicResult {
		sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerSlotOpened*uint64(job.Spec.Length), "opening a commitment")
		if _, err := sum.VerifyOpening(job.Seats[seat].Commitment, uint64(job.Valid), msg.Opened.Sum); err != nil {
			if err := k.unschedule(ctx, job); err != nil {
				return err
			}
			return k.replace(ctx, job, []int{seat}, types.SEAT_FAULT_SUM)
		}
	}
	if err := k.Sums.Set(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(seat)), msg.Opened); err != nil {
		return err
	}
	job.Seats[seat].Status = types.SEAT_STATUS_OPENED
	if err := k.storeProgress(ctx, job); err != nil {
		return err
	}
	return emit(ctx, &types.EventSumOpened{JobId: job.Id, Round: job.Round, Seat: uint32(seat)})
}

func checkOpenedForm(job types.Job, sum securesum.Protocol, opened types.OpenedSum) error {
	if job.Spec.Secure.PublicResult {
		if len(opened.Sum) != sum.OpeningSize() || len(opened.Sealed.Enc)+len(opened.Sealed.Ciphertext) > 0 {
			return errorsmod.Wrapf(types.ErrInvalidSum, "sum of %d bytes: expected %d, and nothing sealed, where the result is public",
				len(opened.Sum), sum.OpeningSize())
		}
		return nil
	}
	if len(opened.Sum) > 0 || len(opened.Sealed.Enc) != seal.EncSize || len(opened.Sealed.Ciphertext) != sum.SealedOpeningSize() {
		return errorsmod.Wrapf(types.ErrInvalidSum, "sealed of %d and %d bytes: expected %d and %d, and nothing open, where the result is the reader's",
			len(opened.Sealed.Enc), len(opened.Sealed.Ciphertext), seal.EncSize, sum.SealedOpeningSize())
	}
	return nil
}

// advanceAggregating goes on where every seat has opened its sum, and replaces those that have not.
func (k *Keeper) advanceAggregating(ctx context.Context, job types.Job) error {
	if silent := seatsIn(job, types.SEAT_STATUS_SEATED); len(silent) > 0 {
		return k.replace(ctx, job, silent, types.SEAT_FAULT_SILENT)
	}
	job, err := k.withQuestion(ctx, job)
	if err != nil {
		return err
	}
	round := types.RoundSums{
		Round: job.Round, Attempt: job.Attempt, Valid: job.Valid, Owners: job.ValidOwners,
		ReaderKey: job.Spec.ReaderKey, Input: job.Spec.Input,
	}
	for i, s := range job.Seats {
		opened, err := k.Sums.Get(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(i)))
		if err != nil {
			return err
		}
		round.Operators = append(round.Operators, s.Operator)
		round.Commitments = append(round.Commitments, s.Commitment)
		round.Sums = append(round.Sums, opened)
		if err := k.Sums.Remove(ctx, collections.Join3(job.Id, uint64(job.Round), uint64(i))); err != nil {
			return err
		}
	}
	if err := k.Rounds.Set(ctx, collections.Join(job.Id, uint64(job.Round)), round); err != nil {
		return err
	}
	if job.Spec.Secure.PublicResult {
		return k.startSettling(ctx, job)
	}
	return k.enter(ctx, job, types.JOB_STATUS_READING, int64(job.Spec.Secure.OpenBlocks))
}
