// Package seat is a validator's part in secure sums: it gives a key for each job in which it was drawn, hands in noise, judges the owners'
// contributions, and opens its sum. It learns from the chain what is left to do, so it goes on after a restart.
//
// The journal holds every answer that a seat must give in one way only: the key of a job, the verify_key under which an attempt
// was judged, and the sum that was opened. So a chain that is set back, under the same name, gets no second answer. The keys of
// jobs are random, and erased when the jobs are over. Somebody who later gets the key files of all seats can read nothing that
// owners shared before.
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
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/journal"
	"github.com/alita-network/alita/terms"
)

// Chain has the queries of a seat. *chain.Client implements it.
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

// Config sets up a Seat. All members but CPUs and the durations are needed.
type Config struct {
	ChainID string
	Address string   // the account that signs for the seat
	Journal *Journal // of this account on this chain; not closed by the seat
	Chain   Chain
	Sender  follow.Sender
	Log     *slog.Logger

	CPUs   int           // how many contributions are judged at a time; one for each processor if zero
	Poll   time.Duration // how often the node is asked; 1 s if zero
	Health time.Duration // how often a health line is written; 1 min if zero
}

// Seat follows the chain for a seat. It is used by one goroutine.
type Seat struct {
	Config

	loop     *follow.Loop
	outbox   *follow.Outbox[string] // by job
	height   int64
	waiting  bool // for the registration; said once
	greeted  bool
	busy     bool // a message got into a block in this step: there may be more to do
	sittings map[string]*sitting
	noises   map[string]madeNoise // by job
	programs map[string]chain.Program
	silent   map[string]string // why the seat does not answer in a job, as it was logged
	asked    map[string]int64  // the height from which the node is asked again for a job that it did not know
	counts   counts
}

type counts struct{ taken, noises, judged, refused, opened, erased uint64 }

const (
	// maxWait is how many blocks pass at most before a message that was refused is sent again.
	maxWait = 8
	// maxPause is short: a seat that is late loses a part of its bond.
	maxPause = 2 * time.Second
)

// New returns a seat.
func New(cfg Config) *Seat {
	if cfg.CPUs <= 0 {
		cfg.CPUs = runtime.NumCPU()
	}
	s := &Seat{
		Config: cfg, outbox: follow.NewOutbox[string](cfg.Sender, cfg.Log, maxWait),
		sittings: map[string]*sitting{}, noises: map[string]madeNoise{}, programs: map[string]chain.Program{}, silent: map[string]string{}, asked: map[string]int64{},
	}
	s.loop = follow.New(follow.Config{
		ChainID: cfg.ChainID, Chain: cfg.Chain, Log: cfg.Log, Poll: cfg.Poll, Health: cfg.Health, MaxPause: maxPause,
		Step: s.step, Fatal: []error{journal.ErrJournal}, SetBack: s.setBack, Report: s.report,
	})
	return s
}

// Run works until ctx is done and then returns nil. It returns an error if going on makes no sense: follow.ErrWrongChain, or
// journal.ErrJournal if the journal cannot be written.
func (s *Seat) Run(ctx context.Context) error {
	s.Log.Info("started", "seat", s.Address, "chain", s.ChainID, "cpus", s.CPUs, "keys", len(s.Journal.Jobs()))
	return s.loop.Run(ctx)
}

func (s *Seat) report() []any {
	return []any{
		"jobs", len(s.sittings), "taken", s.counts.taken, "noises", s.counts.noises, "judged", s.counts.judged, "refused", s.counts.refused,
		"opened", s.counts.opened, "erased", s.counts.erased,
	}
}

// Step looks at the chain once.
func (s *Seat) Step(ctx context.Context) error { return s.loop.Look(ctx) }

// setBack forgets what waits for a height.
func (s *Seat) setBack() {
	s.outbox.Reset()
	for _, st := range s.sittings {
		clear(st.said)
	}
	clear(s.asked)
}

// step does the most urgent thing: it sends at most one message.
func (s *Seat) step(ctx context.Context, at chain.Status) (more bool, err error) {
	s.height, s.busy = at.Height, false
	jobs, err := s.jobs(ctx)
	if err != nil {
		return false, err
	}
	s.forget(jobs)
	// The job that ends first comes first. Deadlines on the chain allow a seat with many jobs to answer in this order.
	sort.SliceStable(jobs, func(a, b int) bool { return jobs[a].DeadlineHeight < jobs[b].DeadlineHeight })
	var errs []error
	for _, job := range jobs {
		if err := s.sit(ctx, job); err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", job.Id, err))
		}
		if s.busy {
			break // blocks have passed: another job may end first by now, or this one needs more
		}
	}
	return s.busy, errors.Join(append(errs, s.erase(ctx, jobs))...)
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
		err = s.giveKey(ctx, job)
	case job.Status == chain.JobContributing && job.IsNoised() && job.Seats[seat].Noise == nil:
		err = s.addNoise(ctx, job, seat)
	case job.Status == chain.JobVerifying:
		err = s.judge(ctx, job, seat)
	case job.Status == chain.JobContesting && job.Seats[seat].Noise != nil && job.Seats[seat].Noise.Status == chain.ContributionInvalid:
		err = s.contest(ctx, job, seat)
	case job.Status == chain.JobAggregating && job.Seats[seat].Status != chain.SeatOpened:
		err = s.openSum(ctx, job, seat)
	}
	return s.silence(job, err)
}

// giveKey gives the key for a job.
func (s *Seat) giveKey(ctx context.Context, job chain.Job) error {
	if s.later(job) || !s.outbox.Shown(job.Id, s.height) {
		return nil
	}
	if job.Vdaf != securesum.Draft {
		return fmt.Errorf("%w: vdaf: expected %s, the draft of this binary, got %.80q; update alita-worker", terms.ErrDraft, securesum.Draft, job.Vdaf)
	}
	key, err := s.Journal.NewKey(job.Id)
	if err != nil {
		return err
	}
	msg := &computev1.MsgTakeSeat{Account: s.Address, JobId: job.Id, Key: key.Public().Bytes()}
	res, ok, err := s.send(ctx, job, "key", msg, terms.KeyGas)
	if err != nil || !ok {
		return err
	}
	s.counts.taken++
	s.Log.Info("took a seat", "job", job.Id, "attempt", job.Attempt, "height", res.Height, "tx", res.Hash, "gas", res.GasUsed)
	return nil
}

// later reports whether nothing can be sent for a job now: its phase ends, or an earlier refusal asks for patience.
func (s *Seat) later(job chain.Job) bool {
	return s.outbox.Waits(job.Id, s.height) || s.height >= job.DeadlineHeight
}

// send sends an answer in the present phase of a job, which costs at most some gas. That much is asked for: what others do before
// it in its block can make it cost more than it does in a simulation, which is asked if the gas is 0. ok reports whether a block holds it.
func (s *Seat) send(ctx context.Context, job chain.Job, name string, msg proto.Message, most uint64) (res chain.TxResult, ok bool, err error) {
	res, ok, err = s.outbox.Send(ctx, s.height, follow.Message[string]{
		Key: job.Id, Body: msg, Limits: chain.Limits{NotAfter: job.DeadlineHeight, MostGas: most, Lane: chain.LaneSeats},
		Name: name, Attrs: []any{"job", job.Id, "attempt", job.Attempt},
	})
	s.busy = s.busy || ok
	return res, ok, err
}

// forget drops the memory of jobs that have ended.
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
	maps.DeleteFunc(s.noises, func(id string, _ madeNoise) bool { return !open[id] })
	s.outbox.Retain(func(id string) bool { return open[id] })
	maps.DeleteFunc(s.silent, func(id, _ string) bool { return !open[id] })
}
