package analysis_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
)

// addNoise adds the noise of the seats of a job to a sum.
func addNoise(t *testing.T, p analysis.Parameters, job analysis.Job, random *rand.ChaCha8, total []*big.Int) terms.SecureSum {
	t.Helper()
	sum := terms.SecureSum{Length: uint32(job.Length), Seats: p.Seats, Ranges: job.Ranges, MicroRho: job.MicroRho}
	if sum.Seats == 0 {
		sum.Seats = analysis.DefaultSeats
	}
	for range sum.Noises() {
		noise, err := job.Ranges.Noise(random)
		require.NoError(t, err)
		for i, v := range noise {
			total[i].Add(total[i], new(big.Int).SetUint64(v))
		}
	}
	return sum
}

// noisyAnswer is the answer of a session to a sum of rows, each given by its slots without slot 0, of so many owners.
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
	total := make([]*big.Int, job.Length)
	for i, v := range exact {
		total[i] = big.NewInt(v)
	}
	revealed, err := addNoise(t, p, job, random, total).Reveal(total, n)
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
	p := analysis.Parameters{Program: "moments", MicroRho: 100_000, Seats: 5, Columns: []analysis.Column{{Name: "x", Bits: 10, Upper: "1000"}}}
	for _, n := range []int{100, 300, 1000, 10_000} {
		s, _ := noisedJob(t, p)
		said, err := s.Expect(uint64(n))
		require.NoError(t, err)
		// The mean is half way between the middle, 500, and an end, and the deviation is a sixth of the range: what Expect assumes.
		r := rand.New(rand.NewPCG(uint64(n), 1))
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

	p = analysis.Parameters{Program: "histogram", MicroRho: 100_000, Seats: 5, Columns: []analysis.Column{{Name: "x", Bits: 10, Lower: "0", Width: "100", Bins: 10}}}
	for _, n := range []int{100, 1000, 10_000} {
		s, _ := noisedJob(t, p)
		said, err := s.Expect(uint64(n))
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
	p := analysis.Parameters{Program: "linear", MicroRho: 1_000_000, Seats: 5, Columns: []analysis.Column{
		{Name: "y", Offset: -50, Decimals: 1, Bits: 10, Upper: "50"}, {Name: "x", Bits: 8, Upper: "200"}, {Name: "z", Bits: 7, Upper: "100"},
	}}
	// Half of the ranges: y 500, x 100, z 50 units.
	for _, n := range []int{1000, 3000, 10_000} {
		for _, effect := range []float64{0, 0.12} { // of x on y, in the columns' units
			s, job := noisedJob(t, p)
			said, err := s.Expect(uint64(n))
			require.NoError(t, err)
			require.Equal(t, 12, job.Length)
			r := rand.New(rand.NewPCG(uint64(n), uint64(100*effect)))
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
	p := analysis.Parameters{Program: "moments", MicroRho: 100_000, Seats: 5, Columns: []analysis.Column{{Name: "x", Bits: 10}}}
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

// noisyRounds is noisyAnswer over as many rounds as the session asks: rows gives the slots of the rows, without slot 0, for the question of a round.
func noisyRounds(t *testing.T, p analysis.Parameters, owners int, random *rand.ChaCha8, rows func(job analysis.Job, add func(slots ...int64))) analysis.Result {
	t.Helper()
	s, _ := noisedJob(t, p)
	for !s.Done() {
		job := s.Job()
		exact := make([]int64, job.Length)
		rows(job, func(slots ...int64) {
			exact[0]++
			for i, v := range slots {
				exact[i+1] += v
			}
		})
		total := make([]*big.Int, job.Length)
		for i, v := range exact {
			total[i] = big.NewInt(v)
		}
		revealed, err := addNoise(t, p, job, random, total).Reveal(total, 0) // the slots are not shifted
		require.NoError(t, err)
		require.NoError(t, s.Advance(revealed, owners))
	}
	result, err := s.Result()
	require.NoError(t, err)
	return result
}

// TestLogisticWithNoise: over many answers, the distance of a coefficient from the truth in standard errors has a variance of about 1, and what is said
// before is what the noise does if the predictors explain little.
func TestLogisticWithNoise(t *testing.T) {
	const owners, runs, scale = 5, 60, 1 << 16
	p := analysis.Parameters{Program: "logistic", MicroRho: 1_000_000, Seats: 5, Columns: []analysis.Column{
		{Name: "y", Bits: 1}, {Name: "x", Bits: 8, Upper: "200"}, {Name: "z", Bits: 7, Upper: "100"},
	}}
	for _, n := range []int{4000, 12_000} {
		for _, effect := range []float64{0, 0.01} { // of x, in the column's unit: from -1 to 1 over its range
			s, _ := noisedJob(t, p)
			said, err := s.Expect(uint64(n))
			require.NoError(t, err)
			r := rand.New(rand.NewPCG(uint64(n), uint64(100*effect)))
			random := rand.NewChaCha8([32]byte{byte(n), 5, byte(1000 * effect)})
			z, zz, noise := 0.0, 0.0, 0.0
			for range runs {
				type row struct{ y, x, w float64 }
				data := make([]row, n)
				for i := range data {
					// Uniform with a deviation of a sixth of the range.
					x, w := math.Round(100+100/math.Sqrt(3)*(2*r.Float64()-1)), math.Round(50+50/math.Sqrt(3)*(2*r.Float64()-1))
					data[i] = row{0, x / 200, w / 100}
					if r.Float64() < 1/(1+math.Exp(-effect*(x-100)+0.02*(w-50))) {
						data[i].y = 1
					}
				}
				result := noisyRounds(t, p, owners, random, func(job analysis.Job, add func(...int64)) {
					_, step, err := analysis.ParseLogistic(job.Input)
					require.NoError(t, err)
					for _, d := range data {
						v := []float64{1, d.x, d.w}
						a := 0.0
						for i := range v {
							a += step.Beta[i] * v[i]
						}
						q := 1 / (1 + math.Exp(-a))
						slots := []int64{1, 0, 0}
						for i := range v {
							slots = append(slots, int64(math.Round(scale*(d.y-q)*v[i])))
						}
						for i := range v {
							for j := i; j < len(v); j++ {
								slots = append(slots, int64(math.Round(scale*q*(1-q)*v[i]*v[j])))
							}
						}
						add(slots...)
					}
				})
				row1, row2 := result.Table.Rows[1], result.Table.Rows[2]
				d, dd := (parse(t, row1[1])-effect)/parse(t, row1[2]), (parse(t, row2[1])+0.02)/parse(t, row2[2])
				z, zz, noise = z+d*d/runs, zz+dd*dd/runs, noise+parse(t, row1[4])/runs
				require.LessOrEqual(t, len(result.Rounds), 6)
			}
			t.Logf("logistic, n %d, effect %g: said %.4g, noise in the answer %.4g; (distance/se)^2 %.2f and %.2f", n, effect, said[0].Error, noise, z, zz)
			// Of 60 squares, with a variance of 2 each: 5 deviations.
			require.InDelta(t, 1, z, 0.9)
			require.InDelta(t, 1, zz, 0.9)
			require.InEpsilon(t, said[0].Error, noise, 0.3)
		}
	}
}

// TestQuantilesWithNoise: the limits hold the quantile of the population in about 95 of 100 answers, and the distance of the rank is not more than is
// said before, which is for a quantile in the middle of its bins and without the help of the others.
func TestQuantilesWithNoise(t *testing.T) {
	const owners, runs = 5, 200
	p := analysis.Parameters{Program: "quantiles", MicroRho: 100_000, Seats: 5, Quantiles: []string{"0.25", "0.5"}, Columns: []analysis.Column{{Name: "x", Bits: 14, Upper: "9999"}}}
	for _, n := range []int{1000, 10_000} {
		s, _ := noisedJob(t, p)
		said, err := s.Expect(uint64(n))
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(uint64(n), 9))
		random := rand.NewChaCha8([32]byte{byte(n), 6})
		met, within := make([]float64, 2), make([]int, 2)
		for range runs {
			values := make([]int, n)
			for i := range values {
				values[i] = int(10_000 * r.Float64() * r.Float64()) // most are small
			}
			result := noisyRounds(t, p, owners, random, func(job analysis.Job, add func(...int64)) {
				own := job.Input[len(job.Input)-32:]
				for _, v := range values {
					slots := make([]int64, 89)
					for i := range 2 {
						lower, width := int(binary.LittleEndian.Uint64(own[16*i:])), int(binary.LittleEndian.Uint64(own[16*i+8:]))
						at := 0
						if v >= lower {
							at = min(1+(v-lower)/width, 43)
						}
						slots[44*i+at] = 1
					}
					add(slots...)
				}
			})
			slices.Sort(values)
			for i, q := range []float64{0.25, 0.5} {
				row := result.Table.Rows[i]
				rank, _ := slices.BinarySearch(values, int(parse(t, row[1]))+1)
				d := float64(rank) - q*float64(n)
				met[i] += d * d / runs
				// x y is below t with a chance of t (1 - ln t).
				truth := 10_000 * []float64{0.06770, 0.18668}[i]
				if parse(t, row[3]) <= truth && truth <= parse(t, row[4]) {
					within[i]++
				}
			}
		}
		for i := range met {
			met[i] = math.Sqrt(met[i])
			t.Logf("quantile %s, n %d: rank said %.1f, met %.1f; %d of %d within the limits", p.Quantiles[i], n, said[i].Error, met[i], within[i], runs)
			require.Less(t, met[i], 1.4*said[i].Error)
			require.GreaterOrEqual(t, within[i], runs*90/100)
		}
	}
}
