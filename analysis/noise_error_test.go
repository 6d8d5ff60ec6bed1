package analysis_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
)

// noisyAnswer is the answer of a session to a sum of rows, each given by its slots without slot 0, of so many owners with noise of their own.
func noisyAnswer(t *testing.T, p analysis.Parameters, owners int, random *rand.ChaCha8, rows func(add func(slots ...int64))) analysis.Result {
	t.Helper()
	s, job := noisedJob(t, p)
	exact := make([]int64, job.Length)
	n := uint64(0)
	rows(func(slots ...int64) {
		n++
		exact[0]++
		for i, v := range slots {
			exact[i+1] += v
		}
	})
	job.Ranges.Shift(n, exact)
	sum := terms.SecureSum{Length: uint32(job.Length), Ranges: job.Ranges, MicroRho: job.MicroRho}
	total := make([]*big.Int, job.Length)
	for i, v := range exact {
		total[i] = big.NewInt(v)
	}
	for range owners {
		noised, err := job.Ranges.AddNoise(random, make([]uint64, job.Length))
		require.NoError(t, err)
		for i, v := range noised {
			total[i].Add(total[i], new(big.Int).SetUint64(v))
		}
	}
	revealed, err := sum.Reveal(total, uint64(owners), n)
	require.NoError(t, err)
	require.NoError(t, s.Advance(revealed, owners))
	result, err := s.Result()
	require.NoError(t, err)
	return result
}

func parse(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return x
}

// TestErrorSaidAndMet: what Expect says before anything is paid is the error that the noise then brings, and the standard errors hold the noise
// and the sampling error: over many answers, the distance from the truth in standard errors has a variance of 1.
func TestErrorSaidAndMet(t *testing.T) {
	const owners, runs = 5, 400
	p := analysis.Parameters{Program: "moments", MicroRho: 100_000, Columns: []analysis.Column{{Name: "x", Bits: 10, Upper: "1000"}}}
	for _, n := range []int{100, 300, 1000, 10_000} {
		s, _ := noisedJob(t, p)
		said, err := s.Expect(uint64(n), owners)
		require.NoError(t, err)
		// The mean is half way between the middle, 500, and an end, and the deviation is a sixth of the range: what Expect assumes.
		r := rand.New(rand.NewPCG(uint64(n), 1)) //nolint:gosec // values that can be drawn again
		random := rand.NewChaCha8([32]byte{byte(n), 2})
		const mean, sd = 750, 1000.0 / 6
		noise, z, zsd, met, metSD := 0.0, 0.0, 0.0, 0.0, 0.0
		for range runs {
			values := make([]int64, n)
			sum, squares := 0.0, 0.0
			for i := range values {
				// Uniform with that deviation, which stays in the range: its fourth moment is 1.8.
				values[i] = int64(math.Round(mean + sd*math.Sqrt(3)*(2*r.Float64()-1)*0.86))
				sum, squares = sum+float64(values[i]), squares+float64(values[i])*float64(values[i])
			}
			m := sum / float64(n)
			d := math.Sqrt((squares - sum*m) / float64(n-1))
			result := noisyAnswer(t, p, owners, random, func(add func(...int64)) {
				for _, v := range values {
					add(1, v-500, (v-500)*(v-500)-125_000)
				}
			})
			row := result.Table.Rows[0]
			got, se := parse(t, row[2]), parse(t, row[5])
			met += (got - m) * (got - m) / runs
			noise += parse(t, row[7]) / runs
			z += (got - mean) * (got - mean) / (se * se) / runs
			if row[3] != "" {
				metSD += (parse(t, row[3]) - d) * (parse(t, row[3]) - d) / runs
				zsd += (parse(t, row[3]) - sd*0.86) * (parse(t, row[3]) - sd*0.86) / (parse(t, row[6]) * parse(t, row[6])) / runs
			}
		}
		t.Logf("moments, n %d: mean said %.2f, met %.2f, in the answer %.2f; (distance/se)^2 %.2f; deviation said %.2f, met %.2f, (distance/se)^2 %.2f",
			n, said[0].Error, math.Sqrt(met), noise, z, said[1].Error, math.Sqrt(metSD), zsd)
		require.InEpsilon(t, said[0].Error, math.Sqrt(met), 0.15, "n %d", n)
		require.InEpsilon(t, said[0].Error, noise, 0.25, "n %d", n)
		require.InDelta(t, 1, z, 0.3, "n %d", n)
		if n >= 1000 { // below, the noise is as large as the deviation
			require.InEpsilon(t, said[1].Error, math.Sqrt(metSD), 0.35, "n %d", n)
			require.Less(t, zsd, 1.3)
		}
	}

	p = analysis.Parameters{Program: "histogram", MicroRho: 100_000, Columns: []analysis.Column{{Name: "x", Bits: 10, Lower: "0", Width: "100", Bins: 10}}}
	for _, n := range []int{100, 1000, 10_000} {
		s, _ := noisedJob(t, p)
		said, err := s.Expect(uint64(n), owners)
		require.NoError(t, err)
		random := rand.NewChaCha8([32]byte{byte(n), 3})
		met := 0.0
		for range runs {
			result := noisyAnswer(t, p, owners, random, func(add func(...int64)) {
				for i := range n {
					slots := make([]int64, 13)
					slots[1+i%10] = 1
					add(slots...)
				}
			})
			for i := range 10 {
				d := parse(t, result.Table.Rows[1+i][3]) - float64(n)/10
				met += d * d / (10 * runs)
			}
		}
		t.Logf("histogram of 10 bins, n %d: count said %.3f, met %.3f, %.3f of the mean count", n, said[0].Error, math.Sqrt(met), math.Sqrt(met)/float64(n)*10)
		require.InEpsilon(t, said[0].Error, math.Sqrt(met), 0.05, fmt.Sprint(n))
	}
}

// TestLinearWithNoise: over many answers, the distance of a coefficient from the truth in standard errors has a variance of about 1, and what is
// said before is what the noise does if the response is not explained.
func TestLinearWithNoise(t *testing.T) {
	const owners, runs = 5, 300
	p := analysis.Parameters{Program: "linear", MicroRho: 1_000_000, Columns: []analysis.Column{
		{Name: "y", Offset: -50, Decimals: 1, Bits: 10, Upper: "50"}, {Name: "x", Bits: 8, Upper: "200"}, {Name: "z", Bits: 7, Upper: "100"},
	}}
	// Half of the ranges: y 500, x 100, z 50 units.
	for _, n := range []int{1000, 3000, 10_000} {
		for _, effect := range []float64{0, 0.12} { // of x on y, in the columns' units
			s, job := noisedJob(t, p)
			said, err := s.Expect(uint64(n), owners)
			require.NoError(t, err)
			require.Equal(t, 12, job.Length)
			r := rand.New(rand.NewPCG(uint64(n), uint64(100*effect))) //nolint:gosec // values that can be drawn again
			random := rand.NewChaCha8([32]byte{byte(n), 4, byte(100 * effect)})
			uniform := func(middle, half float64) float64 { return middle + half*(2*r.Float64()-1) }
			z, zz, noise, met := 0.0, 0.0, 0.0, 0.0
			for range runs {
				result := noisyAnswer(t, p, owners, random, func(add func(...int64)) {
					for range n {
						// Uniform with a deviation of a sixth of the range.
						x, w := math.Round(uniform(100, 100/math.Sqrt(3))), math.Round(uniform(50, 50/math.Sqrt(3)))
						y := math.Round(10 * (effect*(x-100) - 0.05*(w-50) + uniform(0, 12)))
						a, b, c := int64(y), int64(x)-100, int64(w)-50
						add(0, 1, a, b, c, a*a-125_000, a*b, a*c, b*b-5_000, b*c, c*c-1_250)
					}
				})
				row := result.Table.Rows[1]
				got, se := parse(t, row[1]), parse(t, row[2])
				z += (got - effect) * (got - effect) / (se * se) / runs
				met += (got - effect) * (got - effect) / runs
				noise += parse(t, row[4]) / runs
				w := result.Table.Rows[2]
				zz += (parse(t, w[1]) + 0.05) * (parse(t, w[1]) + 0.05) / (parse(t, w[2]) * parse(t, w[2])) / runs
				require.Len(t, result.Table.Rows, 3)
			}
			t.Logf("linear, n %d, effect %g: said %.4f, noise in the answer %.4f, distance %.4f; (distance/se)^2 %.2f and %.2f", n, effect, said[0].Error, noise, math.Sqrt(met), z, zz)
			require.Less(t, z, 1.4)
			require.Greater(t, z, 0.6)
			require.InDelta(t, 1, zz, 0.4)
			if effect == 0 {
				require.InEpsilon(t, said[0].Error, noise, 0.25)
			}
		}
	}
}

// An answer that is lost in its noise is refused when it comes, too: fewer rows may have come than were there.
func TestLostInNoise(t *testing.T) {
	p := analysis.Parameters{Program: "moments", MicroRho: 100_000, Columns: []analysis.Column{{Name: "x", Bits: 10}}}
	s, job := noisedJob(t, p)
	sum := make([]*big.Int, job.Length)
	for i := range sum {
		sum[i] = big.NewInt(20)
	}
	err := s.Advance(sum, 5)
	require.ErrorIs(t, err, analysis.ErrNoise)
	require.ErrorContains(t, err, "5 standard deviations of the noise in their number, got 20")
	require.False(t, s.Done(), "the session is as before")
}
