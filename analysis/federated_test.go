package analysis_test

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/testutil/programtest"
)

// load reads the columns of a session from a file of testdata/data.
func load(t *testing.T, file string, p analysis.Parameters) *programtest.Table {
	t.Helper()
	var names []string
	var columns []fixedpoint.Column
	for _, c := range p.Columns {
		names, columns = append(names, c.Name), append(columns, c.Fixed())
	}
	return readColumns(t, file, names, columns)
}

// federation is a way of spreading rows over owners: for each owner the indices of its rows, and whether it is lost.
type federation struct {
	name   string
	owners [][]int
	lost   map[int]bool
}

// federations spreads n rows: evenly over 1, 3, 7 and 40 owners, most of them with one owner, with an owner without rows, and
// with three of ten, or nearly so, lost.
func federations(n, most int) []federation {
	even := func(owners int) [][]int {
		out := make([][]int, owners)
		for i := range n {
			out[i%owners] = append(out[i%owners], i)
		}
		return out
	}
	var all []federation
	for _, owners := range []int{1, 3, 7, 40} {
		if owners <= most {
			all = append(all, federation{name: fmt.Sprintf("%d owners", owners), owners: even(owners)})
		}
	}
	skewed := make([][]int, 5)
	for i := range n {
		owner := 0
		if i >= n*9/10 {
			owner = 1 + i%4
		}
		skewed[owner] = append(skewed[owner], i)
	}
	all = append(all,
		federation{name: "skewed", owners: skewed},
		federation{name: "an owner without rows", owners: append([][]int{nil}, even(3)...)})
	for _, owners := range []int{3, 7, 40} {
		if owners > most {
			continue
		}
		f := federation{name: fmt.Sprintf("30%% of %d owners lost", owners), owners: even(owners), lost: map[int]bool{}}
		for i := range (owners*3 + 9) / 10 {
			f.lost[(i*3+1)%owners] = true
		}
		all = append(all, f)
	}
	return all
}

// remaining returns the rows of the owners that are not lost.
func (f federation) remaining() (indices []int) {
	for i, rows := range f.owners {
		if !f.lost[i] {
			indices = append(indices, rows...)
		}
	}
	return indices
}

// drive runs a session to its end over a federation, adding up its vectors in the open, and returns its result.
func drive(t *testing.T, c programtest.Runner, p analysis.Parameters, src *programtest.Table, f federation) analysis.Result {
	t.Helper()
	return driveWith(t, c, p, src, f, func(vectors [][]int64) (sum []*big.Int, err error) {
		for _, v := range vectors {
			if sum, err = analysis.Add(sum, v); err != nil {
				return nil, err
			}
		}
		return sum, nil
	})
}

// driveWith is drive with a way of adding up.
func driveWith(t *testing.T, c programtest.Runner, p analysis.Parameters, src *programtest.Table, f federation, add func(vectors [][]int64) ([]*big.Int, error)) analysis.Result {
	t.Helper()
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	var parts []*programtest.Table
	for i, rows := range f.owners {
		if !f.lost[i] {
			parts = append(parts, src.Pick(rows))
		}
	}
	length, bits := s.Job().Length, s.Job().Bits
	for !s.Done() {
		job := s.Job()
		require.Equal(t, []int{length, bits}, []int{job.Length, job.Bits}, "the shape must stay the same")
		var vectors [][]int64
		for _, part := range parts {
			vector := c.Run(t, part, job.Length, job.Input).Vector
			for _, v := range vector {
				require.Zero(t, v>>job.Bits, "%d bits", job.Bits)
			}
			vectors = append(vectors, vector)
		}
		sum, err := add(vectors)
		require.NoError(t, err)
		require.NoError(t, s.Advance(sum, len(parts)))
	}
	r, err := s.Result()
	require.NoError(t, err)
	require.True(t, r.Converged)
	return r
}

func fact(t *testing.T, r analysis.Result, name string) string {
	t.Helper()
	for _, f := range r.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	require.Fail(t, "no such fact", "%s in %v", name, r.Facts)
	return ""
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return x
}

// longley are the columns of NIST's data set Longley; the response is total employment.
var longley = analysis.Parameters{
	Program: "linear",
	MaxRows: 1000,
	Columns: []analysis.Column{
		{Name: "totemp", Offset: 60000, Bits: 14},
		{Name: "gnpdefl", Offset: 80, Decimals: 1, Bits: 9},
		{Name: "gnp", Offset: 200000, Bits: 19},
		{Name: "unemp", Bits: 13},
		{Name: "armed", Bits: 12},
		{Name: "pop", Offset: 100000, Bits: 15},
		{Name: "year", Offset: 1940, Bits: 5},
	},
}

// certified are the values of NIST StRD, Longley.dat: estimate and standard deviation of B0 to B6, certified to 15 digits.
var certified = [][2]string{
	{"-3482258.63459582", "890420.383607373"},
	{"15.0618722713733", "84.9149257747669"},
	{"-0.0358191792925910", "0.0334910077722432"},
	{"-2.02022980381683", "0.488399681651699"},
	{"-1.03322686717359", "0.214274163161675"},
	{"-0.0511041056535807", "0.226073200069370"},
	{"1829.15146461355", "455.478499142212"},
}

// TestLongley compares with NIST's certified values: residual standard deviation 304.854073561965, R-squared 0.995479004577296,
// F 330.285339234588.
func TestLongley(t *testing.T) {
	trim := func(s string) string {
		x, ok := new(big.Rat).SetString(s)
		require.True(t, ok)
		return x.RatString()
	}
	programtest.ForEngines(t, "linear", func(t *testing.T, c programtest.Runner) {
		for _, other := range []analysis.Column{longley.Columns[2], {Name: "gnp", Bits: 32}, {Name: "gnp", Offset: 234289, Bits: 20}} {
			p := longley
			p.Columns = append([]analysis.Column(nil), longley.Columns...)
			p.Columns[2] = other
			src := load(t, "longley.csv", p)
			require.Equal(t, 16, src.Rows)
			for _, f := range federations(16, 7) {
				if len(f.lost) > 0 {
					continue
				}
				t.Run(f.name, func(t *testing.T) {
					r := drive(t, c, p, src, f)
					require.Len(t, r.Table.Rows, 7)
					for i, want := range certified {
						require.Equal(t, trim(want[0]), trim(r.Table.Rows[i][1]), r.Table.Rows[i][0])
						require.Equal(t, trim(want[1]), trim(r.Table.Rows[i][2]), r.Table.Rows[i][0])
					}
					require.Equal(t, "304.854073561965", fact(t, r, "residual standard deviation"))
					require.Equal(t, "0.995479004577296", fact(t, r, "R-squared"))
					require.Equal(t, "330.285339234588", fact(t, r, "F"))
					require.Equal(t, "836424.055505915", fact(t, r, "residual sum of squares"))
					require.Equal(t, "16", fact(t, r, "rows"))
					require.Equal(t, "9", fact(t, r, "degrees of freedom"))
				})
			}
		}
	})
}

// TestLinearWithLosses compares what is left when owners are lost with the pooled computation on the same rows; the columns are few
// enough for the rows.
func TestLinearWithLosses(t *testing.T) {
	p := analysis.Parameters{Program: "linear", Columns: longley.Columns[:3], MaxRows: 100}
	src := load(t, "longley.csv", p)
	programtest.ForEngines(t, "linear", func(t *testing.T, c programtest.Runner) {
		for _, f := range federations(16, 7) {
			t.Run(f.name, func(t *testing.T) {
				indices := f.remaining()
				pooled := drive(t, c, p, src.Pick(indices), federation{owners: [][]int{span(len(indices))}})
				got := drive(t, c, p, src, f)
				require.Equal(t, pooled.Table, got.Table)
				require.Equal(t, pooled.Facts, got.Facts)
				want := leastSquares(src.Pick(indices), p.Columns)
				for i, w := range want {
					require.InEpsilon(t, w, number(t, got.Table.Rows[i][1]), 1e-8, got.Table.Rows[i][0])
				}
			})
		}
	})
}

func span(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// leastSquares fits in floating point, by Gram-Schmidt on centred columns, and shares nothing with the code under test.
func leastSquares(src *programtest.Table, columns []analysis.Column) []float64 {
	n, k := src.Rows, len(columns)
	x, mean := make([][]float64, k), make([]float64, k)
	for c := range k {
		x[c] = make([]float64, n)
		for i := range n {
			x[c][i] = float64(src.Values[c][i])*math.Pow10(-int(columns[c].Decimals)) + float64(columns[c].Offset)
			mean[c] += x[c][i] / float64(n)
		}
		for i := range n {
			x[c][i] -= mean[c]
		}
	}
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	r := make([][]float64, k)
	q := make([][]float64, k)
	for c := 1; c < k; c++ {
		r[c] = make([]float64, k)
		q[c] = append([]float64(nil), x[c]...)
		for range 2 { // twice is enough
			for d := 1; d < c; d++ {
				f := dot(q[d], q[c]) / dot(q[d], q[d])
				r[c][d] += f
				for i := range n {
					q[c][i] -= f * q[d][i]
				}
			}
		}
	}
	b := make([]float64, k)
	y := append([]float64(nil), x[0]...)
	g := make([]float64, k)
	for c := 1; c < k; c++ {
		g[c] = dot(q[c], y) / dot(q[c], q[c])
		for i := range n {
			y[i] -= g[c] * q[c][i]
		}
	}
	for c := k - 1; c >= 1; c-- {
		b[c] = g[c]
		for d := c + 1; d < k; d++ {
			b[c] -= r[d][c] * b[d]
		}
	}
	b[0] = mean[0]
	for c := 1; c < k; c++ {
		b[0] -= b[c] * mean[c]
	}
	return b
}

// anes96 is vote ~ 1 + ln(popul + 0.1) + selflr + age + educ + income.
var anes96 = analysis.Parameters{
	Program: "logistic",
	MaxRows: 1000,
	Columns: []analysis.Column{
		{Name: "vote", Bits: 1},
		{Name: "popul", Decimals: 1, Bits: 17, Log: "0.1"},
		{Name: "selflr", Bits: 3},
		{Name: "age", Bits: 7},
		{Name: "educ", Bits: 3},
		{Name: "income", Bits: 5},
	},
}

// pooledLogistic fits by iteratively reweighted least squares in floating point, over columns already transformed, and returns
// estimates, standard errors and log-likelihood. It shares nothing with the code under test.
func pooledLogistic(y []float64, x [][]float64) (beta, se []float64, ll float64) {
	n, k := len(y), len(x)+1
	mean, sd := make([]float64, k), make([]float64, k)
	z := make([][]float64, k)
	z[0] = make([]float64, n)
	for i := range z[0] {
		z[0][i] = 1
	}
	for j := 1; j < k; j++ {
		for _, v := range x[j-1] {
			mean[j] += v / float64(n)
		}
		for _, v := range x[j-1] {
			sd[j] += (v - mean[j]) * (v - mean[j]) / float64(n)
		}
		sd[j] = math.Sqrt(sd[j])
		z[j] = make([]float64, n)
		for i, v := range x[j-1] {
			z[j][i] = (v - mean[j]) / sd[j]
		}
	}
	b := make([]float64, k)
	var inverse [][]float64
	for range 30 {
		g, h := make([]float64, k), make([][]float64, k)
		for j := range h {
			h[j] = make([]float64, 2*k)
			h[j][k+j] = 1
		}
		ll = 0
		for i := range n {
			eta := 0.0
			for j := range k {
				eta += b[j] * z[j][i]
			}
			p := 1 / (1 + math.Exp(-eta))
			ll += y[i]*eta - math.Max(eta, 0) - math.Log1p(math.Exp(-math.Abs(eta)))
			for j := range k {
				g[j] += (y[i] - p) * z[j][i]
				for l := range k {
					h[j][l] += p * (1 - p) * z[j][i] * z[l][i]
				}
			}
		}
		// Gauss-Jordan; the matrix is positive definite and well conditioned.
		for p := range k {
			d := h[p][p]
			for l := range 2 * k {
				h[p][l] /= d
			}
			for r := range k {
				if r == p {
					continue
				}
				f := h[r][p]
				for l := range 2 * k {
					h[r][l] -= f * h[p][l]
				}
			}
		}
		inverse = make([][]float64, k)
		for j := range k {
			inverse[j] = h[j][k:]
			for l := range k {
				b[j] += inverse[j][l] * g[l]
			}
		}
	}
	beta, se = make([]float64, k), make([]float64, k)
	weights := make([]float64, k)
	weights[0], beta[0] = 1, b[0]
	for j := 1; j < k; j++ {
		beta[j], se[j] = b[j]/sd[j], math.Sqrt(inverse[j][j])/sd[j]
		beta[0] -= beta[j] * mean[j]
		weights[j] = -mean[j] / sd[j]
	}
	v := 0.0
	for i := range k {
		for j := range k {
			v += weights[i] * inverse[i][j] * weights[j]
		}
	}
	se[0] = math.Sqrt(v)
	return beta, se, ll
}

// design returns response and transformed predictors of a table.
func design(t *testing.T, src *programtest.Table, p analysis.Parameters) (y []float64, x [][]float64) {
	t.Helper()
	x = make([][]float64, len(p.Columns)-1)
	for i := range src.Rows {
		complete := true
		for c := range p.Columns {
			complete = complete && src.Valid[c][i] == 1
		}
		if !complete {
			continue
		}
		y = append(y, float64(src.Values[0][i]))
		for c := 1; c < len(p.Columns); c++ {
			v := float64(src.Values[c][i])*math.Pow10(-int(p.Columns[c].Decimals)) + float64(p.Columns[c].Offset)
			if a := p.Columns[c].Log; a != "" {
				v = math.Log(v + number(t, a))
			}
			x[c-1] = append(x[c-1], v)
		}
	}
	return y, x
}

func TestANES96(t *testing.T) {
	src := load(t, "anes96.csv", anes96)
	require.Equal(t, 944, src.Rows)
	programtest.ForEngines(t, "logistic", func(t *testing.T, c programtest.Runner) {
		most := 0
		for _, f := range federations(944, 40) {
			t.Run(f.name, func(t *testing.T) {
				r := drive(t, c, anes96, src, f)
				most = max(most, len(r.Rounds))
				require.LessOrEqual(t, len(r.Rounds), 7)
				y, x := design(t, src.Pick(f.remaining()), anes96)
				beta, se, ll := pooledLogistic(y, x)
				worst := 0.0
				for i := range beta {
					got := number(t, r.Table.Rows[i][1])
					worst = math.Max(worst, math.Abs(got-beta[i]))
					require.InDelta(t, beta[i], got, 1e-8, r.Table.Rows[i][0])
					require.InEpsilon(t, se[i], number(t, r.Table.Rows[i][2]), 1e-5, r.Table.Rows[i][0])
				}
				require.InDelta(t, ll, number(t, fact(t, r, "log-likelihood")), 1e-7)
				require.Equal(t, strconv.Itoa(len(y)), fact(t, r, "rows"))
				t.Logf("%d rounds, greatest difference from the pooled fit %.1e", len(r.Rounds), worst)
			})
		}
	})
}

// TestSplitsAgree: the sum does not depend on how the rows are spread, to the last bit.
func TestSplitsAgree(t *testing.T) {
	for _, p := range []analysis.Parameters{anes96, penguinClusters, penguinTable, penguinQuantiles, michelson, penguinMasses} {
		file := "penguins.csv"
		switch p.Program {
		case "logistic":
			file = "anes96.csv"
		case "moments":
			file = "michelson.csv"
		}
		src := load(t, file, p)
		programtest.ForEngines(t, p.Program, func(t *testing.T, c programtest.Runner) {
			for _, f := range federations(src.Rows, 40) {
				indices := f.remaining()
				pooled := drive(t, c, p, src.Pick(indices), federation{owners: [][]int{span(len(indices))}})
				got := drive(t, c, p, src, f)
				require.Equal(t, pooled.Table, got.Table, "%s, %s", p.Program, f.name)
				require.Equal(t, pooled.Facts, got.Facts, "%s, %s", p.Program, f.name)
			}
		})
	}
}

var penguinQuantiles = analysis.Parameters{
	Program: "quantiles", Quantiles: []string{"0.25", "0.5", "0.75", "0.999"},
	Columns: []analysis.Column{{Name: "body_mass_g", Bits: 14}},
}

var penguinTable = analysis.Parameters{
	Program: "contingency",
	Columns: []analysis.Column{
		{Name: "flipper_length_mm", Bits: 10, Lower: "170", Width: "20", Bins: 3},
		{Name: "beak_depth_mm", Decimals: 1, Bits: 10, Lower: "13", Width: "2.5", Bins: 3},
	},
}

var penguinClusters = analysis.Parameters{
	Program: "kmeans", Clusters: 3, Seed: 1,
	Columns: []analysis.Column{
		{Name: "beak_length_mm", Decimals: 1, Bits: 10, Scale: "0.18"},
		{Name: "beak_depth_mm", Decimals: 1, Bits: 10, Scale: "0.5"},
		{Name: "flipper_length_mm", Bits: 8, Scale: "0.07"},
		{Name: "body_mass_g", Bits: 13, Scale: "0.0012"},
	},
}

var michelson = analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "speed_km_s", Offset: 299000, Bits: 11}}}

var penguinMasses = analysis.Parameters{
	Program: "histogram", Columns: []analysis.Column{{Name: "body_mass_g", Bits: 13, Lower: "3000", Width: "500", Bins: 6}},
}

// TestManyRows: sums of products that need more than 64 bits, against rational arithmetic by hand: 3,000 rows of 2^32 - 1.
func TestManyRows(t *testing.T) {
	const rows, value = 3000, 1<<32 - 1
	src := &programtest.Table{Rows: rows, Values: [][]int64{make([]int64, rows)}, Valid: [][]byte{make([]byte, rows)}}
	for i := range rows {
		src.Values[0][i], src.Valid[0][i] = value, 1
	}
	input, length, err := analysis.EncodeLinear([]fixedpoint.Column{{Bits: 32}}, 40)
	require.NoError(t, err)
	programtest.ForEngines(t, "linear", func(t *testing.T, c programtest.Runner) {
		sum, err := analysis.Add(nil, c.Run(t, src, length, input).Vector)
		require.NoError(t, err)
		products, err := analysis.DecodeLinear(input, sum)
		require.NoError(t, err)
		// 3000 (2^32 - 1)^2
		require.Equal(t, "55340232195358851075000", products.Products[1][1].String())
		require.Equal(t, "12884901885000", products.Products[0][1].String())
	})
}
