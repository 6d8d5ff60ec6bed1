package worker

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// maxAttempts is how often a run may be started that never came to an end, because it took the process with it.
const maxAttempts = 3

// seek looks through the open jobs of the records' pools and starts at most one run.
func (w *Worker) seek(ctx context.Context) error {
	open := map[Key]bool{}
	for _, pool := range w.pools() {
		jobs, err := w.Chain.JobsByPool(ctx, pool, chain.JobContributing)
		if err != nil {
			return err
		}
		for _, job := range jobs {
			for _, l := range w.inPool(pool) {
				open[keyOf(job, l)] = true
				if err := w.consider(ctx, job, l); err != nil {
					return err
				}
			}
		}
	}
	for k := range w.settled {
		if !open[k] {
			delete(w.settled, k)
		}
	}
	return nil
}

func (w *Worker) pools() []uint64 {
	seen := map[uint64]bool{}
	var out []uint64
	for _, l := range w.records {
		if l.sealed && !seen[l.record.PoolId] {
			seen[l.record.PoolId] = true
			out = append(out, l.record.PoolId)
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a] < out[b] })
	return out
}

func (w *Worker) inPool(pool uint64) []*listed {
	var out []*listed
	for _, l := range w.records {
		if l.sealed && l.record.PoolId == pool {
			out = append(out, l)
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].record.Id < out[b].record.Id })
	return out
}

// keyOf is the key of a record in the present round of a job.
func keyOf(job chain.Job, l *listed) Key {
	k := Key{Job: job.Id, Record: l.record.Id}
	if job.IsSecure() {
		k.Round = job.Round
	}
	return k
}

// consider decides about one record in one open job and starts the run if it may and nothing else runs.
func (w *Worker) consider(ctx context.Context, job chain.Job, l *listed) error {
	k := keyOf(job, l)
	if w.settled[k] || w.running == k {
		return nil
	}
	e, _ := w.Journal.State(k)
	switch e.Stage {
	case StagePrepared:
		// follow sends it; only where the record has changed since is it computed anew.
		if sameData(e, l) {
			return nil
		}
		// The chain takes no attestation of the old version any more, and follow has just asked whether it did before.
	case StageContributed:
		// A new attempt of a secure sum is shared anew by follow, from the vector in the journal if the record is still the same.
		if !job.IsSecure() || e.Seating == job.Attempt || sameData(e, l) {
			return nil
		}
	case StageDelivered, StageFinished:
		return nil
	}
	cand, err := w.candidate(ctx, job, l)
	if err != nil {
		return err
	}
	plan, decline := w.Policy.Decide(cand)
	if decline != nil {
		return w.decline(k, *decline)
	}
	if w.running != (Key{}) {
		return nil // its turn comes
	}
	if e.Attempt >= maxAttempts {
		return w.decline(k, *final("%d runs were started and none came to an end", e.Attempt))
	}
	if taken, err := w.reconcile(ctx, job, k, e); err != nil || taken {
		return err
	}
	code, err := w.Chain.ProgramCode(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	return w.start(ctx, k, e.Attempt+1, cand, plan, code)
}

// sameData reports whether an entry was made from the version that is admitted now.
func sameData(e Entry, l *listed) bool {
	return e.Version == l.version.Content.Version && string(e.RowRoot) == string(l.version.Content.Commitment.Root)
}

func (w *Worker) candidate(ctx context.Context, job chain.Job, l *listed) (Candidate, error) {
	program, err := w.program(ctx, job.Spec.ProgramId)
	if err != nil {
		return Candidate{}, err
	}
	grants, ok := w.grants[l.record.Id]
	if !ok {
		if grants, err = w.Chain.Grants(ctx, l.record.Id); err != nil {
			return Candidate{}, err
		}
		w.grants[l.record.Id] = grants
	}
	if job.IsSecure() && w.maxShared == 0 {
		if w.maxShared, err = w.Chain.MaxContributionBytes(ctx); err != nil {
			return Candidate{}, err
		}
	}
	return Candidate{
		MaxShared: w.maxShared,
		Job:       job, Program: program, Record: l.record, Version: l.version, Grants: grants, Height: w.height, Time: w.time,
	}, nil
}

// decline logs a reason once for each job and record, over restarts too.
func (w *Worker) decline(k Key, d Decline) error {
	if d.Final {
		w.settled[k] = true
	}
	if e, ok := w.Journal.State(k); ok && e.Stage == StageDeclined && e.Reason == d.Reason {
		return nil
	}
	w.counts.declined++
	w.Log.Info("declined", "job", k.Job, "record", k.Record, "reason", d.Reason)
	return w.record(Entry{Key: k, Stage: StageDeclined, Reason: d.Reason})
}

type finishedRun struct {
	key     Key
	attempt int
	cand    Candidate
	outcome Outcome
	err     error
}

// entry is what the journal keeps of a run that succeeded.
func (r finishedRun) entry() Entry {
	return Entry{
		Key: r.key, Stage: StagePrepared, Attempt: r.attempt,
		Version: r.cand.Version.Content.Version, RowRoot: r.cand.Version.Content.Commitment.Root,
		Rows: r.outcome.Rows, Operations: r.outcome.Operations,
		Enc: r.outcome.Sealed.Enc, Ciphertext: r.outcome.Sealed.Ciphertext,
	}
}

// start runs the program beside the loop, so that deliveries go on meanwhile.
func (w *Worker) start(ctx context.Context, k Key, attempt int, cand Candidate, plan Plan, code []byte) error {
	if err := w.record(Entry{Key: k, Stage: StageStarted, Attempt: attempt}); err != nil {
		return err
	}
	w.Log.Info("accepted", "job", k.Job, "record", k.Record, "program", cand.Program.Name, "consumer", cand.Job.Consumer,
		"operations", plan.Operations, "fee", plan.Fee.Text())
	run, cancel := context.WithTimeout(ctx, w.MaxRun)
	w.running, w.stop = k, cancel
	go func() {
		defer cancel()
		out, err := w.Compute(run, cand, plan, code)
		if err != nil && errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("the run took longer than %s", w.MaxRun)
		}
		w.done = &finishedRun{key: k, attempt: attempt, cand: cand, outcome: out, err: err}
		w.ended <- struct{}{}
	}()
	return nil
}

// finishRun records what a run gave and sends the attestation.
func (w *Worker) finishRun(ctx context.Context) error {
	r := w.done
	w.running, w.stop = Key{}, nil
	switch {
	case r.err != nil && errors.Is(r.err, context.Canceled):
		// The worker was stopped, which is not the program's fault.
		return w.record(Entry{Key: r.key, Stage: StageStarted, Attempt: r.attempt - 1})
	case r.err != nil:
		return w.decline(r.key, *final("run: %s", r.err))
	}
	e := r.entry()
	if err := w.record(e); err != nil {
		return err
	}
	w.Log.Info("computed", "job", r.key.Job, "record", r.key.Record, "rows", r.outcome.Rows, "operations", r.outcome.Operations)
	if !r.cand.Job.IsSecure() {
		return w.contribute(ctx, e, r.cand.Job)
	}
	// The run took its time: the job may have other seats by now. Only this query tells their keys.
	job, err := w.Chain.Job(ctx, r.key.Job)
	if err != nil || job.Status != chain.JobContributing || job.Round != r.key.Round {
		return err
	}
	return w.shareAgain(ctx, e, job)
}

// finishQuietly ends the run in progress when the loop ends, and takes its start back in the journal.
func (w *Worker) finishQuietly() {
	if w.running == (Key{}) {
		return
	}
	w.stop()
	<-w.ended
	r := w.done
	if r.err == nil {
		// What was computed is kept: the next start sends it.
		_ = w.record(r.entry())
		return
	}
	_ = w.record(Entry{Key: r.key, Stage: StageStarted, Attempt: r.attempt - 1})
}

// reconcile asks whether the chain already holds a contribution of this record, from here or from another worker
// of the owner, and records it.
func (w *Worker) reconcile(ctx context.Context, job chain.Job, k Key, e Entry) (taken bool, err error) {
	c, err := w.Chain.Contribution(ctx, k.Job, k.Record)
	if errors.Is(err, chain.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if job.IsSecure() && !job.Current(c) {
		return false, nil
	}
	if !ours(c, e) {
		return true, w.finish(e, k, fmt.Sprintf("the chain holds a contribution that this journal does not know, made by %s", c.Worker))
	}
	if e.Stage == StagePrepared {
		return true, w.contributed(e, chain.TxResult{Height: c.Height})
	}
	return true, nil
}

// ours reports whether a contribution on the chain is the one whose sealed vector, or the hash of whose shares, is in the journal.
func ours(c chain.Contribution, e Entry) bool {
	if e.Round > 0 {
		return len(e.Commitment) > 0 && string(e.Commitment) == string(c.ResultCommitment)
	}
	if len(e.Enc) == 0 {
		return false
	}
	hash := terms.SealedVectorHash(e.Enc, e.Ciphertext)
	return string(hash) == string(c.ResultCommitment)
}
