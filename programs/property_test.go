package programs_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/testutil/programtest"
)

// momentsOf is the program moments in Go.
func momentsOf(t *programtest.Table) []int64 {
	v := make([]int64, 0, 3*len(t.Values))
	for c := range t.Values {
		var n, s, q int64
		for i, x := range t.Values[c] {
			if t.Valid[c][i] == 1 {
				n, s, q = n+1, s+x, q+x*x
			}
		}
		v = append(v, n, s, q)
	}
	return v
}

// histogramOf is the program histogram in Go.
func histogramOf(t *programtest.Table, lower, width int64, bins int) []int64 {
	v := make([]int64, bins+3)
	for i, x := range t.Values[0] {
		switch {
		case t.Valid[0][i] == 0:
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

// edgeRows are the numbers of rows around which batches begin and end.
var edgeRows = []int{0, 1, 2, 1023, 1024, 1025, 2048, 5000}

func TestMoments(t *testing.T) {
	programtest.ForEngines(t, "moments", func(t *testing.T, c programtest.Runner) {
		for _, n := range edgeRows {
			for _, k := range []int{1, 2, 7} {
				src := programtest.Random(uint64(n), n, k, 20, 0.1)
				r := c.Run(t, src, 3*k, nil)
				require.Equal(t, momentsOf(src), r.Vector, "%d rows, %d columns", n, k)
			}
		}
		most := programtest.Random(1, 3, 2048, 8, 0.1)
		require.Equal(t, momentsOf(most), c.Run(t, most, 3*2048, nil).Vector)
		rapid.Check(t, func(rt *rapid.T) {
			k := rapid.IntRange(1, 9).Draw(rt, "columns")
			n := rapid.IntRange(0, 3000).Draw(rt, "rows")
			bits := rapid.IntRange(1, 24).Draw(rt, "bits")
			missing := rapid.SampledFrom([]float64{0, 0.01, 0.5, 1}).Draw(rt, "missing")
			src := programtest.Random(rapid.Uint64().Draw(rt, "seed"), n, k, bits, missing)
			require.Equal(rt, momentsOf(src), c.Run(rt, src, 3*k, nil).Vector)
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
	programtest.ForEngines(t, "histogram", func(t *testing.T, c programtest.Runner) {
		for _, n := range edgeRows {
			for _, bins := range []int{1, 2, 100, programs.MaxBins} {
				src := programtest.Random(uint64(n), n, 1, 20, 0.1)
				lower, width := int64(1000), int64(1<<20/bins+1)
				r := c.Run(t, src, bins+3, histogramInput(lower, width))
				require.Equal(t, histogramOf(src, lower, width, bins), r.Vector, "%d rows, %d bins", n, bins)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			n := rapid.IntRange(0, 3000).Draw(rt, "rows")
			bins := rapid.IntRange(1, 2000).Draw(rt, "bins")
			bits := rapid.IntRange(1, 63).Draw(rt, "bits")
			lower := rapid.Int64Range(0, min(int64(1)<<bits-1, 1<<62-1)).Draw(rt, "lower")
			width := rapid.Int64Range(1, int64(1)<<min(bits, 62)-1).Draw(rt, "width")
			src := programtest.Random(rapid.Uint64().Draw(rt, "seed"), n, 1, bits, 0.2)
			require.Equal(rt, histogramOf(src, lower, width, bins), c.Run(rt, src, bins+3, histogramInput(lower, width)).Vector)
		})
	})
}

// The answer of one row is the histogram of one row, at the same cost for every value.
func TestChoice(t *testing.T) {
	programtest.ForEngines(t, "choice", func(t *testing.T, c programtest.Runner) {
		missing := &programtest.Table{Rows: 1, Values: [][]int64{{0}}, Valid: [][]byte{{0}}}
		for _, src := range []*programtest.Table{programtest.Row(0), programtest.Row(999), programtest.Row(1000), programtest.Row(1<<63 - 1), missing} {
			for _, bins := range []int{1, 2, 100, programs.MaxBins} {
				r := c.Run(t, src, bins+3, histogramInput(1000, 7))
				require.Equal(t, histogramOf(src, 1000, 7, bins), r.Vector, "%v, %d bins", src.Values, bins)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			bins := rapid.IntRange(1, 2000).Draw(rt, "bins")
			bits := rapid.IntRange(1, 63).Draw(rt, "bits")
			lower := rapid.Int64Range(0, min(int64(1)<<bits-1, 1<<62-1)).Draw(rt, "lower")
			width := rapid.Int64Range(1, int64(1)<<min(bits, 62)-1).Draw(rt, "width")
			src := programtest.Random(rapid.Uint64().Draw(rt, "seed"), 1, 1, bits, 0.2)
			require.Equal(rt, histogramOf(src, lower, width, bins), c.Run(rt, src, bins+3, histogramInput(lower, width)).Vector)
		})
	})
}

func TestFailures(t *testing.T) {
	twice := func(v int64) *programtest.Table {
		return &programtest.Table{Rows: 2, Values: [][]int64{{v, v}}, Valid: [][]byte{{1, 1}}}
	}
	tests := []struct {
		name, program string
		src           *programtest.Table
		length        int
		input         []byte
		code          int32 // 0: no failure
	}{
		{"largest square", "moments", programtest.Row(3037000499), 3, nil, 0},
		{"square of 2^63", "moments", programtest.Row(3037000500), 3, nil, 1},
		{"square beyond 64 bits", "moments", programtest.Row(1 << 32), 3, nil, 1},
		{"largest value", "moments", programtest.Row(1<<63 - 1), 3, nil, 1},
		{"sum of squares of 2^63", "moments", twice(1 << 31), 3, nil, 1},
		{"sum of squares below 2^63", "moments", twice(1<<31 - 1), 3, nil, 0},
		{"wrong length", "moments", programtest.Row(1), 4, nil, 2},
		{"too many columns", "moments", programtest.Row(make([]int64, 2049)...), 3 * 2049, nil, 2},
		{"too few slots", "histogram", programtest.Row(1), 3, histogramInput(0, 1), 2},
		{"too many slots", "histogram", programtest.Row(1), 65537, histogramInput(0, 1), 2},
		{"two columns", "histogram", programtest.Row(1, 2), 4, histogramInput(0, 1), 2},
		{"no input", "histogram", programtest.Row(1), 4, nil, 3},
		{"short input", "histogram", programtest.Row(1), 4, histogramInput(0, 1)[:33], 3},
		{"long input", "histogram", programtest.Row(1), 4, append(histogramInput(0, 1), 0), 3},
		{"width 0", "histogram", programtest.Row(1), 4, histogramInput(0, 0), 3},
		{"negative width", "histogram", programtest.Row(1), 4, histogramInput(0, -1), 3},
		{"width 2^62", "histogram", programtest.Row(1), 4, histogramInput(0, 1<<62), 3},
		{"negative edge", "histogram", programtest.Row(1), 4, histogramInput(-1, 1), 3},
		{"edge 2^62", "histogram", programtest.Row(1), 4, histogramInput(1<<62, 1), 3},
		{"largest edges", "histogram", programtest.Row(1<<63 - 1), 4, histogramInput(1<<62-1, 1<<62-1), 0},
		{"too few slots", "choice", programtest.Row(1), 3, histogramInput(0, 1), 2},
		{"too many slots", "choice", programtest.Row(1), 65537, histogramInput(0, 1), 2},
		{"two columns", "choice", programtest.Row(1, 2), 4, histogramInput(0, 1), 2},
		{"no input", "choice", programtest.Row(1), 4, nil, 3},
		{"width 0", "choice", programtest.Row(1), 4, histogramInput(0, 0), 3},
		{"edge 2^62", "choice", programtest.Row(1), 4, histogramInput(1<<62, 1), 3},
		{"largest edges", "choice", programtest.Row(1<<63 - 1), 4, histogramInput(1<<62-1, 1<<62-1), 0},
		{"no rows", "choice", programtest.Random(1, 0, 1, 8, 0), 4, histogramInput(0, 1), 4},
		{"two rows", "choice", twice(1), 4, histogramInput(0, 1), 4},
		{"a full batch", "choice", programtest.Random(1, 1024, 1, 8, 0), 4, histogramInput(0, 1), 4},
		{"a batch and a row", "choice", programtest.Random(1, 1025, 1, 8, 0), 4, histogramInput(0, 1), 4},
	}
	for _, name := range []string{"moments", "histogram", "choice"} {
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

func TestNameOf(t *testing.T) {
	for _, p := range slices.Concat(programs.All(), programs.Rows()) {
		require.Equal(t, p.Name, programs.NameOf(p.Hash))
	}
	require.Equal(t, "00ff", programs.NameOf("00ff"))
}

func ExampleProgram() {
	p, _ := programs.ByName("moments")
	operations, _ := p.Cost.Operations(100, 1, 3)
	fmt.Println(operations)
	// Output: 12318
}
