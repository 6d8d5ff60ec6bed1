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

	"google.golang.org/protobuf/proto"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
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

// Sender sends the worker's transactions. *chain.Sender implements it.
type Sender interface {
	Send(ctx context.Context, msg proto.Message, notAfter int64) (chain.TxResult, error)
}

// Errors for which a worker stops, because waiting does not mend them.
var (
	ErrWrongChain   = errors.New("the node serves another chain")
	ErrRegistration = errors.New("the worker is registered otherwise on the chain")
)

// ComputeFunc runs a program on a record's file and seals what it gives. (*Computer).Compute is one.
type ComputeFunc func(ctx context.Context, c Candidate, p Plan, code []byte) (Outcome, error)

// Config sets up a Worker. All members but the durations are needed.
type Config struct {
	Policy  Policy
	Address string         // the worker's account
	Key     seal.PublicKey // the key that locations are sealed to
	Chain   Chain
	Sender  Sender
	Compute ComputeFunc
	Shares  Sharer
	Journal *Journal
	Log     *slog.Logger

	Poll   time.Duration // how often the node is asked; 1 s where zero
	Health time.Duration // how often a health line is written; 1 min where zero
	MaxRun time.Duration // how long a run may take; 10 min where zero
}

// Worker is the loop of a computing node. It is used by one goroutine.
type Worker struct {
	Config

	height   int64
	time     time.Time
	verified bool // the node has been asked for its chain since the last failure
	trouble  string
	waiting  bool // for the registration; said once
	greeted  bool // registration was seen

	records   map[string]*listed
	programs  map[string]chain.Program
	grants    map[string][]chain.Grant // of the records, in this block
	settled   map[Key]bool             // declined for good as long as this process lives
	retries   map[Key]retry
	missing   map[Key]int    // in how many blocks the chain did not show what it should
	contested map[Key]uint32 // the attempt in which the seats' words about an invalid contribution were checked last
	maxShared uint32         // how large shares may be, asked in this block; 0 where it was not
	running   Key            // the run in progress, if any
	done      chan finishedRun
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
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&cfg.Poll, time.Second}, {&cfg.Health, time.Minute}, {&cfg.MaxRun, 10 * time.Minute}} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	return &Worker{
		Config:    cfg,
		records:   map[string]*listed{},
		programs:  map[string]chain.Program{},
		settled:   map[Key]bool{},
		retries:   map[Key]retry{},
		missing:   map[Key]int{},
		contested: map[Key]uint32{},
		done:      make(chan finishedRun, 1),
	}
}

// maxPause bounds the pause after failures of the node, in polls.
const maxPause = 15

// Run works until ctx is done and then returns nil. It returns an error where going on makes no sense:
// ErrWrongChain, ErrRegistration, or a journal that cannot be written.
func (w *Worker) Run(ctx context.Context) error {
	w.Log.Info("started", "worker", w.Address, "owner", w.Policy.Owner, "chain", w.Policy.ChainID, "node", w.Policy.Node,
		"pending", len(w.Journal.Pending()))
	for _, h := range w.Policy.Hints() {
		w.Log.Warn("policy", "hint", h)
	}
	defer w.finishQuietly()
	next := time.NewTimer(0)
	defer next.Stop()
	health := time.NewTicker(w.Health)
	defer health.Stop()
	pause := w.Poll
	for {
		var err error
		select {
		case <-ctx.Done():
			w.Log.Info("stopped")
			return nil
		case <-health.C:
			w.logHealth()
			continue
		case r := <-w.done:
			err = w.finishRun(ctx, r)
		case <-next.C:
			err = w.Step(ctx)
			pause = w.pauseAfter(err, pause)
			next.Reset(pause)
		}
		if fatal(err) {
			w.Log.Error("stopped", "error", err.Error())
			return err
		}
		w.report(ctx, err)
	}
}

func fatal(err error) bool {
	return errors.Is(err, ErrWrongChain) || errors.Is(err, ErrRegistration) || errors.Is(err, ErrJournal)
}

func (w *Worker) pauseAfter(err error, pause time.Duration) time.Duration {
	if err == nil {
		return w.Poll
	}
	return min(2*pause, maxPause*w.Poll)
}

// report logs the beginning and the end of trouble with the node, not its every repetition.
func (w *Worker) report(ctx context.Context, err error) {
	switch {
	case err == nil && w.trouble != "":
		w.Log.Info("node answers again", "height", w.height)
		w.trouble = ""
	case err != nil && ctx.Err() == nil:
		w.verified = false
		level := slog.LevelDebug
		if w.trouble == "" {
			level = slog.LevelWarn
		}
		w.trouble = err.Error()
		w.Log.Log(ctx, level, "node trouble, will try again", "error", w.trouble)
	}
}

func (w *Worker) logHealth() {
	w.Log.Info("health", "height", w.height, "node", w.trouble == "", "records", w.usable(), "running", w.running.Job != "",
		"pending", len(w.Journal.Pending()), "contributed", w.counts.contributed, "delivered", w.counts.delivered,
		"paid", w.counts.paid, "declined", w.counts.declined)
}

// Step looks at the chain once, if it has a new block, and does what is to be done.
func (w *Worker) Step(ctx context.Context) error {
	if err := w.checkChain(ctx); err != nil {
		return err
	}
	s, err := w.Chain.Status(ctx)
	if err != nil {
		return err
	}
	if s.Height <= w.height {
		return nil
	}
	w.height, w.time = s.Height, s.Time
	w.grants, w.maxShared = map[string][]chain.Grant{}, 0
	if ok, err := w.checkRegistration(ctx); err != nil || !ok {
		return err
	}
	if err := w.refreshRecords(ctx); err != nil {
		return err
	}
	for _, e := range w.Journal.Pending() {
		if err := w.follow(ctx, e); err != nil {
			return err
		}
	}
	return w.seek(ctx)
}

// checkChain makes sure, after every trouble, that the node still serves the right chain.
func (w *Worker) checkChain(ctx context.Context) error {
	if w.verified {
		return nil
	}
	id, err := w.Chain.ChainID(ctx)
	if err != nil {
		return err
	}
	if id != w.Policy.ChainID {
		return fmt.Errorf("%w: %s, the policy says %s", ErrWrongChain, id, w.Policy.ChainID)
	}
	w.verified = true
	return nil
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
