package consumer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alita-network/alita/x/compute/types"
)

// maxFailures is how many looks at the node may fail in a row: half a minute.
const maxFailures = 60

// Follow sees the job through to its end and returns it: it verifies the sums of
// each round, accepts or disputes them, and asks the next round. All that it does
// follows from the chain and from what is kept of the run, so it can begin anywhere.
// The function, which may be nil, is called for everything that happens.
//
// An *UnfinishedError, for example of a context that ends, leaves the run as it is.
// ErrNode and ErrNodesDiffer mean that another node has to be asked.
func (r *Run) Follow(ctx context.Context, on func(Event)) (types.Job, error) {
	r.on = on
	ticker := time.NewTicker(r.every)
	defer ticker.Stop()
	failures := 0
	for {
		job, err := r.look(ctx)
		if err == nil && !job.Open() {
			r.job = job
			return job, nil
		}
		var final *finalError
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() != nil:
		case errors.As(err, &final):
			return types.Job{}, final.err
		case isNotFound(err):
			return types.Job{}, err
		default:
			if failures++; failures > maxFailures {
				return types.Job{}, r.unfinished(err)
			}
		}
		select {
		case <-ctx.Done():
			return types.Job{}, &UnfinishedError{r.JobID(), fmt.Errorf("%w: %w", ErrInterrupted, ctx.Err())}
		case <-ticker.C:
		}
	}
}

// errNotYet means that the block that opened the job cannot be proved yet: that takes the next one.
var errNotYet = errors.New("not proved yet")

// unfinished is the error of a node that fails for too long.
func (r *Run) unfinished(err error) error {
	if !errors.Is(err, ErrBehind) {
		err = fmt.Errorf("the node does not answer: %w", err)
	}
	return &UnfinishedError{r.JobID(), err}
}

// look reads the job and does what it waits for.
func (r *Run) look(ctx context.Context) (types.Job, error) {
	job, height, err := r.chain.Job(ctx, r.JobID())
	if err != nil {
		if isNotFound(err) && r.proved && height < r.openedHeight {
			err = fmt.Errorf("block %d: %w: %s", r.openedHeight, errNotYet, err.Error())
		}
		return types.Job{}, err
	}
	if job.Id != r.JobID() {
		return types.Job{}, &finalError{fmt.Errorf("%w: expected job %s, got job %s", ErrNode, r.JobID(), job.Id)}
	}
	r.report(JobSeen{Job: job, Height: height})
	return job, r.act(ctx, job)
}

// act does what the job waits for.
func (r *Run) act(ctx context.Context, job types.Job) error {
	if !job.IsSecure() {
		return r.readDirect(ctx, job)
	}
	if r.sending.done(job) {
		return nil
	}
	switch job.Status {
	case types.JOB_STATUS_READING:
		return r.read(ctx, job)
	case types.JOB_STATUS_WAITING:
		return r.next(ctx, job)
	case types.JOB_STATUS_SETTLED:
		return r.endRound(ctx, job)
	case types.JOB_STATUS_FAILED:
		if err := r.keepBill(ctx, job); err != nil {
			return err
		}
		return r.catchUp(ctx, job, job.Round-1)
	default:
		return nil
	}
}

// read verifies the sums of a round, and accepts them or proves that one is wrong.
func (r *Run) read(ctx context.Context, job types.Job) error {
	err := r.catchUp(ctx, job, job.Round)
	var wrong *wrongSumError
	switch {
	case errors.As(err, &wrong):
		return r.dispute(ctx, job, wrong)
	case err != nil:
		return err
	}
	return r.send(ctx, job, &types.MsgAcceptSums{Consumer: job.Consumer, JobId: job.Id})
}

// next asks the next round, or ends the job if the session has its answer.
func (r *Run) next(ctx context.Context, job types.Job) error {
	if err := r.endRound(ctx, job); err != nil {
		return err
	}
	msg := &types.MsgNextRound{Consumer: job.Consumer, JobId: job.Id, Round: job.Round + 1}
	if msg.Done = r.stuck != nil || r.session.Done(); !msg.Done {
		msg.Input = r.session.Job().Input
	}
	return r.send(ctx, job, msg)
}

// endRound keeps what a round has paid, and tells the session its sum.
func (r *Run) endRound(ctx context.Context, job types.Job) error {
	if err := r.keepBill(ctx, job); err != nil {
		return err
	}
	return r.catchUp(ctx, job, job.Round)
}

// keepBill keeps what the present round has paid, once: in the next round the chain
// forgets it.
func (r *Run) keepBill(ctx context.Context, job types.Job) error {
	for _, b := range r.saved.Rounds {
		if b.Round == job.Round {
			return nil
		}
	}
	contributions, err := r.chain.Contributions(ctx, job.Id)
	if err != nil {
		return err
	}
	r.saved.Rounds = append(r.saved.Rounds, billOfRound(job, contributions))
	if err := r.saved.save(r.home); err != nil {
		return &finalError{fmt.Errorf("keep the bill of round %d: %w", job.Round, err)}
	}
	return nil
}
