package consumer_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// TestLyingNode: a proxy in front of an honest node changes what the reader sees. Alone it makes the reader show its key, or believe a
// wrong sum; compared with the honest node, it is found out before anything is sent.
func TestLyingNode(t *testing.T) {
	home, run, c := newRun(t, moments, 1, false)
	_, honest := newNode(t, "honest", c)
	proxy, liar := newNode(t, "liar", c)
	answer, _, err := followAt(t, c, home, run, liar, honest)
	require.NoError(t, err, "a proxy that changes nothing")
	require.Equal(t, "2016", answer.Result.Table.Rows[0][2])
	require.Equal(t, []string{"accept"}, kinds(c))
	require.Positive(t, proxy.asked)

	// The sums of other owners under the same job: all of it agrees with itself.
	other := func(t *testing.T, run *consumer.SavedRun) *ownersChain {
		t.Helper()
		copied := *run
		forged := newOwnersChain(t, &copied, moments, 1, false, []int64{1000, 1000, 1000}, []int64{1000, 1000, 1000}, []int64{1000, 1000})
		forged.job.Spec.ReaderKey = nil
		return forged
	}
	for name, tt := range map[string]struct {
		set  func(t *testing.T, c *ownersChain, run *consumer.SavedRun, proxy *fakeNode)
		what string
		// alone is what the reader would send if it asked the proxy alone.
		alone []string
	}{
		"the sum of others": {func(t *testing.T, c *ownersChain, run *consumer.SavedRun, proxy *fakeNode) {
			forged := other(t, run)
			forged.job.Spec.ReaderKey = c.job.Spec.ReaderKey
			forged.sum()
			proxy.lie = func(s *types.RoundSums) { *s = forged.rounds[1] }
			proxy.lieJob = func(j *types.Job) { j.Seats = forged.job.Seats }
		}, "commitments of round 1", []string{"accept"}},
		"commitments in sums and job": {func(_ *testing.T, _ *ownersChain, _ *consumer.SavedRun, proxy *fakeNode) {
			proxy.lie = func(s *types.RoundSums) { s.Commitments[0] = s.Commitments[1] }
			proxy.lieJob = func(j *types.Job) { j.Seats[0].Commitment = j.Seats[1].Commitment }
		}, "commitments of round 1", []string{"dispute"}},
		"a sealed sum": {func(_ *testing.T, _ *ownersChain, _ *consumer.SavedRun, proxy *fakeNode) {
			proxy.lie = func(s *types.RoundSums) {
				s.Sums = slices.Clone(s.Sums)
				s.Sums[0].Sealed = s.Sums[1].Sealed
			}
		}, "sums of round 1", []string{"dispute"}},
		"the number of contributions": {func(_ *testing.T, _ *ownersChain, _ *consumer.SavedRun, proxy *fakeNode) {
			proxy.lie = func(s *types.RoundSums) { s.Valid, s.Owners = 2, 2 }
			proxy.lieJob = func(j *types.Job) { j.Valid = 2 }
		}, "numbers of contributions of round 1", []string{"dispute"}},
		"the number of rows": {func(_ *testing.T, _ *ownersChain, _ *consumer.SavedRun, proxy *fakeNode) {
			proxy.lie = func(s *types.RoundSums) { s.Rows++ }
			proxy.lieJob = func(j *types.Job) { j.ValidRows++ }
		}, "numbers of contributions of round 1", []string{"accept"}},
		"the terms": {func(_ *testing.T, _ *ownersChain, _ *consumer.SavedRun, proxy *fakeNode) {
			proxy.lieJob = func(j *types.Job) { j.Spec.MinCohort = 1 }
		}, "terms of job " + jobID, []string{"accept"}},
	} {
		t.Run(name, func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, false)
			proxy, liar := newNode(t, "liar", c)
			_, honest := newNode(t, "honest", c)
			tt.set(t, c, run, proxy)
			answer, out, err := followAt(t, c, home, run, liar, honest)
			require.ErrorIs(t, err, consumer.ErrNodesDiffer)
			require.ErrorContains(t, err, "liar and honest have different "+tt.what)
			require.Nil(t, answer.Result)
			require.Empty(t, c.sent)
			require.NotContains(t, out, "disput")
			kept, err := consumer.LoadRun(home, jobID)
			require.NoError(t, err)
			require.Len(t, kept.ReaderKeys, 1)

			// It is the same whichever of both is asked first.
			_, _, err = followAt(t, c, home, run, honest, liar)
			require.ErrorIs(t, err, consumer.ErrNodesDiffer)
			require.ErrorContains(t, err, "honest and liar have different "+tt.what)
			require.Empty(t, c.sent)
		})
		t.Run(name+", alone", func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, false)
			proxy, liar := newNode(t, "liar", c)
			tt.set(t, c, run, proxy)
			_, _, _ = followAt(t, c, home, run, liar)
			require.NotEmpty(t, c.tried)
			require.Equal(t, tt.alone[0], kindOf(c.tried[0]))
		})
	}
}

// slow is a second node that is behind for a number of questions.
type slow struct {
	consumer.Chain
	behind  int
	attempt uint32
}

func (s *slow) Sums(ctx context.Context, id string, round uint32) (types.RoundSums, error) {
	if s.behind > 0 {
		s.behind--
		return types.RoundSums{}, status.Error(codes.NotFound, "no sums yet")
	}
	sums, err := s.Chain.Sums(ctx, id, round)
	sums.Attempt += s.attempt
	return sums, err
}

// TestWitnessBehind: a second node that comes later is waited for; without it nothing is sent, and the run can go on.
func TestWitnessBehind(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	c.liar[2] = 1
	r, err := consumer.NewRun(c, home, run)
	require.NoError(t, err)
	r.Witness("first", "second", &slow{Chain: c, behind: 40})
	r.Witness("first", "third", &slow{Chain: c, behind: 5})
	_, err = r.Follow(t.Context(), nil)
	require.NoError(t, err)
	checkMedian(t, r.Answer())
	require.Equal(t, []string{"accept", "next", "dispute", "accept", "next", "accept", "done"}, kinds(c), "a seat that lies is disputed")

	for _, s := range []*slow{{behind: 1 << 30}, {attempt: 1}} {
		home, run, c := newRun(t, moments, 1, false)
		s.Chain = c
		r, err := consumer.NewRun(c, home, run)
		require.NoError(t, err)
		r.Witness("first", "second", s)
		_, err = r.Follow(t.Context(), nil)
		require.ErrorContains(t, err, "check node second: ")
		require.ErrorIs(t, err, consumer.ErrBehind)
		requireUnfinished(t, err)
		require.Nil(t, r.Answer().Result)
		require.Empty(t, c.sent)
	}
}

// TestCheckNodes: a second node is another one, on the same chain.
func TestCheckNodes(t *testing.T) {
	_, _, c := newRun(t, moments, 1, false)
	_, first := newNode(t, "first", c)
	_, again := newNode(t, "first", c)
	elsewhere, other := newNode(t, "other", c)
	elsewhere.network = "alita-test-2"
	for name, tc := range map[string]struct {
		node consumer.Node
		says string
	}{
		"same id":   {again, "expected another node than first, got the same"},
		"same node": {first, "expected another node than first, got the same"},
		"elsewhere": {other, "check node other: chain: expected alita-test-1, got alita-test-2"},
		"no answer": {consumer.Node{Name: "gone", Conn: noNode{}}, "check node gone: "},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, payerAt(t, t.TempDir(), first, tc.node).Check(t.Context()), tc.says)
		})
	}
	require.ErrorContains(t, payerAt(t, t.TempDir(), other).Check(t.Context()), "other: chain: expected alita-test-1, got alita-test-2")
	elsewhere.network = chainID
	require.NoError(t, payerAt(t, t.TempDir(), first, other).Check(t.Context()))
}

// TestWitnessOfDirectDelivery: what owners attested is compared as well.
func TestWitnessOfDirectDelivery(t *testing.T) {
	for _, lie := range []bool{false, true} {
		home, run, c := newRun(t, moments, 1, false)
		c.job.Spec.Delivery, c.job.Spec.Secure, c.job.Status = types.DELIVERY_DIRECT, nil, types.JOB_STATUS_SETTLED
		r, err := consumer.NewRun(c, home, run)
		require.NoError(t, err)
		r.Witness("first", "second", &otherAttestation{c, lie})
		_, err = r.Follow(t.Context(), nil)
		if !lie {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, consumer.ErrNodesDiffer)
		require.ErrorContains(t, err, "first and second have different contributions to job "+jobID)
	}
}

type otherAttestation struct {
	consumer.Chain
	lie bool
}

func (o *otherAttestation) Contributions(ctx context.Context, id string) ([]types.Contribution, error) {
	all, err := o.Chain.Contributions(ctx, id)
	if o.lie {
		all[1].Attestation.ResultCommitment = []byte("another")
	}
	return all, err
}
