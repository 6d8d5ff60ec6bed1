package seat_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// newNoisedLedger is a ledger whose sum has noise of variance 101 in each slot.
func newNoisedLedger(t *testing.T) *ledger {
	l := newLedger(t)
	l.program.Row = true
	l.job.Spec.Secure.Ranges, l.job.Spec.Secure.MicroRho = terms.Ranges{{Count: 4, High: 1, Variance: 101}}, 5_000
	return l
}

// whole is a copy of the job.
func (l *ledger) whole() chain.Job {
	job := l.job
	job.Seats = append([]chain.JobSeat(nil), l.job.Seats...)
	for i, s := range job.Seats {
		if s.Noise != nil {
			n := *s.Noise
			job.Seats[i].Noise = &n
		}
	}
	return job
}

func (l *ledger) noiseProtocol() securesum.Protocol {
	noise, noised := l.protocol().Noise()
	require.True(l.t, noised)
	return noise
}

func (l *ledger) seatNamed(operator string) *chain.JobSeat {
	for i := range l.job.Seats {
		if l.job.Seats[i].Operator == operator {
			return &l.job.Seats[i]
		}
	}
	return nil
}

// collectNoise opens the window for contributions, and hands in the noise of the other seats.
func (l *ledger) collectNoise() {
	l.job.Status = chain.JobContributing
	l.shared = map[string]securesum.Shared{}
	for i := range l.job.Seats {
		l.job.Seats[i].Noise = nil
		if i != mine {
			l.addNoiseOf(i, stream(i))
		}
	}
}

func stream(seat int) *bytes.Reader {
	var bits []byte
	for i := range 4096 {
		h := label.Hash("test/noise", []byte{byte(seat)}, label.Uint64(uint64(i)))
		bits = append(bits, h[:]...)
	}
	return bytes.NewReader(bits)
}

// addNoiseOf hands in noise of another seat, drawn from a stream.
func (l *ledger) addNoiseOf(seat int, random *bytes.Reader) {
	vector, err := l.job.Spec.Secure.Ranges.Noise(random)
	require.NoError(l.t, err)
	var keys []seal.PublicKey
	for _, s := range l.job.Seats {
		key, err := seal.ParsePublicKey(s.Key)
		require.NoError(l.t, err)
		keys = append(keys, key)
	}
	secret := label.Hash("test/noise-secret", []byte{byte(seat)})
	shared, _, err := l.noiseProtocol().Share(terms.NoiseOf(l.job.Seats[seat].Operator), keys, vector, secret[:])
	require.NoError(l.t, err)
	l.putNoise(&l.job.Seats[seat], shared)
}

func (l *ledger) putNoise(s *chain.JobSeat, shared securesum.Shared) {
	hash := securesum.Hash(shared)
	s.Noise = &chain.SeatNoise{Commitment: hash[:], Status: chain.ContributionAttested}
	l.shared[s.Operator] = shared
}

func (l *ledger) addNoise(m *computev1.MsgAddNoise) error {
	s := &l.job.Seats[mine]
	if l.job.Status != chain.JobContributing || m.Round != l.job.Round || m.Shared.Attempt != l.job.Attempt || s.Noise != nil {
		return errors.New("wrong phase, round or attempt, or noise handed in twice")
	}
	shared := chain.SharesOf(m.Shared)
	if err := l.noiseProtocol().CheckNoise(terms.NoiseOf(s.Operator), shared); err != nil {
		return err
	}
	l.putNoise(s, shared)
	return nil
}

// othersPrepareNoise plays the other seats.
func (l *ledger) othersPrepareNoise() {
	for _, n := range l.job.Noises() {
		said := make([][]byte, len(l.job.Seats))
		noise := l.seatNamed(n.Record).Noise
		noise.Status, noise.Prepared, noise.Refused = chain.ContributionAttested, 0, 0
		for i := range l.job.Seats {
			if i == mine {
				continue
			}
			share, _, err := l.noiseProtocol().Prepare(l.of(n), l.shared[n.Record], l.job.VerifyKey, i, l.otherKey(i))
			require.NoError(l.t, err)
			said[i] = share
			noise.Prepared |= 1 << i
		}
		l.said[n.Record] = said
	}
}

func (l *ledger) prepareNoise(of *chain.JobSeat, p *computev1.Preparation) error {
	if of.Noise == nil || of.Noise.Prepared&(1<<mine) != 0 {
		return errors.New("judged twice, or nothing to judge")
	}
	of.Noise.Prepared |= 1 << mine
	of.Noise.Status = chain.ContributionInvalid
	if len(p.Share) == 0 {
		of.Noise.Refused |= 1 << mine
		return nil
	}
	l.said[of.Operator][mine] = p.Share
	message, err := l.noiseProtocol().Combine(terms.NoiseOf(of.Operator), l.shared[of.Operator].PublicShare, l.said[of.Operator])
	if err != nil {
		return nil //nolint:nilerr // the noise is invalid, the message is not
	}
	of.Noise.Status, l.messages[of.Operator] = chain.ContributionValid, message
	for i := range l.job.Seats {
		l.job.Seats[i].Commitment, err = securesum.AddCommitments(l.job.Seats[i].Commitment, l.shared[of.Operator].Commitments[i])
		require.NoError(l.t, err)
	}
	return nil
}

// accuse is the chain's verdict on evidence.
func (l *ledger) accuse(m *computev1.MsgAccuseSeat) error {
	of := l.seatNamed(m.RecordId)
	if l.job.Status != chain.JobContesting || of == nil || of.Account != m.Worker {
		return errors.New("wrong phase, or not its own noise")
	}
	accused := l.job.Seats[m.Seat]
	lied, err := l.noiseProtocol().Lied(terms.NoiseOf(of.Operator), l.shared[of.Operator], l.job.VerifyKey, int(m.Seat), accused.Key, m.Randomness, l.said[of.Operator][m.Seat])
	if err != nil || !lied {
		return fmt.Errorf("no fault: %w", err)
	}
	l.job.Status = chain.JobSeating
	return nil
}

// requireNoised checks that a sum is the sum of the records and noise within its bounds, not all of it 0.
func (l *ledger) requireNoised(sum []*big.Int, records []int) {
	l.t.Helper()
	revealed, err := l.job.SecureSum(testChain).Reveal(sum, 0)
	require.NoError(l.t, err)
	none := 0
	for slot, x := range revealed {
		for _, r := range records {
			x.Sub(x, new(big.Int).SetUint64(vector(r)[slot]))
		}
		require.Less(l.t, x.CmpAbs(big.NewInt(3*96)), 1, "noise within three bounds")
		if x.Sign() == 0 {
			none++
		}
	}
	require.Less(l.t, none, 4)
}

func TestSeatAddsNoise(t *testing.T) {
	for _, public := range []bool{false, true} {
		t.Run(fmt.Sprint("public ", public), func(t *testing.T) {
			l := newNoisedLedger(t)
			l.job.Spec.Secure.PublicResult = public
			var log bytes.Buffer
			s := newSeat(t, l, &log)
			steps(t, s, 2)
			seen := map[string]bool{}
			for round := uint32(1); round <= 2; round++ {
				l.job.Round = round
				l.collectNoise()
				steps(t, s, 4)
				require.NotNil(t, l.job.Seats[mine].Noise)
				require.False(t, seen[string(l.job.Seats[mine].Noise.Commitment)], "other noise in another round")
				seen[string(l.job.Seats[mine].Noise.Commitment)] = true
				l.contribute(5, nil)
				l.othersPrepare()
				s = newSeat(t, l, &log) // a restart repeats the noise
				steps(t, s, 4)
				require.NotNil(t, l.opened)
				l.requireSum(0, 1, 2, 3, 4)
			}
			require.Equal(t, map[string]int{"MsgTakeSeat": 1, "MsgAddNoise": 2, "MsgPrepare": 2, "MsgOpenSum": 2}, l.taken)
			require.Zero(t, l.refused)
			l.requireOneAnswer()
		})
	}
}

// A process that ends before it knows whether its noise was taken hands in the same.
func TestNoiseIsRepeatedAfterARestart(t *testing.T) {
	l := newNoisedLedger(t)
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 2)
	l.collectNoise()
	steps(t, s, 1)
	first := l.job.Seats[mine].Noise
	require.NotNil(t, first)
	l.job.Seats[mine].Noise = nil // the block was not final for the node
	s = newSeat(t, l, &log)
	steps(t, s, 2)
	require.Equal(t, first, l.job.Seats[mine].Noise)
	// Another attempt has other noise.
	l.job.Attempt = 2
	l.collectNoise()
	steps(t, s, 4)
	require.NotEqual(t, first.Commitment, l.job.Seats[mine].Noise.Commitment)
	// On a chain that was set back and goes on with another key of another seat, no second noise of one attempt is handed in.
	l.job.Attempt = 1
	l.job.Seats[0].Key = testKey("another").Public().Bytes()
	l.job.Seats[mine].Noise = nil
	l.taken = map[string]int{}
	steps(t, newSeat(t, l, &log), 4)
	require.Empty(t, l.taken)
	require.Contains(t, log.String(), "expected the noise that it has handed in, got another one")
}

// TestAttackSumWithoutNoise: a seat opens no sum that lacks the noise of a seat, or has other noise in place of its own, whatever the chain and
// the other seats say.
func TestAttackSumWithoutNoise(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(l *ledger)
		want   string
	}{
		"all noise": {func(*ledger) {}, ""},
		"no noise": {func(l *ledger) {
			for i := range l.job.Seats {
				l.job.Seats[i].Noise = nil
			}
		}, "expected the noise of 3 seats, got 0"},
		"another's missing": {func(l *ledger) { l.job.Seats[2].Noise = nil }, "expected the noise of 3 seats, got 2"},
		"its own missing":   {func(l *ledger) { l.job.Seats[mine].Noise = nil }, "expected the noise of 3 seats, got 2"},
		"another's invalid": {func(l *ledger) { l.job.Seats[0].Noise.Status = chain.ContributionInvalid }, "expected a valid one"},
		"its own invalid":   {func(l *ledger) { l.job.Seats[mine].Noise.Status = chain.ContributionInvalid }, "expected a valid one"},
		"other in place of its own": {func(l *ledger) {
			l.addNoiseOf(mine, stream(7))
			l.job.Seats[mine].Noise.Status = chain.ContributionValid
		}, "own noise: expected"},
		"a contribution left out":            {func(l *ledger) { l.contributions = l.contributions[1:] }, "expected 3 valid ones, as the job counts them, got 2"},
		"a contribution in place of another": {func(l *ledger) { l.contributions[0] = l.contributions[1] }, "expected 3 valid ones, as the job counts them, got 2"},
		"a seat more":                        {func(l *ledger) { l.job.Spec.Secure.Seats = 4 }, "expected the noise of 4 seats, got 3"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newNoisedLedger(t)
			var log bytes.Buffer
			s := newSeat(t, l, &log)
			steps(t, s, 2)
			l.collectNoise()
			steps(t, s, 2)
			l.contribute(3, nil)
			l.othersPrepare()
			for range 3 {
				_ = s.Step(t.Context())
				if l.job.Status == chain.JobAggregating {
					break
				}
			}
			require.Equal(t, chain.JobAggregating, l.job.Status)
			tc.change(l)
			var err error
			for range 3 {
				err = errors.Join(err, s.Step(t.Context()))
			}
			if tc.want == "" {
				require.NoError(t, err)
				l.requireSum(0, 1, 2)
				return
			}
			require.Nil(t, l.opened)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// TestAttackMultipliedContribution: a node that lists a vector several times makes no seat open several times of it, which the noise is not
// for, nor miss its time over noise among the contributions.
func TestAttackMultipliedContribution(t *testing.T) {
	l := newNoisedLedger(t)
	var log bytes.Buffer
	s := newSeat(t, l, &log)
	steps(t, s, 2)
	l.collectNoise()
	steps(t, s, 2)
	l.contribute(3, nil)
	victim := l.contributions[0]
	l.listed = append(l.job.Noises(), victim, victim, victim)
	l.othersPrepare()
	steps(t, s, 4)
	require.NotNil(t, l.opened)
	l.requireSum(0, 1, 2)
	require.Zero(t, l.refused)
}

// TestAttackNoiseJudgedFalsely: a seat whose noise another one judges falsely proves it, and reveals no other share of it.
func TestAttackNoiseJudgedFalsely(t *testing.T) {
	for _, refuse := range []bool{false, true} {
		l := newNoisedLedger(t)
		var log bytes.Buffer
		s := newSeat(t, l, &log)
		steps(t, s, 2)
		l.collectNoise()
		steps(t, s, 2)
		l.contribute(3, nil)
		l.othersPrepare()
		own := l.job.Seats[mine]
		if refuse {
			own.Noise.Refused |= 1 << 2
			l.said[own.Operator][2] = nil
		} else {
			l.said[own.Operator][2][0] ^= 1
		}
		for range 3 {
			_ = s.Step(t.Context())
		}
		require.Equal(t, chain.JobSeating, l.job.Status, "accused rightly")
		require.Equal(t, 1, l.taken["MsgAccuseSeat"])
		require.Zero(t, l.refused)
		require.Contains(t, log.String(), "accused a seat that judged the noise falsely")
		require.Nil(t, l.opened)
	}
}
