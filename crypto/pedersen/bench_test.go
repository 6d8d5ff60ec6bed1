package pedersen_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/pedersen"
)

var lengths = []int{64, 256, 1024}

// random is where the tests' shares, blindings and weights come from: the same in every run of the same tests.
var random = rand.NewChaCha8([32]byte{1})

func newScheme(t testing.TB, length int) *pedersen.Scheme {
	t.Helper()
	s, err := pedersen.New(length)
	require.NoError(t, err)
	return s
}

// randomShare is a share of uniform elements, but for those near the modulus.
func randomShare(t testing.TB, s *pedersen.Scheme) []byte {
	t.Helper()
	out := make([]byte, s.ShareSize())
	_, _ = random.Read(out)
	for i := pedersen.ElementSize - 1; i < len(out); i += pedersen.ElementSize {
		out[i] &= 0x7f
	}
	return out
}

func newBlinding(t testing.TB) pedersen.Blinding {
	t.Helper()
	r, err := pedersen.NewBlinding(random)
	require.NoError(t, err)
	return r
}

func BenchmarkCommit(b *testing.B) {
	for _, length := range lengths {
		b.Run(fmt.Sprint(length), func(b *testing.B) {
			s := newScheme(b, length)
			share, r := randomShare(b, s), newBlinding(b)
			for b.Loop() {
				if _, err := s.Commit(share, r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(pedersen.Size, "bytes/commitment")
		})
	}
}

// The chain's check of a whole round, for one aggregator: the same for 10 owners and for a million.
func BenchmarkVerify(b *testing.B) {
	for _, length := range lengths {
		for _, owners := range []int{10, 100, 1000} {
			b.Run(fmt.Sprintf("%d/%d_owners", length, owners), func(b *testing.B) {
				s := newScheme(b, length)
				share, r := randomShare(b, s), newBlinding(b)
				c, err := s.Commit(share, r)
				require.NoError(b, err)
				sum, commitments := s.NewSum(), make([]pedersen.Commitment, owners)
				for i := range commitments {
					require.NoError(b, sum.Add(share, r))
					commitments[i] = c
				}
				total, err := pedersen.Add(commitments...)
				require.NoError(b, err)
				opening := sum.Opening()
				for b.Loop() {
					if _, err := s.Verify(total, uint64(owners), opening); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(len(opening)), "bytes/opening")
			})
		}
	}
}

// What the chain does for each contribution and aggregator.
func BenchmarkAdd(b *testing.B) {
	s := newScheme(b, 1)
	c, err := s.Commit(randomShare(b, s), newBlinding(b))
	require.NoError(b, err)
	for b.Loop() {
		if _, err := pedersen.Add(c, c); err != nil {
			b.Fatal(err)
		}
	}
}

// What a batch of bad commitments costs, against checking each of them.
func BenchmarkCheckBadBatch(b *testing.B) {
	for _, tc := range []struct{ slots, size int }{{3, 16}, {3, 128}, {473, 16}, {4098, 16}, {4098, 64}} {
		s := newScheme(b, tc.slots)
		one, err := pedersen.ParseBlinding(append([]byte{1}, make([]byte, 31)...))
		require.NoError(b, err)
		batch := make([]pedersen.Opened, tc.size)
		for i := range batch {
			share, r := randomShare(b, s), newBlinding(b)
			c, err := s.Commit(share, r)
			require.NoError(b, err)
			batch[i] = pedersen.Opened{Commitment: c, Share: share, Blinding: r.Add(one)}
		}
		b.Run(fmt.Sprintf("%d/%d", tc.slots, tc.size), func(b *testing.B) {
			var singly time.Duration
			for b.Loop() {
				bad, err := s.CheckBatch(random, batch)
				if err != nil || len(bad) != tc.size {
					b.Fatal(len(bad), err)
				}
				b.StopTimer()
				start := time.Now()
				for _, o := range batch {
					if s.Check(o.Commitment, o.Share, o.Blinding) == nil {
						b.Fatal("expected a bad one")
					}
				}
				singly += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed())/float64(singly), "times-singly")
		})
	}
}

func BenchmarkCheckBatch(b *testing.B) {
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprintf("1024/%d", size), func(b *testing.B) {
			s := newScheme(b, 1024)
			batch := make([]pedersen.Opened, size)
			for i := range batch {
				batch[i].Share, batch[i].Blinding = randomShare(b, s), newBlinding(b)
				c, err := s.Commit(batch[i].Share, batch[i].Blinding)
				require.NoError(b, err)
				batch[i].Commitment = c
			}
			for b.Loop() {
				bad, err := s.CheckBatch(random, batch)
				if err != nil || len(bad) != 0 {
					b.Fatal(bad, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "us/contribution")
		})
	}
}
