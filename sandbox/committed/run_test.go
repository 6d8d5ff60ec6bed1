package committed_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	"github.com/alita-network/alita/terms"
)

// fixture is the program moments over a file of four rows.
type fixture struct {
	box     *sandbox.Sandbox
	program *sandbox.Program
	file    source.Committed
	job     committed.Job
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{}
	var err error
	f.box, err = sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.box.Close(context.Background())) })
	moments := programs.Moments()
	f.program, err = f.box.Compile(t.Context(), moments.Code)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "a.csv")
	require.NoError(t, os.WriteFile(path, []byte("a,b\n3,x\n4,y\n,z\n5,y\n"), 0o600))
	f.file.Location = source.Location{Path: path, Format: source.CSV, Seed: [source.SeedSize]byte{1}}
	c, err := source.Commit(path, source.CSV, f.file.Seed)
	require.NoError(t, err)
	f.file.Rows, f.file.Root = c.Rows, c.Root[:]
	f.job = committed.Job{Columns: []source.Column{{Name: "a", Column: fixedpoint.Column{Bits: 3}}}, Length: 3, Bits: 6}
	f.job.Operations, err = moments.Cost.Operations(c.Rows, 1, 3)
	require.NoError(t, err)
	return f
}

func (f *fixture) run(t *testing.T) ([]int64, error) {
	t.Helper()
	return committed.Run(t.Context(), f.box, f.program, f.file, f.job)
}

func TestRun(t *testing.T) {
	f := newFixture(t)
	for _, cache := range []*source.Cache{nil, source.NewCache(1 << 20)} {
		f.job.Cache, f.job.ID = cache, "1"
		for range 3 {
			v, err := f.run(t)
			require.NoError(t, err)
			require.Equal(t, []int64{3, 12, 50}, v)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(f *fixture)
		want   error
		says   string
	}{
		{"more operations", func(f *fixture) { f.job.Operations-- }, committed.ErrModel, "expected 8189 operations for 4 rows, got more"},
		{"fewer operations", func(f *fixture) { f.job.Operations++ }, committed.ErrModel, "expected 8191 operations for 4 rows, got 8190"},
		{"a wide slot", func(f *fixture) { f.job.Bits = 5 }, committed.ErrSlot, "slot 2: expected at most 5 bits, got more"},
		{"another column", func(f *fixture) { f.job.Columns[0].Name = "c" }, source.ErrColumn, `"c"`},
		{"another root", func(f *fixture) { f.file.Root = make([]byte, 32) }, source.ErrChanged, "a.csv"},
		{"a changed file", func(f *fixture) {
			require.NoError(t, os.WriteFile(f.file.Path, []byte("a,b\n3,x\n4,y\n,z\n5,z\n"), 0o600))
		}, source.ErrChanged, "a.csv"},
		{"a changed file, and a program that fails before its end", func(f *fixture) {
			f.job.Operations = 1
			require.NoError(t, os.WriteFile(f.file.Path, []byte("a,b\n3,x\n4,y\n,z\n5,z\n"), 0o600))
		}, committed.ErrFile, "a.csv"},
		{"no file", func(f *fixture) { require.NoError(t, os.Remove(f.file.Path)) }, os.ErrNotExist, "a.csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t)
			tt.change(f)
			v, err := f.run(t)
			require.ErrorIs(t, err, tt.want)
			require.ErrorContains(t, err, tt.says)
			program := errors.Is(tt.want, committed.ErrModel) || errors.Is(tt.want, committed.ErrSlot)
			require.Equal(t, !program, errors.Is(err, committed.ErrFile))
			require.NotContains(t, err.Error(), "50")
			require.NotContains(t, err.Error(), filepath.Dir(f.file.Path))
			require.Nil(t, v)
		})
	}
}

func ExampleRun() {
	ctx := context.Background()
	box, _ := sandbox.New(ctx, sandbox.Config{})
	defer box.Close(ctx)
	program, _ := box.Compile(ctx, programs.Moments().Code)

	// The owner commits to the rows. A record states the number of rows and the root; location and seed stay with the owner.
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	location := source.Location{Path: filepath.Join(dir, "ages.csv"), Format: source.CSV, Seed: [source.SeedSize]byte{1, 2, 3}}
	_ = os.WriteFile(location.Path, []byte("name,age\nann,31\nbob,\ncat,29\n"), 0o600)
	record, _ := source.Commit(location.Path, location.Format, location.Seed)

	// Later a job asks for count, sum and sum of squares of the ages.
	operations, _ := programs.Moments().Cost.Operations(record.Rows, 1, 3)
	vector, err := committed.Run(ctx, box, program,
		source.Committed{Location: location, Rows: record.Rows, Root: record.Root[:]},
		committed.Job{
			Columns: []source.Column{{Name: "age", Column: fixedpoint.Column{Bits: 7}}},
			Length:  3, Bits: 34, Operations: operations,
		})
	fmt.Println(vector, err)
	// Output: [2 60 1802] <nil>
}

// rows makes the fixture one of moments_row, without centres: the same columns and numbers, with slot 0 in front.
func (f *fixture) rows(t *testing.T) *fixture {
	t.Helper()
	p := programs.MomentsRow()
	var err error
	f.program, err = f.box.Compile(t.Context(), p.Code)
	require.NoError(t, err)
	f.job.Length = 4
	f.job.Input, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{f.job.Columns[0].Column})
	require.NoError(t, err)
	f.job.Input = append(f.job.Input, make([]byte, 16)...)
	f.job.Rows = &committed.Rows{Ranges: terms.Ranges{{Count: 2, High: 1}, {Count: 1, Low: -2, High: 7}, {Count: 1, High: 15}}}
	f.job.Rows.Base, f.job.Rows.Row, err = p.Cost.RowOperations(1, 4)
	require.NoError(t, err)
	return f
}

// The rows 3, 4, missing and 5: the square of 4 and of 5 are clamped to 15, and the sums are shifted by 4 times the least of each slot.
func TestRunRows(t *testing.T) {
	f := newFixture(t).rows(t)
	var report sandbox.RowReport
	for _, r := range []*sandbox.RowReport{nil, &report} {
		f.job.Rows.Report = r
		v, err := f.run(t)
		require.NoError(t, err)
		require.Equal(t, []int64{4, 3, 3 + 4 + 5 + 4*2, 9 + 15 + 15}, v)
	}
	require.Zero(t, report.Lost())
	require.Equal(t, f.job.Rows.Row, report.Most)

	// A row that needs an operation more than is granted adds nothing, not even that there was one.
	f.job.Rows.Row--
	v, err := f.run(t)
	require.NoError(t, err)
	require.Equal(t, []int64{0, 0, 4 * 2, 0}, v)
	require.EqualValues(t, 4, report.OutOfOperations)
}

func TestRowRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(f *fixture)
		want   error
		says   string
	}{
		{"no ranges", func(f *fixture) { f.job.Rows = nil }, terms.ErrRanges, "expected those of a row program"},
		{"too narrow", func(f *fixture) { f.job.Bits = 5 }, terms.ErrRanges, "expected the sum of 4 rows below 2^5, got up to 4 times 9"},
		{"other ranges", func(f *fixture) { f.job.Rows.Ranges = f.job.Rows.Ranges[:2] }, sandbox.ErrShape, "expected the length, 4"},
		{"too narrow, and no file", func(f *fixture) {
			f.job.Bits = 5
			require.NoError(t, os.Remove(f.file.Path))
		}, terms.ErrRanges, "below 2^5"},
		{"another root", func(f *fixture) { f.file.Root = make([]byte, 32) }, source.ErrChanged, "a.csv"},
		{"no file", func(f *fixture) { require.NoError(t, os.Remove(f.file.Path)) }, os.ErrNotExist, "a.csv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t).rows(t)
			var report sandbox.RowReport
			f.job.Rows.Report = &report
			tt.change(f)
			v, err := f.run(t)
			require.ErrorIs(t, err, tt.want)
			require.ErrorContains(t, err, tt.says)
			require.Nil(t, v)
			require.Zero(t, report)
		})
	}
}
