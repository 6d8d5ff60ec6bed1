package programs_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/programtest"
)

// TestRowStatements: what each row program states holds against its module, the cost is the measured one, and a row is granted what it needs at most, to 6 %.
func TestRowStatements(t *testing.T) {
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer box.Close(context.Background())
	for _, p := range programs.Rows() {
		t.Run(p.Name, func(t *testing.T) {
			form, err := metering.Inspect(p.Code, metering.DefaultLimits())
			require.NoError(t, err)
			require.NoError(t, terms.Program{
				Kind: p.Kind, Bits: uint32(p.Bits), Cost: p.Cost, // the chain lets the job choose the length
				Shape: terms.Shape{MinColumns: uint32(p.Shape.MinColumns), MaxColumns: uint32(p.Shape.MaxColumns), MaxLength: uint32(p.Shape.MaxLength)},
			}.ValidateRow(*form))
			trials, err := costcheck.Trials(p)
			require.NoError(t, err)
			r, err := costcheck.Measure(t.Context(), box, p.Code, trials, costcheck.Options{Rows: 2100, Seeds: 2, Stated: &p.Cost})
			require.NoError(t, err)
			for _, l := range r.Lines {
				require.Zero(t, l.Lost)
				base, row, err := p.Cost.RowOperations(uint32(l.Columns), uint32(l.Length))
				require.NoError(t, err)
				base2, row2, err := r.Model.RowOperations(uint32(l.Columns), uint32(l.Length))
				require.NoError(t, err)
				require.Equal(t, [2]uint64{base2, row2}, [2]uint64{base, row})
				require.LessOrEqual(t, float64(row), 1.06*float64(l.PerRow), "%+v", l)
			}
		})
	}
}

// TestRowsGiveWhatBatchesGive: a row program gives, to the last digit, what the program gives that takes batches, slot by slot after slot 0, in both
// engines. No row needs more than is stated.
func TestRowsGiveWhatBatchesGive(t *testing.T) {
	for _, e := range []sandbox.Engine{sandbox.Compiler, sandbox.Interpreter} {
		box, err := sandbox.New(t.Context(), sandbox.Config{Engine: e})
		require.NoError(t, err)
		defer box.Close(context.Background())
		for _, name := range []string{"moments", "histogram", "quantiles", "contingency", "linear", "logistic", "kmeans"} {
			rapid.Check(t, func(rt *rapid.T) {
				job := rowTwin(rt, name)
				table := programtest.Random(rapid.Uint64().Draw(rt, "seed"), rapid.SampledFrom([]int{0, 1, 2, 1030}).Draw(rt, "rows"),
					job.batch.Columns, 10, rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(rt, "missing"))
				if name == "logistic" {
					for i := range table.Values[0] {
						table.Values[0][i] &= 1
					}
				}
				byBatch, err := programs.ByName(name)
				require.NoError(rt, err)
				byRow, err := programs.ByName(name + "_row")
				require.NoError(rt, err)
				got := runRowProgram(t, box, byRow, job.row, table)
				require.Zero(rt, got.Report.Lost())
				require.EqualValues(rt, table.Rows, got.Vector[0])
				require.Equal(rt, job.same(runBatches(t, box, byBatch, job.batch, table)), got.Vector[1:])
			})
		}
	}
}

// twin is a job for a program that takes batches, and the same for its row program.
type twin struct {
	batch, row costcheck.Trial
	same       func(vector []int64) []int64 // what the row program must give, without slot 0
}

func rowTwin(rt *rapid.T, name string) twin {
	job := twin{same: func(v []int64) []int64 { return v }}
	switch name {
	case "moments", "histogram":
		columns := make([]fixedpoint.Column, 1)
		if name == "moments" {
			columns = make([]fixedpoint.Column, rapid.IntRange(1, 6).Draw(rt, "columns"))
		}
		for i := range columns {
			columns[i].Bits = 10
		}
		if name == "moments" {
			input, err := analysis.EncodeMoments(columns)
			require.NoError(rt, err)
			job.batch = costcheck.Trial{Columns: len(columns), Length: 3 * len(columns), Input: input}
		} else {
			bins := rapid.IntRange(1, 40).Draw(rt, "bins")
			input, length, err := analysis.EncodeHistogram(columns[0], "100", "13", bins)
			require.NoError(rt, err)
			job.batch = costcheck.Trial{Columns: 1, Length: length, Input: input}
		}
	default:
		job.batch = randomJob(rt, name)
	}
	job.row = costcheck.Trial{Columns: job.batch.Columns, Length: job.batch.Length + 1, Input: job.batch.Input}
	columns := make([]fixedpoint.Column, job.batch.Columns)
	for i := range columns {
		columns[i].Bits = 10
	}
	switch name {
	case "moments":
		job.row.Input = centred(rt, columns)
	case "linear":
		job.row.Input, job.row.Length = centred(rt, columns), job.batch.Length/2+1
		job.same = func(v []int64) []int64 { // two slots of w bits for each number
			w := job.batch.Input[len(job.batch.Input)-8]
			out := make([]int64, len(v)/2)
			for i := range out {
				out[i] = v[2*i] + v[2*i+1]<<w
			}
			return out
		}
	case "logistic":
		job.same = func(v []int64) []int64 {
			_, step, err := analysis.ParseLogistic(job.batch.Input)
			require.NoError(rt, err)
			for i := range step.Beta {
				v[3+i] -= 1 << (step.SlotBits - 1)
			}
			return v
		}
	}
	return job
}

// centred is an input without centres.
func centred(rt *rapid.T, columns []fixedpoint.Column) []byte {
	input, err := analysis.EncodeCentred(columns, make([]analysis.Centre, len(columns)))
	require.NoError(rt, err)
	return input
}

// By hand: cells 3 and 10 with centre 5 and offset 7 are -2 and 5, their squares less the offset -3 and 18; a missing cell adds nothing.
func TestCentres(t *testing.T) {
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer box.Close(context.Background())
	columns := []fixedpoint.Column{{Bits: 10}, {Bits: 10}}
	input, err := analysis.EncodeCentred(columns, []analysis.Centre{{Value: 5, Square: 7}, {Value: 100, Square: 0}})
	require.NoError(t, err)
	table := &programtest.Table{Rows: 3, Values: [][]int64{{3, 10, 0}, {101, 98, 104}}, Valid: [][]byte{{1, 1, 0}, {1, 1, 1}}}
	moments := runRowProgram(t, box, programs.MomentsRow(), costcheck.Trial{Columns: 2, Length: 7, Input: input}, table)
	require.Equal(t, []int64{3, 2, 3, 15, 3, 3, 1 + 4 + 16}, moments.Vector)
	linear := runRowProgram(t, box, programs.LinearRow(), costcheck.Trial{Columns: 2, Length: 8, Input: input}, table)
	require.Equal(t, []int64{3, 1, 2, 3, -1, 15, -2 - 10, 1 + 4}, linear.Vector)

	for _, c := range [][]analysis.Centre{{{}}, {{}, {Value: 1 << 32}}, {{}, {Square: 1<<62 + 1}}} {
		_, err := analysis.EncodeCentred(columns, c)
		require.ErrorIs(t, err, analysis.ErrParameters)
	}
}

// Rows that a row program cannot compute add nothing, and the others are as they were.
func TestRowsOutOfRange(t *testing.T) {
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer box.Close(context.Background())
	wide := []fixedpoint.Column{{Bits: 63}}
	centred, err := analysis.EncodeCentred(wide, make([]analysis.Centre, 1))
	require.NoError(t, err)
	quantiles, _, err := analysis.EncodeQuantiles(wide[0], []analysis.Interval{{Width: 1}})
	require.NoError(t, err)
	kmeans, _, err := analysis.EncodeKMeans([]fixedpoint.Column{{Bits: 40}}, analysis.Clustering{Scales: []float64{1}, Centroids: [][]float64{{0}}})
	require.NoError(t, err)
	step := analysis.LogisticStep{FractionBits: 40, SlotBits: 61, Predictors: []analysis.Predictor{{Scale: 1}}, Beta: []float64{0, 0}}
	logistic, _, err := analysis.EncodeLogistic([]fixedpoint.Column{{Bits: 2}, {Bits: 60}}, step)
	require.NoError(t, err)
	for _, tt := range []struct {
		program programs.Program
		length  int
		input   []byte
		values  [][]int64 // column by column
		used    int64
	}{
		{programs.MomentsRow(), 4, centred, [][]int64{{1, 1 << 31, 1<<31 + 1, math.MaxInt64}}, 2},
		{programs.LinearRow(), 5, centred, [][]int64{{1, 1 << 31, 1<<31 + 1, math.MaxInt64}}, 2},
		{programs.QuantilesRow(), 46, quantiles, [][]int64{{1, 1<<62 - 1, 1 << 62, math.MaxInt64}}, 2},
		{programs.KMeansRow(), 5, kmeans, [][]int64{{1, 1<<32 - 1, 1 << 32, math.MaxInt64}}, 2},
		{programs.LogisticRow(), 9, logistic, [][]int64{{1, 2, 0, 0}, {1, 1, 1<<52 - 1, 1 << 52}}, 2},
	} {
		table := &programtest.Table{Rows: 4, Values: tt.values}
		for range tt.values {
			table.Valid = append(table.Valid, []byte{1, 1, 1, 1})
		}
		got := runRowProgram(t, box, tt.program, costcheck.Trial{Columns: len(tt.values), Length: tt.length, Input: tt.input}, table)
		require.Equal(t, tt.used, got.Vector[0], tt.program.Name)
		require.EqualValues(t, 4-tt.used, got.Report.Trapped, tt.program.Name)
	}
}

// TestRowRefusals: a shape or an input that a row program does not accept fails before the first row.
func TestRowRefusals(t *testing.T) {
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer box.Close(context.Background())
	for _, p := range programs.Rows() {
		trials, err := costcheck.Trials(p)
		require.NoError(t, err)
		good := trials[1]
		long, short := good, good
		long.Length++
		short.Input = good.Input[:len(good.Input)-1]
		wide := good
		wide.Columns++
		empty := good
		empty.Input = nil
		extra := good
		extra.Input = append(append([]byte(nil), good.Input...), make([]byte, 8)...)
		header := good
		header.Input = append([]byte(nil), good.Input...)
		copy(header.Input[4:], []byte{0xff, 0xff, 0xff, 0xff})
		ones := good
		ones.Input = append(append([]byte(nil), good.Input[:fixedpoint.HeaderBytes(good.Columns)]...), []byte(strings.Repeat("\xff", len(good.Input)-fixedpoint.HeaderBytes(good.Columns)))...)
		for what, job := range map[string]costcheck.Trial{
			"long": long, "short": short, "wide": wide, "empty": empty, "extra": extra, "header": header, "ones": ones,
		} {
			if what == "long" && strings.HasPrefix(p.Name, "histogram") {
				continue // a bin more
			}
			compiled, err := box.Compile(t.Context(), p.Code)
			require.NoError(t, err)
			_, err = box.RunRows(t.Context(), compiled, sandbox.RowJob{
				Shape: sandbox.Shape{Columns: job.Columns, Length: job.Length}, Input: job.Input, Base: 1 << 20, Row: 1 << 20,
				Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: uint32(job.Length - 1), High: 1}},
			}, programtest.Random(1, 1, job.Columns, 10, 0).Source())
			require.ErrorIs(t, err, sandbox.ErrTrap, "%s, %s", p.Name, what)
		}
	}
}
