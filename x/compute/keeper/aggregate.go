package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// startAggregating lets the seats open their sums if enough owners are in them: all members of the job's panels, or as many as the
// cohort asks for.
func (k *Keeper) startAggregating(ctx context.Context, job types.Job) error {
	if job.ValidOwners < job.Spec.MinCohort {
		return k.fail(ctx, job, job.TooFew())
	}
	if job.OverPanels() {
		open, err := k.openPanels(ctx, job)
		if err != nil {
			return err
		}
		if !open {
			return k.fail(ctx, job, types.FAILURE_REASON_PANEL)
		}
	}
	return k.beginOpening(ctx, job)
}

// beginOpening lets the seats open their sums. What is in them is charged when it is settled, however the attempt ends.
func (k *Keeper) beginOpening(ctx context.Context, job types.Job) error {
	job.BeginOpening()
	return k.enterSeats(ctx, job, types.JOB_STATUS_AGGREGATING)
}

func checkOpenedForm(job types.Job, sum securesum.Protocol, opened types.OpenedSum) error {
	if job.Spec.Secure.PublicResult {
		if len(opened.Sum) != sum.OpeningSize() || len(opened.Sealed.Enc)+len(opened.Sealed.Ciphertext) > 0 {
			return errorsmod.Wrapf(types.ErrInvalidSum, "opened: expected %d bytes in the open and none sealed, since the result is public, got %d and %d",
				sum.OpeningSize(), len(opened.Sum), len(opened.Sealed.Enc)+len(opened.Sealed.Ciphertext))
		}
		return nil
	}
	if len(opened.Sum) > 0 || len(opened.Sealed.Enc) != seal.EncSize || len(opened.Sealed.Ciphertext) != sum.SealedOpeningSize() {
		return errorsmod.Wrapf(types.ErrInvalidSum, "opened: expected %d and %d bytes sealed and none in the open, since the result is the reader's, got %d, %d and %d",
			seal.EncSize, sum.SealedOpeningSize(), len(opened.Sealed.Enc), len(opened.Sealed.Ciphertext), len(opened.Sum))
	}
	return nil
}

// advanceAggregating goes on if every seat has opened its sum, and replaces the seats that have not.
func (k *Keeper) advanceAggregating(ctx context.Context, job types.Job) error {
	if silent := seatsIn(job, types.SEAT_STATUS_SEATED); len(silent) > 0 {
		return k.replace(ctx, job, silent, types.SEAT_FAULT_SILENT)
	}
	job, err := k.withQuestion(ctx, job)
	if err != nil {
		return err
	}
	round := types.RoundSums{
		Round: job.Round, Attempt: job.Attempt, Valid: job.Valid, Owners: job.ValidOwners, Rows: job.ValidRows,
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
	if err := k.notePanelAnswer(ctx, job); err != nil {
		return err
	}
	if job.Spec.Secure.PublicResult {
		return k.startSettling(ctx, job)
	}
	return k.enter(ctx, job, types.JOB_STATUS_READING, int64(job.Spec.Secure.OpenBlocks))
}
