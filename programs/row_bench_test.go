package programs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/testutil/programtest"
)

// BenchmarkRowMode compares, for each row program, the program that takes batches, the row program, and the way from the file to batches, all in
// nanoseconds a row: the shortest of some runs over a hundred thousand rows. The last column is what row mode adds to file and batches together.
func BenchmarkRowMode(b *testing.B) {
	const rows, rounds = 100_000, 5
	box, err := sandbox.New(b.Context(), sandbox.Config{})
	require.NoError(b, err)
	b.Cleanup(func() { _ = box.Close(context.Background()) })
	for _, p := range programs.Rows() {
		batched, err := programs.ByName(strings.TrimSuffix(p.Name, "_row"))
		require.NoError(b, err)
		byRow, err := costcheck.Trials(p)
		require.NoError(b, err)
		byBatch, err := costcheck.Trials(batched)
		require.NoError(b, err)
		for i := 2; i < len(byRow); i++ {
			t := byRow[i]
			b.Run(fmt.Sprintf("%s/k=%d/L=%d", p.Name, t.Columns, t.Length), func(b *testing.B) {
				table := programtest.Random(1, rows, t.Columns, 10, 0.05)
				if strings.HasPrefix(p.Name, "logistic") {
					for i := range table.Values[0] {
						table.Values[0][i] &= 1
					}
				}
				file, columns := writeTable(b, table)
				best := [3]time.Duration{time.Hour, time.Hour, time.Hour}
				for b.Loop() {
					for range rounds {
						best[0] = min(best[0], timeOf(func() { runBatches(b, box, batched, byBatch[i], table) }))
						best[1] = min(best[1], timeOf(func() { runRowProgram(b, box, p, t, table) }))
						best[2] = min(best[2], timeOf(func() { readAll(b, file, columns) }))
					}
				}
				ns := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / rows }
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(ns(best[0]), "batch-ns/row")
				b.ReportMetric(ns(best[1]), "row-ns/row")
				b.ReportMetric(ns(best[2]), "file-ns/row")
				b.ReportMetric(100*(ns(best[1])-ns(best[0]))/(ns(best[0])+ns(best[2])), "%added")
				_, row, err := p.Cost.RowOperations(uint32(t.Columns), uint32(t.Length))
				require.NoError(b, err)
				b.ReportMetric(float64(row)/ns(best[1])*1000, "row-Mop/s")
			})
		}
	}
}

func timeOf(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

func runBatches(t testing.TB, box *sandbox.Sandbox, p programs.Program, job costcheck.Trial, table *programtest.Table) []int64 {
	t.Helper()
	compiled, err := box.Compile(context.Background(), p.Code)
	require.NoError(t, err)
	defer func() { _ = compiled.Close(context.Background()) }()
	r, err := box.Run(context.Background(), compiled, sandbox.Shape{Columns: job.Columns, Length: job.Length}, job.Input, table.Source(), 1<<40)
	require.NoError(t, err)
	return r.Vector
}

// runRowProgram runs a row program, granted what it states, in an exact sum with ranges as wide as so many rows allow.
func runRowProgram(t testing.TB, box *sandbox.Sandbox, p programs.Program, job costcheck.Trial, table *programtest.Table) sandbox.RowResult {
	t.Helper()
	compiled, err := box.Compile(context.Background(), p.Code)
	require.NoError(t, err)
	defer func() { _ = compiled.Close(context.Background()) }()
	base, row, err := p.Cost.RowOperations(uint32(job.Columns), uint32(job.Length))
	require.NoError(t, err)
	most := int64(1<<61) / int64(max(table.Rows, 1))
	r, err := box.RunRows(context.Background(), compiled, sandbox.RowJob{
		Shape: sandbox.Shape{Columns: job.Columns, Length: job.Length}, Input: job.Input, Base: base, Row: row,
		Ranges: terms.Ranges{{Count: 1, High: 1}, {Count: uint32(job.Length - 1), Low: -most, High: most}},
	}, table.Source())
	require.NoError(t, err)
	return r
}

// writeTable writes a table to a file and commits to it.
func writeTable(t testing.TB, table *programtest.Table) (source.Committed, []source.Column) {
	t.Helper()
	var text strings.Builder
	columns := make([]source.Column, len(table.Values))
	for c := range columns {
		columns[c] = source.Column{Name: fmt.Sprintf("c%d", c), Column: fixedpoint.Column{Bits: 10}}
		if c > 0 {
			text.WriteByte(',')
		}
		text.WriteString(columns[c].Name)
	}
	text.WriteByte('\n')
	for i := range table.Rows {
		for c := range columns {
			if c > 0 {
				text.WriteByte(',')
			}
			if table.Valid[c][i] == 1 {
				fmt.Fprint(&text, table.Values[c][i])
			} else {
				text.WriteString("NA")
			}
		}
		text.WriteByte('\n')
	}
	path := filepath.Join(t.TempDir(), "rows.csv")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	location := source.Location{Path: path, Format: source.CSV, Seed: [source.SeedSize]byte{1}}
	c, err := source.Commit(path, source.CSV, location.Seed)
	require.NoError(t, err)
	return source.Committed{Location: location, Rows: c.Rows, Root: c.Root[:]}, columns
}

// readAll converts all rows of a file, and checks that they are the committed ones.
func readAll(t testing.TB, file source.Committed, columns []source.Column) {
	t.Helper()
	batches, err := source.OpenBatches(file, columns)
	require.NoError(t, err)
	defer func() { _ = batches.Close() }()
	for {
		if _, err := batches.Next(); err != nil {
			break
		}
	}
	require.NoError(t, batches.Finish())
}
