package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/terms"
)

// follow carries a contribution on towards its end, by what the chain says about it.
func (w *Worker) follow(ctx context.Context, e Entry) error {
	job, err := w.Chain.Job(ctx, e.Job)
	if errors.Is(err, chain.ErrNotFound) {
		return w.finishMissing(e, "the chain does not hold the job")
	}
	if err != nil {
		return err
	}
	if e.Round > 0 {
		return w.followSecure(ctx, e, job)
	}
	if job.Status == chain.JobContributing {
		if e.Stage != StagePrepared {
			return nil
		}
		if taken, err := w.reconcile(ctx, job, e.Key, e); err != nil || taken {
			return err
		}
		if l, ok := w.records[e.Record]; !ok || !sameData(e, l) {
			return nil // consider decides about the new version
		}
		return w.contribute(ctx, e, job)
	}
	c, err := w.Chain.Contribution(ctx, e.Job, e.Record)
	if errors.Is(err, chain.ErrNotFound) {
		return w.finishMissing(e, "the window for contributions closed before the chain took this one")
	}
	if err != nil {
		return err
	}
	delete(w.missing, e.Key)
	return w.followContribution(ctx, e, job, c)
}

func (w *Worker) followContribution(ctx context.Context, e Entry, job chain.Job, c chain.Contribution) error {
	if e.Stage != StageDelivered && !ours(c, e) && (e.Round == 0 || e.Seating == c.Attempt) {
		return w.finish(e, e.Key, fmt.Sprintf("the chain holds another contribution of this record, made by %s", c.Worker))
	}
	switch c.Status {
	case chain.ContributionAttested:
		if job.Status == chain.JobDelivering {
			return w.deliver(ctx, e, job)
		}
	case chain.ContributionDelivered:
		if e.Stage != StageDelivered {
			return w.delivered(e, "")
		}
	case chain.ContributionPaid:
		w.counts.paid++
		stakers := terms.StakersPart(c.Fee.Alita, job.StakersFeePpm)
		w.Log.Info("paid", "job", e.Job, "record", e.Record, "owner", c.Owner, "ualita", c.Fee.Alita.Sub(stakers).String(), "data", c.Fee.Data.String(),
			"operations", c.Operations)
		return w.finish(e, e.Key, "paid")
	case chain.ContributionUnpaid:
		w.Log.Info("unpaid", "job", e.Job, "record", e.Record, "reason", job.Failure.String())
		return w.finish(e, e.Key, "unpaid: "+job.Failure.String())
	}
	return nil
}

// withdrawn declines what was prepared under another policy, which this one does not allow any more.
func (w *Worker) withdrawn(ctx context.Context, e Entry, job chain.Job) (bool, error) {
	program, err := w.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return false, err
	}
	d := w.Policy.Allows(job, program, e.Record)
	if d == nil {
		return false, nil
	}
	return true, w.decline(e.Key, *d)
}

// contribute sends the attestation of a prepared entry.
func (w *Worker) contribute(ctx context.Context, e Entry, job chain.Job) error {
	if gone, err := w.withdrawn(ctx, e, job); err != nil || gone {
		return err
	}
	hash := terms.SealedVectorHash(e.Enc, e.Ciphertext)
	msg := &computev1.MsgContribute{Worker: w.Address, Attestation: attestation(e, job, hash)}
	res, ok, err := w.send(ctx, e.Key, "contribution", msg, job.DeadlineHeight)
	if err != nil || !ok {
		return err
	}
	return w.contributed(e, res)
}

// attestation is the owner's statement about a run; hash commits to what it gave.
func attestation(e Entry, job chain.Job, hash []byte) *computev1.Attestation {
	return &computev1.Attestation{
		JobId: e.Job, RecordId: e.Record, Version: e.Version, RowRoot: e.RowRoot, Rows: e.Rows,
		Operations: e.Operations, ResultCommitment: hash, Round: job.Round,
	}
}

// deliver sends the sealed vector of an accepted contribution.
func (w *Worker) deliver(ctx context.Context, e Entry, job chain.Job) error {
	if gone, err := w.withdrawn(ctx, e, job); err != nil || gone {
		return err
	}
	msg := &computev1.MsgDeliver{
		Worker: w.Address, JobId: e.Job, RecordId: e.Record,
		Sealed: &computev1.SealedVector{Enc: e.Enc, Ciphertext: e.Ciphertext},
	}
	res, ok, err := w.send(ctx, e.Key, "delivery", msg, job.DeadlineHeight)
	if err != nil || !ok {
		return err
	}
	return w.delivered(e, res.Hash)
}

func (w *Worker) delivered(e Entry, tx string) error {
	w.counts.delivered++
	w.Log.Info("delivered", "job", e.Job, "record", e.Record, "tx", tx)
	e.Stage, e.TxHash = StageDelivered, tx
	return w.record(e)
}

// send sends a message about a record in a job. ok reports whether a block holds it.
func (w *Worker) send(ctx context.Context, k Key, name string, msg proto.Message, notAfter int64) (res chain.TxResult, ok bool, err error) {
	return w.outbox.Send(ctx, w.height, follow.Message[Key]{
		Key: k, Body: msg, Limits: chain.Limits{NotAfter: notAfter}, Name: name, Attrs: []any{"job", k.Job, "record", k.Record},
	})
}

// finish ends what the worker does for a record in a job.
func (w *Worker) finish(e Entry, k Key, reason string) error {
	w.outbox.Forget(k)
	if reason != "paid" {
		w.Log.Info("finished", "job", k.Job, "record", k.Record, "reason", reason)
	}
	return w.record(Entry{
		Key: k, Stage: StageFinished, Version: e.Version, Rows: e.Rows, Operations: e.Operations, TxHash: e.TxHash, Reason: reason,
	})
}

// missingBlocks is in how many blocks something must be missing before the worker believes it: behind one address
// there may be several nodes, and one of them may lag.
const missingBlocks = 5

func (w *Worker) finishMissing(e Entry, reason string) error {
	w.missing[e.Key]++
	if w.missing[e.Key] < missingBlocks {
		return nil
	}
	delete(w.missing, e.Key)
	return w.finish(e, e.Key, reason)
}

func (w *Worker) record(e Entry) error {
	e.Time = time.Now().UTC().Truncate(time.Second)
	return w.Journal.Append(e)
}
