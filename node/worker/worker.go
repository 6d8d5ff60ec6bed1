// Package worker is an owner's computing node: it watches the chain for jobs on the owner's records, decides by the
// owner's policy, runs programs on the local files, and contributes what they give, sealed to the payer.
//
// It sees the chain only through the node that its owner names. Everything that it does is first written to its
// journal, so that a restart neither repeats nor loses a contribution.
package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
)

// Chain is what a worker asks of a node. *chain.Client implements it.
type Chain interface {
	Status(ctx context.Context) (chain.Status, error)
	ChainID(ctx context.Context) (string, error)
	Worker(ctx context.Context, address string) (chain.Worker, error)
	RecordsByOwner(ctx context.Context, owner string) ([]chain.Record, error)
	AdmittedVersion(ctx context.Context, recordID string) (chain.Record, chain.Version, error)
	Grants(ctx context.Context, recordID string) ([]chain.Grant, error)
	JobsByPool(ctx context.Context, poolID uint64, s chain.JobStatus) ([]chain.Job, error)
	Job(ctx context.Context, id string) (chain.Job, error)
	Program(ctx context.Context, id string) (chain.Program, error)
	ProgramCode(ctx context.Context, id string) ([]byte, error)
	Contribution(ctx context.Context, jobID, recordID string) (chain.Contribution, error)
	MaxContributionBytes(ctx context.Context) (uint32, error)
	Preparations(ctx context.Context, jobID, recordID string) (chain.Preparations, error)
}

// ErrRegistration ends a worker that is registered otherwise on the chain: waiting does not mend that.
var ErrRegistration = errors.New("the worker is registered otherwise on the chain")

// ComputeFunc runs a program on a record's file and seals what it gives. (*Computer).Compute is one.
type ComputeFunc func(ctx context.Context, c Candidate, p Plan, code []byte) (Outcome, error)

// Config sets up a Worker. All members but the durations are needed.
type Config struct {
	Policy  Policy
	Address string         // the worker's account
	Key     seal.PublicKey // the key that locations are sealed to
	Chain   Chain
	Sender  follow.Sender
	Compute ComputeFunc
	Shares  Sharer
	Journal *Journal
	Log     *slog.Logger

	Poll   time.Duration // how often the node is asked; 1 s if zero
	Health time.Duration // how often a health line is written; 1 min if zero
	MaxRun time.Duration // how long a run may take; 10 min if zero
}

// Worker follows the chain for a computing node. It is used by one goroutine.
type Worker struct {
	Config

	loop    *follow.Loop
	outbox  *follow.Outbox[Key]
	height  int64
	time    time.Time
	waiting bool // for the registration; said once
	greeted bool // registration was seen

	records   map[string]*listed
	programs  map[string]chain.Program
	grants    map[string][]chain.Grant // of the records, in this block
	settled   map[Key]bool             // declined for good as long as this process lives
	missing   map[Key]int              // in how many blocks the chain did not show what it should
	contested map[Key]uint32           // the attempt in which the seats' words about an invalid contribution were checked last
	maxShared uint32                   // how large shares may be, asked in this block; 0 where it was not
	running   Key                      // the run in progress, if any
	done      *finishedRun
	ended     chan struct{}      // has a value when done is set
	stop      context.CancelFunc // of the run in progress
	counts    counts
}

// listed is a record of the owner that is sealed to this worker.
type listed struct {
	record  chain.Record
	version chain.Version
	sealed  bool
}

type counts struct{ contributed, delivered, paid, declined uint64 }

// New returns a worker.
func New(cfg Config) *Worker {
	if cfg.MaxRun <= 0 {
		cfg.MaxRun = 10 * time.Minute
	}
	w := &Worker{
		Config:    cfg,
		outbox:    follow.NewOutbox[Key](cfg.Sender, cfg.Log, maxWait),
		records:   map[string]*listed{},
		programs:  map[string]chain.Program{},
		settled:   map[Key]bool{},
		missing:   map[Key]int{},
		contested: map[Key]uint32{},
		ended:     make(chan struct{}, 1),
	}
	w.loop = follow.New(follow.Config{
		ChainID: cfg.Policy.ChainID, Chain: cfg.Chain, Log: cfg.Log, Poll: cfg.Poll, Health: cfg.Health,
		Step: w.step, Fatal: []error{ErrRegistration, ErrJournal}, SetBack: w.setBack, Report: w.report,
		Ended: w.ended, Finish: w.finishRun,
	})
	return w
}

// maxWait is how many blocks pass at most before a message that was refused is sent again.
const maxWait = 32

// Run works until ctx is done and then returns nil. It returns an error if going on makes no sense: follow.ErrWrongChain,
// ErrRegistration, or ErrJournal if the journal cannot be written.
func (w *Worker) Run(ctx context.Context) error {
	w.Log.Info("started", "worker", w.Address, "owner", w.Policy.Owner, "chain", w.Policy.ChainID, "node", w.Policy.Node,
		"pending", len(w.Journal.Pending()))
	for _, h := range w.Policy.Hints() {
		w.Log.Warn("policy", "hint", h)
	}
	defer w.finishQuietly()
	return w.loop.Run(ctx)
}

func (w *Worker) report() []any {
	return []any{
		"records", w.usable(), "running", w.running.Job != "",
		"pending", len(w.Journal.Pending()), "contributed", w.counts.contributed, "delivered", w.counts.delivered,
		"paid", w.counts.paid, "declined", w.counts.declined,
	}
}

// setBack forgets what was concluded from heights: a job that was declined for good because its window was over may be open, and what
// the seats of an attempt said may be something else.
func (w *Worker) setBack() {
	w.outbox.Reset()
	clear(w.settled)
	clear(w.missing)
	clear(w.contested)
	w.greeted = false
}

// step does what a block calls for.
func (w *Worker) step(ctx context.Context, at chain.Status) (more bool, err error) {
	w.height, w.time = at.Height, at.Time
	w.grants, w.maxShared = map[string][]chain.Grant{}, 0
	if ok, err := w.checkRegistration(ctx); err != nil || !ok {
		return false, err
	}
	if err := w.refreshRecords(ctx); err != nil {
		return false, err
	}
	for _, e := range w.Journal.Pending() {
		if err := w.follow(ctx, e); err != nil {
			return false, err
		}
	}
	return false, w.seek(ctx)
}

// checkRegistration waits until the owner has registered the worker.
func (w *Worker) checkRegistration(ctx context.Context) (bool, error) {
	if w.greeted {
		return true, nil
	}
	reg, err := w.Chain.Worker(ctx, w.Address)
	if errors.Is(err, chain.ErrNotFound) {
		if !w.waiting {
			w.waiting = true
			w.Log.Warn("waiting", "reason", "not registered: the owner has to run the command that init printed")
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if reg.Owner != w.Policy.Owner {
		return false, fmt.Errorf("%w: for the owner %s, the policy says %s", ErrRegistration, reg.Owner, w.Policy.Owner)
	}
	if string(reg.PublicKey) != string(w.Key.Bytes()) {
		return false, fmt.Errorf("%w: with another public key than the key file holds", ErrRegistration)
	}
	w.greeted = true
	w.Log.Info("registered", "owner", reg.Owner, "height", w.height)
	return true, nil
}

// refreshRecords keeps the owner's records that are sealed to this worker.
func (w *Worker) refreshRecords(ctx context.Context) error {
	all, err := w.Chain.RecordsByOwner(ctx, w.Policy.Owner)
	if err != nil {
		return err
	}
	now := make(map[string]*listed, len(all))
	for _, r := range all {
		if r.Status != chain.RecordActive || !w.Policy.AllowsRecord(r.Id) {
			continue
		}
		known, ok := w.records[r.Id]
		if ok && known.record.Admitted == r.Admitted && known.record.ModifiedAt.Equal(r.ModifiedAt) {
			known.record = r // its privacy budget changes by itself
			now[r.Id] = known
			continue
		}
		record, version, err := w.Chain.AdmittedVersion(ctx, r.Id)
		if err != nil {
			return err
		}
		l := &listed{record: record, version: version, sealed: SealedTo(version, w.Key)}
		now[r.Id] = l
		if l.sealed {
			w.Log.Info("record", "record", r.Id, "pool", r.PoolId, "version", version.Content.Version, "rows", version.Content.Commitment.Rows)
		} else {
			w.Log.Warn("record is not sealed to this worker, it can take no part in its jobs", "record", r.Id, "version", version.Content.Version)
		}
	}
	w.records = now
	return nil
}

func (w *Worker) usable() int {
	n := 0
	for _, l := range w.records {
		if l.sealed {
			n++
		}
	}
	return n
}
