package privacy_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// confidence is how sure the intervals are. A test fails if the lower end of one is above what is promised, so what is measured
// is well above it: of 1,000 trials, 541 for a promise of a half.
const confidence = 0.99

// full reports whether all trials are asked for.
func full() bool { return os.Getenv("ALITA_PRIVACY") == "full" }

// trials is how often an attack is tried at least.
func trials() int {
	if full() {
		return 1_000
	}
	return 40
}

// score is how often an attack was right about a secret bit.
type score struct{ right, tried int }

func (s *score) add(right bool) {
	s.tried++
	if right {
		s.right++
	}
}

func (s score) rate() float64 { return float64(s.right) / float64(s.tried) }

// interval is the interval of Clopper and Pearson (Biometrika 26, 1934) for the chance to be right: of all chances, those
// under which neither so many nor so few right answers are rarer than (1 - confidence) / 2.
func (s score) interval() (low, high float64) {
	const tail = (1 - confidence) / 2
	low, high = 0, 1
	if s.right > 0 {
		low = bisect(func(p float64) bool { return atLeast(s.tried, s.right, p) < tail })
	}
	if s.right < s.tried {
		high = bisect(func(p float64) bool { return 1-atLeast(s.tried, s.right+1, p) > tail })
	}
	return low, high
}

func (s score) String() string {
	low, high := s.interval()
	return fmt.Sprintf("%.3f (%.3f to %.3f, n = %d)", s.rate(), low, high, s.tried)
}

// atLeast is the chance of at least k right answers of n.
func atLeast(n, k int, p float64) float64 {
	sum := 0.0
	all, _ := math.Lgamma(float64(n + 1))
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// bisect is where a rule that holds from 0 on ceases to hold.
func bisect(holds func(float64) bool) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		if mid := (low + high) / 2; holds(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// normal is the distribution function of the standard normal distribution.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// noised is how often somebody can be right about whether one row is there if all else is known, and the row's loss is at most rho: two
// Gaussians whose means are sqrt(2 rho) standard deviations apart.
func noised(rho float64) float64 { return normal(math.Sqrt(rho / 2)) }

// requireAtMost fails if an attack was right more often than is promised. Seeds are fixed, so it does not hang on luck.
func requireAtMost(t *testing.T, most float64, s score) {
	t.Helper()
	require.GreaterOrEqual(t, s.tried, trials())
	low, _ := s.interval()
	require.LessOrEqual(t, low, most, "right about a secret bit: expected %.3f at most, got %s", most, s)
}

// requireBroken fails if an attack does not work on what it was made against: then it would show nothing.
func requireBroken(t *testing.T, least float64, s score) {
	t.Helper()
	require.GreaterOrEqual(t, s.tried, trials())
	low, _ := s.interval()
	require.GreaterOrEqual(t, low, least, "right about a secret bit of an owner by the rules of old: expected %.3f at least, got %s", least, s)
}

func TestIntervals(t *testing.T) {
	for _, tc := range []struct {
		right, tried int
		low, high    float64
	}{
		// R: binom.test(x, n, conf.level = 0.99)$conf.int
		{0, 10, 0, 0.4113},
		{10, 10, 0.5887, 1},
		{5, 10, 0.1283, 0.8717},
		{500, 1_000, 0.4589, 0.5411},
	} {
		low, high := score{tc.right, tc.tried}.interval()
		require.InDelta(t, tc.low, low, 1e-4)
		require.InDelta(t, tc.high, high, 1e-4)
	}
	require.InDelta(t, 0.5, noised(0), 1e-12)
	require.InDelta(t, 0.5885, noised(0.1), 1e-4)
}
