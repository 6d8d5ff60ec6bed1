package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ComputeFunc runs a program on a record's file and seals what it gives. (*Computer).Compute is one.
type ComputeFunc func(ctx context.Context, c Candidate, p Plan, code []byte) (Outcome, error)

// runner runs programs one after the other, in a goroutine of its own: the loop does not wait for them. Nobody outside learns when a run
// ends.
type runner struct {
	compute ComputeFunc
	begin   func(Key) error // records that a run begins
	limit   time.Duration   // of a run
	ended   chan struct{}   // has a value when a run has ended

	mu      sync.Mutex
	waiting []*run
	present *run
	done    []*run
	active  sync.WaitGroup
}

// run is one run of a program. outcome and err are set when it has ended.
type run struct {
	key     Key
	cand    Candidate
	plan    Plan
	code    []byte
	ctx     context.Context
	stop    context.CancelFunc
	outcome Outcome
	err     error
}

func newRunner(compute ComputeFunc, begin func(Key) error, limit time.Duration) *runner {
	return &runner{compute: compute, begin: begin, limit: limit, ended: make(chan struct{}, 1)}
}

// add has a program run when the ones that were added before have ended.
func (r *runner) add(ctx context.Context, k Key, cand Candidate, plan Plan, code []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	this := &run{key: k, cand: cand, plan: plan, code: code}
	this.ctx, this.stop = context.WithCancel(ctx)
	r.waiting = append(r.waiting, this)
	if r.present == nil {
		r.next()
	}
}

// next starts the run that waits longest. The caller holds the lock.
func (r *runner) next() {
	if len(r.waiting) == 0 {
		r.present = nil
		return
	}
	this := r.waiting[0]
	r.waiting, r.present = r.waiting[1:], this
	if this.err = r.begin(this.key); this.err != nil {
		r.end(this)
		return
	}
	r.active.Go(func() {
		this.outcome, this.err = r.guarded(this)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.end(this)
	})
}

func (r *runner) end(this *run) {
	this.stop()
	if r.present == this { // nobody has taken it away
		r.done = append(r.done, this)
		select {
		case r.ended <- struct{}{}:
		default:
		}
		r.next()
	}
}

// guarded runs a program. A panic of the engine is a run without a result.
func (r *runner) guarded(this *run) (out Outcome, err error) {
	ctx, stop := context.WithTimeout(this.ctx, r.limit)
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			out, err = Outcome{}, fmt.Errorf("%w: %v", errCrash, p)
		}
	}()
	out, err = r.compute(ctx, this.cand, this.plan, this.code)
	if err != nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: time: expected at most %s, got more; --max-run allows more", errLate, r.limit)
	}
	return out, err
}

// take returns the runs that have ended.
func (r *runner) take() []*run {
	r.mu.Lock()
	defer r.mu.Unlock()
	done := r.done
	r.done = nil
	return done
}

// drop forgets a run, whether it waits, runs or has ended.
func (r *runner) drop(k Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	of := func(this *run) bool { return this.key == k }
	r.waiting = slices.DeleteFunc(r.waiting, of)
	r.done = slices.DeleteFunc(r.done, of)
	if this := r.present; this != nil && of(this) {
		this.stop()
		r.next()
	}
}

// stopAll stops all runs and waits for their ends. Those that have not been started are dropped.
func (r *runner) stopAll() {
	r.mu.Lock()
	r.waiting = nil
	if r.present != nil {
		r.present.stop()
	}
	r.mu.Unlock()
	r.active.Wait()
}
