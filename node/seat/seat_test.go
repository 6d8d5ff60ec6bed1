package seat_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/seat"
)

// newSeat is the seat under test, as a process that has just started; the one before it has ended.
func newSeat(t testing.TB, l *ledger, log io.Writer) *seat.Seat {
	t.Helper()
	return startSeat(t, l, l, log)
}

// node has the queries of a seat.
type node interface {
	seat.Chain
	follow.Sender
}

func startSeat(t testing.TB, l *ledger, n node, log io.Writer) *seat.Seat {
	t.Helper()
	if l.journal != nil {
		_ = l.journal.Close() // a test may have done it
	} else {
		t.Cleanup(func() { _ = l.journal.Close() })
	}
	var err error
	l.journal, err = seat.OpenJournal(l.path(), testKey("key file"), testChain, l.account)
	require.NoError(t, err)
	return seat.New(seat.Config{
		ChainID: testChain, Address: l.account, Journal: l.journal, Chain: n, Sender: n, CPUs: 2,
		Log: slog.New(slog.NewJSONHandler(log, nil)),
	})
}

func (l *ledger) path() string { return seat.Home(l.home).Journal() }

func steps(t testing.TB, s *seat.Seat, n int) {
	t.Helper()
	for range n {
		require.NoError(t, s.Step(t.Context()))
	}
}

func TestSeatDoesItsPart(t *testing.T) {
	for _, public := range []bool{false, true} {
		t.Run(fmt.Sprint("public ", public), func(t *testing.T) {
			l := newLedger(t)
			l.job.Spec.Secure.PublicResult = public
			var log bytes.Buffer
			s := newSeat(t, l, &log)
			steps(t, s, 2)
			require.Equal(t, chain.SeatSeated, l.job.Seats[mine].Status)
			for round := uint32(1); round <= 2; round++ {
				l.job.Round = round
				l.contribute(5, nil)
				l.othersPrepare()
				steps(t, s, 4)
				require.NotNil(t, l.opened)
				require.Equal(t, public, len(l.opened.Sum) > 0)
				l.requireSum(0, 1, 2, 3, 4)
			}
			require.Equal(t, map[string]int{"MsgTakeSeat": 1, "MsgPrepare": 2, "MsgOpenSum": 2}, l.taken)
			require.Zero(t, l.refused)
			l.job.Status = chain.JobSettled
			steps(t, s, 1)
			require.Contains(t, log.String(), "left a job")
		})
	}
}

// TestAttackSumWithoutAMember: a sum over panels in which a member is missing is not opened, whatever the chain says.
func TestAttackSumWithoutAMember(t *testing.T) {
	for _, members := range []uint32{4, 5, 6} {
		l := newLedger(t)
		l.job.Spec.Panels, l.job.Spec.MinCohort = []string{"panel"}, members
		var log bytes.Buffer
		s := newSeat(t, l, &log)
		steps(t, s, 2)
		l.contribute(5, nil)
		l.othersPrepare()
		var err error
		for range 4 {
			err = s.Step(t.Context())
		}
		if members == 5 {
			require.NoError(t, err)
			l.requireSum(0, 1, 2, 3, 4)
			continue
		}
		require.Nil(t, l.opened)
		require.ErrorContains(t, err, fmt.Sprintf("expected contributions of all %d members of the panels, got 5 valid ones", members))
	}
}

// What a seat cannot read, or what does not fit its commitment, it refuses; the others are in the sum.
func TestSeatRefuses(t *testing.T) {
	l := newLedger(t)
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 1)
	l.contribute(6, func(record int, shared *securesum.Shared) {
		switch record {
		case 1:
			shared.Sealed[mine].Ciphertext[3] ^= 1
		case 3:
			shared.Commitments[mine] = shared.Commitments[0]
		case 4:
			shared.Commitments[0], shared.Commitments[2] = shared.Commitments[2], shared.Commitments[0]
		}
	})
	l.othersPrepare()
	steps(t, s, 4)
	l.requireSum(0, 2, 5)
	require.Equal(t, 3, strings.Count(log.String(), "refused a contribution"), "what is bound to another commitment opens to nobody")
	require.Zero(t, l.refused)
}

// Whatever fails, and whenever the process starts again, with a torn line at the end of its journal, too: each contribution is judged
// once, the sum is right, and nothing is answered in two ways, also if the chain is set back.
func TestSeatCrashesAndLostAnswers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := newLedger(t)
		l.job.Spec.Secure.PublicResult = rapid.Bool().Draw(rt, "public")
		fates := nodetest.DrawFates(rt)
		l.fail, l.afterMsg = fates.Call, fates.Answer
		s := newSeat(t, l, io.Discard)
		until := func(what string, ok func() bool) {
			for range 400 {
				if ok() {
					return
				}
				if f := fates.Next(); f < 3 {
					tear(t, l.path(), f)
					s = newSeat(t, l, io.Discard)
				}
				_ = s.Step(t.Context())
			}
			rt.Fatalf("%s did not come about", what)
		}
		until("key", func() bool { return l.job.Seats[mine].Status == chain.SeatSeated })
		if fates.Next() < 5 { // set back to before the key
			l.job.Status, l.job.Seats[mine].Status, l.job.Seats[mine].Key = chain.JobSeating, chain.SeatDrawn, nil
			until("key again", func() bool { return l.job.Seats[mine].Status == chain.SeatSeated })
			l.taken["MsgTakeSeat"]--
		}
		l.contribute(3, nil)
		l.othersPrepare()
		until("sum", func() bool { return l.opened != nil })
		l.requireSum(0, 1, 2)
		if l.refused != 0 || l.taken["MsgTakeSeat"] != 1 || l.taken["MsgOpenSum"] != 1 {
			rt.Fatalf("taken %v, refused %d", l.taken, l.refused)
		}
		// Set back to before the contributions closed.
		l.fork = "another"
		l.contribute(3, nil)
		l.othersPrepare()
		for range 20 {
			if f := fates.Next(); f < 3 {
				tear(t, l.path(), f)
				s = newSeat(t, l, io.Discard)
			}
			_ = s.Step(t.Context())
		}
		l.requireOneAnswer()
		if l.opened != nil {
			rt.Fatalf("opened a second sum")
		}
	})
}

// tear leaves a part of a line at the end of a journal, as a crash does before an entry is acknowledged.
func tear(t testing.TB, path string, n int) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	first, _, _ := bytes.Cut(data, []byte("\n"))
	require.NoError(t, os.WriteFile(path, append(data, first[:n*len(first)/2]...), 0o600))
}

// Many contributions take several messages, each of a bounded size, and the seat goes on without waiting for a block.
func TestSeatJudgesInBatches(t *testing.T) {
	l := newLedger(t)
	s := newSeat(t, l, io.Discard)
	steps(t, s, 1)
	l.contribute(150, nil)
	l.othersPrepare()
	steps(t, s, 6)
	require.Equal(t, 3, l.taken["MsgPrepare"])
	require.EqualValues(t, 150, l.job.Valid)
	require.NotNil(t, l.opened)
}

// A new attempt is another sum: nothing of the first is used.
func TestSeatInANewAttempt(t *testing.T) {
	l := newLedger(t)
	s := newSeat(t, l, io.Discard)
	steps(t, s, 1)
	l.contribute(2, nil)
	l.othersPrepare()
	steps(t, s, 2)
	l.job.Attempt = 2
	l.contribute(3, nil)
	l.othersPrepare()
	steps(t, s, 4)
	l.requireSum(0, 1, 2)
}

// A node that shows other shares than the owner's cannot make the seat refuse a right contribution.
func TestSeatBelievesNoOtherShares(t *testing.T) {
	l := newLedger(t)
	s := newSeat(t, l, io.Discard)
	steps(t, s, 1)
	l.contribute(2, nil)
	l.othersPrepare()
	right := l.shared[l.contributions[1].Record]
	l.shared[l.contributions[1].Record] = l.shared[l.contributions[0].Record]
	require.ErrorContains(t, s.Step(t.Context()), "shares of record ")
	require.Zero(t, l.taken["MsgPrepare"])
	l.shared[l.contributions[1].Record] = right
	steps(t, s, 4)
	l.requireSum(0, 1)
}

func TestSeatWaitsForItsRegistration(t *testing.T) {
	l := newLedger(t)
	l.registered = false
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 3)
	require.Equal(t, 1, strings.Count(log.String(), `"waiting"`))
	l.registered = true
	steps(t, s, 1)
	require.Equal(t, 1, l.taken["MsgTakeSeat"])
}

func TestSeatStopsOnAnotherChain(t *testing.T) {
	l := newLedger(t)
	l.chainID = "other-1"
	require.ErrorIs(t, newSeat(t, l, io.Discard).Run(t.Context()), follow.ErrWrongChain)
}

func TestSettings(t *testing.T) {
	good := seat.Settings{ChainID: "c", Node: "127.0.0.1:9090", Trust: chain.Trust{Node: true}, GasPrice: "0.0025ualita", CPUs: 2}
	file, err := good.File()
	require.NoError(t, err)
	read, err := seat.ParseSettings(file)
	require.NoError(t, err)
	require.Equal(t, good, read)
	for says, text := range map[string]string{
		"chain_id: expected the id of a chain, got none": "node: a:1\n",
		"node: expected host:port":                       "chain_id: c\n",
		"fee_granter":                                    "chain_id: c\nnode: a:1\ntrust: node\nfee_granter: x\n",
		"gas_price":                                      "chain_id: c\nnode: a:1\ntrust: node\ngas_price: cheap\n",
		"trust: expected":                                "chain_id: c\nnode: a:1\n",
		"cpus: expected 0 to 1024, got -1":               "chain_id: c\nnode: a:1\ntrust: node\ncpus: -1\n",
		"field cpu not found":                            "chain_id: c\nnode: a:1\ncpu: 1\n",
		"expected one document, got more":                "chain_id: c\nnode: a:1\n---\n{}\n",
	} {
		_, err := seat.ParseSettings([]byte(text))
		require.ErrorIs(t, err, seat.ErrConfig)
		require.ErrorContains(t, err, says)
	}
}

// busy is a ledger whose seat was drawn for another job, too.
type busy struct {
	*ledger
	other chain.Job
	order []string
}

func (b *busy) JobsBySeat(ctx context.Context, account string) ([]chain.Job, error) {
	jobs, err := b.ledger.JobsBySeat(ctx, account)
	return append([]chain.Job{b.other}, jobs...), err
}

func (b *busy) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	b.order = append(b.order, string(msg.ProtoReflect().Descriptor().Name()))
	if m, ok := msg.(*computev1.MsgTakeSeat); ok && m.JobId == b.other.Id {
		b.other.Seats[mine].Status = chain.SeatSeated
		return chain.TxResult{}, nil
	}
	return b.ledger.Send(ctx, msg, limits)
}

// A seat does first what ends first: judging, which takes long, does not wait for keys that have time.
func TestSeatDoesFirstWhatEndsFirst(t *testing.T) {
	for _, tc := range []struct {
		deadline int64
		want     []string
	}{
		{1_000, []string{"MsgPrepare", "MsgPrepare", "MsgOpenSum", "MsgTakeSeat"}},
		{100, []string{"MsgTakeSeat", "MsgPrepare", "MsgPrepare", "MsgOpenSum"}},
	} {
		l := newLedger(t)
		other := l.job
		other.Id, other.Seats = strings.Repeat("0", 32), slices.Clone(l.job.Seats)
		other.DeadlineHeight = tc.deadline
		steps(t, newSeat(t, l, io.Discard), 1)
		l.contribute(80, nil) // more than a message holds
		l.othersPrepare()
		l.job.DeadlineHeight = 500
		b := &busy{ledger: l, other: other}
		s := startSeat(t, l, b, io.Discard)
		steps(t, s, 4)
		require.Equal(t, tc.want, b.order)
	}
}
