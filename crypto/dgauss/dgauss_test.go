package dgauss_test

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/dgauss"
)

// stream is a fixed stream of uniform bytes, so that statistics come out the same in every run.
func stream(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

// probability is the exact density, in floats: the tests' own computation of the formula.
func probability(v dgauss.Variance) func(x int64) float64 {
	sigma2 := float64(v.Num) / float64(v.Den)
	weight := func(x int64) float64 { return math.Exp(-float64(x) * float64(x) / (2 * sigma2)) }
	total := 1.0
	for x := int64(1); weight(x) > 1e-18; x++ {
		total += 2 * weight(x)
	}
	return func(x int64) float64 { return weight(x) / total }
}

// quantile is the 1 - 10^-6 quantile of chi-square, by the approximation of Wilson and Hilferty.
func quantile(freedom int) float64 {
	k, z := float64(freedom), 4.7534
	c := 1 - 2/(9*k) + z*math.Sqrt(2/(9*k))
	return k * c * c * c
}

var variances = []dgauss.Variance{{1, 1}, {1, 3}, {1, 20}, {9, 4}, {2, 1}, {100, 1}, {12345, 100}, {10001, 7}, {40000, 1}}

// The frequencies of a fixed stream agree with the exact probabilities, and so do mean, variance and fourth moment.
func TestDistribution(t *testing.T) {
	const draws = 60_000
	for i, v := range variances {
		t.Run(fmt.Sprintf("%d/%d", v.Num, v.Den), func(t *testing.T) {
			s, err := dgauss.New(stream(byte(i)), v)
			require.NoError(t, err)
			counts, sum, squares, fourths := map[int64]int{}, 0.0, 0.0, 0.0
			for range draws {
				x, err := s.Sample()
				require.NoError(t, err)
				counts[x]++
				f := float64(x)
				sum, squares, fourths = sum+f, squares+f*f, fourths+f*f*f*f
			}
			p := probability(v)
			// Cells of at least 50 expected draws each, joined from the left; the rest is the last cell.
			chi, cells, expected, seen := 0.0, 0, 0.0, 0
			limit := int64(12*math.Sqrt(float64(v.Num)/float64(v.Den))) + 3
			restExpected, restSeen := float64(draws), draws
			for x := -limit; x <= limit; x++ {
				expected, seen = expected+draws*p(x), seen+counts[x]
				if expected >= 50 && restExpected-expected >= 50 {
					chi += (float64(seen) - expected) * (float64(seen) - expected) / expected
					restExpected, restSeen = restExpected-expected, restSeen-seen
					expected, seen, cells = 0, 0, cells+1
				}
			}
			if cells > 0 {
				chi += (float64(restSeen) - restExpected) * (float64(restSeen) - restExpected) / restExpected
				require.Less(t, chi, quantile(cells), "chi-square over %d cells", cells+1)
			}

			var second, fourth, eighth float64
			for x := -limit; x <= limit; x++ {
				f := float64(x) * float64(x)
				second, fourth, eighth = second+f*p(x), fourth+f*f*p(x), eighth+f*f*f*f*p(x)
			}
			near := func(name string, got, want, deviation float64) {
				require.InDelta(t, want, got/draws, 5*deviation/math.Sqrt(draws), name)
			}
			near("mean", sum, 0, math.Sqrt(second))
			near("variance", squares, second, math.Sqrt(fourth-second*second))
			near("fourth moment", fourths, fourth, math.Sqrt(eighth-fourth*fourth))
			require.LessOrEqual(t, second, float64(v.Num)/float64(v.Den)+1e-9, "the parameter bounds the variance")
		})
	}
}

// Bits decide everything: the same stream always gives these draws.
func TestFixedStream(t *testing.T) {
	s, err := dgauss.New(stream(99), dgauss.Variance{Num: 2500, Den: 1})
	require.NoError(t, err)
	var got []int64
	for range 12 {
		x, err := s.Sample()
		require.NoError(t, err)
		got = append(got, x)
	}
	require.Equal(t, []int64{-54, 53, -52, 58, -32, 12, 74, 15, -33, -48, 49, 39}, got)
}

func TestSampleWithin(t *testing.T) {
	v := dgauss.Variance{Num: 100, Den: 1}
	s, err := dgauss.New(stream(1), v)
	require.NoError(t, err)
	ends := map[int64]int{}
	for range 5000 {
		x, err := s.SampleWithin(10)
		require.NoError(t, err)
		require.LessOrEqual(t, x, int64(10))
		require.GreaterOrEqual(t, x, int64(-10))
		ends[x]++
	}
	require.Positive(t, ends[10])
	require.Positive(t, ends[-10])
	for _, bound := range []int64{-1, 0, 9} {
		_, err := s.SampleWithin(bound)
		require.ErrorIs(t, err, dgauss.ErrBound)
	}
}

// The largest parameters neither overflow nor take long.
func TestLargest(t *testing.T) {
	for _, v := range []dgauss.Variance{{dgauss.MaxNum, 1}, {dgauss.MaxNum, dgauss.MaxDen}, {1, dgauss.MaxDen}} {
		s, err := dgauss.New(stream(8), v)
		require.NoError(t, err)
		bound, err := dgauss.Bound(v, 128)
		require.NoError(t, err)
		for range 50 {
			x, err := s.Sample()
			require.NoError(t, err)
			require.Less(t, x, bound)
			require.Greater(t, x, -bound)
		}
	}
}

// Bound against the exact tail, summed.
func TestBound(t *testing.T) {
	for _, v := range variances {
		p := probability(v)
		for _, bits := range []uint32{0, 1, 5, 10, 20, 30} {
			m, err := dgauss.Bound(v, bits)
			require.NoError(t, err)
			tail := 0.0
			for x := m; p(x) > 1e-300 && x < m+2000; x++ {
				tail += 2 * p(x)
			}
			require.LessOrEqual(t, tail, math.Pow(2, -float64(bits))*(1+1e-9)+2*p(0)*b2f(m == 0), "%v %d bits: %d", v, bits, m)
			sigma := math.Sqrt(float64(v.Num) / float64(v.Den))
			require.InDelta(t, sigma*math.Sqrt(2*math.Ln2*float64(bits+1)), float64(m), 1.001)
		}
	}
	_, err := dgauss.Bound(dgauss.Variance{Num: 1, Den: 1}, 257)
	require.ErrorIs(t, err, dgauss.ErrBound)
	_, err = dgauss.Bound(dgauss.Variance{}, 1)
	require.ErrorIs(t, err, dgauss.ErrVariance)
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func TestRefusals(t *testing.T) {
	for _, v := range []dgauss.Variance{{0, 1}, {1, 0}, {dgauss.MaxNum + 1, 1}, {1, dgauss.MaxDen + 1}} {
		_, err := dgauss.New(stream(0), v)
		require.ErrorIs(t, err, dgauss.ErrVariance)
		_, err = dgauss.Rho(1, v)
		require.ErrorIs(t, err, dgauss.ErrVariance)
	}
	s, err := dgauss.New(bytes.NewReader(nil), dgauss.Variance{Num: 100, Den: 1})
	require.NoError(t, err)
	_, err = s.Sample()
	require.ErrorIs(t, err, dgauss.ErrRandom)
	// A source that ends at any point gives an error, never a draw of less randomness.
	raw := make([]byte, 4096)
	_, _ = stream(7).Read(raw)
	counted := bytes.NewReader(raw)
	s, err = dgauss.New(counted, dgauss.Variance{Num: 100, Den: 1})
	require.NoError(t, err)
	_, err = s.Sample()
	require.NoError(t, err)
	needed := len(raw) - counted.Len()
	for n := range needed {
		s, err = dgauss.New(bytes.NewReader(raw[:n]), dgauss.Variance{Num: 100, Den: 1})
		require.NoError(t, err)
		_, err = s.Sample()
		require.ErrorIs(t, err, dgauss.ErrRandom)
	}
}

func TestRho(t *testing.T) {
	for _, tc := range []struct {
		sensitivity uint64
		v           dgauss.Variance
		want        uint64
	}{
		{0, dgauss.Variance{Num: 1, Den: 1}, 0},
		{1, dgauss.Variance{Num: 1, Den: 1}, 500_000},
		{1, dgauss.Variance{Num: 100, Den: 1}, 5_000},
		{1, dgauss.Variance{Num: 3, Den: 1}, 166_667},
		{4, dgauss.Variance{Num: 9, Den: 4}, 888_889},
		{1, dgauss.Variance{Num: dgauss.MaxNum, Den: 1}, 1},
		{1 << 40, dgauss.Variance{Num: 1 << 41, Den: 1}, 250_000},
	} {
		got, err := dgauss.Rho(tc.sensitivity, tc.v)
		require.NoError(t, err)
		require.Equal(t, tc.want, got)
	}
	_, err := dgauss.Rho(1<<63, dgauss.Variance{Num: 1, Den: dgauss.MaxDen})
	require.ErrorIs(t, err, dgauss.ErrBudget)
}

// Rho never rounds down, and up by less than one: rho - 1 < sensitivity^2 * 10^6 / (2 sigma^2) <= rho.
func TestRhoRoundsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sensitivity := rapid.Uint64Range(1, 1<<40).Draw(t, "sensitivity")
		v := dgauss.Variance{Num: rapid.Uint64Range(1, dgauss.MaxNum).Draw(t, "num"), Den: rapid.Uint64Range(1, 1000).Draw(t, "den")}
		rho, err := dgauss.Rho(sensitivity, v)
		if err != nil {
			require.ErrorIs(t, err, dgauss.ErrBudget)
			return
		}
		left := new(big.Int).Mul(new(big.Int).SetUint64(rho), new(big.Int).SetUint64(2*v.Num))
		right := new(big.Int).Mul(new(big.Int).SetUint64(sensitivity), new(big.Int).SetUint64(v.Den*dgauss.Micro))
		require.GreaterOrEqual(t, left.Cmp(right), 0)
		left.Sub(left, new(big.Int).SetUint64(2*v.Num))
		require.Negative(t, left.Cmp(right))
	})
}

func BenchmarkSample(b *testing.B) {
	for _, v := range []dgauss.Variance{{1, 1}, {10_000, 1}, {1 << 40, 3}} {
		b.Run(fmt.Sprintf("%d_%d", v.Num, v.Den), func(b *testing.B) {
			s, err := dgauss.New(stream(0), v)
			require.NoError(b, err)
			for b.Loop() {
				if _, err := s.Sample(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
