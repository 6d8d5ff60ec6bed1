package worker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/alita-network/alita/node/chain"
)

// seeker looks for jobs in which the owner's records can take part.
type seeker struct {
	view       *view
	memory     *memory
	contribute *contributor
	runner     *runner
	files      *files
	shares     Sharer
	speed      Speed
	limit      time.Duration // of a run

	plan     schedule
	accepted map[Key]acceptance // in this process, as long as something is open
	columns  map[string]bool    // jobs that columns may be kept for
}

// acceptance is what a run was accepted for.
type acceptance struct {
	cand       Candidate
	operations uint64
	ready      int64 // the first height at which the run has ended for certain, by the plan: no attempt is answered before
}

// seek looks through the open jobs of the records' pools.
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
	for _, e := range s.memory.journal.Pending() {
		open[e.Key] = true
	}
	maps.DeleteFunc(s.accepted, func(k Key, _ acceptance) bool { return !open[k] })
	return nil
}

// setBack forgets the heights that were drawn: they are decided about again.
func (s *seeker) setBack() error {
	for k := range s.accepted {
		s.runner.drop(k)
		if e := s.memory.state(k); e.Stage == StageStarted {
			e.Stage = StageAccepted
			if err := s.memory.append(e); err != nil {
				return err
			}
		}
	}
	clear(s.accepted)
	s.plan = schedule{}
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

// consider decides about one record in one open job. It goes by what is public alone: not by what became of a run, and not by whether
// one is in progress. So a job that a process sees for the first time is decided about in the same way whatever an earlier process did.
func (s *seeker) consider(ctx context.Context, k Key, job chain.Job, l *listing) error {
	l = l.in(job)
	e := s.memory.state(k)
	a, known := s.accepted[k]
	known = known && e.Stage != StageDeclined
	if s.memory.declined[k] || known && l.same(versionOf(a.cand)) || !needsRun(e, job, l) {
		return nil
	}
	if known {
		s.runner.drop(k) // the record has another version now
	}
	delete(s.accepted, k)
	cand, err := s.view.candidate(ctx, job, l)
	if err != nil {
		return err
	}
	plan, decline := s.view.policy.Decide(cand)
	if decline == nil && s.files.rests(job, l.record.Id) {
		decline = open(reasonResting)
	}
	if decline != nil {
		return s.memory.decline(k, *decline)
	}
	if taken, err := s.contribute.reconcile(ctx, job, e); err != nil || taken {
		return err
	}
	code, err := s.view.chain.ProgramCode(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	return s.accept(ctx, e, cand, plan, code)
}

// needsRun reports whether a record has to be decided about for an open job, by what was done for it before.
func needsRun(e Entry, job chain.Job, l *listing) bool {
	switch e.Stage {
	case StagePrepared:
		// The follower sends it again. If the record has changed since, it is computed again: the chain takes no attestation of
		// the old version any more, and the follower has just asked whether it did before.
		return e.unsent() || !l.same(e.Vector)
	case StageContributed:
		// The follower shares it again in a new attempt, unless the record has changed since.
		return job.IsSecure() && e.Attempt != job.Attempt && !l.same(e.Vector)
	case StageDelivered, StageFinished:
		return false
	}
	return true
}

// accept draws the height at which the vector is sent, and has the program run unless it ran in an earlier process.
func (s *seeker) accept(ctx context.Context, e Entry, cand Candidate, plan Plan, code []byte) (err error) {
	k, job := e.Key, cand.Job
	takes := s.speed.thousandths(cand, plan.Operations, len(code))
	if span := time.Duration(min(takes, 1<<40)) * (Block / 1000); span > s.limit {
		return s.memory.decline(k, *final("time: expected at most %s for a run, got %s; --max-run allows more", s.limit, span))
	}
	if len(e.Secret) == 0 {
		if e.Secret, err = s.shares.NewSecret(k); err != nil {
			return err
		}
	}
	a := acceptance{cand, plan.Operations, s.plan.earliest(cand.Height, takes)}
	due, decline, err := s.view.due(s.shares, k, e.Secret, job, a.ready)
	if err != nil {
		return err
	}
	if decline != nil {
		return s.memory.decline(k, *decline)
	}
	s.plan.add(cand.Height, takes)
	e.Due = due
	switch version := versionOf(cand); {
	case e.Version != version.Version || string(e.RowRoot) != string(version.RowRoot) || e.Stage == "" || e.Stage == StageDeclined:
		e = Entry{Key: k, Stage: StageAccepted, Due: due, Secret: e.Secret, Vector: version}
	case e.Stage == StageStarted: // a process has died with it
		if e, err = s.giveUp(e, a, errCrash); err != nil {
			return err
		}
	}
	if err := s.memory.append(e); err != nil {
		return err
	}
	s.accepted[k] = a
	if job.IsSecure() && job.Spec.Secure.Rounds > 1 {
		s.columns[job.Id] = true
	}
	s.memory.log.Info("accepted", "job", k.Job, "record", k.Record, "program", cand.Program.Name, "consumer", job.Consumer,
		"operations", plan.Operations, "fee", plan.Fee.Text(), "height", due.Height)
	if e.Stage == StageAccepted {
		s.runner.add(ctx, k, cand, plan, code)
	}
	return nil
}

// giveUp is the entry of a run that is late or has not come to an end: with the vector of an empty record if one may be sent.
func (s *seeker) giveUp(e Entry, a acceptance, why error) (Entry, error) {
	s.runner.drop(e.Key)
	s.memory.details.Warn("no result", "job", e.Job, "record", e.Record, "error", why)
	out, err := s.shares.Empty(a.cand, a.operations)
	if err != nil && !isNothing(err) {
		return Entry{}, err
	}
	return e.with(a.cand, out, err), nil
}

// versionOf is what an entry says of the version of a candidate.
func versionOf(c Candidate) Vector {
	return Vector{Version: c.Version.Content.Version, RowRoot: c.Version.Content.Commitment.Root}
}

// with is the entry with the outcome of its run.
func (e Entry) with(c Candidate, out Outcome, err error) Entry {
	e.Vector = versionOf(c)
	if err != nil {
		e.Stage, e.Reason = StageFailed, reasonNothing
		if errors.Is(err, errFile) {
			e.Reason = reasonResting
		}
		return e
	}
	e.Stage = StagePrepared
	e.Rows, e.Operations, e.Enc, e.Ciphertext = out.Rows, out.Operations, out.Sealed.Enc, out.Sealed.Ciphertext
	return e
}
