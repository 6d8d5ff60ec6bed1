package worker

import (
	"context"
	"maps"
	"slices"

	"github.com/alita-network/alita/node/chain"
)

// maxRuns is how often a run of a record in a job is started. A run that does not end has taken the process with it.
const maxRuns = 3

// seeker looks for jobs in which the owner's records can take part.
type seeker struct {
	view       *view
	memory     *memory
	contribute *contributor
	runner     *runner
}

// seek looks through the open jobs of the records' pools and starts at most one run.
func (s *seeker) seek(ctx context.Context) error {
	open := map[Key]bool{}
	pools := s.view.byPool()
	for _, pool := range slices.Sorted(maps.Keys(pools)) {
		jobs, err := s.view.chain.JobsByPool(ctx, pool, chain.JobContributing)
		if err != nil {
			return err
		}
		for _, job := range jobs {
			for _, l := range pools[pool] {
				k := keyOf(job, l.record.Id)
				open[k] = true
				if err := s.consider(ctx, k, job, l); err != nil {
					return err
				}
			}
		}
	}
	s.memory.forgetDeclined(open)
	return nil
}

// keyOf is the key of a record in the present round of a job.
func keyOf(job chain.Job, record string) Key {
	k := Key{Job: job.Id, Record: record}
	if job.IsSecure() {
		k.Round = job.Round
	}
	return k
}

// consider decides about one record in one open job, and starts the run if it may and nothing else runs.
func (s *seeker) consider(ctx context.Context, k Key, job chain.Job, l *listing) error {
	e := s.memory.state(k)
	if s.memory.declined[k] || s.runner.isRunning(k) || !needsRun(e, job, l) {
		return nil
	}
	cand, err := s.view.candidate(ctx, job, l)
	if err != nil {
		return err
	}
	plan, decline := s.view.policy.Decide(cand)
	if decline != nil {
		return s.memory.decline(k, *decline)
	}
	if s.runner.busy() {
		return nil // a later block looks at it again
	}
	if e.Runs >= maxRuns {
		return s.memory.decline(k, *final("runs: expected one of %d to end, got none", e.Runs))
	}
	if taken, err := s.contribute.reconcile(ctx, job, e); err != nil || taken {
		return err
	}
	code, err := s.view.chain.ProgramCode(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	if err := s.memory.append(Entry{Key: k, Stage: StageStarted, Runs: e.Runs + 1}); err != nil {
		return err
	}
	s.memory.log.Info("accepted", "job", k.Job, "record", k.Record, "program", cand.Program.Name, "consumer", job.Consumer,
		"operations", plan.Operations, "fee", plan.Fee.Text())
	s.runner.start(ctx, k, e.Runs+1, cand, plan, code)
	return nil
}

// needsRun reports whether a record has to be computed for an open job, by what was done for it before.
func needsRun(e Entry, job chain.Job, l *listing) bool {
	switch e.Stage {
	case StagePrepared:
		// The follower sends it. If the record has changed since, it is computed again: the chain takes no attestation of
		// the old version any more, and the follower has just asked whether it did before.
		return !l.same(e.Vector)
	case StageContributed:
		// The follower shares it again in a new attempt, unless the record has changed since.
		return job.IsSecure() && e.Attempt != job.Attempt && !l.same(e.Vector)
	case StageDelivered, StageFinished:
		return false
	}
	return true
}
