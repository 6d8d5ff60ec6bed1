package programs_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
)

// random fills a table with values below 2^bits, a part of them missing.
func random(seed uint64, rows, columns, bits int, missing float64) *table {
	r := rand.New(rand.NewPCG(seed, 1))
	t := &table{rows: rows}
	for range columns {
		values, valid := make([]int64, rows), make([]byte, rows)
		for i := range values {
			values[i] = int64(r.Uint64() >> (64 - bits))
			if r.Float64() >= missing {
				valid[i] = 1
			}
		}
		t.values, t.valid = append(t.values, values), append(t.valid, valid)
	}
	return t
}

// momentsOf is the program moments in Go.
func momentsOf(t *table) []int64 {
	v := make([]int64, 0, 3*len(t.values))
	for c := range t.values {
		var n, s, q int64
		for i, x := range t.values[c] {
			if t.valid[c][i] == 1 {
				n, s, q = n+1, s+x, q+x*x
			}
		}
		v = append(v, n, s, q)
	}
	return v
}

// histogramOf is the program histogram in Go.
func histogramOf(t *table, lower, width int64, bins int) []int64 {
	v := make([]int64, bins+3)
	for i, x := range t.values[0] {
		switch {
		case t.valid[0][i] == 0:
			v[bins+2]++
		case x < lower:
			v[0]++
		case (x-lower)/width >= int64(bins):
			v[bins+1]++
		default:
			v[1+(x-lower)/width]++
		}
	}
	return v
}

type compiled struct {
	box     *sandbox.Sandbox
	program *sandbox.Program
	model   programs.Program
}

func (c compiled) run(t require.TestingT, src *table, length int, input []byte) sandbox.Result {
	want, err := c.model.Cost.Operations(uint64(src.rows), uint64(len(src.values)), uint64(length))
	require.NoError(t, err)
	src.at = 0
	// The limit is what the model says, so a single operation more would fail.
	r, err := c.box.Run(context.Background(), c.program, sandbox.Shape{Columns: len(src.values), Length: length}, input, src, want)
	require.NoError(t, err)
	require.Equal(t, want, r.Operations, "%s, %d rows, %d columns, %d slots", c.model.Name, src.rows, len(src.values), length)
	require.EqualValues(t, src.rows, r.Rows)
	return r
}

func forEngines(t *testing.T, name string, f func(t *testing.T, c compiled)) {
	for engine, e := range map[string]sandbox.Engine{"compiler": sandbox.Compiler, "interpreter": sandbox.Interpreter} {
		t.Run(engine, func(t *testing.T) { f(t, compile(t, name, e)) })
	}
}

// compile makes a program ready to run.
func compile(t *testing.T, name string, e sandbox.Engine) compiled {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: e})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	p, err := programs.ByName(name)
	require.NoError(t, err)
	program, err := box.Compile(t.Context(), p.Code)
	require.NoError(t, err)
	return compiled{box, program, p}
}

// edgeRows are the numbers of rows around which batches begin and end.
var edgeRows = []int{0, 1, 2, 1023, 1024, 1025, 2048, 5000}

func TestMoments(t *testing.T) {
	forEngines(t, "moments", func(t *testing.T, c compiled) {
		for _, n := range edgeRows {
			for _, k := range []int{1, 2, 7} {
				src := random(uint64(n), n, k, 20, 0.1)
				r := c.run(t, src, 3*k, nil)
				require.Equal(t, momentsOf(src), r.Vector, "%d rows, %d columns", n, k)
			}
		}
		most := random(1, 3, 2048, 8, 0.1)
		require.Equal(t, momentsOf(most), c.run(t, most, 3*2048, nil).Vector)
		rapid.Check(t, func(rt *rapid.T) {
			k := rapid.IntRange(1, 9).Draw(rt, "columns")
			n := rapid.IntRange(0, 3000).Draw(rt, "rows")
			bits := rapid.IntRange(1, 24).Draw(rt, "bits")
			missing := rapid.SampledFrom([]float64{0, 0.01, 0.5, 1}).Draw(rt, "missing")
			src := random(rapid.Uint64().Draw(rt, "seed"), n, k, bits, missing)
			require.Equal(rt, momentsOf(src), c.run(rt, src, 3*k, nil).Vector)
		})
	})
}

func histogramInput(lower, width int64) []byte {
	b, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{{Bits: 63}})
	if err != nil {
		panic(err)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(lower))
	return binary.LittleEndian.AppendUint64(b, uint64(width))
}

func TestHistogram(t *testing.T) {
	forEngines(t, "histogram", func(t *testing.T, c compiled) {
		for _, n := range edgeRows {
			for _, bins := range []int{1, 2, 100, programs.MaxBins} {
				src := random(uint64(n), n, 1, 20, 0.1)
				lower, width := int64(1000), int64(1<<20/bins+1)
				r := c.run(t, src, bins+3, histogramInput(lower, width))
				require.Equal(t, histogramOf(src, lower, width, bins), r.Vector, "%d rows, %d bins", n, bins)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			n := rapid.IntRange(0, 3000).Draw(rt, "rows")
			bins := rapid.IntRange(1, 2000).Draw(rt, "bins")
			bits := rapid.IntRange(1, 63).Draw(rt, "bits")
			lower := rapid.Int64Range(0, min(int64(1)<<bits-1, 1<<62-1)).Draw(rt, "lower")
			width := rapid.Int64Range(1, int64(1)<<min(bits, 62)-1).Draw(rt, "width")
			src := random(rapid.Uint64().Draw(rt, "seed"), n, 1, bits, 0.2)
			require.Equal(rt, histogramOf(src, lower, width, bins), c.run(rt, src, bins+3, histogramInput(lower, width)).Vector)
		})
	})
}

// one is a source of one row.
func one(values ...int64) *table {
	t := &table{rows: 1}
	for _, v := range values {
		t.values, t.valid = append(t.values, []int64{v}), append(t.valid, []byte{1})
	}
	return t
}

func TestFailures(t *testing.T) {
	twice := func(v int64) *table {
		return &table{rows: 2, values: [][]int64{{v, v}}, valid: [][]byte{{1, 1}}}
	}
	tests := []struct {
		name, program string
		src           *table
		length        int
		input         []byte
		code          int32 // 0: no failure
	}{
		{"largest square", "moments", one(3037000499), 3, nil, 0},
		{"square of 2^63", "moments", one(3037000500), 3, nil, 1},
		{"square beyond 64 bits", "moments", one(1 << 32), 3, nil, 1},
		{"largest value", "moments", one(1<<63 - 1), 3, nil, 1},
		{"sum of squares of 2^63", "moments", twice(1 << 31), 3, nil, 1},
		{"sum of squares below 2^63", "moments", twice(1<<31 - 1), 3, nil, 0},
		{"wrong length", "moments", one(1), 4, nil, 2},
		{"too many columns", "moments", one(make([]int64, 2049)...), 3 * 2049, nil, 2},
		{"too few slots", "histogram", one(1), 3, histogramInput(0, 1), 2},
		{"too many slots", "histogram", one(1), 65537, histogramInput(0, 1), 2},
		{"two columns", "histogram", one(1, 2), 4, histogramInput(0, 1), 2},
		{"no input", "histogram", one(1), 4, nil, 3},
		{"short input", "histogram", one(1), 4, histogramInput(0, 1)[:33], 3},
		{"long input", "histogram", one(1), 4, append(histogramInput(0, 1), 0), 3},
		{"width 0", "histogram", one(1), 4, histogramInput(0, 0), 3},
		{"negative width", "histogram", one(1), 4, histogramInput(0, -1), 3},
		{"width 2^62", "histogram", one(1), 4, histogramInput(0, 1<<62), 3},
		{"negative edge", "histogram", one(1), 4, histogramInput(-1, 1), 3},
		{"edge 2^62", "histogram", one(1), 4, histogramInput(1<<62, 1), 3},
		{"largest edges", "histogram", one(1<<63 - 1), 4, histogramInput(1<<62-1, 1<<62-1), 0},
	}
	for _, name := range []string{"moments", "histogram"} {
		t.Run(name, func(t *testing.T) {
			forEngines(t, name, func(t *testing.T, c compiled) {
				for _, tt := range tests {
					if tt.program != name {
						continue
					}
					_, err := c.box.Run(t.Context(), c.program, sandbox.Shape{Columns: len(tt.src.values), Length: tt.length}, tt.input, tt.src, 1<<30)
					tt.src.at = 0
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

func ExampleCostModel_Operations() {
	p, _ := programs.ByName("moments")
	operations, _ := p.Cost.Operations(100, 1, 3)
	fmt.Println(operations)
	// Output: 4974
}
