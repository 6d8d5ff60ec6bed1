package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// follower takes computed vectors from stage to stage, by what the chain says about them.
type follower struct {
	view       *view
	memory     *memory
	contribute *contributor
	seeker     *seeker
	missing    map[Key]int // in how many blocks the chain did not show a job or a contribution
}

// follow does what an entry needs at this block.
func (f *follower) follow(ctx context.Context, e Entry) error {
	if !f.contribute.outbox.Shown(e.Key, f.view.at.Height) {
		return nil // what was sent last is still to be seen
	}
	job, err := f.view.chain.Job(ctx, e.Job)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return f.miss(e, "the chain does not hold the job")
	case err != nil:
		return err
	case e.Round > 0:
		return f.followSecure(ctx, e, job)
	case job.Status == chain.JobContributing:
		return f.followOpen(ctx, e, job)
	}
	c, err := f.view.chain.Contribution(ctx, e.Job, e.Record)
	if errors.Is(err, chain.ErrNotFound) {
		return f.miss(e, "the window for contributions closed before the chain took this one")
	}
	if err != nil {
		return err
	}
	delete(f.missing, e.Key)
	return f.followContribution(ctx, e, job, c)
}

// followOpen sends the attestation for a job with direct delivery that takes contributions.
func (f *follower) followOpen(ctx context.Context, e Entry, job chain.Job) error {
	if e.Stage == StageContributed || e.Stage == StageDelivered {
		return nil
	}
	e, ready, err := f.ready(e, job)
	if err != nil || !ready {
		return err
	}
	if taken, err := f.contribute.reconcile(ctx, job, e); err != nil || taken {
		return err
	}
	if !f.view.isCurrent(job, e.Record, e.Vector) {
		return nil // seek decides about the new version
	}
	return f.contribute.attest(ctx, e, job)
}

// ready reports whether an entry's vector is to be sent to the present attempt of a job: whether its height has come. It draws a height
// for a new attempt. A run that has not ended by its height is given up.
func (f *follower) ready(e Entry, job chain.Job) (_ Entry, ready bool, err error) {
	a, known := f.seeker.accepted[e.Key]
	if e.unsent() && !known {
		return e, false, nil // seek decides about it again, as this process sees it for the first time
	}
	if e.Due.Attempt != job.Attempt {
		if e, err = f.draw(e, job, a.ready); err != nil {
			return e, false, err
		}
	}
	if e.Due.Attempt != job.Attempt || f.view.at.Height < e.Due.Height {
		return e, false, nil
	}
	if e.Stage == StageAccepted || e.Stage == StageStarted {
		if e, err = f.seeker.giveUp(e, a, errLate); err != nil {
			return e, false, err
		}
		if err := f.memory.append(e); err != nil {
			return e, false, err
		}
	}
	if e.Stage != StageFailed {
		return e, true, nil
	}
	if e.Reason == reasonResting {
		if err := f.seeker.files.failed(job, e.Record); err != nil {
			return e, false, err
		}
	}
	return e, false, f.memory.decline(e.Key, *final(reasonNothing))
}

// draw draws a height for a later attempt, if its window has room. The run may still be in progress: the height is not before its planned end, as
// that of the first attempt is not, so that nobody learns whether it has ended.
func (f *follower) draw(e Entry, job chain.Job, planned int64) (Entry, error) {
	if e.Due.Attempt > job.Attempt {
		return e, nil // a node that lags
	}
	if len(e.Secret) == 0 {
		secret, err := f.seeker.shares.NewSecret(e.Key)
		if err != nil {
			return e, err
		}
		e.Secret = secret
	}
	due, decline, err := f.view.due(f.seeker.shares, e.Key, e.Secret, job, max(f.view.at.Height+1, planned))
	if err != nil || decline != nil {
		return e, err
	}
	e.Due = due
	return e, f.memory.append(e)
}

// followSecure does what a vector in a round of a secure sum needs. The vector is shared again in every attempt of the round. If
// the chain found it invalid, the seats' judgments are checked.
func (f *follower) followSecure(ctx context.Context, e Entry, job chain.Job) error {
	if job.Status == chain.JobContributing && job.Round == e.Round {
		return f.share(ctx, e, job)
	}
	c, err := f.view.chain.Contribution(ctx, e.Job, e.Record)
	if err != nil && !errors.Is(err, chain.ErrNotFound) {
		return err
	}
	known := err == nil && c.Round == e.Round
	switch {
	case known && (c.Status == chain.ContributionPaid || c.Status == chain.ContributionUnpaid):
		return f.followContribution(ctx, e, job, c)
	case job.Round > e.Round || job.Status == chain.JobWaiting || job.Status == chain.JobSettled || job.Status == chain.JobFailed:
		return f.miss(e, fmt.Sprintf("round %d ended without a contribution of this record", e.Round))
	case !known || !job.Current(c):
		return nil // this attempt goes on without it; another attempt may come
	}
	delete(f.missing, e.Key)
	if !ours(c, e) {
		return f.memory.finish(e, foreign(c))
	}
	if e.Stage == StagePrepared {
		if err := f.contribute.contributed(e, chain.TxResult{Height: c.Height, Hash: e.TxHash}); err != nil {
			return err
		}
	}
	if job.Status == chain.JobContesting && c.Status == chain.ContributionInvalid {
		return f.contribute.contest(ctx, e, job, c)
	}
	return nil
}

// share shares a vector among the seats of the present attempt, unless the chain holds its shares.
func (f *follower) share(ctx context.Context, e Entry, job chain.Job) error {
	if e.Attempt == job.Attempt && e.Stage == StageContributed {
		return nil
	}
	e, ready, err := f.ready(e, job)
	if err != nil || !ready {
		return err
	}
	if e.Attempt == job.Attempt {
		if taken, err := f.contribute.reconcile(ctx, job, e); err != nil || taken {
			return err
		}
	}
	if !f.view.isCurrent(job, e.Record, e.Vector) {
		return nil // seek decides about the new version
	}
	return f.contribute.share(ctx, e, job)
}

// followContribution does what a contribution on the chain needs, and records its end.
func (f *follower) followContribution(ctx context.Context, e Entry, job chain.Job, c chain.Contribution) error {
	if e.Stage != StageDelivered && !ours(c, e) && (e.Round == 0 || e.Attempt == c.Attempt) {
		return f.memory.finish(e, foreign(c))
	}
	switch c.Status {
	case chain.ContributionAttested:
		if job.Status == chain.JobDelivering {
			return f.contribute.deliver(ctx, e, job)
		}
	case chain.ContributionDelivered:
		if e.Stage != StageDelivered {
			return f.contribute.delivered(e, "")
		}
	case chain.ContributionPaid:
		f.memory.counts.paid++
		stakers := terms.StakersPart(c.Fee.Alita, job.StakersFeePpm)
		f.memory.log.Info("paid", "job", e.Job, "record", e.Record, "owner", c.Owner, "ualita", c.Fee.Alita.Sub(stakers).String(),
			"data", c.Fee.Data.String(), "operations", c.Operations)
		return f.memory.finish(e, paid)
	case chain.ContributionUnpaid:
		f.memory.log.Info("unpaid", "job", e.Job, "record", e.Record, "reason", job.Failure.String())
		return f.memory.finish(e, "unpaid: "+job.Failure.String())
	}
	return nil
}

func foreign(c chain.Contribution) string {
	return fmt.Sprintf("the chain holds another contribution of this record, made by %s", c.Worker)
}

// missingBlocks is in how many blocks something must be missing before the worker believes it: there may be several nodes
// behind one address, and one of them may lag.
const missingBlocks = 5

// miss finishes an entry whose job or contribution was missing on the chain in enough blocks.
func (f *follower) miss(e Entry, reason string) error {
	f.missing[e.Key]++
	if f.missing[e.Key] < missingBlocks {
		return nil
	}
	delete(f.missing, e.Key)
	return f.memory.finish(e, reason)
}
