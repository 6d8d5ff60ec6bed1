// Package follow is the loop of a process that follows a chain through one node, and its way to send transactions.
//
// A Loop asks the node for its newest block and calls Step once for each block that it sees. It makes sure that the
// node serves the right chain, goes on after trouble with the node with pauses of bounded length, and says so in the
// log. A node need not be honest, and there may be several behind one address. A height far below the last one means
// that the chain was set back, or that the last height was wrong. The loop then goes on from the lower height, so that no
// wrong answer makes the process wait for a block that does not come.
//
// An Outbox sends messages, and tries again later what the chain has refused.
//
// A step can be repeated for the same block, and a height can be seen again. So what a process must not do twice belongs
// in its journal.
package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/alita-network/alita/node/chain"
)

// Chain has the queries of a loop. *chain.Client implements it.
type Chain interface {
	Status(ctx context.Context) (chain.Status, error)
	ChainID(ctx context.Context) (string, error)
}

// witnessed is a Chain that compares the node with others. *chain.Proving implements it.
type witnessed interface {
	// Agreed is how many other nodes showed the newest header as well, and of how many.
	Agreed() (agreed, of int)
}

// ErrWrongChain ends a loop if the node serves another chain: waiting does not mend that.
var ErrWrongChain = errors.New("the node serves another chain")

// mostIdle is how long a loop asks nothing at most: with proved answers each question renews the trust, which ends after two
// weeks.
const mostIdle = time.Hour

// behind is how many blocks one node may lag behind another at the same address.
const behind = 10

// Config sets up a Loop. The functions are called by one goroutine, the one that runs the loop.
type Config struct {
	ChainID string // of the chain that is followed
	Chain   Chain
	Log     *slog.Logger

	Poll     time.Duration // how often the node is asked for its newest block; 1 s if zero, an hour at most
	Health   time.Duration // how often a health line is logged; 1 min if zero
	MaxPause time.Duration // the longest pause after trouble with the node; 15 polls if zero, an hour at most

	// Step does what a block calls for. With more it is called again at once, even for the same block. An error
	// among Fatal ends the loop, any other one is trouble with the node.
	Step  func(ctx context.Context, at chain.Status) (more bool, err error)
	Fatal []error
	// SetBack forgets what was concluded from heights: they begin again below the ones that Step has seen.
	SetBack func()
	// Report returns attributes for the health line.
	Report func() []any

	// Ended has a value if work that goes on next to the loop has ended; Finish is then called at once, whatever the
	// node does. Both can be nil. Errors of Finish are treated like errors of Step.
	Ended  <-chan struct{}
	Finish func(ctx context.Context) error
}

// Loop follows a chain. It is used by one goroutine.
type Loop struct {
	cfg      Config
	height   int64  // of the newest block that a step was made for
	more     bool   // the last step asked for another one
	failed   bool   // the last step failed, and is not repeated before the next block
	verified bool   // the node was asked for its chain since the last trouble
	trouble  string // with the node; empty if there is none
}

// New returns a loop.
func New(cfg Config) *Loop {
	if cfg.Poll <= 0 {
		cfg.Poll = time.Second
	}
	if cfg.Health <= 0 {
		cfg.Health = time.Minute
	}
	if cfg.MaxPause <= 0 {
		cfg.MaxPause = 15 * cfg.Poll
	}
	cfg.Poll, cfg.MaxPause = min(cfg.Poll, mostIdle), min(cfg.MaxPause, mostIdle)
	cfg.Fatal = append(slices.Clone(cfg.Fatal), ErrWrongChain)
	return &Loop{cfg: cfg}
}

// Run follows the chain until ctx is done and then returns nil. The error is ErrWrongChain or one of Fatal.
func (l *Loop) Run(ctx context.Context) error {
	next := time.NewTimer(0)
	defer next.Stop()
	health := time.NewTicker(l.cfg.Health)
	defer health.Stop()
	pause := l.cfg.Poll
	for {
		var err error
		select {
		case <-ctx.Done():
			l.cfg.Log.Info("stopped")
			return nil
		case <-health.C:
			attrs := []any{"height", l.height, "node", l.trouble == ""}
			if w, ok := l.cfg.Chain.(witnessed); ok {
				agreed, of := w.Agreed()
				attrs = append(attrs, "witnesses", of, "agreed", agreed)
			}
			l.cfg.Log.Info("health", append(attrs, l.cfg.Report()...)...)
			continue
		case <-l.cfg.Ended:
			err = l.cfg.Finish(ctx)
		case <-next.C:
			err = l.Look(ctx)
			switch {
			case err != nil:
				pause = min(2*pause, l.cfg.MaxPause)
				next.Reset(pause)
			case l.more:
				next.Reset(0)
			default:
				pause = l.cfg.Poll
				next.Reset(pause)
			}
		}
		if l.fatal(err) {
			l.cfg.Log.Error("stopped", "error", err.Error())
			return err
		}
		l.report(ctx, err)
	}
}

func (l *Loop) fatal(err error) bool {
	return slices.ContainsFunc(l.cfg.Fatal, func(target error) bool { return errors.Is(err, target) })
}

// report logs the beginning and the end of trouble with the node, not its every repetition.
func (l *Loop) report(ctx context.Context, err error) {
	switch {
	case err == nil && l.trouble != "" && !l.failed:
		l.cfg.Log.Info("node answers again", "height", l.height)
		l.trouble = ""
	case err != nil && ctx.Err() == nil:
		l.verified = false
		level := slog.LevelDebug
		if l.trouble == "" {
			level = slog.LevelWarn
		}
		l.trouble = err.Error()
		l.cfg.Log.Log(ctx, level, "node trouble, will try again", "error", l.trouble)
	}
}

// Look asks the node for its newest block and makes a step if there is one that it has not seen, or if the last step
// asked for more.
func (l *Loop) Look(ctx context.Context) error {
	if err := l.checkChain(ctx); err != nil {
		return err
	}
	at, err := l.cfg.Chain.Status(ctx)
	if err != nil {
		return err
	}
	if at.Height < l.height-behind {
		l.cfg.Log.Warn("the chain has gone back", "from", l.height, "to", at.Height)
		l.height = 0
		l.cfg.SetBack()
	}
	if at.Height <= l.height && !l.more {
		return nil
	}
	l.height = at.Height
	l.more, err = l.cfg.Step(ctx, at)
	l.failed = err != nil
	return err
}

// checkChain makes sure, at the start and after every trouble, that the node serves the right chain.
func (l *Loop) checkChain(ctx context.Context) error {
	if l.verified {
		return nil
	}
	id, err := l.cfg.Chain.ChainID(ctx)
	if err != nil {
		return err
	}
	if id != l.cfg.ChainID {
		return fmt.Errorf("%w: expected %s, got %s", ErrWrongChain, l.cfg.ChainID, id)
	}
	l.verified = true
	return nil
}
