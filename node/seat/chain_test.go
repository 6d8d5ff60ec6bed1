package seat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"cosmossdk.io/math"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/seat"
	"github.com/alita-network/alita/terms"
)

const testChain = nodetest.Chain

var errNetwork = nodetest.ErrNetwork

// ledger is a chain reduced to one secure sum and its seats: two that the test plays, and the one under test, the second. It keeps
// the chain's rules for what a seat sends.
type ledger struct {
	t  testing.TB
	mu sync.Mutex

	height        int64
	chainID       string
	fork          string // changes what the chain draws
	home          string // of the seat under test
	journal       *seat.Journal
	registered    bool
	account       string
	job           chain.Job
	program       chain.Program
	reader        seal.PrivateKey
	owners        []string
	contributions []chain.Contribution
	listed        []chain.Contribution // that the node lists in addition
	shared        map[string]securesum.Shared
	said          map[string][][]byte
	messages      map[string][]byte
	opened        *computev1.OpenedSum

	taken    map[string]int
	refused  int
	answers  map[string]map[string]bool // by what they are about; refused ones, too
	fail     func(call string) error
	afterMsg func() error
}

// mine is the number of the seat under test.
const mine = 1

func testKey(name string) seal.PrivateKey { return nodetest.Key(name) }

func newLedger(t testing.TB) *ledger {
	t.Helper()
	l := &ledger{
		t: t, height: 10, chainID: testChain, registered: true, account: nodetest.Address(t), reader: testKey("reader"),
		program: chain.Program{Id: "p", Program: terms.Program{Kind: terms.VectorSum, Bits: 16}},
		taken:   map[string]int{}, answers: map[string]map[string]bool{}, home: t.TempDir(),
	}
	l.job = chain.Job{
		Id: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", Status: chain.JobSeating, DeadlineHeight: 100_000, Round: 1, Attempt: 1, Vdaf: securesum.Draft,
		Spec: chain.JobSpec{
			ProgramId: "p", Length: 4, Delivery: chain.DeliverySecureSum, ReaderKey: l.reader.Public().Bytes(),
			Secure: &chain.SecureSum{Seats: 3, Rounds: 2},
		},
	}
	for i := range 3 {
		seat := chain.JobSeat{Operator: fmt.Sprint("operator", i), Account: fmt.Sprint("account", i), Status: chain.SeatSeated, Fee: math.NewInt(1)}
		seat.Key = l.otherKey(i).Public().Bytes()
		if i == mine {
			seat.Account, seat.Status, seat.Key = l.account, chain.SeatDrawn, nil
		}
		l.job.Seats = append(l.job.Seats, seat)
	}
	return l
}

func (l *ledger) otherKey(i int) seal.PrivateKey { return testKey(fmt.Sprint("seat", i)) }

func (l *ledger) protocol() securesum.Protocol {
	p, err := chain.ProtocolOf(testChain, l.job, l.program)
	require.NoError(l.t, err)
	return p
}

func (l *ledger) of(c chain.Contribution) securesum.Contribution {
	if c.IsNoise() {
		return terms.NoiseOf(c.Record)
	}
	owner, err := chain.ParseAddress(c.Owner)
	require.NoError(l.t, err)
	return securesum.Contribution{Record: c.Record, Version: c.Version, Owner: owner}
}

// vector is the vector that a record contributes.
func vector(record int) []uint64 { return []uint64{1, uint64(record), 500, 65535} }

// contribute lets owners contribute to the present attempt; spoil changes what one of them shares.
func (l *ledger) contribute(n int, spoil func(record int, s *securesum.Shared)) {
	noise := l.shared
	l.contributions, l.shared = nil, map[string]securesum.Shared{}
	l.said, l.messages, l.opened = map[string][][]byte{}, map[string][]byte{}, nil
	for _, n := range l.job.Noises() {
		l.shared[n.Record] = noise[n.Record]
	}
	var keys []seal.PublicKey
	for _, s := range l.job.Seats {
		key, err := seal.ParsePublicKey(s.Key)
		require.NoError(l.t, err)
		keys = append(keys, key)
	}
	for len(l.owners) < n {
		l.owners = append(l.owners, nodetest.Address(l.t))
	}
	for i := range n {
		c := chain.Contribution{
			Record: fmt.Sprintf("%032x", i), Version: "1.0.0", Owner: l.owners[i], Round: l.job.Round, Attempt: l.job.Attempt,
			Status: chain.ContributionAttested,
		}
		secret := label.Hash("test/owner", []byte(c.Record))
		shared, _, err := l.protocol().Share(l.of(c), keys, vector(i), secret[:])
		require.NoError(l.t, err)
		if spoil != nil {
			spoil(i, &shared)
		}
		hash := securesum.Hash(shared)
		c.ResultCommitment = hash[:]
		l.contributions = append(l.contributions, c)
		l.shared[c.Record] = shared
	}
	key := label.Hash("test/verify", []byte(l.fork), label.Uint64(uint64(l.job.Round)), label.Uint64(uint64(l.job.Attempt)))
	l.job.Status, l.job.VerifyKey, l.job.Valid = chain.JobVerifying, key[:], 0
	for i := range l.job.Seats {
		l.job.Seats[i].Commitment, l.job.Seats[i].Status = nil, chain.SeatSeated
	}
}

// othersPrepare plays the other seats.
func (l *ledger) othersPrepare() {
	l.othersPrepareNoise()
	for n, c := range l.contributions {
		said := make([][]byte, len(l.job.Seats))
		for i := range l.job.Seats {
			if i == mine {
				continue
			}
			share, _, err := l.protocol().Prepare(l.of(c), l.shared[c.Record], l.job.VerifyKey, i, l.otherKey(i))
			if !errors.Is(err, securesum.ErrRefused) {
				require.NoError(l.t, err)
			} else {
				l.contributions[n].Refused |= 1 << i
			}
			said[i] = share
			l.contributions[n].Prepared |= 1 << i
		}
		l.said[c.Record] = said
	}
}

func (l *ledger) prepare(m *computev1.MsgPrepare) error {
	if l.job.Status != chain.JobVerifying || m.Attempt != l.job.Attempt || m.JobId != l.job.Id || len(m.Preparations) == 0 {
		return errors.New("wrong phase or attempt")
	}
	for _, p := range m.Preparations {
		if of := l.seatNamed(p.RecordId); of != nil {
			if err := l.prepareNoise(of, p); err != nil {
				return err
			}
			continue
		}
		n := -1
		for i, c := range l.contributions {
			if c.Record == p.RecordId {
				n = i
			}
		}
		if n < 0 || l.contributions[n].Prepared&(1<<mine) != 0 {
			return errors.New("judged twice, or nothing to judge")
		}
		c := &l.contributions[n]
		c.Prepared |= 1 << mine
		if len(p.Share) == 0 {
			c.Refused |= 1 << mine
		} else if err := l.protocol().CheckPreparation(p.Share); err != nil {
			return err
		}
		l.said[c.Record][mine] = p.Share
		l.decide(c)
	}
	for _, c := range append(l.job.Noises(), l.contributions...) {
		if c.Status == chain.ContributionAttested {
			return nil
		}
	}
	l.job.Status = chain.JobAggregating
	for _, n := range l.job.Noises() {
		if n.Status == chain.ContributionInvalid {
			l.job.Status = chain.JobContesting
		}
	}
	return nil
}

// decide is the chain's verdict on a contribution of which every seat has spoken.
func (l *ledger) decide(c *chain.Contribution) {
	c.Status = chain.ContributionInvalid
	if c.Refused != 0 {
		return
	}
	message, err := l.protocol().Combine(l.of(*c), l.shared[c.Record].PublicShare, l.said[c.Record])
	if err != nil {
		require.ErrorIs(l.t, err, securesum.ErrInvalid)
		return
	}
	c.Status, l.messages[c.Record] = chain.ContributionValid, message
	l.job.Valid++
	for i := range l.job.Seats {
		l.job.Seats[i].Commitment, err = securesum.AddCommitments(l.job.Seats[i].Commitment, l.shared[c.Record].Commitments[i])
		require.NoError(l.t, err)
	}
}

func (l *ledger) openSum(m *computev1.MsgOpenSum) error {
	if l.job.Status != chain.JobAggregating || m.Attempt != l.job.Attempt || l.job.Seats[mine].Status == chain.SeatOpened {
		return errors.New("wrong phase or attempt, or opened twice")
	}
	l.job.Seats[mine].Status, l.opened = chain.SeatOpened, m.Opened
	return nil
}

// requireSum checks that the opened sum is the sum of the records, together with the other seats'.
func (l *ledger) requireSum(records ...int) {
	l.t.Helper()
	p := l.protocol()
	shares := make([][]byte, len(l.job.Seats))
	for i := range l.job.Seats {
		opening := l.opened.GetSum()
		switch {
		case i != mine:
			sum := p.NewSum()
			for _, c := range l.contributions {
				if c.Status != chain.ContributionValid {
					continue
				}
				_, prepared, err := p.Prepare(l.of(c), l.shared[c.Record], l.job.VerifyKey, i, l.otherKey(i))
				require.NoError(l.t, err)
				require.NoError(l.t, sum.Add(prepared, l.messages[c.Record]))
			}
			for _, n := range l.job.Noises() {
				noise, _ := p.Noise()
				_, prepared, err := noise.Prepare(l.of(n), l.shared[n.Record], l.job.VerifyKey, i, l.otherKey(i))
				require.NoError(l.t, err)
				require.NoError(l.t, sum.Add(prepared, l.messages[n.Record]))
			}
			opening = sum.Opening()
		case !l.job.Spec.Secure.PublicResult:
			var err error
			opening, err = p.OpenSealed(l.reader, mine, l.opened.GetSealed().GetEnc(), l.opened.GetSealed().GetCiphertext())
			require.NoError(l.t, err)
		}
		share, err := p.VerifyOpening(l.job.Seats[i].Commitment, uint64(len(records)), opening)
		require.NoError(l.t, err)
		shares[i] = share
	}
	sum, err := p.Unshard(shares, uint64(len(records)))
	require.NoError(l.t, err)
	if l.job.IsNoised() {
		l.requireNoised(sum, records)
		return
	}
	for slot := range sum {
		want := uint64(0)
		for _, r := range records {
			want += vector(r)[slot]
		}
		require.Equal(l.t, fmt.Sprint(want), sum[slot].String())
	}
}

func (l *ledger) call(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return l.fail(name)
	}
	return nil
}

func (l *ledger) Status(context.Context) (chain.Status, error) {
	if err := l.call("status"); err != nil {
		return chain.Status{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.height++
	return chain.Status{Height: l.height, Time: time.Unix(l.height, 0)}, nil
}

func (l *ledger) ChainID(context.Context) (string, error) { return l.chainID, l.call("chain") }

func (l *ledger) JobsBySeat(_ context.Context, account string) ([]chain.Job, error) {
	if err := l.call("jobs"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.registered || account != l.account {
		return nil, chain.ErrNotFound
	}
	if l.job.Status == chain.JobSettled {
		return nil, nil
	}
	job := l.whole()
	for i := range job.Seats {
		job.Seats[i].Key = nil
	}
	return []chain.Job{job}, nil
}

func (l *ledger) Job(_ context.Context, id string) (chain.Job, error) {
	if err := l.call("job"); err != nil {
		return chain.Job{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if id != l.job.Id {
		return chain.Job{}, fmt.Errorf("job %s: %w", id, chain.ErrNotFound)
	}
	return l.whole(), nil
}

// answered notes what the seat has said of something.
func (l *ledger) answered(what string, answer []byte) {
	if l.answers[what] == nil {
		l.answers[what] = map[string]bool{}
	}
	l.answers[what][string(answer)] = true
}

// requireOneAnswer checks that the seat never said two things of one.
func (l *ledger) requireOneAnswer() {
	l.t.Helper()
	for what, answers := range l.answers {
		require.Len(l.t, answers, 1, what)
	}
}

func (l *ledger) Program(context.Context, string) (chain.Program, error) {
	return l.program, l.call("program")
}

func (l *ledger) Contributions(context.Context, string) ([]chain.Contribution, error) {
	if err := l.call("contributions"); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []chain.Contribution
	for _, c := range l.listed {
		if i := slices.IndexFunc(l.contributions, func(o chain.Contribution) bool { return o.Record == c.Record }); i >= 0 {
			c = l.contributions[i]
		}
		all = append(all, c)
	}
	return append(all, l.contributions...), nil
}

func (l *ledger) Shares(_ context.Context, _, record string) (securesum.Shared, error) {
	if err := l.call("shares"); err != nil {
		return securesum.Shared{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shared[record], nil
}

func (l *ledger) Preparations(_ context.Context, _, record string) (chain.Preparations, error) {
	if err := l.call("preparations"); err != nil {
		return chain.Preparations{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return chain.Preparations{Shares: l.said[record], Message: l.messages[record]}, nil
}

func (l *ledger) Send(_ context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	if err := l.call("send"); err != nil {
		return chain.TxResult{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	attempt := fmt.Sprint(l.job.Round, " ", l.job.Attempt)
	switch m := msg.(type) {
	case *computev1.MsgTakeSeat:
		l.answered("key", m.Key)
		switch seat := &l.job.Seats[mine]; {
		case l.job.Status != chain.JobSeating || seat.Status != chain.SeatDrawn:
			err = errors.New("wrong phase, or taken twice")
		default:
			_, err = seal.ParsePublicKey(m.Key)
			seat.Status, seat.Key = chain.SeatSeated, m.Key
		}
	case *computev1.MsgAddNoise:
		l.answered("noise "+attempt, m.Shared.PublicShare)
		err = l.addNoise(m)
	case *computev1.MsgAccuseSeat:
		err = l.accuse(m)
	case *computev1.MsgPrepare:
		l.answered("verify_key "+attempt, l.job.VerifyKey)
		err = l.prepare(m)
	case *computev1.MsgOpenSum:
		if l.job.Spec.Secure.PublicResult { // sealing is random
			l.answered("sum "+attempt, m.Opened.Sum)
		}
		err = l.openSum(m)
	default:
		err = fmt.Errorf("unexpected %T", msg)
	}
	if err == nil && limits.NotAfter != l.job.DeadlineHeight && l.job.Status != chain.JobAggregating && l.job.Status != chain.JobContesting {
		err = errors.New("a message that outlives its phase")
	}
	if err != nil {
		l.refused++
		return chain.TxResult{}, &chain.TxError{Log: err.Error()}
	}
	l.taken[string(msg.ProtoReflect().Descriptor().Name())]++
	if l.afterMsg != nil {
		if err := l.afterMsg(); err != nil {
			return chain.TxResult{}, err
		}
	}
	return chain.TxResult{Hash: "AB", Height: l.height, GasUsed: 1}, nil
}
