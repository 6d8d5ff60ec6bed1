package sandbox_test

import (
	"context"
	_ "embed"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

//go:embed testdata/fill.wasm
var fill []byte

//go:embed testdata/remember.wasm
var remember []byte

//go:embed testdata/setup.wasm
var setup []byte

// cells is a batch of one column; a negative cell is missing.
func cells(values ...int64) sandbox.Batch {
	c := sandbox.Column{}
	for _, v := range values {
		valid := byte(1)
		if v < 0 {
			valid = 0
		}
		c.Values, c.Valid = append(c.Values, v), append(c.Valid, valid)
	}
	return sandbox.Batch{Rows: len(values), Columns: []sandbox.Column{c}}
}

// rowJob is a job of one column and three slots, which is enough for every row of the programs here.
func rowJob() sandbox.RowJob {
	return sandbox.RowJob{
		Shape: sandbox.Shape{Columns: 1, Length: 3}, Base: 100, Row: 200_000,
		Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: 2, Low: -1 << 50, High: 1 << 50}},
	}
}

func runRows(t *testing.T, s *sandbox.Sandbox, code []byte, job sandbox.RowJob, values ...int64) sandbox.RowResult {
	t.Helper()
	p, err := s.Compile(t.Context(), code)
	require.NoError(t, err)
	source := &batches{err: io.EOF}
	if len(values) > 0 {
		source.list = []sandbox.Batch{cells(values...)}
	}
	r, err := s.RunRows(t.Context(), p, job, source)
	require.NoError(t, err)
	require.EqualValues(t, len(values), r.Rows)
	require.EqualValues(t, len(values), r.Vector[0]+int64(r.Report.Lost()))
	return r
}

func TestRowsAddUp(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		require.Equal(t, []int64{0, 0, 0}, runRows(t, s, fill, job).Vector)
		require.Equal(t, []int64{3, 15, 15}, runRows(t, s, fill, job, 5, 7, -1).Vector, "a missing cell counts the slots, 3")
		require.Equal(t, []int64{2, -1, -1}, runRows(t, s, fill, job, 1<<40+6, 5).Vector)
		// Two full batches and one in part.
		var all []sandbox.Batch
		for _, n := range []int{1024, 1024, 2} {
			all = append(all, cells(make([]int64, n)...))
			for i := range n {
				all[len(all)-1].Columns[0].Values[i] = 2
			}
		}
		p, err := s.Compile(t.Context(), fill)
		require.NoError(t, err)
		require.Equal(t, metering.RowForm{Base: metering.RowWindow, Largest: 0x8000}, *p.Row())
		r, err := s.RunRows(t.Context(), p, job, &batches{list: all, err: io.EOF})
		require.NoError(t, err)
		require.Equal(t, []int64{2050, 4100, 4100}, r.Vector)
		require.EqualValues(t, 2050, r.Rows)
	})
}

func TestRowsAreClamped(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		job.Ranges = terms.Ranges{{Count: 1, High: 1}, {Count: 1, Low: -3, High: 10}, {Count: 1, High: 4}}
		require.Equal(t, []int64{1, 7, 4}, runRows(t, s, fill, job, 7).Vector)
		require.Equal(t, []int64{1, 10, 4}, runRows(t, s, fill, job, 1<<40).Vector)
		require.Equal(t, []int64{1, -3, 0}, runRows(t, s, fill, job, 1<<41).Vector)
	})
}

// With three slots of value v and variance 8 the length is (1 + 2 v^2) / 8: at rho 1 it may be 2, so v is at most 2.
func TestRowLengthIsChecked(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		job.Ranges, job.MicroRho = terms.Ranges{{Count: 1, High: 1, Variance: 8}, {Count: 2, Low: -100, High: 100, Variance: 8}}, 1_000_000
		r := runRows(t, s, fill, job, 1, 2, 3, 1<<40+2, 1<<40+3, 90)
		require.Equal(t, []int64{3, 1, 1}, r.Vector)
		require.EqualValues(t, 3, r.Report.TooLong)
		// (1 + 2 * 4) / 8 = 1.125 = 2 rho exactly, and a millionth less.
		job.MicroRho = 562_500
		require.Equal(t, []int64{1, 2, 2}, runRows(t, s, fill, job, 2).Vector)
		job.MicroRho--
		require.Equal(t, []int64{0, 0, 0}, runRows(t, s, fill, job, 2).Vector)
	})
}

// A row may take exactly what is granted: with one operation less it adds nothing, and the rows around it are as they were.
func TestRowOperations(t *testing.T) {
	var most uint64
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		r := runRows(t, s, fill, job, 5, 6, -1)
		require.Less(t, r.Report.Least, r.Report.Most, "the missing cell takes another branch")
		if most == 0 {
			most = r.Report.Most
		}
		require.Equal(t, most, r.Report.Most) // the same in the other engine
		job.Row = most
		require.Equal(t, []int64{3, 14, 14}, runRows(t, s, fill, job, 5, 6, -1).Vector)
		job.Row = most - 1
		r = runRows(t, s, fill, job, 5, 6, -1)
		require.Equal(t, []int64{2, 11, 11}, r.Vector)
		require.Equal(t, sandbox.RowReport{OutOfOperations: 1, Least: r.Report.Least, Most: r.Report.Most}, r.Report)
		require.Less(t, r.Report.Most, most)
	})
}

// A row that never ends uses up more than is granted at a time, and then what it is granted in all.
func TestRowNeverEnds(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		job.Row = 10_000_000
		if testing.Short() {
			job.Row = 100_000
		}
		r := runRows(t, s, remember, job, 5, 14, 6)
		require.EqualValues(t, 1, r.Report.OutOfOperations)
		require.EqualValues(t, 11, r.Vector[2])
	})
}

func TestRowSetup(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		job.Input = []byte{0, 7}
		require.Equal(t, []int64{3, 42, 0}, runRows(t, s, setup, job, 1, 2, 3).Vector)
		p, err := s.Compile(t.Context(), setup)
		require.NoError(t, err)
		for input, want := range map[byte]error{1: sandbox.ErrTrap, 2: sandbox.ErrOperations} {
			job.Input = []byte{input, 7}
			_, err = s.RunRows(t.Context(), p, job, &batches{err: io.EOF})
			require.ErrorIs(t, err, want)
		}
	})
}

func TestRowParameters(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p, err := s.Compile(t.Context(), setup)
	require.NoError(t, err)
	overhead := p.Row().Overhead(1, 3)
	for _, tt := range []struct {
		text   string
		change func(j *sandbox.RowJob)
	}{
		{"columns: expected 1 to 4096, got 0", func(j *sandbox.RowJob) { j.Shape.Columns = 0 }},
		{"columns of the source: expected 2, got 1", func(j *sandbox.RowJob) { j.Shape.Columns = 2 }},
		{"slots: expected 1 to 1048576, got 0", func(j *sandbox.RowJob) { j.Shape.Length = 0 }},
		{"slots: expected at most 4095, the room in the program's window, got 4096", func(j *sandbox.RowJob) { j.Shape.Length = 4096 }},
		{"bytes of the input", func(j *sandbox.RowJob) { j.Input = make([]byte, metering.MaxInputBytes+1) }},
		{"operations before the first row: expected 1 to", func(j *sandbox.RowJob) { j.Base = 0 }},
		{"operations before the first row: expected 1 to", func(j *sandbox.RowJob) { j.Base = metering.MaxOperations + 1 }},
		{"operations of a row: expected above", func(j *sandbox.RowJob) { j.Row = overhead }},
		{"operations of a row: expected above", func(j *sandbox.RowJob) { j.Row = metering.MaxOperations + 1 }},
		{"expected the length, 3 and at least 1, got 4", func(j *sandbox.RowJob) { j.Ranges[1].Count = 3 }},
		{"variance", func(j *sandbox.RowJob) { j.MicroRho = 1 }},
	} {
		job := rowJob()
		tt.change(&job)
		_, err := s.RunRows(t.Context(), p, job, &batches{err: io.EOF})
		require.ErrorIs(t, err, sandbox.ErrShape, tt.text)
		require.ErrorContains(t, err, tt.text)
	}
	_, err = s.RunRows(t.Context(), compile(t, s), rowJob(), &rows{n: 1})
	require.ErrorContains(t, err, "expected a row program, got one that takes batches")
	_, err = s.Run(t.Context(), p, shape, nil, &rows{n: 1}, 1000)
	require.ErrorContains(t, err, "expected one that takes batches, got a row program")
}

// The sum of the rows fits whatever they are, or there is none: rows and ranges decide that, not the values.
func TestRowSumsFit(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p, err := s.Compile(t.Context(), fill)
	require.NoError(t, err)
	job := rowJob()
	job.Ranges = terms.Ranges{{Count: 1, High: 1}, {Count: 2, High: 1 << 62}}
	r, err := s.RunRows(t.Context(), p, job, &batches{list: []sandbox.Batch{cells(0)}, err: io.EOF})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 0, 0}, r.Vector)
	r, err = s.RunRows(t.Context(), p, job, &batches{list: []sandbox.Batch{cells(0, 0)}, err: io.EOF})
	require.ErrorIs(t, err, terms.ErrRanges)
	require.Zero(t, r)
}

func TestRowBatches(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p, err := s.Compile(t.Context(), fill)
	require.NoError(t, err)
	for _, list := range [][]sandbox.Batch{{{}}, {cells(1), cells(1)}, {{Rows: 1}}} {
		r, err := s.RunRows(t.Context(), p, rowJob(), &batches{list: list, err: io.EOF})
		require.ErrorIs(t, err, sandbox.ErrBatch)
		require.Zero(t, r)
	}
	r, err := s.RunRows(t.Context(), p, rowJob(), &batches{list: []sandbox.Batch{cells(1)}, err: io.ErrUnexpectedEOF})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Zero(t, r, "no sum of a part of the rows")
}

func TestRowsCancel(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p, err := s.Compile(t.Context(), remember)
		require.NoError(t, err)
		job := rowJob()
		job.Row = metering.MaxOperations
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		r, err := s.RunRows(ctx, p, job, &batches{list: []sandbox.Batch{cells(14)}, err: io.EOF})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, r)
		_, err = s.RunRows(ctx, p, job, &batches{err: io.EOF})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

// TestAttackRowsRemember: a program that tries to keep a row, in its variables, in its memory and beyond it, before it traps, runs out of operations
// or calls itself for ever, gives for many rows the sum of what it gives for each of them alone, in every order.
func TestAttackRowsRemember(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		job := rowJob()
		alone := func(v int64) []int64 { return runRows(t, s, remember, job, v).Vector }
		nothing := alone(5)[1]
		require.EqualValues(t, 1+2+3+4+5+0x0807+1, nothing, "the variables, the data and the number of columns")
		random := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			rows, sum, failed := make([]int64, 60), make([]int64, 3), uint64(0)
			for i := range rows {
				rows[i] = random.Int64N(24)
				one := alone(rows[i])
				for j, v := range one {
					sum[j] += v
				}
				switch {
				case one[0] == 0:
					failed++
				case rows[i] != 15:
					require.Equal(t, []int64{1, nothing, rows[i]}, one)
				default:
					require.Equal(t, []int64{1, -1 << 50, 1 << 50}, one)
				}
			}
			r := runRows(t, s, remember, job, rows...)
			require.Equal(t, sum, r.Vector)
			require.Equal(t, failed, r.Report.Lost())
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			require.Equal(t, r, runRows(t, s, remember, job, rows...))
		}
	})
}

// TestAttackRowFillsTheVector: a program that fills all slots, as raw rows would, costs a row no more than one that fills one: the host leaves the
// row out. Slot by slot each value is within its range, and the loss would be L times the stated one.
func TestAttackRowFillsTheVector(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	const length, microRho = 512, 100_000
	job := rowJob()
	job.Shape.Length = length
	// Room for slot 0 and one more slot of 1: 2 / variance <= 2 rho.
	job.Ranges, job.MicroRho = terms.Ranges{{Count: length, High: 1, Variance: 11}}, microRho
	r := runRows(t, s, fill, job, 1, 1, 0, -1)
	require.EqualValues(t, 3, r.Report.TooLong)
	require.EqualValues(t, 1, r.Vector[0])
	for _, v := range r.Vector[1:] {
		require.Zero(t, v)
	}
	loss := 0.0 // of a row that is used, at its greatest
	for range 2 {
		loss += 1 / (2 * 11.0)
	}
	require.LessOrEqual(t, loss, microRho/1e6)
	require.Greater(t, length/(2*11.0), 200*microRho/1e6, "what the row would have cost")
}
