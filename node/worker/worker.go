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

// Config sets up a Worker. All members from Details on have defaults.
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
	// Log may leave the machine: nothing in it depends on rows.
	Log *slog.Logger

	// Details is the log of what became of runs, for the owner alone; nil for none.
	Details *slog.Logger
	// CheckFile is used at fixed heights to find out which records rest; nil checks none.
	CheckFile CheckFunc
	// Keep copies what a panel computes on; nil copies nothing.
	Keep KeepFunc
	// Speed says how long runs may take; a slow machine if zero.
	Speed Speed

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
	files      *files
	keeper     *keeper
}

// New returns a worker.
func New(cfg Config) *Worker {
	if cfg.MaxRun <= 0 {
		cfg.MaxRun = 10 * time.Minute
	}
	if cfg.Details == nil {
		cfg.Details = slog.New(slog.DiscardHandler)
	}
	if cfg.Speed == (Speed{}) {
		cfg.Speed = slowest
	}
	w := &Worker{cfg: cfg, memory: newMemory(&cfg)}
	w.runner = newRunner(cfg.Compute, w.memory.begin, cfg.MaxRun)
	w.files = newFiles(w.memory, cfg.CheckFile)
	w.keeper = newKeeper(w.memory, cfg.Keep)
	w.view = newView(&w.cfg)
	w.contribute = newContributor(&w.cfg, w.view, w.memory)
	w.seeker = &seeker{
		view: w.view, memory: w.memory, contribute: w.contribute, runner: w.runner, files: w.files, shares: cfg.Shares, speed: cfg.Speed,
		limit: cfg.MaxRun, accepted: map[Key]acceptance{}, columns: map[string]bool{},
	}
	w.follower = &follower{view: w.view, memory: w.memory, contribute: w.contribute, seeker: w.seeker, missing: map[Key]int{}}
	w.loop = follow.New(follow.Config{
		ChainID: cfg.Policy.ChainID, Chain: cfg.Chain, Log: cfg.Log, Poll: cfg.Poll, Health: cfg.Health,
		Step: w.step, Fatal: []error{ErrRegistration, ErrJournal}, SetBack: w.setBack, Report: w.report,
		Ended: w.runner.ended, Finish: func(context.Context) error { return w.collect() },
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
	w.files.end()
	w.keeper.end()
	return errors.Join(err, w.abandon())
}

// step does what a block calls for.
func (w *Worker) step(ctx context.Context, at chain.Status) (more bool, err error) {
	ready, err := w.view.refresh(ctx, at)
	if err != nil || !ready {
		return false, err
	}
	if err := w.files.block(ctx, at.Height, append(w.view.sealed(), w.view.inPanels()...)); err != nil {
		return false, err
	}
	w.keeper.block(ctx, at.Height, w.view.contents())
	if err := w.collect(); err != nil {
		return false, err
	}
	pending := w.cfg.Journal.Pending()
	w.contribute.retain(pending)
	for _, e := range pending {
		if err := w.follower.follow(ctx, e); err != nil {
			return false, err
		}
	}
	if err := forgetColumns(ctx, w.cfg.Chain, w.cfg.Columns, w.seeker.columns); err != nil {
		return false, err
	}
	if err := w.seeker.seek(ctx); err != nil {
		return false, err
	}
	return false, w.memory.clean()
}

// collect records the results of runs. Nothing else is done about them before their heights: nobody outside is to learn when a run ends.
func (w *Worker) collect() error {
	for _, r := range w.runner.take() {
		e := w.memory.state(r.key)
		if e.Stage != StageStarted {
			continue // it was given up
		}
		if errors.Is(r.err, context.Canceled) {
			e.Stage = StageAccepted // the worker was stopped, which is not the program's fault
		} else if isNothing(r.err) && !errors.Is(r.err, errFile) {
			var err error
			if e, err = w.seeker.giveUp(e, acceptance{cand: r.cand, operations: r.plan.Operations}, r.err); err != nil {
				return err
			}
		} else if e = e.with(r.cand, r.outcome, r.err); r.err != nil || r.outcome.Trouble != nil {
			w.memory.details.Warn("run", "job", e.Job, "record", e.Record, "round", e.Round, "sent", r.err == nil, "error", errors.Join(r.err, r.outcome.Trouble))
		} else {
			w.memory.details.Info("run", "job", e.Job, "record", e.Record, "round", e.Round, "rows", e.Rows, "operations", e.Operations)
		}
		if err := w.memory.append(e); err != nil {
			return err
		}
	}
	return nil
}

// abandon ends the runs in progress when the loop has ended. The start of those that were stopped is taken back; the result of those that
// had just ended is recorded.
func (w *Worker) abandon() error {
	w.runner.stopAll()
	return w.collect()
}

// setBack forgets what was concluded from heights. A job that was declined for good because its window was over may be open
// again, and the registration may be gone.
func (w *Worker) setBack() {
	w.contribute.setBack()
	clear(w.follower.missing)
	clear(w.memory.declined)
	if err := w.seeker.setBack(); err != nil {
		w.memory.details.Error("journal", "error", err) // the journal refuses everything from now on, and ends the worker
	}
	w.view.registered = false
}

// report returns the attributes of a worker for the health line.
func (w *Worker) report() []any {
	n := w.memory.counts
	return []any{
		"records", w.view.usable(), "pending", len(w.cfg.Journal.Pending()),
		"contributed", n.contributed, "delivered", n.delivered, "paid", n.paid, "declined", n.declined,
	}
}
