package worker_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/light/lighttest"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/testutil/lies"
)

// provedLedger shows a secure sum through nodes that prove what they answer, and takes note of what is sent.
type provedLedger struct {
	*secureLedger
	chain *lighttest.Chain
	node  *nodetest.Node // the one that may lie
	other *nodetest.Node // an honest one
	now   time.Time

	sent     sync.Mutex
	shares   map[uint32][]*computev1.SharedVector // by attempt, without repetitions
	accused  map[uint32]map[uint32]bool           // seats by attempt
	messages int
	vectors  []*computev1.SealedVector // that were delivered
}

func newProvedLedger(t *testing.T) *provedLedger {
	f := newFixture(t)
	return proveLedger(t, f, newSecureLedger(t, f))
}

func proveLedger(t *testing.T, f *fixture, l *secureLedger) *provedLedger {
	p := &provedLedger{secureLedger: l, now: time.Now().Add(-time.Second), shares: map[uint32][]*computev1.SharedVector{}, accused: map[uint32]map[uint32]bool{}}
	p.chain = lighttest.New(testChain, 4, 0, p.height, p.now)
	code := map[string][]byte{f.program.Id: f.code}
	p.node, p.other = nodetest.NewNode(t, p.chain, code), nodetest.NewNode(t, p.chain, code)
	p.node.Looked = p.looked
	p.added = p.show
	for range 3 {
		p.block()
	}
	return p
}

// show adds a block with the ledger's state to the chain.
func (p *provedLedger) show() {
	var s nodetest.State
	p.with(func() {
		f := p.f
		s = nodetest.NewState(p.t, 128<<10)
		s.PutJob(p.job)
		s.PutProgram(f.program)
		s.PutRecord(f.record, f.version)
		for _, g := range p.grants {
			s.PutGrant(f.record.Id, g)
		}
		if f.panel != nil {
			panel := f.panel.Panel
			panel.Members = []chain.PanelMember{f.panel.Member}
			s.PutPanel(panel)
		}
		s.PutWorker(f.worker, chain.Worker{Owner: f.owner, PublicKey: f.keys.Reader.Public().Bytes()})
		if p.contribution != nil {
			c := *p.contribution
			if c.Status != chain.ContributionAttested {
				c.Prepared = 1<<len(p.job.Seats) - 1
			}
			s.PutContribution(p.job.Id, c, p.said)
		}
		p.now = p.now.Add(time.Millisecond)
		if late := time.Now().Add(-time.Second); late.After(p.now) {
			p.now = late // a slow machine's headers do not become stale
		}
		p.chain.Add(p.now, s.State)
	})
	p.node.Show(s.State)
	p.other.Show(s.State)
}

// Send takes note of every set of shares and every accusation that leaves the worker, taken or not.
func (p *provedLedger) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	p.sent.Lock()
	p.messages++
	switch m := msg.(type) {
	case *computev1.MsgContribute:
		if m.Shared == nil { // direct delivery
			break
		}
		known := false
		for _, s := range p.shares[m.Shared.Attempt] {
			known = known || proto.Equal(s, m.Shared)
		}
		if !known {
			p.shares[m.Shared.Attempt] = append(p.shares[m.Shared.Attempt], m.Shared)
		}
	case *computev1.MsgDeliver:
		p.vectors = append(p.vectors, m.Sealed)
	case *computev1.MsgAccuseSeat:
		attempt := p.job.Attempt
		if p.accused[attempt] == nil {
			p.accused[attempt] = map[uint32]bool{}
		}
		p.accused[attempt][m.Seat] = true
	}
	p.sent.Unlock()
	res, err := p.ledger.Send(ctx, msg, limits)
	res.Height++ // the next block shows it
	return res, err
}

// connect returns what a worker asks, with or without the honest witness.
func (p *provedLedger) connect(witness bool) chain.State {
	e := chain.Endpoints{
		ChainID: testChain, Node: p.node.Address, Trust: chain.Trust{Root: p.chain.Root(p.chain.Height())}, Folder: filepath.Join(p.t.TempDir(), "light"),
	}
	if witness {
		e.Witnesses = []string{p.other.Address}
	}
	c, err := chain.Connect(e)
	require.NoError(p.t, err)
	p.t.Cleanup(func() { require.NoError(p.t, c.Close()) })
	return c.State
}

func (p *provedLedger) start(t *testing.T, state worker.Chain, journal string, log io.Writer) *process {
	return startWorkerOn(t, p.ledger, state, p, computer(t, p.f).Compute, journal, log)
}

// requireNothingLeaked checks that each attempt got one set of shares, each of them for the key of its seat, and one accusation
// at most.
func (p *provedLedger) requireNothingLeaked(t *testing.T) {
	t.Helper()
	p.sent.Lock()
	defer p.sent.Unlock()
	for attempt, sets := range p.shares {
		require.Len(t, sets, 1, "attempt %d: sets of shares", attempt)
	}
	for attempt, seats := range p.accused {
		require.Len(t, seats, 1, "attempt %d: accused seats", attempt)
	}
}

// lies are what a node may do to its answers. A lie is told in every phase of the job.
func (p *provedLedger) lies() map[string]lies.Lie {
	return lies.Worker(p.chain, p.f.job.Id, "operator0")
}

// names are the names of all lies.
func names(t *testing.T) []string {
	return slices.Sorted(maps.Keys(newProvedLedger(t).lies()))
}

// play takes a job through an attempt, a false judgment, an accusation and the next attempt.
func (p *provedLedger) play(t *testing.T) {
	p.awaitContribution(t, 1)
	p.with(func() {
		require.Nil(t, p.judge(func(said [][]byte) { said[1] = append([]byte(nil), said[1]...); said[1][0] ^= 1 }))
	})
	p.awaitContribution(t, 2)
	p.with(func() {
		require.EqualValues(t, 2, p.job.Attempt)
		require.Equal(t, michelson, p.unshard(p.judge(nil)))
	})
}

// TestAttackLyingNode: whatever a worker's node says, in every phase of a job, no share leaves for another key than a seat's, no
// attempt gets two sets of shares or two accusations, and with an honest witness the job goes on to its end.
func TestAttackLyingNode(t *testing.T) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvedLedger(t)
			state := p.connect(true)
			p.node.Alter(p.lies()[name])
			w := p.start(t, state, filepath.Join(t.TempDir(), "journal"), io.Discard)
			p.play(t)
			w.stop(t)
			require.Equal(t, map[string]int{typeContribute: 2, typeAccuse: 1}, p.taken)
			require.Zero(t, p.refused)
			p.requireNothingLeaked(t)
		})
	}
	t.Run("the truth", func(t *testing.T) {
		t.Parallel()
		p := newProvedLedger(t)
		w := p.start(t, p.connect(false), filepath.Join(t.TempDir(), "journal"), io.Discard)
		p.play(t)
		w.stop(t)
		require.Equal(t, map[string]int{typeContribute: 2, typeAccuse: 1}, p.taken)
		require.Zero(t, p.refused)
		p.requireNothingLeaked(t)
	})
}

// TestAttackLyingNodeAlone: without a witness a lie can stop a job, and gives nothing away.
func TestAttackLyingNodeAlone(t *testing.T) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvedLedger(t)
			state := p.connect(false)
			p.node.Alter(p.lies()[name])
			w := p.start(t, state, filepath.Join(t.TempDir(), "journal"), io.Discard)
			for range 40 {
				p.awaitLook(t)
				p.block()
			}
			w.stop(t)
			p.requireNothingLeaked(t)
			if p.count(typeContribute) > 0 {
				p.with(func() { require.Equal(t, michelson, p.unshard(p.judge(nil)), "sealed to the seats") })
			}
			switch name {
			case "absent", "value without proof", "header with another app hash", "one seat's key for all", "no ABCIQuery", "silent":
				require.Zero(t, p.messages, "nothing is sent")
			}
		})
	}
}

// TestAttackOtherKeysForAnAttempt: even if everything that is asked says so, an attempt is never shared for a second set of keys. The
// chain of this test lies itself, as two thirds of the stake can.
func TestAttackOtherKeysForAnAttempt(t *testing.T) {
	for name, tc := range map[string]struct {
		attempts []uint32 // after the first
		keys     []bool   // whether they are others'
		sets     map[uint32]int
	}{
		"same attempt":         {[]uint32{1}, []bool{true}, map[uint32]int{1: 1}},
		"back from the second": {[]uint32{2, 1}, []bool{false, true}, map[uint32]int{1: 1, 2: 1}},
		"second, other keys":   {[]uint32{2, 2}, []bool{false, true}, map[uint32]int{1: 1, 2: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			s := newSecureLedger(t, f)
			p := &provedLedger{secureLedger: s, shares: map[uint32][]*computev1.SharedVector{}, accused: map[uint32]map[uint32]bool{}}
			journal := filepath.Join(t.TempDir(), "journal")
			s.afterMsg = func() error { return errNetwork } // it never learns that it was taken
			forget := func() { s.contribution = nil }
			w := p.start(t, s.ledger, journal, io.Discard)
			s.awaitContribution(t, 1)
			for i, attempt := range tc.attempts {
				s.with(func() {
					forget()
					s.begin(1, attempt, -1)
					if tc.keys[i] {
						s.job.Seats = append([]chain.JobSeat(nil), s.job.Seats...)
						for n := range s.job.Seats {
							s.job.Seats[n].Key = nodetest.Key(fmt.Sprint("attacker", n)).Public().Bytes()
						}
					}
				})
				for range 20 {
					s.awaitLook(t)
					s.block()
				}
				w.stop(t) // a restart changes nothing
				w = p.start(t, s.ledger, journal, io.Discard)
			}
			w.stop(t)
			got := map[uint32]int{}
			for attempt, sets := range p.shares {
				got[attempt] = len(sets)
			}
			require.Equal(t, tc.sets, got)
		})
	}
}

// TestAttackSecondAccusation: an accusation gives the share of one seat away. No second seat is accused in an attempt, whatever is said of its
// preparation, over restarts too.
func TestAttackSecondAccusation(t *testing.T) {
	f := newFixture(t)
	s := newSecureLedger(t, f)
	p := &provedLedger{secureLedger: s, shares: map[uint32][]*computev1.SharedVector{}, accused: map[uint32]map[uint32]bool{}}
	journal := filepath.Join(t.TempDir(), "journal")
	w := p.start(t, s.ledger, journal, io.Discard)
	s.awaitContribution(t, 1)
	said := func(liar int) {
		s.with(func() {
			s.job.Status, s.contribution.Status = chain.JobContributing, chain.ContributionAttested
			s.judge(func(said [][]byte) { said[liar] = append([]byte(nil), said[liar]...); said[liar][0] ^= 1 })
		})
	}
	// The chain says that the seat did nothing wrong, and then that another one has lied.
	s.fail = func(call string) error {
		if call == "send" {
			return &chain.TxError{Codespace: "compute", Code: 48, Log: "the seat did nothing wrong"}
		}
		return nil
	}
	for _, liar := range []int{1, 2, 0, 1} {
		said(liar)
		for range 10 {
			s.awaitLook(t)
			s.block()
		}
		w.stop(t)
		w = p.start(t, s.ledger, journal, io.Discard)
	}
	w.stop(t)
	require.Equal(t, map[uint32]map[uint32]bool{1: {1: true}}, p.accused)
}

// TestAttackLyingNodeInDirectDelivery: in direct delivery the vector is the owner's own. Whatever the node says, of the reader's key too,
// it is sealed to the reader that the chain proves, and not handed over before the chain proves the cohort; with an honest witness it is
// delivered.
func TestAttackLyingNodeInDirectDelivery(t *testing.T) {
	direct := func(t *testing.T) *provedLedger {
		f := newFixture(t)
		return proveLedger(t, f, &secureLedger{t: t, ledger: newLedger(f)})
	}
	told := func(p *provedLedger) map[string]lies.Lie {
		all := p.lies()
		attacker := nodetest.Key("attacker").Public().Bytes()
		all["lists with another reader"] = func(_ string, _, res proto.Message) error {
			if r, ok := res.(*computev1.QueryJobsByPoolResponse); ok {
				for _, j := range r.Jobs {
					j.Spec.ReaderKey, j.Spec.MinCohort = attacker, 1
				}
			}
			return nil
		}
		all["lists of delivering jobs"] = func(_ string, _, res proto.Message) error {
			if r, ok := res.(*computev1.QueryJobsByPoolResponse); ok {
				for _, j := range r.Jobs {
					j.Status = computev1.JobStatus_JOB_STATUS_DELIVERING
				}
			}
			return nil
		}
		return all
	}
	for _, name := range slices.Sorted(maps.Keys(told(direct(t)))) {
		for _, witness := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, witness %t", name, witness), func(t *testing.T) {
				t.Parallel()
				p := direct(t)
				state := p.connect(witness)
				p.node.Alter(told(p)[name])
				w := p.start(t, state, filepath.Join(t.TempDir(), "journal"), io.Discard)
				if witness {
					eventually(t, p.ledger, "a delivery", func() bool { return p.count(typeDeliver) > 0 })
				} else {
					for range 60 {
						p.awaitLook(t)
						p.block()
					}
				}
				w.stop(t)
				p.sent.Lock()
				defer p.sent.Unlock()
				require.LessOrEqual(t, len(p.vectors), p.taken[typeDeliver], "none was handed over too early")
				for _, v := range p.vectors {
					require.Equal(t, michelson, p.f.open(t, result.Sealed{Enc: v.Enc, Ciphertext: v.Ciphertext}), "sealed to the proved reader")
				}
			})
		}
	}
}
