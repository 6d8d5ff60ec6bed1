package programs_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/testutil/programtest"
)

// TestModels runs every program over random rows in random shapes; the count must be the model's (compiled.run checks it).
func TestModels(t *testing.T) {
	for _, name := range []string{"quantiles", "contingency", "linear", "logistic", "kmeans"} {
		t.Run(name, func(t *testing.T) {
			programtest.ForEngines(t, name, func(t *testing.T, c programtest.Runner) {
				rapid.Check(t, func(rt *rapid.T) {
					rows := rapid.SampledFrom(edgeRows[:7]).Draw(rt, "rows")
					job := randomJob(rt, name)
					src := programtest.Random(rapid.Uint64().Draw(rt, "seed"), rows, job.Columns, 10, rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(rt, "missing"))
					if name == "logistic" {
						for i := range src.Values[0] {
							src.Values[0][i] &= 1
						}
					}
					got := c.Run(rt, src, job.Length, job.Input).Vector
					require.Equal(rt, inGo(rt, name, src, job), got)
				})
			})
		})
	}
}

// randomJob draws a job whose columns have 10 bits.
func randomJob(rt *rapid.T, name string) costcheck.Trial {
	k := 1
	switch name {
	case "contingency":
		k = 2
	case "linear", "kmeans":
		k = rapid.IntRange(1, 6).Draw(rt, "columns")
	case "logistic":
		k = rapid.IntRange(2, 6).Draw(rt, "columns")
	}
	columns := make([]fixedpoint.Column, k)
	for i := range columns {
		columns[i].Bits = 10
	}
	number := func(from, to float64, what string) float64 { return rapid.Float64Range(from, to).Draw(rt, what) }
	var input []byte
	var length int
	var err error
	switch name {
	case "quantiles":
		var ranges []analysis.Interval
		for range rapid.IntRange(1, 5).Draw(rt, "ranges") {
			ranges = append(ranges, analysis.Interval{Lower: rapid.Uint64Range(0, 1200).Draw(rt, "lower"), Width: rapid.Uint64Range(1, 50).Draw(rt, "width")})
		}
		input, length, err = analysis.EncodeQuantiles(columns[0], ranges)
	case "contingency":
		var axes [2]analysis.Axis
		for i := range axes {
			axes[i] = analysis.Axis{
				Lower: rapid.Uint64Range(0, 1200).Draw(rt, "lower"), Width: rapid.Uint64Range(1, 300).Draw(rt, "width"), Bins: rapid.IntRange(1, 12).Draw(rt, "bins"),
			}
		}
		input, length, err = analysis.EncodeContingency([2]fixedpoint.Column(columns), axes)
	case "linear":
		input, length, err = analysis.EncodeLinear(columns, rapid.IntRange(16, 48).Draw(rt, "bits"))
	case "logistic":
		step := analysis.LogisticStep{FractionBits: rapid.IntRange(8, 46).Draw(rt, "fraction"), SlotBits: 62}
		for range k - 1 {
			step.Predictors = append(step.Predictors, analysis.Predictor{
				Shift: rapid.SampledFrom([]uint64{0, 1, 1000}).Draw(rt, "shift"), Scale: number(1e-4, 2e-3, "scale"),
			})
		}
		for range k {
			step.Beta = append(step.Beta, number(-30, 30, "beta"))
		}
		input, length, err = analysis.EncodeLogistic(columns, step)
	case "kmeans":
		step := analysis.Clustering{FractionBits: rapid.IntRange(0, 30).Draw(rt, "fraction")}
		for range k {
			step.Scales = append(step.Scales, number(1e-5, 2e-3, "scale"))
		}
		for range rapid.IntRange(1, 6).Draw(rt, "clusters") {
			place := make([]float64, k)
			for j := range place {
				place[j] = number(-0.5, 1.5, "place")
			}
			step.Centroids = append(step.Centroids, place)
		}
		input, length, err = analysis.EncodeKMeans(columns, step)
	}
	require.NoError(rt, err)
	return costcheck.Trial{Columns: k, Length: length, Input: input}
}

// inGo computes the vector of a program a second time, in Go.
func inGo(rt *rapid.T, name string, src *programtest.Table, job costcheck.Trial) []int64 {
	v := make([]int64, job.Length)
	complete := make([]bool, src.Rows)
	for i := range complete {
		complete[i] = true
		for c := range src.Valid {
			complete[i] = complete[i] && src.Valid[c][i] == 1
		}
	}
	word := func(at int) (x uint64) {
		own := job.Input[fixedpoint.HeaderBytes(job.Columns):]
		for b := range 8 {
			x |= uint64(own[8*at+b]) << (8 * b)
		}
		return x
	}
	switch name {
	case "quantiles":
		for i, x := range src.Values[0] {
			if src.Valid[0][i] == 0 {
				v[job.Length-1]++
				continue
			}
			for r := range job.Length / 44 {
				lower, width := int64(word(2*r)), int64(word(2*r+1))
				bin := int64(0)
				if x >= lower {
					bin = min(43, 1+(x-lower)/width)
				}
				v[44*r+int(bin)]++
			}
		}
	case "contingency":
		place := func(c, i int) int {
			lower, width, bins := int64(word(3*c)), int64(word(3*c+1)), int64(word(3*c+2))
			x := src.Values[c][i]
			switch {
			case src.Valid[c][i] == 0:
				return int(bins) + 1
			case x < lower || (x-lower)/width >= bins:
				return int(bins)
			}
			return int((x - lower) / width)
		}
		for i := range src.Rows {
			v[place(0, i)*(int(word(5))+2)+place(1, i)]++
		}
	case "linear":
		sums := make([]int64, job.Length/2)
		for i := range src.Rows {
			if !complete[i] {
				sums[0]++
				continue
			}
			at := 1
			x := func(c int) int64 {
				if c == 0 {
					return 1
				}
				return src.Values[c-1][i]
			}
			for a := 0; a <= job.Columns; a++ {
				for b := a; b <= job.Columns; b++ {
					sums[at] += x(a) * x(b)
					at++
				}
			}
		}
		for i, s := range sums {
			w := word(0)
			v[2*i], v[2*i+1] = s&(1<<w-1), s>>w
		}
	case "logistic":
		_, step, err := analysis.ParseLogistic(job.Input)
		require.NoError(rt, err)
		return newtonOf(rt, src, complete, step)
	case "kmeans":
		_, step, err := analysis.ParseKMeans(job.Input)
		require.NoError(rt, err)
		for i := range src.Rows {
			if !complete[i] {
				v[0]++
				continue
			}
			best, at := math.Inf(1), 0
			for c, place := range step.Centroids {
				d := 0.0
				for j, p := range place {
					x := math.Min(float64(src.Values[j][i])*step.Scales[j], 1) - p
					d += float64(x * x)
				}
				if d < best {
					best, at = d, c
				}
			}
			v[1] += int64(math.RoundToEven(best * math.Ldexp(1, step.FractionBits)))
			v[2+at*(job.Columns+1)]++
			for j := range job.Columns {
				v[3+at*(job.Columns+1)+j] += src.Values[j][i]
			}
		}
	}
	return v
}

// newtonOf is the program logistic in Go with the logarithm and exponential of package math, which agree to some units in the last
// place. It compares the program's result within that error, and returns the program's result.
func newtonOf(rt *rapid.T, src *programtest.Table, complete []bool, step analysis.LogisticStep) []int64 {
	k := len(step.Beta)
	unit := math.Ldexp(1, step.FractionBits)
	want := make([]float64, 3+k+k*(k+1)/2)
	for i := range src.Rows {
		if !complete[i] {
			want[1]++
			continue
		}
		want[0]++
		z, eta := make([]float64, k), step.Beta[0]
		z[0] = 1
		for j, p := range step.Predictors {
			x := float64(src.Values[j+1][i] + int64(p.Shift))
			if p.Shift > 0 {
				x = math.Log(x)
			}
			z[j+1] = math.Min(x*p.Scale, 1)
			eta += step.Beta[j+1] * z[j+1]
		}
		eta = math.Max(-40, math.Min(40, eta))
		y := float64(src.Values[0][i])
		p := 1 / (1 + math.Exp(-eta))
		w := math.Exp(-math.Abs(eta)) / math.Pow(1+math.Exp(-math.Abs(eta)), 2)
		want[2] += unit / 64 * (math.Max(eta, 0) - y*eta + math.Log1p(math.Exp(-math.Abs(eta))))
		at := 3 + k
		for a := range k {
			want[3+a] += unit * (y - p) * z[a]
			for b := a; b < k; b++ {
				want[at] += unit * w * z[a] * z[b]
				at++
			}
		}
	}
	got := vectorOf(rt, "logistic", src, step)
	offset := math.Ldexp(1, step.SlotBits-1)
	for i, w := range want {
		g := float64(got[i])
		if i >= 3 && i < 3+k {
			g = float64(got[i] - int64(offset))
		}
		// Half a unit for each row, and an error of 2^-46 of each term.
		require.InDelta(rt, w, g, float64(src.Rows)*(0.51+unit*math.Ldexp(1, -46)), "slot %d", i)
	}
	return got
}

// vectorOf runs logistic once more.
func vectorOf(rt *rapid.T, name string, src *programtest.Table, step analysis.LogisticStep) []int64 {
	columns := make([]fixedpoint.Column, len(step.Beta))
	for i := range columns {
		columns[i].Bits = 10
	}
	input, length, err := analysis.EncodeLogistic(columns, step)
	require.NoError(rt, err)
	p, err := programs.ByName(name)
	require.NoError(rt, err)
	box, err := sandbox.New(context.Background(), sandbox.Config{Engine: sandbox.Interpreter})
	require.NoError(rt, err)
	defer func() { _ = box.Close(context.Background()) }()
	program, err := box.Compile(context.Background(), p.Code)
	require.NoError(rt, err)
	r, err := box.Run(context.Background(), program, sandbox.Shape{Columns: len(columns), Length: length}, input, src.Source(), 1<<40)
	require.NoError(rt, err)
	return r.Vector
}

// TestRefusals runs programs at their limits and just beyond, where they must fail.
func TestRefusals(t *testing.T) {
	columns := func(bits ...uint8) (out []fixedpoint.Column) {
		for _, b := range bits {
			out = append(out, fixedpoint.Column{Bits: b})
		}
		return out
	}
	must := func(input []byte, _ int, err error) []byte {
		require.NoError(t, err)
		return input
	}
	linear := func(bits int) []byte { return must(analysis.EncodeLinear(columns(40), bits)) }
	step := analysis.LogisticStep{FractionBits: 40, SlotBits: 61, Predictors: []analysis.Predictor{{Scale: 1}}, Beta: []float64{0, 0}}
	logistic := must(analysis.EncodeLogistic(columns(1, 60), step))
	narrow := step
	narrow.SlotBits = 40
	quantiles := must(analysis.EncodeQuantiles(columns(63)[0], []analysis.Interval{{Width: 1}}))
	contingency := must(analysis.EncodeContingency([2]fixedpoint.Column(columns(63, 63)), [2]analysis.Axis{{Width: 1, Bins: 1}, {Width: 1, Bins: 1}}))
	kmeans := must(analysis.EncodeKMeans(columns(40), analysis.Clustering{Scales: []float64{1}, Centroids: [][]float64{{0}}}))
	// set writes a word of the program's own bytes.
	set := func(input []byte, columns, at int, v uint64) []byte {
		out := append([]byte(nil), input...)
		for b := range 8 {
			out[fixedpoint.HeaderBytes(columns)+8*at+b] = byte(v >> (8 * b))
		}
		return out
	}
	bits := math.Float64bits
	tests := []struct {
		name, program string
		src           *programtest.Table
		length        int
		input         []byte
		code          int32
	}{
		{"largest value", "linear", programtest.Row(1<<32 - 1), 8, linear(32), 0},
		{"value of 2^32", "linear", programtest.Row(1 << 32), 8, linear(48), 1},
		{"square in 64 bits", "linear", programtest.Row(1<<32 - 1), 8, linear(31), 1},
		{"square in 42 bits", "linear", programtest.Row(1 << 21), 8, linear(21), 1},
		{"square below 42 bits", "linear", programtest.Row(1<<21 - 1), 8, linear(21), 0},
		{"wrong length", "linear", programtest.Row(1), 9, linear(32), 2},
		{"no bits", "linear", programtest.Row(1), 8, set(linear(32), 1, 0, 0), 3},
		{"49 bits", "linear", programtest.Row(1), 8, set(linear(32), 1, 0, 49), 3},
		{"short", "linear", programtest.Row(1), 8, linear(32)[:20], 3},
		{"long", "linear", programtest.Row(1), 8, append(linear(32), 0), 3},
		{"empty", "linear", programtest.Row(1), 8, nil, 3},

		{"response 1", "logistic", programtest.Row(1, 1), 8, logistic, 0},
		{"response 2", "logistic", programtest.Row(2, 1), 8, logistic, 1},
		{"predictor below 2^52", "logistic", programtest.Row(1, 1<<52-1), 8, logistic, 0},
		{"predictor of 2^52", "logistic", programtest.Row(1, 1<<52), 8, logistic, 1},
		{"slot too narrow", "logistic", programtest.Row(1, 1), 8, must(analysis.EncodeLogistic(columns(1, 10), narrow)), 1},
		{"wrong length", "logistic", programtest.Row(1, 1), 9, logistic, 2},
		{"one column", "logistic", programtest.Row(1), 5, logistic, 2},
		{"fraction", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 0, 47), 3},
		{"slot bits", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 1, 63), 3},
		{"shift", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 2, 1<<40+1), 3},
		{"scale 0", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 3, 0), 3},
		{"scale not a number", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 3, bits(math.NaN())), 3},
		{"coefficient not a number", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 5, bits(math.NaN())), 3},
		{"coefficient infinite", "logistic", programtest.Row(1, 1), 8, set(logistic, 2, 4, bits(math.Inf(-1))), 3},
		{"largest coefficients", "logistic", programtest.Row(1, 1), 8, set(set(logistic, 2, 4, bits(1<<40)), 2, 5, bits(1<<40)), 0},
		{"empty", "logistic", programtest.Row(1, 1), 8, nil, 3},
		{"long", "logistic", programtest.Row(1, 1), 8, append(append([]byte(nil), logistic...), 0), 3},

		{"value below 2^62", "quantiles", programtest.Row(1<<62 - 1), 45, quantiles, 0},
		{"value of 2^62", "quantiles", programtest.Row(1 << 62), 45, quantiles, 1},
		{"wrong length", "quantiles", programtest.Row(1), 46, quantiles, 2},
		{"two columns", "quantiles", programtest.Row(1, 1), 45, quantiles, 2},
		{"width 0", "quantiles", programtest.Row(1), 45, set(quantiles, 1, 1, 0), 3},
		{"width of 2^56", "quantiles", programtest.Row(1), 45, set(quantiles, 1, 1, 1<<56), 3},
		{"lower edge of 2^62", "quantiles", programtest.Row(1), 45, set(quantiles, 1, 0, 1<<62), 3},
		{"empty", "quantiles", programtest.Row(1), 45, nil, 3},

		{"largest values", "contingency", programtest.Row(1<<63-1, 1<<63-1), 9, contingency, 0},
		{"wrong length", "contingency", programtest.Row(1, 1), 12, contingency, 2},
		{"one column", "contingency", programtest.Row(1), 9, contingency, 2},
		{"no bins", "contingency", programtest.Row(1, 1), 9, set(contingency, 2, 2, 0), 3},
		{"too many bins", "contingency", programtest.Row(1, 1), 9, set(contingency, 2, 5, 1023), 3},
		{"width 0", "contingency", programtest.Row(1, 1), 9, set(contingency, 2, 4, 0), 3},
		{"empty", "contingency", programtest.Row(1, 1), 9, nil, 3},

		{"largest value", "kmeans", programtest.Row(1<<32 - 1), 4, kmeans, 0},
		{"value of 2^32", "kmeans", programtest.Row(1 << 32), 4, kmeans, 1},
		{"no cluster", "kmeans", programtest.Row(1), 2, kmeans, 2},
		{"part of a cluster", "kmeans", programtest.Row(1), 5, kmeans, 2},
		{"fraction", "kmeans", programtest.Row(1), 4, set(kmeans, 1, 0, 31), 3},
		{"scale above 1", "kmeans", programtest.Row(1), 4, set(kmeans, 1, 1, bits(1.5)), 3},
		{"scale 0", "kmeans", programtest.Row(1), 4, set(kmeans, 1, 1, 0), 3},
		{"place not a number", "kmeans", programtest.Row(1), 4, set(kmeans, 1, 3, bits(math.NaN())), 3},
		{"place of 3", "kmeans", programtest.Row(1), 4, set(kmeans, 1, 3, bits(3)), 3},
		{"empty", "kmeans", programtest.Row(1), 4, nil, 3},
	}
	for _, name := range []string{"quantiles", "contingency", "linear", "logistic", "kmeans"} {
		t.Run(name, func(t *testing.T) {
			programtest.ForEngines(t, name, func(t *testing.T, c programtest.Runner) {
				for _, tt := range tests {
					if tt.program != name {
						continue
					}
					_, err := c.Try(tt.src, tt.length, tt.input, 1<<30)
					if tt.code == 0 {
						require.NoError(t, err, tt.name)
						continue
					}
					var failure *sandbox.FailError
					require.ErrorAs(t, err, &failure, tt.name)
					require.Equal(t, tt.code, failure.Code, tt.name)
				}
			})
		})
	}
}

// TestRowLimit: the fraction bits bound the rows, so that no sum can wrap.
func TestRowLimit(t *testing.T) {
	step := analysis.LogisticStep{FractionBits: 46, SlotBits: 62, Predictors: []analysis.Predictor{{Scale: 1}}, Beta: []float64{0, 0}}
	input, length, err := analysis.EncodeLogistic([]fixedpoint.Column{{Bits: 1}, {Bits: 1}}, step)
	require.NoError(t, err)
	programtest.ForEngines(t, "logistic", func(t *testing.T, c programtest.Runner) {
		for _, rows := range []int{1<<16 - 1, 1 << 16} {
			src := programtest.Random(1, rows, 2, 1, 0.1)
			_, err := c.Try(src, length, input, 1<<40)
			if rows < 1<<16 {
				require.NoError(t, err)
				continue
			}
			var failure *sandbox.FailError
			require.ErrorAs(t, err, &failure)
			require.EqualValues(t, 1, failure.Code)
		}
	})
}
