package follow_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
)

const testChain = "alita-test-1"

var (
	errDown  = errors.New("connection refused")
	errStep  = errors.New("the query failed")
	errFatal = errors.New("the disk is full")
)

// answer is what a node says to one look of a loop, and what the step does then.
type answer struct {
	down   bool
	chain  string // another chain than the right one
	height int64
	step   error
	more   bool
}

// node gives one answer after the other, the last one for ever. Each look asks for the height once, unless the chain
// is asked for before and that fails.
type node struct {
	answers []answer
	next    int
	asked   []time.Duration // when a look began, since the start of the test
	start   time.Time
	heights []int64 // of the steps
	backs   int
}

func (n *node) now() answer { return n.answers[min(n.next, len(n.answers)-1)] }

func (n *node) ChainID(context.Context) (string, error) {
	a := n.now()
	if a.down || a.chain != "" {
		n.looked()
	}
	if a.down {
		return "", errDown
	}
	if a.chain != "" {
		return a.chain, nil
	}
	return testChain, nil
}

func (n *node) looked() {
	n.asked = append(n.asked, time.Since(n.start))
	n.next++
}

func (n *node) Status(context.Context) (chain.Status, error) {
	a := n.now()
	n.looked()
	if a.down {
		return chain.Status{}, errDown
	}
	return chain.Status{Height: a.height}, nil
}

func (n *node) config(log *bytes.Buffer) follow.Config {
	return follow.Config{
		ChainID: testChain, Chain: n, Log: slog.New(slog.NewJSONHandler(log, nil)), MaxPause: 8 * time.Second,
		Step: func(_ context.Context, at chain.Status) (bool, error) {
			n.heights = append(n.heights, at.Height)
			a := n.answers[n.next-1]
			return a.more, a.step
		},
		Fatal:   []error{errFatal},
		SetBack: func() { n.backs++ },
		Report:  func() []any { return []any{"steps", len(n.heights)} },
	}
}

// messages are the lines of a log at the levels of a user, without "health".
func messages(t testing.TB, log *bytes.Buffer) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(log.String()) {
		var m struct{ Msg string }
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		if m.Msg != "health" {
			out = append(out, m.Msg)
		}
	}
	return out
}

const (
	trouble = "node trouble, will try again"
	heals   = "node answers again"
	back    = "the chain has gone back"
	stopped = "stopped"
)

func seconds(s ...int) []time.Duration {
	out := make([]time.Duration, len(s))
	for i := range s {
		out[i] = time.Duration(s[i]) * time.Second
	}
	return out
}

func TestLoop(t *testing.T) {
	down := answer{down: true}
	at := func(heights ...int64) []answer {
		var out []answer
		for _, h := range heights {
			out = append(out, answer{height: h})
		}
		return out
	}
	for name, tc := range map[string]struct {
		answers []answer
		asked   []time.Duration // of all answers
		steps   []int64
		backs   int
		log     []string
		err     error
	}{
		"one step for each block": {
			answers: at(5, 5, 6, 6, 6, 9), asked: seconds(0, 1, 2, 3, 4, 5), steps: []int64{5, 6, 9},
			log: []string{stopped},
		},
		"more to do in a block": {
			answers: []answer{{height: 5, more: true}, {height: 5, more: true}, {height: 5}, {height: 5}},
			asked:   seconds(0, 0, 0, 1), steps: []int64{5, 5, 5}, log: []string{stopped},
		},
		"node down at the start": {
			answers: append([]answer{down, down, down, down, down}, at(5)...), asked: seconds(0, 2, 6, 14, 22, 30), steps: []int64{5},
			log: []string{trouble, heals, stopped},
		},
		"node down for some time": {
			answers: []answer{{height: 5}, down, down, {height: 5}, {height: 6}}, asked: seconds(0, 1, 3, 7, 8), steps: []int64{5, 6},
			log: []string{trouble, heals, stopped},
		},
		"node lags": {
			answers: at(20, 10, 20, 19, 21), asked: seconds(0, 1, 2, 3, 4), steps: []int64{20, 21}, log: []string{stopped},
		},
		"height goes back": {
			answers: at(20, 9, 10, 10), asked: seconds(0, 1, 2, 3), steps: []int64{20, 9, 10}, backs: 1, log: []string{back, stopped},
		},
		"height jumps and comes back": {
			answers: at(12, 1_000_000, 12, 13), asked: seconds(0, 1, 2, 3), steps: []int64{12, 1_000_000, 12, 13}, backs: 1,
			log: []string{back, stopped},
		},
		"two nodes that are far apart": {
			answers: at(12, 1_000_000, 12, 1_000_001, 13), asked: seconds(0, 1, 2, 3, 4), steps: []int64{12, 1_000_000, 12, 1_000_001, 13},
			backs: 2, log: []string{back, back, stopped},
		},
		"height goes back while there is more to do": {
			answers: []answer{{height: 50, more: true}, {height: 8}}, asked: seconds(0, 0), steps: []int64{50, 8}, backs: 1,
			log: []string{back, stopped},
		},
		"negative height": {
			answers: at(12, -1, 12), asked: seconds(0, 1, 2), steps: []int64{12, 12}, backs: 1, log: []string{back, stopped},
		},
		"failed step": {
			// It is not repeated in the same block, and only a step that succeeds ends the trouble.
			answers: []answer{{height: 5, step: errStep}, {height: 5}, {height: 6, step: errStep}, {height: 6}, {height: 7}},
			asked:   seconds(0, 2, 3, 5, 6), steps: []int64{5, 6, 7}, log: []string{trouble, heals, stopped},
		},
		"fatal step": {
			answers: []answer{{height: 5}, {height: 6, step: errors.Join(errStep, errFatal)}, {height: 7}},
			asked:   seconds(0, 1), steps: []int64{5, 6}, log: []string{stopped}, err: errFatal,
		},
		"another chain at the start": {
			answers: []answer{{chain: "other-1"}}, asked: seconds(0), log: []string{stopped}, err: follow.ErrWrongChain,
		},
		"another chain after a restart of the node": {
			answers: []answer{{height: 5}, down, {chain: "other-1"}}, asked: seconds(0, 1, 3), steps: []int64{5},
			log: []string{trouble, stopped}, err: follow.ErrWrongChain,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &node{answers: tc.answers, start: time.Now()}
				var log bytes.Buffer
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- follow.New(n.config(&log)).Run(ctx) }()
				time.Sleep(tc.asked[len(tc.asked)-1]) // in the time of this test alone
				synctest.Wait()
				cancel()
				require.ErrorIs(t, <-ended, tc.err)
				require.Equal(t, tc.asked, n.asked)
				require.Equal(t, tc.steps, n.heights)
				require.Equal(t, tc.backs, n.backs)
				require.Equal(t, tc.log, messages(t, &log))
			})
		})
	}
}

// A loop that is ended while it waits for a node that is down, or for a block, ends at once.
func TestLoopEndsDuringAPause(t *testing.T) {
	for name, answers := range map[string][]answer{"down": {{down: true}}, "no block": {{height: 5}}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &node{answers: answers, start: time.Now()}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- follow.New(n.config(&bytes.Buffer{})).Run(ctx) }()
				time.Sleep(time.Minute + time.Millisecond)
				synctest.Wait()
				looks, at := len(n.asked), time.Now()
				cancel()
				require.NoError(t, <-ended)
				require.Equal(t, at, time.Now())
				require.Len(t, n.asked, looks)
			})
		})
	}
}

// A step that its context interrupts is no trouble with the node.
func TestLoopEndsDuringAStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{answers: []answer{{height: 5}}, start: time.Now()}
		var log bytes.Buffer
		cfg := n.config(&log)
		cfg.Step = func(ctx context.Context, _ chain.Status) (bool, error) {
			<-ctx.Done()
			return false, ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- follow.New(cfg).Run(ctx) }()
		synctest.Wait()
		cancel()
		require.NoError(t, <-ended)
		require.Equal(t, []string{stopped}, messages(t, &log))
	})
}

// What has ended is finished at once, although the node is down and the loop pauses; its errors count as those of a step.
func TestLoopFinishesWhatHasEnded(t *testing.T) {
	for name, result := range map[string]error{"good": nil, "trouble": errStep, "fatal": errFatal} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := &node{answers: []answer{{down: true}}, start: time.Now()}
				var finished []time.Duration
				work := make(chan struct{}, 1)
				cfg := n.config(&bytes.Buffer{})
				cfg.Ended = work
				cfg.Finish = func(context.Context) error {
					finished = append(finished, time.Since(n.start))
					return result
				}
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- follow.New(cfg).Run(ctx) }()
				time.Sleep(90 * time.Second)
				work <- struct{}{}
				synctest.Wait()
				require.Equal(t, []time.Duration{90 * time.Second}, finished)
				if errors.Is(result, errFatal) {
					require.ErrorIs(t, <-ended, errFatal)
					cancel()
					return
				}
				cancel()
				require.NoError(t, <-ended)
			})
		})
	}
}

func TestLoopReportsItsHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &node{answers: []answer{{height: 5}, {height: 6}, {down: true}}, start: time.Now()}
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- follow.New(n.config(&log)).Run(ctx) }()
		time.Sleep(61 * time.Second)
		synctest.Wait()
		cancel()
		require.NoError(t, <-ended)
		var line map[string]any
		for l := range strings.Lines(log.String()) {
			if strings.Contains(l, `"health"`) {
				require.Nil(t, line)
				require.NoError(t, json.Unmarshal([]byte(l), &line))
			}
		}
		require.EqualValues(t, 6, line["height"])
		require.Equal(t, false, line["node"])
		require.EqualValues(t, 2, line["steps"])
	})
}
