package worker

import (
	"context"
	"errors"
	"fmt"
	"math/bits"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
)

// followSecure carries a vector of a round of a secure sum on: it is shared anew with every attempt of the round, and what the
// seats said of it is checked where the chain found it invalid.
func (w *Worker) followSecure(ctx context.Context, e Entry, job chain.Job) error {
	if job.Status == chain.JobContributing && job.Round == e.Round {
		return w.shareAgain(ctx, e, job)
	}
	c, err := w.Chain.Contribution(ctx, e.Job, e.Record)
	if err != nil && !errors.Is(err, chain.ErrNotFound) {
		return err
	}
	known := err == nil && c.Round == e.Round
	switch {
	case known && settled(c):
		return w.followContribution(ctx, e, job, c)
	case job.Round > e.Round || job.Status == chain.JobWaiting || !jobOpen(job):
		return w.finishMissing(e, fmt.Sprintf("round %d ended without a contribution of this record", e.Round))
	case !known || !job.Current(c):
		return nil // the attempt goes on without it; another may come
	}
	delete(w.missing, e.Key)
	if !ours(c, e) {
		return w.finish(e, e.Key, fmt.Sprintf("the chain holds another contribution of this record, made by %s", c.Worker))
	}
	if e.Stage == StagePrepared {
		if err := w.contributed(e, chain.TxResult{Height: c.Height, Hash: e.TxHash}); err != nil {
			return err
		}
	}
	if job.Status == chain.JobContesting && c.Status == chain.ContributionInvalid {
		return w.contest(ctx, e, job, c)
	}
	return nil
}

func settled(c chain.Contribution) bool {
	return c.Status == chain.ContributionPaid || c.Status == chain.ContributionUnpaid
}

func jobOpen(job chain.Job) bool {
	return job.Status != chain.JobSettled && job.Status != chain.JobFailed
}

// shareAgain shares a vector among the seats of the present attempt, unless the chain holds its shares.
func (w *Worker) shareAgain(ctx context.Context, e Entry, job chain.Job) error {
	if e.Stage == StageContributed && e.Seating == job.Attempt {
		return nil
	}
	if e.Seating == job.Attempt {
		if taken, err := w.reconcile(ctx, job, e.Key, e); err != nil || taken {
			return err
		}
	}
	if l, ok := w.records[e.Record]; !ok || !sameData(e, l) {
		return nil // consider decides about the new version
	}
	return w.contributeShares(ctx, e, job)
}

// contributeShares sends the attestation of a vector with its shares. What is sent is recorded before.
func (w *Worker) contributeShares(ctx context.Context, e Entry, job chain.Job) error {
	if w.outbox.Waits(e.Key, w.height) {
		return nil
	}
	if gone, err := w.withdrawn(ctx, e, job); err != nil || gone {
		return err
	}
	program, err := w.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	shared, err := w.Shares.Share(job, program, e)
	if err != nil {
		return w.decline(e.Key, *final("shares: %s", err))
	}
	hash := securesum.Hash(shared)
	if e.Stage != StagePrepared || e.Seating != job.Attempt || string(e.Commitment) != string(hash[:]) {
		e.Stage, e.Seating, e.Commitment, e.TxHash = StagePrepared, job.Attempt, hash[:], ""
		if err := w.record(e); err != nil {
			return err
		}
	}
	msg := &computev1.MsgContribute{Worker: w.Address, Attestation: attestation(e, job, hash[:]), Shared: chain.SharedVector(shared, job.Attempt)}
	res, ok, err := w.send(ctx, e.Key, "contribution", msg, job.DeadlineHeight)
	if err != nil || !ok {
		return err
	}
	return w.contributed(e, res)
}

func (w *Worker) contributed(e Entry, res chain.TxResult) error {
	w.counts.contributed++
	w.outbox.Forget(e.Key)
	attrs := []any{"job", e.Job, "record", e.Record, "operations", e.Operations, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed}
	if e.Round > 0 {
		attrs = append(attrs, "round", e.Round, "attempt", e.Seating)
	}
	w.Log.Info("contributed", attrs...)
	e.Stage, e.TxHash = StageContributed, res.Hash
	return w.record(e)
}

// contest looks for a seat that said of a contribution, which the chain found invalid, what does not follow from its share, and
// accuses it. Where none did, the contribution itself was wrong.
func (w *Worker) contest(ctx context.Context, e Entry, job chain.Job, c chain.Contribution) error {
	if w.contested[e.Key] == job.Attempt || w.outbox.Waits(e.Key, w.height) {
		return nil
	}
	program, err := w.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	said, err := w.Chain.Preparations(ctx, e.Job, e.Record)
	if err != nil {
		return err
	}
	accusation, found, err := w.Shares.Accuse(job, program, e, said.Shares)
	if err != nil || !found {
		w.contested[e.Key] = job.Attempt
		reason := fmt.Sprintf("%d of %d seats refused it, all of them rightly", bits.OnesCount32(c.Refused), len(job.Seats))
		switch {
		case err != nil:
			reason = err.Error()
		case c.Refused == 0:
			reason = "the seats' preparation shares do not prove that the vector is within its bounds, and no seat lied"
		}
		w.Log.Warn("own contribution was refused", "job", e.Job, "record", e.Record, "round", e.Round, "attempt", e.Seating, "reason", reason)
		return nil
	}
	msg := &computev1.MsgAccuseSeat{
		Worker: w.Address, JobId: e.Job, RecordId: e.Record, Seat: accusation.Seat, Randomness: accusation.Randomness,
	}
	res, ok, err := w.send(ctx, e.Key, "accusation", msg, job.DeadlineHeight)
	if err != nil || !ok {
		return err
	}
	w.contested[e.Key] = job.Attempt
	w.Log.Warn("accused a seat that judged falsely", "job", e.Job, "record", e.Record, "round", e.Round, "attempt", e.Seating,
		"seat", accusation.Seat, "operator", job.Seats[accusation.Seat].Operator, "tx", res.Hash)
	return nil
}

// program is what a program states about itself; it never changes.
func (w *Worker) program(ctx context.Context, id string) (chain.Program, error) {
	if p, ok := w.programs[id]; ok {
		return p, nil
	}
	p, err := w.Chain.Program(ctx, id)
	if err != nil {
		return chain.Program{}, err
	}
	w.programs[id] = p
	return p, nil
}
