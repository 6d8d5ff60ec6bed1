package worker_test

import (
	"context"
	"crypto/sha3"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

const typeAccuse = "/alita.compute.v1.MsgAccuseSeat"

// newSecureLedger is a chain with a job that is an exact sum over the panel of the record, whose members have signed the question.
func newSecureLedger(t testing.TB, f *fixture) *secureLedger {
	t.Helper()
	f.job.Spec.Delivery, f.job.Spec.Secure = chain.DeliverySecureSum, &chain.SecureSum{Seats: 3, Rounds: 1}
	f.joinPanel()
	f.signQuestion(f.job)
	f.job.Spec.Panels, f.job.Spec.MaxCohort = []string{panelID}, f.job.Spec.MinCohort
	return newSeatedLedger(t, f)
}

// newNoisedLedger is a chain with a job that is a sum with noise over whoever comes, of three rounds.
func newNoisedLedger(t testing.TB, f *fixture) *secureLedger {
	t.Helper()
	f.askRows(t)
	s := newSeatedLedger(t, f)
	var err error
	s.operations, err = f.program.Cost.Operations(f.version.Content.Commitment.Rows, 1, f.job.Spec.Length)
	require.NoError(t, err)
	return s
}

// newSeatedLedger is a chain with the fixture's job, a secure sum over three seats.
func newSeatedLedger(t testing.TB, f *fixture) *secureLedger {
	t.Helper()
	f.job.DeadlineHeight = 100_000
	f.job.Round, f.job.Attempt, f.job.Seats = 1, 1, nil
	f.grant.Terms.IndividualResults, f.policy.IndividualResults = false, false
	s := &secureLedger{t: t}
	for range 3 {
		f.job.Seats = append(f.job.Seats, s.newSeat())
	}
	s.ledger = newLedger(f)
	s.ledger.secure = s
	return s
}

// secureLedger is the part of the chain that a secure sum needs. The test says when a phase begins.
type secureLedger struct {
	*ledger
	t      testing.TB
	drawn  int
	shared *computetypes.SharedVector
	keys   map[string]seal.PrivateKey // of the seats, by operator
	// commitments are the sums of the commitments to what each seat adds up, since judge.
	commitments [][]byte
}

func (s *secureLedger) newSeat() chain.JobSeat {
	key := nodetest.Key(fmt.Sprint("seat", s.drawn))
	operator := fmt.Sprint("operator", s.drawn)
	s.drawn++
	if s.keys == nil {
		s.keys = map[string]seal.PrivateKey{}
	}
	s.keys[operator] = key
	return chain.JobSeat{Operator: operator, Status: chain.SeatSeated, Key: key.Public().Bytes(), Fee: math.NewInt(7)}
}

// begin begins a round or an attempt again, with another seat if one is lost.
func (s *secureLedger) begin(round, attempt uint32, lost int) {
	s.job.Status, s.job.Round, s.job.Attempt, s.job.VerifyKey = chain.JobContributing, round, attempt, nil
	if lost >= 0 {
		s.job.Seats = append([]chain.JobSeat(nil), s.job.Seats...)
		s.job.Seats[lost] = s.newSeat()
	}
}

func (s *secureLedger) protocol() securesum.Protocol {
	p, err := chain.ProtocolOf(testChain, s.job, s.f.program)
	require.NoError(s.t, err)
	return p
}

func (s *secureLedger) of() securesum.Contribution {
	return securesum.Contribution{Record: s.f.record.Id, Version: s.attestation.Version, Owner: s.f.ownerAddr}
}

// contributeShares is the rule of the chain for a contribution to a secure sum.
func (s *secureLedger) contributeShares(m *computetypes.MsgContribute) error {
	switch {
	case m.Shared == nil:
		return errors.New("no shares")
	case m.Attestation.Round != s.job.Round || m.Shared.Attempt != s.job.Attempt:
		return errors.New("wrong attempt")
	}
	if err := s.protocol().CheckShared(m.Shared.Proto()); err != nil {
		return err
	}
	if hash := securesum.Hash(m.Shared.Proto()); string(hash[:]) != string(m.Attestation.ResultCommitment) {
		return errors.New("other shares")
	}
	s.shared = m.Shared
	return nil
}

// judge lets the seats speak; lie changes what one of them says. It returns the seats' openings of their sums over this
// one contribution, nil if it is not valid.
func (s *secureLedger) judge(lie func(said [][]byte)) [][]byte {
	key := label.Hash("test/verify", label.Uint64(uint64(s.job.Round)), label.Uint64(uint64(s.job.Attempt)))
	s.job.VerifyKey = key[:]
	var said [][]byte
	var prepared []securesum.Prepared
	for i, seat := range s.job.Seats {
		share, p, err := s.protocol().Prepare(s.of(), s.shared.Proto(), s.job.VerifyKey, i, s.keys[seat.Operator])
		require.NoError(s.t, err)
		said, prepared = append(said, share), append(prepared, p)
	}
	if lie != nil {
		lie(said)
	}
	s.said = chain.Preparations{Shares: said}
	for i := range said {
		if len(said[i]) == 0 {
			s.contribution.Refused |= 1 << i
		}
	}
	if s.contribution.Refused == 0 {
		message, err := s.protocol().Combine(s.of(), s.shared.PublicShare, said)
		if err == nil {
			s.job.Status, s.contribution.Status, s.said.Message = chain.JobAggregating, chain.ContributionValid, message
			sums := make([]*securesum.Sum, len(prepared))
			s.commitments = s.shared.Proto().Commitments
			for i, p := range prepared {
				sums[i] = s.protocol().NewSum()
				require.NoError(s.t, sums[i].Add(p, message))
			}
			s.addNoise(sums)
			var openings [][]byte
			for _, sum := range sums {
				openings = append(openings, sum.Opening())
			}
			return openings
		}
		require.ErrorIs(s.t, err, securesum.ErrInvalid)
	}
	s.job.Status, s.contribution.Status = chain.JobContesting, chain.ContributionInvalid
	return nil
}

// addNoise adds the noise of each seat to the sums of all of them, if the job asks for noise. It is the same in each run.
func (s *secureLedger) addNoise(sums []*securesum.Sum) {
	protocol, noised := s.protocol().Noise()
	if !noised {
		return
	}
	var keys []seal.PublicKey
	for _, seat := range s.job.Seats {
		keys = append(keys, s.keys[seat.Operator].Public())
	}
	for _, seat := range s.job.Seats {
		of := terms.NoiseOf(seat.Operator)
		secret := label.Hash("test/noise", []byte(seat.Operator), label.Uint64(uint64(s.job.Round)), label.Uint64(uint64(s.job.Attempt)))
		stream := sha3.NewSHAKE256()
		_, _ = stream.Write(secret[:])
		vector, err := s.job.Spec.Secure.Ranges.Noise(stream)
		require.NoError(s.t, err)
		shared, _, err := protocol.Share(of, keys, vector, secret[:])
		require.NoError(s.t, err)
		var said [][]byte
		var prepared []securesum.Prepared
		for i, other := range s.job.Seats {
			share, p, err := protocol.Prepare(of, shared, s.job.VerifyKey, i, s.keys[other.Operator])
			require.NoError(s.t, err)
			said, prepared = append(said, share), append(prepared, p)
		}
		message, err := protocol.Combine(of, shared.PublicShare, said)
		require.NoError(s.t, err)
		var added [][]byte
		for i, p := range prepared {
			require.NoError(s.t, sums[i].Add(p, message))
			both, err := securesum.AddCommitments(s.commitments[i], shared.Commitments[i])
			require.NoError(s.t, err)
			added = append(added, both)
		}
		s.commitments = added
	}
}

// unshard is the sum of the openings.
func (s *secureLedger) unshard(openings [][]byte) []int64 {
	var shares [][]byte
	for i, o := range openings {
		share, err := s.protocol().VerifyOpening(s.commitments[i], 1, o)
		require.NoError(s.t, err)
		shares = append(shares, share)
	}
	sum, err := s.protocol().Unshard(shares, 1)
	require.NoError(s.t, err)
	sum, err = s.job.SecureSum(testChain).Reveal(sum, s.f.version.Content.Commitment.Rows)
	require.NoError(s.t, err)
	var out []int64
	for _, v := range sum {
		out = append(out, v.Int64())
	}
	return out
}

// accuse is the rule of the chain for an accusation: the round begins again without a seat that lied.
func (s *secureLedger) accuse(m *computetypes.MsgAccuseSeat) error {
	if s.job.Status != chain.JobContesting {
		return errors.New("wrong phase")
	}
	lied, err := s.protocol().Lied(s.of(), s.shared.Proto(), s.job.VerifyKey, int(m.Seat), s.job.Seats[m.Seat].Key, m.Randomness, s.said.Shares[m.Seat])
	if err != nil || !lied {
		return fmt.Errorf("no fault: %w", err)
	}
	s.begin(s.job.Round, s.job.Attempt+1, int(m.Seat))
	return nil
}

// countRuns wraps a computer's runs.
func countRuns(c *worker.Computer, runs *int) worker.ComputeFunc {
	return func(ctx context.Context, cand worker.Candidate, p worker.Plan, code []byte) (worker.Outcome, error) {
		*runs++
		return c.Compute(ctx, cand, p, code)
	}
}

func (s *secureLedger) count(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken[kind]
}

func (s *secureLedger) awaitContribution(t testing.TB, n int) {
	t.Helper()
	eventually(t, s.ledger, fmt.Sprintf("contribution %d", n), func() bool { return s.count(typeContribute) == n })
}

func TestSecureSumFromJobToPayment(t *testing.T) {
	f := newFixture(t)
	s := newSecureLedger(t, f)
	log := &logLines{}
	p := startWorker(t, s.ledger, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	s.awaitContribution(t, 1)
	s.with(func() {
		require.Equal(t, michelson, s.unshard(s.judge(nil)))
		s.job.Status, s.contribution.Status = chain.JobSettled, chain.ContributionPaid
	})
	eventually(t, s.ledger, "payment", func() bool { return len(log.find(t, "paid")) == 1 })
	p.stop(t)
	require.Equal(t, map[string]int{typeContribute: 1}, s.taken)
	require.Zero(t, s.refused)
	e, ok := p.journal.State(worker.Key{Job: f.job.Id, Record: f.record.Id, Round: 1})
	require.True(t, ok)
	require.Equal(t, worker.StageFinished, e.Stage)
	require.NotContains(t, log.buf.String(), f.dir)
	require.NotContains(t, log.buf.String(), "29985240")
}

// Every attempt is shared again from the vector in the journal, after restarts too; the program does not run again.
func TestSecureSumAttempts(t *testing.T) {
	f := newFixture(t)
	s := newSecureLedger(t, f)
	journal := filepath.Join(t.TempDir(), "journal")
	runs := 0
	compute := countRuns(computer(t, f), &runs)
	var hashes []string
	for attempt := 1; attempt <= 3; attempt++ {
		log := &logLines{}
		p := startWorker(t, s.ledger, compute, journal, log)
		s.awaitContribution(t, attempt)
		eventually(t, s.ledger, "note of it", func() bool { return len(log.find(t, "contributed")) == 1 })
		if attempt == 2 {
			// The seat is silent while the worker runs.
			s.with(func() { s.job.Status = chain.JobSeating })
			start := s.height
			eventually(t, s.ledger, "some blocks", func() bool { return s.height > start+10 })
		}
		p.stop(t)
		s.with(func() {
			require.EqualValues(t, attempt, s.contribution.Attempt)
			hashes = append(hashes, string(s.contribution.ResultCommitment))
			require.Equal(t, michelson, s.unshard(s.judge(nil)))
			s.begin(1, uint32(attempt)+1, attempt%3)
		})
	}
	require.Equal(t, 1, runs)
	require.Zero(t, s.refused)
	require.Len(t, map[string]bool{hashes[0]: true, hashes[1]: true, hashes[2]: true}, 3, "other seats get other shares")
}

// What a policy does not allow any more when the worker starts again is sent no more: neither shares to the seats of another attempt
// nor the vector of a direct delivery.
func TestStricterPolicyWithdrawsWhatIsKept(t *testing.T) {
	t.Run("shares", func(t *testing.T) {
		f := newFixture(t)
		s := newSecureLedger(t, f)
		journal, compute := filepath.Join(t.TempDir(), "journal"), computer(t, f).Compute
		p := startWorker(t, s.ledger, compute, journal, &logLines{})
		s.awaitContribution(t, 1)
		p.stop(t)
		s.with(func() { s.begin(1, 2, 0) })
		f.policy.MinSeats = 4
		log := &logLines{}
		p = startWorker(t, s.ledger, compute, journal, log)
		eventually(t, s.ledger, "a refusal", func() bool { return len(log.find(t, "declined")) == 1 })
		p.stop(t)
		require.Equal(t, 1, s.count(typeContribute))
	})
	t.Run("vector", func(t *testing.T) {
		f := newFixture(t)
		f.job.DeadlineHeight = 100_000
		l := newLedger(f)
		journal, compute := filepath.Join(t.TempDir(), "journal"), computer(t, f).Compute
		log := &logLines{}
		p := startWorker(t, l, compute, journal, log)
		eventually(t, l, "contribution", func() bool { return len(log.find(t, "contributed")) == 1 })
		p.stop(t)
		l.with(func() { l.job.Status = chain.JobDelivering })
		f.policy.IndividualResults = false
		log = &logLines{}
		p = startWorker(t, l, compute, journal, log)
		eventually(t, l, "a refusal", func() bool { return len(log.find(t, "declined")) == 1 })
		p.stop(t)
		require.Empty(t, log.find(t, "delivered"))
	})
}

func TestSecureSumRounds(t *testing.T) {
	f := newFixture(t)
	s := newNoisedLedger(t, f)
	runs := 0
	log := &logLines{}
	p := startWorker(t, s.ledger, countRuns(computer(t, f), &runs), filepath.Join(t.TempDir(), "journal"), log)
	for round := 1; round <= 3; round++ {
		s.awaitContribution(t, round)
		s.with(func() {
			requireNearCentred(t, s.unshard(s.judge(nil)))
			s.job.Status, s.contribution.Status = chain.JobWaiting, chain.ContributionPaid
		})
		eventually(t, s.ledger, "payment", func() bool { return len(log.find(t, "paid")) == round })
		s.with(func() { s.begin(uint32(round)+1, 1, -1) })
		if round == 3 {
			s.with(func() { s.job.Round, s.job.Status = 3, chain.JobSettled })
		}
	}
	p.stop(t)
	require.Equal(t, 3, runs, "every round has another input")
	require.Equal(t, map[string]int{typeContribute: 3}, s.taken)
	require.Zero(t, s.refused)
}

// A seat that lies is found and accused, and the attempt without it is contributed to.
func TestLyingSeatIsAccused(t *testing.T) {
	for name, lie := range map[string]func([][]byte){
		"wrong share":   func(said [][]byte) { said[1] = append([]byte(nil), said[1]...); said[1][0] ^= 1 },
		"false refusal": func(said [][]byte) { said[1] = nil },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			s := newSecureLedger(t, f)
			log := &logLines{}
			runs := 0
			p := startWorker(t, s.ledger, countRuns(computer(t, f), &runs), filepath.Join(t.TempDir(), "journal"), log)
			s.awaitContribution(t, 1)
			s.with(func() { require.Nil(t, s.judge(lie)) })
			s.awaitContribution(t, 2)
			s.with(func() {
				require.EqualValues(t, 2, s.job.Attempt)
				require.Equal(t, "operator3", s.job.Seats[1].Operator)
				require.Equal(t, michelson, s.unshard(s.judge(nil)))
			})
			p.stop(t)
			require.Equal(t, map[string]int{typeContribute: 2, typeAccuse: 1}, s.taken)
			require.Zero(t, s.refused)
			require.Equal(t, 1, runs)
			accused := log.find(t, "accused a seat that judged falsely")
			require.Len(t, accused, 1)
			require.Equal(t, "operator1", accused[0]["operator"])
			require.NotContains(t, log.buf.String(), "randomness")
		})
	}
}

// If the chain refuses a contribution and every seat spoke the truth, nobody is accused, and the owner learns it once.
func TestOwnContributionRefused(t *testing.T) {
	f := newFixture(t)
	s := newSecureLedger(t, f)
	log := &logLines{}
	p := startWorker(t, s.ledger, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	s.awaitContribution(t, 1)
	s.with(func() {
		s.judge(nil)
		s.job.Status, s.contribution.Status = chain.JobContesting, chain.ContributionInvalid
	})
	eventually(t, s.ledger, "note of it", func() bool { return len(log.find(t, "own contribution was refused")) == 1 })
	start := s.height
	eventually(t, s.ledger, "some blocks", func() bool { return s.height > start+10 })
	p.stop(t)
	require.Len(t, log.find(t, "own contribution was refused"), 1)
	require.Zero(t, s.count(typeAccuse))
	require.Zero(t, s.refused)
}

// A record that has another version by the time of a new attempt is computed again.
func TestSecureSumOfANewVersion(t *testing.T) {
	f := newFixture(t)
	s := newNoisedLedger(t, f)
	runs := 0
	p := startWorker(t, s.ledger, countRuns(computer(t, f), &runs), filepath.Join(t.TempDir(), "journal"), io.Discard)
	s.awaitContribution(t, 1)
	s.with(func() {
		f.version = f.newVersion(t, "1.1.0", [source.SeedSize]byte{10})
		f.record.Admitted, f.record.ModifiedAt = 2, testTime.Add(time.Minute)
		s.begin(1, 2, 0)
	})
	s.awaitContribution(t, 2)
	p.stop(t)
	require.Equal(t, 2, runs)
	require.Equal(t, "1.1.0", s.attestation.Version)
	requireNearCentred(t, s.unshard(s.judge(nil)))
}

// Whatever fails and whenever the process ends: each attempt gets one contribution, which opens to the vector.
func TestSecureSumCrashesAndLostAnswers(t *testing.T) {
	f := newFixture(t)
	c := computer(t, f)
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		s := newSecureLedger(t, f)
		journal := filepath.Join(dir, fmt.Sprint(run))
		fates := nodetest.DrawFates(rt)
		s.fail, s.afterMsg = fates.Call, fates.Answer
		attempts := rapid.IntRange(1, 3).Draw(rt, "attempts")
		for attempt := 1; attempt <= attempts; attempt++ {
			p := startWorker(t, s.ledger, c.Compute, journal, io.Discard)
			for range rapid.IntRange(0, 3).Draw(rt, "crashes") {
				for range rapid.IntRange(0, 6).Draw(rt, "blocks") {
					s.block()
					s.awaitLook(t)
				}
				p.stop(t)
				appendTo(t, journal, rapid.SliceOfN(rapid.ByteRange('a', 'z'), 0, 20).Draw(rt, "torn"))
				p = startWorker(t, s.ledger, c.Compute, journal, io.Discard)
			}
			s.awaitContribution(t, attempt)
			p.stop(t)
			if got := s.unshard(s.judge(nil)); fmt.Sprint(got) != fmt.Sprint(michelson) {
				rt.Fatalf("attempt %d opens to %v", attempt, got)
			}
			s.begin(1, uint32(attempt)+1, attempt%3)
		}
		if s.taken[typeContribute] != attempts || s.refused != 0 {
			rt.Fatalf("taken %v, refused %d", s.taken, s.refused)
		}
	})
}

// The bits that a job names bound the slots, and the shares are no longer than they ask for.
func TestSecureSumOfBits(t *testing.T) {
	f := newFixture(t)
	s := newNoisedLedger(t, f)
	wide := worker.SharedSize(s.protocol())
	bits, err := s.job.Spec.Secure.Ranges.Bits(f.version.Content.Commitment.Rows)
	require.NoError(t, err)
	s.job.Spec.Secure.Bits = bits
	require.Less(t, worker.SharedSize(s.protocol()), wide)
	log := &logLines{}
	p := startWorker(t, s.ledger, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	s.awaitContribution(t, 1)
	p.stop(t)
	requireNearCentred(t, s.unshard(s.judge(nil)))

	s = newNoisedLedger(t, f)
	s.job.Spec.Secure.Bits = bits - 1
	p = startWorker(t, s.ledger, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, s.ledger, "a refusal", func() bool { return len(log.find(t, "declined")) == 1 })
	p.stop(t)
	require.Contains(t, log.find(t, "declined")[0]["reason"], fmt.Sprintf("bits: expected at least %d", bits))
}

// A member's vector that does not fit the slots of a panel's program is the one of an empty record, for the same content in every run.
func TestVectorThatDoesNotFit(t *testing.T) {
	f := newFixture(t)
	f.program.Bits = 43
	s := newSecureLedger(t, f)
	log := &logLines{}
	p := startWorker(t, s.ledger, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	s.awaitContribution(t, 1)
	p.stop(t)
	require.Equal(t, []int64{0, 0, 0}, s.unshard(s.judge(nil)))
	require.Empty(t, log.find(t, "declined"))
}

func TestDecideSecure(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	candidate := func() worker.Candidate {
		c := f.candidate()
		c.MaxShared = 128 << 10
		return c
	}
	plan, decline := f.policy.Decide(candidate())
	require.Nil(t, decline)
	require.Equal(t, terms.NewFunds(12_318, 12_318), plan.Fee)

	for name, tc := range map[string]struct {
		policy func(*worker.Policy)
		change func(*worker.Candidate)
		reason string
	}{
		"seats": {policy: func(p *worker.Policy) { p.MinSeats = 4 }, reason: "min_seats: expected at least 4, got 3"},
		"size":  {change: func(c *worker.Candidate) { c.MaxShared = 1000 }, reason: "expected at most 1000 bytes, got "},
		"large": {change: func(c *worker.Candidate) {
			c.Program.Shape.LengthPerColumn, c.Program.Shape.MaxLength, c.Job.Spec.Length = 0, 4096, 4096
		}, reason: "shares of 4096 slots of 63 bits for 3 seats: expected at most"},
		"shape": {change: func(c *worker.Candidate) { c.Program.Bits = 64 }, reason: "secure sum: invalid shape"},
		"bits":  {change: func(c *worker.Candidate) { c.Job.Spec.Secure = &chain.SecureSum{Seats: 3, Bits: 64} }, reason: "secure sum: invalid shape"},
		// 12,318 for the owner and 3 * 7 for the seats.
		"budget": {change: func(c *worker.Candidate) { c.Job.Reserved = terms.NewFunds(987_662, 0) }, reason: "expected at least 12339 ualita"},
	} {
		t.Run(name, func(t *testing.T) {
			p, c := f.policy, candidate()
			if tc.policy != nil {
				tc.policy(&p)
			}
			if tc.change != nil {
				tc.change(&c)
			}
			_, decline := p.Decide(c)
			require.NotNil(t, decline)
			require.Contains(t, decline.Reason, tc.reason)
			require.True(t, decline.Final)
		})
	}
	c := candidate()
	c.Job.Reserved = terms.NewFunds(987_661, 0)
	_, decline = f.policy.Decide(c)
	require.Nil(t, decline)
}
