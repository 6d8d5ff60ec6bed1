// Package seat is a validator's part in secure sums: it gives a key for each job in which it was drawn, judges what owners
// contribute, and opens its sum. What is left to do follows from the chain, so that it goes on after a restart. What must never be
// done twice in two ways is in its journal: the key of a job, the verify_key under which an attempt was judged, and the sum that was
// opened. So a chain that is set back, under the same name, gets no second answer. The keys of jobs are random, and erased when
// the jobs are over: who has all seats' key files later reads nothing of what owners shared before.
package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"sort"
	"time"

	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/journal"
)

// Chain is what a seat asks of a node. *chain.Client implements it.
type Chain interface {
	Status(ctx context.Context) (chain.Status, error)
	ChainID(ctx context.Context) (string, error)
	JobsBySeat(ctx context.Context, account string) ([]chain.Job, error)
	Job(ctx context.Context, id string) (chain.Job, error)
	Program(ctx context.Context, id string) (chain.Program, error)
	Contributions(ctx context.Context, jobID string) ([]chain.Contribution, error)
	Shares(ctx context.Context, jobID, recordID string) (securesum.Shared, error)
	Preparations(ctx context.Context, jobID, recordID string) (chain.Preparations, error)
}

// Sender sends the seat's transactions. *chain.Sender implements it.
type Sender interface {
	SendSpare(ctx context.Context, msg proto.Message, notAfter int64, spare uint64) (chain.TxResult, error)
}

// ErrWrongChain is an error for which a seat stops, because waiting does not mend it.
var ErrWrongChain = errors.New("the node serves another chain")

// Config sets up a Seat. All members but CPUs and the durations are needed.
type Config struct {
	ChainID string
	Address string   // the account that signs for the seat
	Journal *Journal // of this account on this chain; not closed by the seat
	Chain   Chain
	Sender  Sender
	Log     *slog.Logger

	CPUs   int           // how many contributions are judged at a time; one for each processor where zero
	Poll   time.Duration // how often the node is asked; 1 s where zero
	Health time.Duration // how often a health line is written; 1 min where zero
}

// Seat is the loop of a seat. It is used by one goroutine.
type Seat struct {
	Config

	height   int64
	verified bool // the node has been asked for its chain since the last failure
	trouble  string
	waiting  bool // for the registration; said once
	greeted  bool
	busy     bool // something was done in this block: there may be more
	sittings map[string]*sitting
	programs map[string]chain.Program
	retries  map[string]retry
	silent   map[string]string // why the seat does not answer in a job, as it was logged
	asked    map[string]int64  // the height from which the node is asked again for a job that it did not know
	counts   counts
}

type counts struct{ taken, judged, refused, opened, erased uint64 }

// retry spaces the attempts to send something that the chain refused: after 1, 2, 4, ... blocks.
type retry struct {
	next, wait int64
	reason     string
}

const (
	maxRetryWait = 8
	// maxPause is short: who is late loses a part of its bond.
	maxPause = 2 * time.Second
	// behind is how many blocks a node may be behind another at the same address. One that is further back serves a chain that was set
	// back, or the height before was wrong: waiting for that would leave the seat silent.
	behind = 10
)

// New returns a seat.
func New(cfg Config) *Seat {
	if cfg.CPUs <= 0 {
		cfg.CPUs = runtime.NumCPU()
	}
	if cfg.Poll <= 0 {
		cfg.Poll = time.Second
	}
	if cfg.Health <= 0 {
		cfg.Health = time.Minute
	}
	return &Seat{
		Config: cfg, sittings: map[string]*sitting{}, programs: map[string]chain.Program{}, retries: map[string]retry{},
		silent: map[string]string{}, asked: map[string]int64{},
	}
}

// Run works until ctx is done and then returns nil. It returns an error where going on makes no sense: ErrWrongChain, or a journal that
// cannot be written.
func (s *Seat) Run(ctx context.Context) error {
	s.Log.Info("started", "seat", s.Address, "chain", s.ChainID, "cpus", s.CPUs, "keys", len(s.Journal.Jobs()))
	next := time.NewTimer(0)
	defer next.Stop()
	health := time.NewTicker(s.Health)
	defer health.Stop()
	pause := s.Poll
	for {
		select {
		case <-ctx.Done():
			s.Log.Info("stopped")
			return nil
		case <-health.C:
			s.Log.Info("health", "height", s.height, "node", s.trouble == "", "jobs", len(s.sittings), "taken", s.counts.taken,
				"judged", s.counts.judged, "refused", s.counts.refused, "opened", s.counts.opened, "erased", s.counts.erased)
		case <-next.C:
			err := s.Step(ctx)
			if errors.Is(err, ErrWrongChain) || errors.Is(err, journal.ErrJournal) {
				s.Log.Error("stopped", "error", err.Error())
				return err
			}
			s.report(ctx, err)
			switch {
			case err != nil:
				pause = min(2*pause, maxPause)
			default:
				pause = s.Poll
			}
			if s.busy && err == nil {
				next.Reset(0)
			} else {
				next.Reset(pause)
			}
		}
	}
}

// report logs the beginning and the end of trouble with the node, not its every repetition.
func (s *Seat) report(ctx context.Context, err error) {
	switch {
	case err == nil && s.trouble != "":
		s.Log.Info("node answers again", "height", s.height)
		s.trouble = ""
	case err != nil && ctx.Err() == nil:
		s.verified = false
		level := slog.LevelDebug
		if s.trouble == "" {
			level = slog.LevelWarn
		}
		s.trouble = err.Error()
		s.Log.Log(ctx, level, "node trouble, will try again", "error", s.trouble)
	}
}

// Step looks at the chain once, if it has a new block or something was done in the last one, and does what is most urgent: at
// most one message gets into a block.
func (s *Seat) Step(ctx context.Context) error {
	if err := s.checkChain(ctx); err != nil {
		return err
	}
	status, err := s.Chain.Status(ctx)
	if err != nil {
		return err
	}
	if status.Height < s.height-behind {
		s.Log.Warn("the chain has gone back", "from", s.height, "to", status.Height)
		s.height = 0
		clear(s.retries)
		clear(s.asked)
	}
	if status.Height <= s.height && !s.busy {
		return nil
	}
	s.height, s.busy = status.Height, false
	jobs, err := s.jobs(ctx)
	if err != nil {
		return err
	}
	s.forget(jobs)
	// What ends first comes first: the chain gives seats with many jobs the time that they need in this order.
	sort.SliceStable(jobs, func(a, b int) bool { return jobs[a].DeadlineHeight < jobs[b].DeadlineHeight })
	var errs []error
	for _, job := range jobs {
		if err := s.sit(ctx, job); err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", job.Id, err))
		}
		if s.busy {
			break // blocks have passed: what ends first may be another one by now, or the rest of this one
		}
	}
	return errors.Join(append(errs, s.erase(ctx, jobs))...)
}

// checkChain makes sure, after every trouble, that the node still serves the right chain.
func (s *Seat) checkChain(ctx context.Context) error {
	if s.verified {
		return nil
	}
	id, err := s.Chain.ChainID(ctx)
	if err != nil {
		return err
	}
	if id != s.ChainID {
		return fmt.Errorf("%w: %s, the configuration says %s", ErrWrongChain, id, s.ChainID)
	}
	s.verified = true
	return nil
}

// sit does what a job needs from this seat now.
func (s *Seat) sit(ctx context.Context, job chain.Job) error {
	seat := s.seatIn(job)
	if seat < 0 {
		return nil
	}
	var err error
	switch {
	case job.Status == chain.JobSeating && job.Seats[seat].Status == chain.SeatDrawn:
		err = s.take(ctx, job)
	case job.Status == chain.JobVerifying:
		err = s.judge(ctx, job, seat)
	case job.Status == chain.JobAggregating && job.Seats[seat].Status != chain.SeatOpened:
		err = s.open(ctx, job, seat)
	}
	return s.silence(job, err)
}

// spareGas is for what a seat's answer costs more where it is the last one of a job.
const spareGas = 100_000

// take gives the key for a job.
func (s *Seat) take(ctx context.Context, job chain.Job) error {
	if s.later(job) {
		return nil
	}
	key, err := s.Journal.NewKey(job.Id)
	if err != nil {
		return err
	}
	msg := &computev1.MsgTakeSeat{Account: s.Address, JobId: job.Id, Key: key.Public().Bytes()}
	res, ok, err := s.send(ctx, job, "key", msg, spareGas)
	if err != nil || !ok {
		return err
	}
	s.counts.taken++
	s.Log.Info("took a seat", "job", job.Id, "attempt", job.Attempt, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed)
	return nil
}

// later tells that nothing can be sent for a job now: its phase ends, or an earlier refusal asks for patience.
func (s *Seat) later(job chain.Job) bool {
	return s.height < s.retries[job.Id].next || s.height >= job.DeadlineHeight
}

// send sends a message. ok tells that a block holds it. A refusal is logged once and tried again later; only trouble with the node is
// an error.
func (s *Seat) send(ctx context.Context, job chain.Job, what string, msg proto.Message, spare uint64) (res chain.TxResult, ok bool, err error) {
	r := s.retries[job.Id]
	res, err = s.Sender.SendSpare(ctx, msg, job.DeadlineHeight, spare)
	if err == nil {
		delete(s.retries, job.Id)
		s.busy = true
		return res, true, nil
	}
	var refused *chain.TxError
	if !errors.As(err, &refused) && !errors.Is(err, chain.ErrExpired) {
		return chain.TxResult{}, false, err
	}
	r.wait = min(max(1, 2*r.wait), maxRetryWait)
	r.next = s.height + r.wait
	if r.reason != err.Error() {
		r.reason = err.Error()
		s.Log.Warn(what+" not taken, will try again", "job", job.Id, "attempt", job.Attempt, "error", r.reason)
	}
	s.retries[job.Id] = r
	return chain.TxResult{}, false, nil
}

// forget drops what was kept of jobs that have ended.
func (s *Seat) forget(jobs []chain.Job) {
	open := make(map[string]bool, len(jobs))
	for _, j := range jobs {
		open[j.Id] = true
	}
	for id := range s.sittings {
		if !open[id] {
			s.Log.Info("left a job", "job", id)
			delete(s.sittings, id)
		}
	}
	maps.DeleteFunc(s.retries, func(id string, _ retry) bool { return !open[id] })
	maps.DeleteFunc(s.silent, func(id, _ string) bool { return !open[id] })
}
