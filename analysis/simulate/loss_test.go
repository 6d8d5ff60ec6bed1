package simulate_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// lossRuns is how often each answer is drawn, with and without the row.
const lossRuns = 20_000

// cells is a source of rows of one column.
type cells struct {
	values []int64
	read   bool
}

func (c *cells) Columns() int { return 1 }

func (c *cells) Next(context.Context) (sandbox.Batch, error) {
	if c.read {
		return sandbox.Batch{}, io.EOF
	}
	c.read = true
	return sandbox.Batch{Rows: len(c.values), Columns: []sandbox.Column{{Values: c.values, Valid: slices.Repeat([]byte{1}, len(c.values))}}}, nil
}

// answers draws the answer over some rows again and again: the real host runs the program, one owner adds noise, and nothing else hides the
// row. That is what is left of a sum if all other owners and all seats but one work together against it.
func answers(t *testing.T, code, input []byte, sum terms.SecureSum, row uint64, seed uint64, values ...int64) [][]float64 {
	t.Helper()
	box := newBox(t)
	p, err := box.Compile(t.Context(), code)
	require.NoError(t, err)
	got, err := box.RunRows(t.Context(), p, sandbox.RowJob{
		Shape: sandbox.Shape{Columns: 1, Length: int(sum.Length)}, Input: input, Base: 1_000_000, Row: row, Ranges: sum.Ranges, MicroRho: sum.MicroRho,
	}, &cells{values: values})
	require.NoError(t, err)
	exact := slices.Clone(got.Vector)
	sum.Ranges.Shift(uint64(len(values)), got.Vector)
	slots := make([]uint64, len(got.Vector))
	for i, v := range got.Vector {
		slots[i] = uint64(v)
	}
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	out := make([][]float64, lossRuns)
	at := make([]uint64, len(slots))
	for i := range out {
		copy(at, slots)
		noised, err := sum.Ranges.AddNoise(random, at)
		require.NoError(t, err)
		out[i] = make([]float64, len(slots))
		for j, v := range noised {
			out[i][j] = float64(int64(v) - int64(slots[j]) + exact[j])
		}
	}
	return out
}

// lossOf measures how well a row can be told from its absence by its best statistic, the sum of v_j y_j / sigma_j^2. The first result is the
// loss of Gaussian noise with the distance and the spread that are met, in rho. The second is what the threshold that tells most proves with
// certainty, as a part of what is stated: for a loss of rho every event with the probabilities p with and q without the row has
// p^a q^(1-a) <= exp(a (a-1) rho) for every a above 1 (M. Bun, T. Steinke, 2016). It takes p at least and q at most 6 standard deviations away
// from what is met.
func lossOf(with, without [][]float64, v []float64, variances []float64, rho float64) (met, proven float64) {
	statistic := func(all [][]float64) []float64 {
		out := make([]float64, len(all))
		for i, y := range all {
			for j := range y {
				out[i] += v[j] * y[j] / variances[j]
			}
		}
		slices.Sort(out)
		return out
	}
	a, b := statistic(with), statistic(without)
	mean := func(x []float64) (m, variance float64) {
		for _, f := range x {
			m += f / float64(len(x))
		}
		for _, f := range x {
			variance += (f - m) * (f - m) / float64(len(x))
		}
		return m, variance
	}
	ma, va := mean(a)
	mb, vb := mean(b)
	met = (ma - mb) * (ma - mb) / (va + vb)
	const z, n = 6.0, float64(lossRuns)
	bound := func(p, side float64) float64 { // E. Wilson's interval, 1927
		return (p + z*z/(2*n) + side*z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
	}
	for k := 1; k < 400; k++ {
		threshold := a[k*len(a)/400]
		above := func(x []float64) float64 { i, _ := slices.BinarySearch(x, threshold); return 1 - float64(i)/n }
		p, q := bound(above(a), -1), bound(above(b), 1)
		for _, order := range []float64{1.25, 1.5, 2, 3, 4, 8, 16, 32} {
			proven = max(proven, (order*math.Log(p)+(1-order)*math.Log(q))/(order*(order-1))/rho)
		}
	}
	return met, proven
}

// TestLoss: for three programs, one of which fills every slot, no event tells the row from its absence better than the stated rho allows, and
// the noise is not larger than it must be. The same test finds noise of half the deviation.
func TestLoss(t *testing.T) {
	fill, err := os.ReadFile("../../sandbox/testdata/fill.wasm")
	require.NoError(t, err)
	column := fixedpoint.Column{Bits: 10}
	header, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{column})
	require.NoError(t, err)
	session := func(p analysis.Parameters) (programs.Program, analysis.Job) {
		s, err := analysis.NewSession(p)
		require.NoError(t, err)
		return s.Program(), s.Job()
	}
	x := analysis.Column{Name: "x", Bits: 10}
	for i, tc := range []struct {
		name string
		make func(microRho uint64) (code, input []byte, ranges terms.Ranges)
		row  int64 // the row that is there or not
	}{
		{"moments, an end of the range", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			p, job := session(analysis.Parameters{Program: "moments", MicroRho: microRho, Columns: []analysis.Column{x}})
			return p.Code, job.Input, job.Ranges
		}, 1023},
		{"histogram", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			c := x
			c.Lower, c.Width, c.Bins = "0", "128", 4
			p, job := session(analysis.Parameters{Program: "histogram", MicroRho: microRho, Columns: []analysis.Column{c}})
			return p.Code, job.Input, job.Ranges
		}, 300},
		// Seven slots of 1 and the rows used: 8 / sigma^2 is at most 2 rho.
		{"every slot filled", func(microRho uint64) ([]byte, []byte, terms.Ranges) {
			variance := uint64(math.Ceil(8 / (2 * float64(microRho) / 1e6 * (1 - 1e-9))))
			return fill, header, terms.Ranges{{Count: 1, High: 1, Variance: variance}, {Count: 7, Low: -1, High: 1, Variance: variance}}
		}, 1},
	} {
		for _, microRho := range []uint64{50_000, 100_000} {
			t.Run(fmt.Sprint(tc.name, " ", microRho), func(t *testing.T) {
				code, input, ranges := tc.make(microRho)
				sum := terms.SecureSum{Length: uint32(ranges.Length()), Ranges: ranges, MicroRho: microRho}
				rows := []int64{5, 700, 512}
				seed := uint64(10*i) + microRho/50_000
				with := answers(t, code, input, sum, 100_000, seed, append(slices.Clone(rows), tc.row)...)
				without := answers(t, code, input, sum, 100_000, seed+1000, rows...)
				alone := answersExactly(t, code, input, sum, tc.row)
				require.NotZero(t, alone[0], "the row is used")
				var variances []float64
				for _, r := range ranges {
					for range r.Count {
						variances = append(variances, float64(r.Variance))
					}
				}
				rho := float64(microRho) / 1e6
				met, proven := lossOf(with, without, alone, variances, rho)
				t.Logf("rho %g: met %.4f, proven at least %.2f of it", rho, met, proven)
				require.LessOrEqual(t, proven, 1.0)
				require.InDelta(t, rho, met, rho/4, "not much more noise than is needed")

				// The control: the same with noise of a quarter of the variance loses four times as much, and that is found.
				for _, all := range [][][]float64{with, without} {
					middle := centre(all)
					for _, y := range all {
						for j := range y {
							y[j] = middle[j] + (y[j]-middle[j])/2
						}
					}
				}
				_, proven = lossOf(with, without, alone, variances, rho)
				require.Greater(t, proven, 1.0, "the test would find it")
			})
		}
	}
}

// centre is the mean answer.
func centre(all [][]float64) []float64 {
	out := make([]float64, len(all[0]))
	for _, y := range all {
		for j := range y {
			out[j] += y[j] / float64(len(all))
		}
	}
	return out
}

// answersExactly is what a row adds.
func answersExactly(t *testing.T, code, input []byte, sum terms.SecureSum, value int64) []float64 {
	t.Helper()
	box := newBox(t)
	p, err := box.Compile(t.Context(), code)
	require.NoError(t, err)
	got, err := box.RunRows(t.Context(), p, sandbox.RowJob{
		Shape: sandbox.Shape{Columns: 1, Length: int(sum.Length)}, Input: input, Base: 1_000_000, Row: 100_000, Ranges: sum.Ranges, MicroRho: sum.MicroRho,
	}, &cells{values: []int64{value}})
	require.NoError(t, err)
	out := make([]float64, len(got.Vector))
	for i, v := range got.Vector {
		out[i] = float64(v)
	}
	return out
}
