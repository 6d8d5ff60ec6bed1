package seat_test

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/light/lighttest"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/seat"
	"github.com/alita-network/alita/testutil/lies"
)

// provedLedger shows a ledger through nodes that prove what they answer.
type provedLedger struct {
	*ledger
	chain *lighttest.Chain
	node  *nodetest.Node // the one that may lie
	other *nodetest.Node // an honest one
	now   time.Time
}

func newProvedLedger(t *testing.T) *provedLedger {
	p := &provedLedger{ledger: newLedger(t), now: time.Now().Add(-time.Second)}
	p.chain = lighttest.New(testChain, 4, 0, p.height, p.now)
	p.node, p.other = nodetest.NewNode(t, p.chain, nil), nodetest.NewNode(t, p.chain, nil)
	for range 5 {
		p.show()
	}
	return p
}

// show adds a block with the ledger's state to the chain.
func (p *provedLedger) show() {
	s := nodetest.NewState(p.t, 128<<10)
	s.PutJob(p.job)
	s.PutProgram(p.program)
	for _, c := range p.contributions {
		s.PutContribution(p.job.Id, c, chain.Preparations{Shares: p.said[c.Record], Message: p.messages[c.Record]})
		s.PutShares(p.job.Id, c.Record, p.shared[c.Record], c.Attempt)
	}
	p.now = p.now.Add(time.Millisecond)
	if late := time.Now().Add(-time.Second); late.After(p.now) {
		p.now = late // a slow machine's headers do not become stale
	}
	p.chain.Add(p.now, s.State)
	p.height = p.chain.Height()
	p.node.Show(s.State)
	p.other.Show(s.State)
}

// connected asks with proofs and sends to the ledger.
type connected struct {
	seat.Chain
	follow.Sender
}

func (p *provedLedger) connect(witness bool) connected {
	e := chain.Endpoints{ChainID: testChain, Node: p.node.Address, Trust: chain.Trust{Root: p.chain.Root(p.chain.Height())}}
	if witness {
		e.Witnesses = []string{p.other.Address}
	}
	c, err := chain.Connect(e)
	require.NoError(p.t, err)
	p.t.Cleanup(func() { require.NoError(p.t, c.Close()) })
	return connected{c.State, p}
}

// Send has messages in the next block, which the state shows then.
func (p *provedLedger) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	res, err := p.ledger.Send(ctx, msg, limits)
	res.Height = p.height + 1
	return res, err
}

// step makes blocks, and lets the seat look at each, until the condition holds.
func (p *provedLedger) step(t *testing.T, s *seat.Seat, what string, ok func() bool) {
	t.Helper()
	for range 30 {
		if ok() {
			return
		}
		p.show()
		_ = s.Step(t.Context()) // a lie may cost a block
	}
	require.True(t, ok(), what)
}

func (p *provedLedger) lies() map[string]lies.Lie {
	all := lies.All(p.chain, "Block", "ABCIQuery", "JobsBySeat", "Contributions", "Shares")
	all["shares of another record"] = func(_ string, req, res proto.Message) error {
		if r, ok := res.(*computev1.QuerySharesResponse); ok {
			for _, other := range p.shared {
				r.Shared = chain.SharedVector(other, p.job.Attempt)
			}
		}
		return nil
	}
	all["another verify_key"] = func(_ string, _, res proto.Message) error {
		if r, ok := res.(*computev1.QueryJobsBySeatResponse); ok {
			for _, j := range r.Jobs {
				j.VerifyKey, j.Spec.ReaderKey = []byte(strings.Repeat("x", len(j.VerifyKey))), []byte("reader")
			}
		}
		return nil
	}
	all["other contributions"] = func(_ string, _, res proto.Message) error {
		if r, ok := res.(*computev1.QueryContributionsResponse); ok {
			for _, c := range r.Contributions {
				c.Owner, c.Attempt, c.Prepared = p.account, c.Attempt+1, 0
			}
		}
		return nil
	}
	return all
}

// TestAttackLyingNodeOfASeat: whatever a seat's node says, in every phase of a job, the seat gives one key, judges under the chain's
// verify_key and opens the right sum to the right reader, if it has an honest witness.
func TestAttackLyingNodeOfASeat(t *testing.T) {
	for _, name := range append(slices.Sorted(maps.Keys(newProvedLedger(t).lies())), "the truth") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvedLedger(t)
			n := p.connect(true)
			p.node.Alter(p.lies()[name])
			s := startSeat(t, p.ledger, n, io.Discard)
			p.step(t, s, "a key", func() bool { return p.job.Seats[mine].Status == chain.SeatSeated })
			p.contribute(3, nil)
			p.othersPrepare()
			p.step(t, s, "judgments", func() bool { return p.job.Status == chain.JobAggregating })
			p.step(t, s, "a sum", func() bool { return p.opened != nil })
			p.requireSum(0, 1, 2)
			p.requireOneAnswer()
			require.Equal(t, map[string]int{"MsgTakeSeat": 1, "MsgPrepare": 1, "MsgOpenSum": 1}, p.taken)
			require.Zero(t, p.refused)
		})
	}
}

// TestAttackLyingNodeAloneWithASeat: without a witness the seat says nothing on the word of a node that proves nothing.
func TestAttackLyingNodeAloneWithASeat(t *testing.T) {
	for _, name := range []string{"silent", "header with another app hash", "absence of everything", "value without proof", "no ABCIQuery"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvedLedger(t)
			n := p.connect(false)
			p.node.Alter(p.lies()[name])
			s := startSeat(t, p.ledger, n, io.Discard)
			for range 10 {
				p.show()
				_ = s.Step(t.Context())
			}
			require.Empty(t, p.taken)
			require.Zero(t, p.refused)
			p.node.Alter(nil)
			p.step(t, s, "a key", func() bool { return p.job.Seats[mine].Status == chain.SeatSeated })
		})
	}
}
