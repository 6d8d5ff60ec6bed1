package sandbox_test

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
)

//go:embed testdata/behave.wasm
var behave []byte

// What behave does, by the first byte of its input.
const (
	well = iota
	noVector
	twice
	long
	negative
	emitFar
	inputFar
	valuesFar
	validFar
	beforeNext
	afterLast
	column
	fails
	exits
	divides
	descends
	turns
	wasi
	clockFar
	randomMuch
	emitWraps
	columnNegative
	beyondTable
)

var shape = sandbox.Shape{Columns: 1, Length: 4}

func compile(t *testing.T, s *sandbox.Sandbox) *sandbox.Program {
	t.Helper()
	p, err := s.Compile(t.Context(), behave)
	require.NoError(t, err)
	return p
}

func TestRun(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p := compile(t, s)
		for range 2 { // the first element would be 2 if anything stayed from run to run
			r, err := s.Run(t.Context(), p, shape, []byte{well, 1, 2}, &rows{n: 2050}, 1<<30)
			require.NoError(t, err)
			require.Equal(t, []int64{1, 3, 2050, 1_002_050}, r.Vector)
			require.EqualValues(t, 2050, r.Rows)
		}
		// The last of 2049 rows is missing: its value must not be seen.
		r, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 2049}, 1<<30)
		require.NoError(t, err)
		require.Equal(t, []int64{1, 1, 2049, 0}, r.Vector)
	})
}

func TestFailures(t *testing.T) {
	tests := map[byte]error{
		noVector:       sandbox.ErrNoVector,
		twice:          sandbox.ErrEmittedTwice,
		long:           sandbox.ErrLength,
		negative:       sandbox.ErrNegativeSlot,
		emitFar:        sandbox.ErrPointer,
		emitWraps:      sandbox.ErrPointer,
		inputFar:       sandbox.ErrPointer,
		valuesFar:      sandbox.ErrPointer,
		validFar:       sandbox.ErrPointer,
		clockFar:       sandbox.ErrPointer,
		beforeNext:     sandbox.ErrNoBatch,
		afterLast:      sandbox.ErrNoBatch,
		column:         sandbox.ErrColumn,
		columnNegative: sandbox.ErrColumn,
		fails:          sandbox.ErrFail,
		randomMuch:     sandbox.ErrFail,
		exits:          sandbox.ErrExit,
		divides:        sandbox.ErrTrap,
		beyondTable:    sandbox.ErrTrap,
		descends:       sandbox.ErrDepth,
		turns:          sandbox.ErrOperations,
	}
	operations := map[byte]uint64{}
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p := compile(t, s)
		for what, want := range tests {
			r, err := s.Run(t.Context(), p, shape, []byte{what}, &rows{n: 1}, 1_000_000)
			require.ErrorIs(t, err, want, "%d", what)
			require.Nil(t, r.Vector)
			require.NotZero(t, r.Operations)
			if n, ok := operations[what]; ok {
				require.Equal(t, n, r.Operations, "%d", what) // the same in the other engine
			}
			operations[what] = r.Operations
		}
		_, err := s.Run(t.Context(), p, shape, []byte{fails}, &rows{n: 1}, 1_000_000)
		var failure *sandbox.FailError
		require.ErrorAs(t, err, &failure)
		require.EqualValues(t, -7, failure.Code)
	})
}

// TestLimit runs with exactly as many operations as are needed, and with one less.
func TestLimit(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p := compile(t, s)
		r, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 1500}, metering.MaxOperations)
		require.NoError(t, err)
		again, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 1500}, r.Operations)
		require.NoError(t, err)
		require.Equal(t, r, again)
		for _, less := range []uint64{r.Operations - 1, r.Operations / 2, 1} {
			short, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 1500}, less)
			require.ErrorIs(t, err, sandbox.ErrOperations)
			require.Equal(t, less, short.Operations)
		}
	})
}

func TestParameters(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p := compile(t, s)
	for name, tt := range map[string]struct {
		shape sandbox.Shape
		input int
		limit uint64
	}{
		"no columns":          {sandbox.Shape{Columns: 0, Length: 1}, 1, 1},
		"too many columns":    {sandbox.Shape{Columns: sandbox.MaxColumns + 1, Length: 1}, 1, 1},
		"columns of source":   {sandbox.Shape{Columns: 2, Length: 1}, 1, 1},
		"no slots":            {sandbox.Shape{Columns: 1, Length: 0}, 1, 1},
		"too many slots":      {sandbox.Shape{Columns: 1, Length: sandbox.MaxLength + 1}, 1, 1},
		"long input":          {shape, metering.MaxInputBytes + 1, 1},
		"no operations":       {shape, 1, 0},
		"too many operations": {shape, 1, metering.MaxOperations + 1},
	} {
		_, err := s.Run(t.Context(), p, tt.shape, make([]byte, tt.input), &rows{n: 1}, tt.limit)
		require.ErrorIs(t, err, sandbox.ErrShape, name)
	}
}

func TestBatches(t *testing.T) {
	col := func(values int, valid []byte, first int64) []sandbox.Column {
		v := make([]int64, values)
		if values > 0 {
			v[0] = first
		}
		return []sandbox.Column{{Values: v, Valid: valid}}
	}
	one := sandbox.Batch{Rows: 1, Columns: col(1, []byte{1}, 1)}
	broken := errors.New("file vanished")
	for name, tt := range map[string]struct {
		src  *batches
		want error
	}{
		"no rows":          {&batches{list: []sandbox.Batch{{}}}, sandbox.ErrBatch},
		"too many rows":    {&batches{list: []sandbox.Batch{{Rows: 1025, Columns: col(1025, make([]byte, 1025), 0)}}}, sandbox.ErrBatch},
		"missing column":   {&batches{list: []sandbox.Batch{{Rows: 1}}}, sandbox.ErrBatch},
		"missing value":    {&batches{list: []sandbox.Batch{{Rows: 2, Columns: col(1, []byte{1, 1}, 0)}}}, sandbox.ErrBatch},
		"missing validity": {&batches{list: []sandbox.Batch{{Rows: 2, Columns: col(2, []byte{1}, 0)}}}, sandbox.ErrBatch},
		"validity 2":       {&batches{list: []sandbox.Batch{{Rows: 1, Columns: col(1, []byte{2}, 0)}}}, sandbox.ErrBatch},
		"negative value":   {&batches{list: []sandbox.Batch{{Rows: 1, Columns: col(1, []byte{1}, -1)}}}, sandbox.ErrBatch},
		"short batch":      {&batches{list: []sandbox.Batch{one, one}}, sandbox.ErrBatch},
		"source fails":     {&batches{list: []sandbox.Batch{one}, err: broken}, broken},
		"good":             {&batches{list: []sandbox.Batch{{Rows: 1, Columns: col(1, []byte{0}, -1)}}, err: io.EOF}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := sandbox.New(t.Context(), sandbox.Config{})
			require.NoError(t, err)
			defer s.Close(context.Background())
			_, err = s.Run(t.Context(), compile(t, s), shape, []byte{well}, tt.src, 1<<20)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

// TestCancel cancels an endless loop that has more operations than it could use up in years.
func TestCancel(t *testing.T) {
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		p := compile(t, s)
		for i := range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			timer := time.AfterFunc(time.Duration(i)*250*time.Microsecond, cancel)
			_, err := s.Run(ctx, p, shape, []byte{turns}, &rows{n: 1}, metering.MaxOperations)
			require.ErrorIs(t, err, context.Canceled)
			timer.Stop()
			cancel()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := s.Run(ctx, p, shape, []byte{turns}, &rows{n: 1}, metering.MaxOperations)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		// The sandbox is still good.
		_, err = s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 1}, 1<<20)
		require.NoError(t, err)
	})
}

// TestWASI: the clock, random bytes and writes are the same everywhere.
func TestWASI(t *testing.T) {
	var first []int64
	engines(t, func(t *testing.T, s *sandbox.Sandbox) {
		r, err := s.Run(t.Context(), compile(t, s), shape, []byte{wasi}, &rows{n: 1}, 1<<20)
		require.NoError(t, err)
		require.EqualValues(t, 1640995200_001_000_000, r.Vector[0])
		require.EqualValues(t, 8*1000+5, r.Vector[2])                     // descriptor 3 does not exist, 5 bytes are written to 1
		require.EqualValues(t, 1_000_000_000+1_000_000+77+1, r.Vector[3]) // a second, a look, the tag, one event
		if first == nil {
			first = r.Vector
		}
		require.Equal(t, first, r.Vector)
	})
}

// TestConcurrent runs one program many times at once.
func TestConcurrent(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p := compile(t, s)
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			r, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 3*n + 1}, 1<<30)
			if err != nil || r.Vector[2] != int64(3*n+1) {
				t.Errorf("%d rows: %v, %v", 3*n+1, r, err)
			}
		})
	}
	wg.Wait()
}

// TestConcurrentCompile: goroutines that compile one program at the same time all get a complete one, also from the folder of compiled programs.
func TestConcurrentCompile(t *testing.T) {
	dir := t.TempDir()
	for range 20 {
		s, err := sandbox.New(t.Context(), sandbox.Config{CacheDir: dir})
		require.NoError(t, err)
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				p, err := s.Compile(t.Context(), behave)
				if err != nil {
					t.Error(err)
					return
				}
				r, err := s.Run(t.Context(), p, shape, []byte{well}, &rows{n: 10}, 1<<20)
				if err != nil || r.Vector[2] != 10 {
					t.Errorf("%v, %v", r, err)
				}
				if err := p.Close(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.NoError(t, s.Close(t.Context()))
	}
}

// TestFlatMemory: a thousand times as many rows need no more memory at a time.
func TestFlatMemory(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	p := compile(t, s)
	src := &peak{rows: rows{n: 2_000_000}}
	r, err := s.Run(t.Context(), p, shape, []byte{well}, src, 1<<40)
	require.NoError(t, err)
	require.EqualValues(t, 2_000_000, r.Rows)
	require.Less(t, src.most-min(src.first, src.most), uint64(4<<20))
}

// peak notes the memory in use while it hands over rows.
type peak struct {
	rows
	batches     int
	first, most uint64
}

func (s *peak) Next(ctx context.Context) (sandbox.Batch, error) {
	if s.batches%100 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if s.batches == 0 {
			s.first = m.HeapAlloc
		}
		s.most = max(s.most, m.HeapAlloc)
	}
	s.batches++
	return s.rows.Next(ctx)
}

func TestCompileRefuses(t *testing.T) {
	s, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer s.Close(context.Background())
	_, err = s.Compile(t.Context(), []byte("no module"))
	require.ErrorIs(t, err, metering.ErrMalformed)
}

// TestCache compiles with a cache that a second sandbox finds.
func TestCache(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		s, err := sandbox.New(t.Context(), sandbox.Config{CacheDir: dir})
		require.NoError(t, err)
		r, err := s.Run(t.Context(), compile(t, s), shape, []byte{well}, &rows{n: 10}, 1<<20)
		require.NoError(t, err)
		require.EqualValues(t, 10, r.Vector[2])
		require.NoError(t, s.Close(t.Context()))
	}
}
