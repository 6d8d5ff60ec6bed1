package worker

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ComputeFunc runs a program on a record's file and seals what it gives. (*Computer).Compute is one.
type ComputeFunc func(ctx context.Context, c Candidate, p Plan, code []byte) (Outcome, error)

// runner runs at most one program at a time, in a goroutine of its own: the loop does not wait for it.
type runner struct {
	compute ComputeFunc
	limit   time.Duration // of a run
	present *run
	ended   chan struct{} // has a value when the present run has ended
}

// run is one run of a program. outcome and err are set when it has ended.
type run struct {
	key     Key
	number  int // of the run: how many were started for the key, with this one
	cand    Candidate
	stop    context.CancelFunc
	outcome Outcome
	err     error
}

func newRunner(compute ComputeFunc, limit time.Duration) *runner {
	return &runner{compute: compute, limit: limit, ended: make(chan struct{}, 1)}
}

func (r *runner) busy() bool { return r.present != nil }

func (r *runner) isRunning(k Key) bool { return r.present != nil && r.present.key == k }

// start starts a run; none may be in progress.
func (r *runner) start(ctx context.Context, k Key, number int, cand Candidate, plan Plan, code []byte) {
	bounded, stop := context.WithTimeout(ctx, r.limit)
	this := &run{key: k, number: number, cand: cand, stop: stop}
	r.present = this
	go func() {
		defer stop()
		this.outcome, this.err = r.compute(bounded, cand, plan, code)
		if this.err != nil && errors.Is(this.err, context.DeadlineExceeded) {
			this.err = fmt.Errorf("time: expected at most %s, got more; --max-run allows more", r.limit)
		}
		r.ended <- struct{}{}
	}()
}

// result is the run that has ended. The next one can be started.
func (r *runner) result() *run {
	this := r.present
	r.present = nil
	return this
}

// abandon stops the run in progress, if there is one, and returns it when it has ended.
func (r *runner) abandon() *run {
	if r.present == nil {
		return nil
	}
	r.present.stop()
	<-r.ended
	return r.result()
}

// prepared is the entry of a run that succeeded.
func (r *run) prepared() Entry {
	content := r.cand.Version.Content
	return Entry{Key: r.key, Stage: StagePrepared, Runs: r.number, Vector: Vector{
		Version: content.Version, RowRoot: content.Commitment.Root, Rows: r.outcome.Rows, Operations: r.outcome.Operations,
		Enc: r.outcome.Sealed.Enc, Ciphertext: r.outcome.Sealed.Ciphertext,
	}}
}

// takenBack is the entry after a run that the worker itself has stopped: the run does not count.
func (r *run) takenBack() Entry { return Entry{Key: r.key, Stage: StageStarted, Runs: r.number - 1} }
