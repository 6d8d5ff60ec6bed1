package securesum_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/securesum"
)

// weights returns the randomness of the checks of a batch: the same in every run.
func weights() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1}) }

// TestPrepareBatch: a batch gives the same judgment of each contribution as Prepare, whatever else is in the batch.
func TestPrepareBatch(t *testing.T) {
	r := newRun(t, securesum.Shape{Kind: securesum.SumVec, Length: 5, Bits: 9, Seats: 3}, session)
	var batch []securesum.Submitted
	for i := range 9 {
		s := r.share(i, []uint64{uint64(i), 2, 3, 4, 511})
		shared := s.shared
		shared.Commitments = slices.Clone(shared.Commitments)
		shared.Sealed = slices.Clone(shared.Sealed)
		switch i {
		case 2: // another point than the share's
			shared.Commitments[0], shared.Commitments[1] = shared.Commitments[1], shared.Commitments[0]
		case 5:
			shared.Sealed[1].Ciphertext = append([]byte{shared.Sealed[1].Ciphertext[0] ^ 1}, shared.Sealed[1].Ciphertext[1:]...)
		case 7:
			shared.PublicShare = shared.PublicShare[1:]
		}
		batch = append(batch, securesum.Submitted{Contribution: s.c, Shared: shared})
	}
	for seat := range 3 {
		judged, err := r.p.PrepareBatch(weights(), r.verify, seat, r.private[seat], batch)
		require.NoError(t, err)
		require.Len(t, judged, len(batch))
		for i, s := range batch {
			share, _, err := r.p.Prepare(s.Contribution, s.Shared, r.verify, seat, r.private[seat])
			require.Equal(t, err == nil, judged[i].Refused == nil, "%d by seat %d: %v", i, seat, judged[i].Refused)
			require.Equal(t, share, judged[i].Share)
			if err != nil && i != 7 {
				require.ErrorIs(t, judged[i].Refused, securesum.ErrRefused)
			}
		}
	}
	_, err := r.p.PrepareBatch(weights(), r.verify[1:], 0, r.private[0], batch)
	require.ErrorIs(t, err, securesum.ErrForm)
	judged, err := r.p.PrepareBatch(weights(), r.verify, 0, r.private[0], nil)
	require.NoError(t, err)
	require.Empty(t, judged)
}

// TestBatchedSum: a sum over what a batch has judged opens as one over what was judged one by one.
func TestBatchedSum(t *testing.T) {
	r := newRun(t, securesum.Shape{Kind: securesum.OneHot, Length: 8, Seats: 2}, session)
	var batch []securesum.Submitted
	for i := range 20 {
		s := r.share(i, oneHot(8, i%8))
		batch = append(batch, securesum.Submitted{Contribution: s.c, Shared: s.shared})
	}
	judged, err := r.p.PrepareBatch(weights(), r.verify, 1, r.private[1], batch)
	require.NoError(t, err)
	sum, alone := r.p.NewSum(), r.p.NewSum()
	for i, s := range batch {
		require.NoError(t, judged[i].Refused)
		first, _, err := r.p.Prepare(s.Contribution, s.Shared, r.verify, 0, r.private[0])
		require.NoError(t, err)
		message, err := r.p.Combine(s.Contribution, s.Shared.PublicShare, [][]byte{first, judged[i].Share})
		require.NoError(t, err)
		require.NoError(t, sum.Add(judged[i].Prepared, message))
		_, prepared, err := r.p.Prepare(s.Contribution, s.Shared, r.verify, 1, r.private[1])
		require.NoError(t, err)
		require.NoError(t, alone.Add(prepared, message))
	}
	require.Equal(t, alone.Opening(), sum.Opening())
}

func BenchmarkPrepareBatch(b *testing.B) {
	const size = 64
	r := newRun(b, securesum.Shape{Kind: securesum.OneHot, Length: 1024, Seats: 3}, session)
	var batch []securesum.Submitted
	for i := range size {
		s := r.share(i, oneHot(1024, i))
		batch = append(batch, securesum.Submitted{Contribution: s.c, Shared: s.shared})
	}
	for b.Loop() {
		judged, err := r.p.PrepareBatch(weights(), r.verify, 1, r.private[1], batch)
		require.NoError(b, err)
		require.NoError(b, judged[size-1].Refused)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/size, "µs/contribution")
}
