package securesum_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
)

var benchShapes = []struct {
	name  string
	shape securesum.Shape
}{
	{"one-hot-64", oneHotShape(64, 3)},
	{"one-hot-1024", oneHotShape(1024, 3)},
	{"sumvec-64x16", sumVec(64, 16, 3)},
	{"sumvec-256x16", sumVec(256, 16, 3)},
	{"sumvec-1024x16", sumVec(1024, 16, 3)},
}

// BenchmarkContribution measures one contribution to a sum over three seats: at its owner, at each seat, and on the chain. "B/chain" is
// what the owner sends, "B/seat" what each seat says of it.
func BenchmarkContribution(b *testing.B) {
	for _, bench := range benchShapes {
		r := newRun(b, bench.shape, session)
		vector := oneHot(int(bench.shape.Length), 1)
		c := contribution(1)
		secret := label.Hash("bench")
		s := r.share(1, vector)
		v := r.judge(s)
		require.NoError(b, v.err)
		b.Run(bench.name+"/owner", func(b *testing.B) {
			for b.Loop() {
				_, _, err := r.p.Share(c, r.public, vector, secret[:])
				require.NoError(b, err)
			}
			b.ReportMetric(float64(r.p.SharedSize()), "B/chain")
			b.ReportMetric(float64(r.p.PreparationSize()), "B/seat")
		})
		for _, seat := range []int{0, 1} {
			b.Run(fmt.Sprintf("%s/seat-%d", bench.name, seat), func(b *testing.B) {
				for b.Loop() {
					_, prepared, err := r.p.Prepare(c, s.shared, r.verify, seat, r.private[seat])
					require.NoError(b, err)
					require.NoError(b, r.p.NewSum().Add(prepared, v.message))
				}
			})
		}
		b.Run(bench.name+"/chain", func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, r.p.CheckShared(s.shared))
				_ = securesum.Hash(s.shared)
				_, err := r.p.Combine(c, s.shared.PublicShare, v.said)
				require.NoError(b, err)
				for _, commitment := range s.shared.Commitments {
					_, err := securesum.AddCommitments(commitment, commitment)
					require.NoError(b, err)
				}
			}
		})
		b.Run(bench.name+"/accusation", func(b *testing.B) {
			for b.Loop() {
				lied, err := r.p.Lied(c, s.shared, r.verify, 0, r.public[0].Bytes(), s.evidence[0], v.said[0])
				require.NoError(b, err)
				require.False(b, lied)
			}
		})
	}
}

// BenchmarkSumCheck measures the check of one seat's sum, by the chain or the reader.
func BenchmarkSumCheck(b *testing.B) {
	for _, length := range []uint32{64, 1024, 4096} {
		for _, owners := range []int{10, 100, 1000} {
			r := newRun(b, oneHotShape(length, 3), session)
			s := r.share(1, oneHot(int(length), 1))
			v := r.judge(s)
			require.NoError(b, v.err)
			// The same contribution again and again is a sum like any other.
			sum := r.p.NewSum()
			var commitment []byte
			for range owners {
				require.NoError(b, sum.Add(v.prepared[0], v.message))
				var err error
				commitment, err = securesum.AddCommitments(commitment, s.shared.Commitments[0])
				require.NoError(b, err)
			}
			opening := sum.Opening()
			b.Run(fmt.Sprintf("slots-%d/owners-%d", length, owners), func(b *testing.B) {
				for b.Loop() {
					_, err := r.p.VerifyOpening(commitment, uint64(owners), opening)
					require.NoError(b, err)
				}
			})
		}
	}
}
