// Package worker is an owner's computing node. It watches the chain for jobs on the owner's records, decides by the
// owner's policy, runs programs on the local files, and contributes the results, sealed to the payer or shared among
// seats.
//
// It sees the chain only through the node that its owner names. It writes everything to its journal before it does it, so
// that a restart neither repeats nor loses a contribution.
//
// At every block a Worker asks for the chain's state (view), takes care of the vectors that it has computed (follower) and
// looks for new jobs (seeker). Follower and seeker send through the contributor and write to the memory, which is the
// journal, the log and some counts. The seeker decides by the Policy alone. A runner has the Computer run the programs.
package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/rows/source"
)

// Config sets up a Worker. All members but the durations are needed.
type Config struct {
	Policy  Policy
	Address string         // the worker's account
	Key     seal.PublicKey // the key that locations are sealed to
	Chain   Chain
	Sender  follow.Sender
	Compute ComputeFunc
	Shares  Sharer
	Journal *Journal      // not closed by the worker
	Columns *source.Cache // the Computer's, to be emptied of jobs that are over; may be nil
	Log     *slog.Logger

	Poll   time.Duration // how often the node is asked; 1 s if zero
	Health time.Duration // how often a health line is written; 1 min if zero
	MaxRun time.Duration // how long a run may take; 10 min if zero
}

// Worker follows the chain for a computing node. It is used by one goroutine.
type Worker struct {
	cfg        Config
	loop       *follow.Loop
	view       *view
	memory     *memory
	contribute *contributor
	follower   *follower
	seeker     *seeker
	runner     *runner
}

// New returns a worker.
func New(cfg Config) *Worker {
	if cfg.MaxRun <= 0 {
		cfg.MaxRun = 10 * time.Minute
	}
	w := &Worker{cfg: cfg, memory: newMemory(cfg.Journal, cfg.Log), runner: newRunner(cfg.Compute, cfg.MaxRun)}
	w.view = newView(&w.cfg)
	w.contribute = newContributor(&w.cfg, w.view, w.memory)
	w.follower = &follower{view: w.view, memory: w.memory, contribute: w.contribute, missing: map[Key]int{}}
	w.seeker = &seeker{view: w.view, memory: w.memory, contribute: w.contribute, runner: w.runner}
	w.loop = follow.New(follow.Config{
		ChainID: cfg.Policy.ChainID, Chain: cfg.Chain, Log: cfg.Log, Poll: cfg.Poll, Health: cfg.Health,
		Step: w.step, Fatal: []error{ErrRegistration, ErrJournal}, SetBack: w.setBack, Report: w.report,
		Ended: w.runner.ended, Finish: w.finishRun,
	})
	return w
}

// Run works until ctx is done and then returns nil. It returns an error if going on makes no sense: follow.ErrWrongChain,
// ErrRegistration, or ErrJournal if the journal cannot be written.
func (w *Worker) Run(ctx context.Context) error {
	policy := w.cfg.Policy
	w.cfg.Log.Info("started", "worker", w.cfg.Address, "owner", policy.Owner, "chain", policy.ChainID, "node", policy.Node,
		"pending", len(w.cfg.Journal.Pending()))
	for _, h := range policy.Hints() {
		w.cfg.Log.Warn("policy", "hint", h)
	}
	err := w.loop.Run(ctx)
	return errors.Join(err, w.abandonRun())
}

// step does what a block calls for.
func (w *Worker) step(ctx context.Context, at chain.Status) (more bool, err error) {
	ready, err := w.view.refresh(ctx, at)
	if err != nil || !ready {
		return false, err
	}
	pending := w.cfg.Journal.Pending()
	w.contribute.retain(pending)
	for _, e := range pending {
		if err := w.follower.follow(ctx, e); err != nil {
			return false, err
		}
	}
	if err := forgetColumns(ctx, w.cfg.Chain, w.cfg.Columns); err != nil {
		return false, err
	}
	return false, w.seeker.seek(ctx)
}

// finishRun records the result of a run and sends it.
func (w *Worker) finishRun(ctx context.Context) error {
	r := w.runner.result()
	switch {
	case r.err != nil && errors.Is(r.err, context.Canceled):
		return w.memory.append(r.takenBack()) // the worker was stopped, which is not the program's fault
	case r.err != nil:
		return w.memory.decline(r.key, *final("run: %s", r.err))
	}
	e := r.prepared()
	if err := w.memory.append(e); err != nil {
		return err
	}
	w.cfg.Log.Info("computed", "job", e.Job, "record", e.Record, "rows", e.Rows, "operations", e.Operations)
	// The run took its time: the job may have other seats by now. Only this query has their keys, and only it is proved afresh.
	job, err := w.cfg.Chain.Job(ctx, e.Job)
	switch {
	case err != nil || job.Status != chain.JobContributing:
		return err
	case !job.IsSecure():
		return w.contribute.attest(ctx, e, job)
	case job.Round != e.Round:
		return nil
	}
	return w.follower.share(ctx, e, job)
}

// abandonRun ends the run in progress when the loop has ended. If it was stopped, its start is taken back; if it had just
// succeeded, its vector is recorded and the next start sends it.
func (w *Worker) abandonRun() error {
	switch r := w.runner.abandon(); {
	case r == nil:
		return nil
	case r.err != nil:
		return w.memory.append(r.takenBack())
	default:
		return w.memory.append(r.prepared())
	}
}

// setBack forgets what was concluded from heights. A job that was declined for good because its window was over may be open
// again, and the registration may be gone.
func (w *Worker) setBack() {
	w.contribute.setBack()
	clear(w.follower.missing)
	clear(w.memory.declined)
	w.view.registered = false
}

// report returns the attributes of a worker for the health line.
func (w *Worker) report() []any {
	n := w.memory.counts
	return []any{
		"records", w.view.usable(), "running", w.runner.busy(), "pending", len(w.cfg.Journal.Pending()),
		"contributed", n.contributed, "delivered", n.delivered, "paid", n.paid, "declined", n.declined,
	}
}
