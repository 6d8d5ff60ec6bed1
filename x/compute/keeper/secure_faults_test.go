package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// bondOf returns what a seat of a job has left of its bond.
func (f *secureFixture) bondOf(operator string) math.Int {
	f.t.Helper()
	res, err := f.query.Seats(f.ctx, &types.QuerySeatsRequest{})
	require.NoError(f.t, err)
	for _, s := range res.Seats {
		if s.Operator == operator {
			return s.Bond.Amount
		}
	}
	f.t.Errorf("no seat %s", operator)
	return math.Int{}
}

// finish brings an attempt, whose contributions are in, to its end, and checks the answer.
func (f *secureFixture) finish(id string) {
	f.t.Helper()
	f.prepareAll(id)
	f.endBlock()
	require.Equal(f.t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
	f.openAll(id)
	f.endBlock()
	if !f.job(id).Spec.Secure.PublicResult {
		_, err := f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
		require.NoError(f.t, err)
		f.endBlock()
	}
	require.Equal(f.t, types.JOB_STATUS_SETTLED, f.job(id).Status)
}

// requireLost checks that a job has lost a seat for a fault, with a part of its bond, and has started again without it.
func (f *secureFixture) requireLost(id, operator string, fault types.SeatFault, left int64) {
	f.t.Helper()
	job := f.job(id)
	require.Equal(f.t, types.JOB_STATUS_SEATING, job.Status)
	require.Len(f.t, job.Lost, 1)
	require.Equal(f.t, operator, job.Lost[0].Operator)
	require.Equal(f.t, fault, job.Lost[0].Fault)
	require.Equal(f.t, math.NewInt(left).String(), f.bondOf(operator).String())
	for _, s := range job.Seats {
		require.NotEqual(f.t, operator, s.Operator)
	}
	require.EqualValues(f.t, 2, job.Attempt)
	require.Zero(f.t, job.Contributions)
	require.NoError(f.t, f.keeper.Invariants(f.ctx))
}

// again lets the new seats be drawn and the round be done once more, which must end well.
func (f *secureFixture) again(id string) {
	f.t.Helper()
	f.attempt(id)
	f.finish(id)
	require.Equal(f.t, want(f.records), f.read(id, f.reader))
}

const stalled = seatBond - seatBond/10

func TestSilentSeatIsReplaced(t *testing.T) {
	t.Run("gives no key", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		id := f.open(f.consumer, 1, f.secureSpec())
		f.endBlocks(2)
		silent := f.job(id).Seats[1].Operator
		f.takeSeats(id, silent)
		f.endBlocks(5)
		f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
		f.again(id)
	})
	t.Run("does not judge", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		id := f.toVerifying(f.secureSpec())
		for _, i := range []int{0, 2} {
			_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
			require.NoError(t, err)
		}
		silent := f.job(id).Seats[1].Operator
		f.endBlocks(6)
		f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
		f.again(id)
	})
	t.Run("judges some", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		id := f.toVerifying(f.secureSpec())
		for i := range 3 {
			msg := f.preparations(id, i)
			if i == 1 {
				msg.Preparations = msg.Preparations[:2]
			}
			_, err := f.msg.Prepare(f.ctx, msg)
			require.NoError(t, err)
		}
		silent := f.job(id).Seats[1].Operator
		f.endBlocks(6)
		f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
		f.again(id)
	})
	t.Run("does not open", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		id := f.toVerifying(f.secureSpec())
		f.prepareAll(id)
		f.endBlock()
		f.openSums(id, 0, 2)
		silent := f.job(id).Seats[1].Operator
		f.toDeadline(id)
		f.requireLost(id, silent, types.SEAT_FAULT_SILENT, stalled)
		f.again(id)
	})
}

// TestAnswersOnce: a seat that answers twice is refused and changes nothing.
func TestAnswersOnce(t *testing.T) {
	f := newSecureFixture(t, 3, 3)
	id := f.open(f.consumer, 1, f.secureSpec())
	f.endBlocks(2)
	first := f.job(id).Seats[0]
	take := &types.MsgTakeSeat{Account: first.Account, JobId: id, Key: f.seatKey(first.Operator, id).Public().Bytes()}
	_, err := f.msg.TakeSeat(f.ctx, take)
	require.NoError(t, err)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.TakeSeat(f.ctx, take); return err })
	f.takeSeats(id)
	f.endBlock()
	f.contributing(id)

	prepare := f.preparations(id, 0)
	twice := *prepare
	twice.Preparations = append(twice.Preparations[:len(twice.Preparations):len(twice.Preparations)], twice.Preparations[0])
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.Prepare(f.ctx, &twice); return err })
	_, err = f.msg.Prepare(f.ctx, prepare)
	require.NoError(t, err)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.Prepare(f.ctx, prepare); return err })
	for i := 1; i < 3; i++ {
		_, err := f.msg.Prepare(f.ctx, f.preparations(id, i))
		require.NoError(t, err)
	}
	f.endBlock()
	open := f.openMsg(id, 0, f.opening(id, 0))
	_, err = f.msg.OpenSum(f.ctx, open)
	require.NoError(t, err)
	f.refused(types.ErrSeatTaken, func() error { _, err := f.msg.OpenSum(f.ctx, open); return err })
}

// refused runs a message in a transaction of its own and checks that it fails and changes nothing.
func (f *secureFixture) refused(want error, run func() error) {
	f.t.Helper()
	before, ctx := f.state(), f.ctx
	f.ctx, _ = ctx.CacheContext()
	err := run()
	f.ctx = ctx
	require.ErrorIs(f.t, err, want)
	require.Equal(f.t, before, f.state())
}

// accuse tries an owner's evidence against a seat.
func (f *secureFixture) accuse(id string, i, seat int) error {
	job, record := f.job(id), f.records[i]
	evidence := f.evidence[fmt.Sprint(id, job.Round, job.Attempt, record)]
	_, err := f.msg.AccuseSeat(f.ctx, &types.MsgAccuseSeat{
		Worker: bech(f.owners[i]), JobId: id, RecordId: record, Seat: uint32(seat), Randomness: evidence[seat],
	})
	return err
}

func TestWrongPreparationIsNamed(t *testing.T) {
	for name, lie := range map[string]func(share []byte) []byte{
		"another share": func(share []byte) []byte { share[40] ^= 1; return share },
		"a refusal":     func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 5, 4)
			id := f.toVerifying(f.secureSpec())
			liar := f.job(id).Seats[1].Operator
			for i := range 3 {
				msg := f.preparations(id, i)
				if i == 1 {
					msg.Preparations[2].Share = lie(msg.Preparations[2].Share)
				}
				_, err := f.msg.Prepare(f.ctx, msg)
				require.NoError(t, err)
			}
			f.endBlock()
			require.Equal(t, types.JOB_STATUS_CONTESTING, f.job(id).Status)
			c, err := f.keeper.Contribution(f.ctx, id, f.records[2])
			require.NoError(t, err)
			require.Equal(t, types.CONTRIBUTION_STATUS_INVALID, c.Status)
			// The other seats did nothing wrong, and about a valid contribution no seat did.
			f.refused(types.ErrNoFault, func() error { return f.accuse(id, 2, 0) })
			f.refused(types.ErrNoFault, func() error { return f.accuse(id, 2, 2) })
			f.refused(types.ErrNoFault, func() error { return f.accuse(id, 0, 1) })
			require.NoError(t, f.accuse(id, 2, 1))
			f.requireLost(id, liar, types.SEAT_FAULT_PREPARATION, 0)
			f.again(id)
		})
	}
}

// TestUncontestedLie: if the owner is away, a lie costs the owner's contribution and no more.
func TestUncontestedLie(t *testing.T) {
	f := newSecureFixture(t, 3, 4)
	id := f.toVerifying(f.secureSpec())
	f.prepareAllButOne(id)
	f.endBlocks(7)
	require.Equal(t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
	f.openAll(id)
	f.endBlock()
	left := append(append([]string{}, f.records[:2]...), f.records[3])
	require.Equal(t, want(left), f.read(id, f.reader))
}

func TestWrongSumIsNamed(t *testing.T) {
	t.Run("public", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		spec := f.secureSpec()
		spec.Secure.PublicResult = true
		id := f.toVerifying(spec)
		f.prepareAll(id)
		f.endBlock()
		liar := f.job(id).Seats[1].Operator
		wrong := f.opening(id, 1)
		wrong[0]++
		_, err := f.msg.OpenSum(f.ctx, f.openMsg(id, 1, wrong))
		require.NoError(t, err, "the message that shows the lie is a valid one")
		f.requireLost(id, liar, types.SEAT_FAULT_SUM, 0)
		f.again(id)
	})
	t.Run("sealed", func(t *testing.T) {
		f := newSecureFixture(t, 5, 3)
		id := f.toVerifying(f.secureSpec())
		f.prepareAll(id)
		f.endBlock()
		liar := f.job(id).Seats[1].Operator
		for i := range 3 {
			opening := f.opening(id, i)
			if i == 1 {
				opening[0]++
			}
			_, err := f.msg.OpenSum(f.ctx, f.openMsg(id, i, opening))
			require.NoError(t, err)
		}
		f.endBlock()
		require.Equal(t, types.JOB_STATUS_READING, f.job(id).Status)
		private, err := f.reader.Bytes()
		require.NoError(t, err)
		next, err := seal.GenerateKey()
		require.NoError(t, err)
		dispute := &types.MsgDisputeSum{
			Consumer: bech(f.consumer), JobId: id, Seat: 1, ReaderPrivateKey: private, ReaderKey: next.Public().Bytes(),
		}
		honest := *dispute
		honest.Seat = 0
		f.refused(types.ErrNoFault, func() error { _, err := f.msg.DisputeSum(f.ctx, &honest); return err })
		other := *dispute
		other.ReaderPrivateKey = label.Uint64(1)
		f.refused(types.ErrInvalidReaderKey, func() error { _, err := f.msg.DisputeSum(f.ctx, &other); return err })
		same := *dispute
		same.ReaderKey = f.reader.Public().Bytes()
		f.refused(types.ErrInvalidReaderKey, func() error { _, err := f.msg.DisputeSum(f.ctx, &same); return err })
		_, err = f.msg.DisputeSum(f.ctx, dispute)
		require.NoError(t, err)
		f.requireLost(id, liar, types.SEAT_FAULT_SUM, 0)
		f.reader = next
		f.again(id)
	})
}

// TestPoison: contributions that are wrong in every way are rejected one by one, and the sum of the others is right.
func TestPoison(t *testing.T) {
	tamper := map[string]func(f *secureFixture, id string, s *securesum.Shared, i int){
		"leader's share":     func(_ *secureFixture, _ string, s *securesum.Shared, _ int) { s.Sealed[0].Ciphertext[5] ^= 1 },
		"helper's share":     func(_ *secureFixture, _ string, s *securesum.Shared, _ int) { s.Sealed[2].Ciphertext[5] ^= 1 },
		"encapsulation":      func(_ *secureFixture, _ string, s *securesum.Shared, _ int) { s.Sealed[1].Enc[9] ^= 1 },
		"public share":       func(_ *secureFixture, _ string, s *securesum.Shared, _ int) { s.PublicShare[3] ^= 1 },
		"another commitment": func(_ *secureFixture, _ string, s *securesum.Shared, _ int) { s.Commitments[1] = s.Commitments[2] },
		"swapped shares": func(_ *secureFixture, _ string, s *securesum.Shared, _ int) {
			s.Sealed[1], s.Sealed[2] = s.Sealed[2], s.Sealed[1]
		},
		"another owner's": func(f *secureFixture, id string, s *securesum.Shared, i int) {
			res, err := f.query.Shares(f.ctx, &types.QuerySharesRequest{JobId: id, RecordId: f.records[i-1]})
			require.NoError(f.t, err)
			*s = res.Shared.Proto()
		},
	}
	for name, change := range tamper {
		t.Run(name, func(t *testing.T) {
			f := newSecureFixture(t, 3, 4)
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id)
			f.endBlock()
			f.addNoise(id)
			for i := range f.records {
				msg := f.shared(id, i)
				if i == 2 {
					shared := msg.Shared.Proto()
					change(f, id, &shared, i)
					hash := securesum.Hash(shared)
					msg.Shared, msg.Attestation.ResultCommitment = types.SharedVectorOf(shared, 1), hash[:]
				}
				_, err := f.msg.Contribute(f.ctx, msg)
				require.NoError(t, err)
			}
			f.endBlocks(11)
			f.prepareAll(id)
			f.endBlock()
			require.Equal(t, types.JOB_STATUS_CONTESTING, f.job(id).Status)
			require.EqualValues(t, 3, f.job(id).Valid)
			for seat := range 3 {
				if err := f.accuse(id, 2, seat); err != nil {
					require.ErrorIs(t, err, types.ErrNoFault, "nobody is to blame but the owner")
				} else {
					t.Fatalf("an honest seat %d lost its bond", seat)
				}
			}
			f.endBlocks(6)
			require.Equal(t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
			f.openAll(id)
			f.endBlock()
			left := append(append([]string{}, f.records[:2]...), f.records[3])
			require.Equal(t, want(left), f.read(id, f.reader))
		})
	}
}

// TestEveryPhaseEnds: no matter who stops answering, and in which phase, the job ends, the escrow is empty and the sums agree.
func TestEveryPhaseEnds(t *testing.T) {
	phases := []struct {
		name string
		stop func(f *secureFixture) string
		want types.FailureReason
	}{
		{"nobody gives a key", func(f *secureFixture) string { return f.open(f.consumer, 1, f.secureSpec()) }, types.FAILURE_REASON_SEATS},
		{"nobody contributes", func(f *secureFixture) string {
			id := f.open(f.consumer, 1, f.secureSpec())
			f.endBlocks(2)
			f.takeSeats(id)
			return id
		}, types.FAILURE_REASON_COHORT},
		{"nobody judges", func(f *secureFixture) string { return f.toVerifying(f.secureSpec()) }, types.FAILURE_REASON_SEATS},
		{"nobody opens", func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			return id
		}, types.FAILURE_REASON_SEATS},
		{"all contributions are refused", func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			for i := range 3 {
				msg := f.preparations(id, i)
				for j := range f.records {
					msg.Preparations[j].Share = nil
				}
				_, err := f.msg.Prepare(f.ctx, msg)
				require.NoError(f.t, err)
			}
			return id
		}, types.FAILURE_REASON_COHORT},
		{"nobody reads", func(f *secureFixture) string {
			id := f.toVerifying(f.secureSpec())
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			return id
		}, types.FAILURE_REASON_UNSPECIFIED},
		{"no next round", func(f *secureFixture) string {
			spec := f.secureSpec()
			spec.Secure.Rounds, spec.Secure.NextBlocks = 4, 5
			id := f.toVerifying(spec)
			f.prepareAll(id)
			f.endBlock()
			f.openAll(id)
			return id
		}, types.FAILURE_REASON_UNSPECIFIED},
	}
	for _, p := range phases {
		t.Run(p.name, func(t *testing.T) {
			f := newSecureFixture(t, 4, 3)
			before := f.funds(f.consumer)
			id := p.stop(f)
			for range 200 {
				f.endBlock()
			}
			job := f.job(id)
			require.False(t, job.Open(), job.Status)
			require.Equal(t, p.want, job.Failure)
			require.True(t, f.funds(types.EscrowAddress(id)).IsZero())
			require.Equal(t, spentOn(job).Text(), before.Sub(f.funds(f.consumer)).Text())
			if p.want == types.FAILURE_REASON_SEATS {
				require.True(t, job.Paid.IsZero(), "a full refund")
			}
			res, err := f.query.Seats(f.ctx, &types.QuerySeatsRequest{})
			require.NoError(t, err)
			for _, s := range res.Seats {
				require.Zero(t, s.Jobs)
			}
		})
	}
}
