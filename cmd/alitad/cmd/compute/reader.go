package compute

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	// pollEvery is the time between two looks at the chain.
	pollEvery = 500 * time.Millisecond
	// maxFailures is how many looks at the node may fail in a row: half a minute.
	maxFailures = 60
)

// reader sees a job through to its end: it shows how it goes, verifies and accepts or disputes the sums of each round, and asks the
// next. All that it does follows from the chain and from what is kept of the run, so that it can begin anywhere.
type reader struct {
	chain chain
	// node is the name of the chain's node, witnesses are those with which it is compared.
	node      string
	witnesses []witness
	home      string
	run       *savedRun
	show      *progress
	every     time.Duration

	session analysis.Session
	program types.Program
	// advanced is how many rounds the session knows, owners and slots what it was told last.
	advanced uint32
	owners   uint32
	sum      []*big.Int
	// contributions are those to a job of direct delivery that is over.
	contributions []types.Contribution
	// stuck is why the session can ask no further.
	stuck error
	// sent is the place of the job at which the last message was sent: there is nothing more to do there. Refused counts
	// the messages that were refused since the job was last seen at another place.
	sent    place
	failed  place
	refused int
}

// maxRefused is how many messages in a row the chain may refuse: a transaction that was sent before may still be under way.
const maxRefused = 5

// place is where a job stands.
type place struct {
	status         types.JobStatus
	round, attempt uint32
}

func placeOf(job types.Job) place { return place{job.Status, job.Round, job.Attempt} }

func newReader(c chain, home string, run *savedRun, show *progress) (*reader, error) {
	session, err := run.Question.session()
	if err != nil {
		return nil, err
	}
	return &reader{chain: c, home: home, run: run, show: show, every: pollEvery, session: session}, nil
}

// follow returns the job once it has ended.
func (r *reader) follow(ctx context.Context) (types.Job, error) {
	defer r.show.end()
	ticker := time.NewTicker(r.every)
	defer ticker.Stop()
	failures := 0
	for {
		job, height, err := r.chain.Job(ctx, r.run.JobID)
		if err == nil {
			r.show.job(job, height)
			if err = r.act(ctx, job); err == nil && !job.Open() {
				return job, nil
			}
		}
		var stop *finalError
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() != nil:
		case errors.As(err, &stop):
			return types.Job{}, stop.err
		case isNotFound(err):
			return types.Job{}, err
		default:
			if failures++; failures > maxFailures && errors.Is(err, errBehind) {
				return types.Job{}, fmt.Errorf("%w; go on with `alitad compute result %s`", err, r.run.JobID)
			}
			if failures > maxFailures {
				return types.Job{}, fmt.Errorf("the node does not answer: %w; go on with `alitad compute result %s`", err, r.run.JobID)
			}
		}
		select {
		case <-ctx.Done():
			return types.Job{}, fmt.Errorf("interrupted; go on with `alitad compute result %s`", r.run.JobID)
		case <-ticker.C:
		}
	}
}

// finalError is an error that asking again does not mend.
type finalError struct{ err error }

func (e *finalError) Error() string { return e.err.Error() }

// act does what the job waits for.
func (r *reader) act(ctx context.Context, job types.Job) error {
	if !job.IsSecure() {
		return r.listDirect(ctx, job)
	}
	if r.sent == placeOf(job) {
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

// listDirect notes the contributions to a job of direct delivery once it is over.
func (r *reader) listDirect(ctx context.Context, job types.Job) error {
	if job.Open() {
		return nil
	}
	contributions, err := r.chain.Contributions(ctx, job.Id)
	if err != nil {
		return err
	}
	for _, w := range r.witnesses {
		if err := w.compareContributions(ctx, r.node, job, contributions); err != nil {
			return err
		}
	}
	r.contributions = contributions
	return nil
}

// read verifies the sums of a round, and accepts them or proves that one is wrong.
func (r *reader) read(ctx context.Context, job types.Job) error {
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

// dispute proves by the reader's key that a seat has sealed a wrong sum. The new key is kept before anything is sealed to it.
func (r *reader) dispute(ctx context.Context, job types.Job, wrong *wrongSumError) error {
	key, err := r.run.key(job.Spec.ReaderKey)
	if err != nil {
		return &finalError{err}
	}
	old, err := key.Bytes()
	if err != nil {
		return err
	}
	fresh, err := r.run.freshKey(job.Spec.ReaderKey)
	if err != nil {
		return err
	}
	if err := r.run.save(r.home); err != nil {
		return &finalError{fmt.Errorf("keep the new reader's key: %w", err)}
	}
	r.show.line(fmt.Sprintf("%s; disputing it: the seat loses its bond, the round begins anew", wrong))
	err = r.send(ctx, job, &types.MsgDisputeSum{
		Consumer: job.Consumer, JobId: job.Id, Seat: uint32(wrong.seat), ReaderPrivateKey: old, ReaderKey: fresh.Bytes(),
	})
	var stop *finalError
	if errors.As(err, &stop) {
		return &finalError{fmt.Errorf("%w: %w: the chain does not find %w", errNode, stop.err, wrong)}
	}
	return err
}

// next asks the next round, or ends the job where the session has its answer.
func (r *reader) next(ctx context.Context, job types.Job) error {
	if err := r.endRound(ctx, job); err != nil {
		return err
	}
	msg := &types.MsgNextRound{Consumer: job.Consumer, JobId: job.Id, Round: job.Round + 1}
	if msg.Done = r.stuck != nil || r.session.Done(); !msg.Done {
		msg.Input = r.session.Job().Input
	}
	return r.send(ctx, job, msg)
}

// endRound notes what a round has paid, and tells the session its sum.
func (r *reader) endRound(ctx context.Context, job types.Job) error {
	if err := r.keepBill(ctx, job); err != nil {
		return err
	}
	return r.catchUp(ctx, job, job.Round)
}

// keepBill keeps what the present round has paid, once: in the next round the chain forgets it.
func (r *reader) keepBill(ctx context.Context, job types.Job) error {
	for _, b := range r.run.Rounds {
		if b.Round == job.Round {
			return nil
		}
	}
	contributions, err := r.chain.Contributions(ctx, job.Id)
	if err != nil {
		return err
	}
	r.run.Rounds = append(r.run.Rounds, billOfRound(job, contributions))
	if err := r.run.save(r.home); err != nil {
		return &finalError{fmt.Errorf("keep the bill of round %d: %w", job.Round, err)}
	}
	return nil
}

// catchUp tells the session the sums up to a round, each verified.
func (r *reader) catchUp(ctx context.Context, job types.Job, round uint32) error {
	for r.advanced < round && r.stuck == nil {
		if err := r.advance(ctx, job, r.advanced+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) advance(ctx context.Context, job types.Job, round uint32) error {
	if r.program.Id == "" {
		program, err := r.chain.Program(ctx, job.Spec.ProgramId)
		if err != nil {
			return err
		}
		r.program = program
	}
	sums, err := r.chain.Sums(ctx, job.Id, round)
	if err != nil {
		return err
	}
	if sums.Round != round {
		return &finalError{fmt.Errorf("%w: round %d, expected %d", errNode, sums.Round, round)}
	}
	for _, w := range r.witnesses {
		if err := w.compareSums(ctx, r.node, job, r.program, sums); err != nil {
			return err
		}
	}
	sum, err := openSums(*r.run, job, r.program, sums, r.session.Job())
	var wrong *wrongSumError
	switch {
	case errors.As(err, &wrong) && (round != job.Round || job.Status != types.JOB_STATUS_READING):
		return &finalError{fmt.Errorf("round %d: %w; the time to dispute it is over", round, err)}
	case errors.As(err, &wrong):
		return err
	case err != nil:
		return &finalError{err}
	}
	sum, counts, err := countsOf(job, r.program, r.session.Job(), sum, sums.Valid)
	if err != nil {
		return &finalError{err}
	}
	r.advanced, r.owners, r.sum = round, sums.Owners, sum
	if err := r.session.Advance(counts, int(sums.Valid)); err != nil {
		r.stuck = fmt.Errorf("the sum of round %d is no answer of %s: %w", round, r.program.Name, err)
		r.show.line(r.stuck.Error())
		return nil
	}
	result, err := r.session.Result()
	if err != nil {
		r.stuck = err
		return nil
	}
	if n := len(result.Rounds); n > 0 {
		r.show.line(fmt.Sprintf("round %d verified: %s", round, result.Rounds[n-1].Text()))
	}
	return nil
}

// send sends a message for a place of the job once. Where the job has gone on meanwhile there is nothing to send.
func (r *reader) send(ctx context.Context, job types.Job, msg sdk.Msg) error {
	err := r.chain.Send(ctx, msg)
	if err == nil {
		r.sent = placeOf(job)
		return nil
	}
	if errors.Is(err, tx.ErrPending) || ctx.Err() != nil {
		return err
	}
	now, _, again := r.chain.Job(ctx, job.Id)
	switch {
	case again != nil:
		return again
	case placeOf(now) != placeOf(job):
		return nil
	}
	if r.failed != placeOf(job) {
		r.failed, r.refused = placeOf(job), 0
	}
	if r.refused++; r.refused < maxRefused {
		return err
	}
	return &finalError{fmt.Errorf("round %d: %w; go on with `alitad compute result %s`", job.Round, err, job.Id)}
}
