package source_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
)

// integer selects a column of whole numbers that are not negative, tenths one of numbers with one decimal.
func integer(name string) source.Column {
	return source.Column{Name: name, Column: fixedpoint.Column{Bits: 62}}
}

func tenths(name string) source.Column {
	return source.Column{Name: name, Column: fixedpoint.Column{Decimals: 1, Bits: 62}}
}

// committed is a file with its commitment.
func committed(path string, format source.Format, rows uint64, root []byte) source.Committed {
	return source.Committed{Location: source.Location{Path: path, Format: format, Seed: testSeed}, Rows: rows, Root: root}
}

type table struct {
	values [][]int64
	valid  [][]byte
	sizes  []int
}

func readAll(path string, format source.Format, rows uint64, root []byte, columns ...source.Column) (table, error) {
	var out table
	b, err := source.OpenBatches(committed(path, format, rows, root), columns)
	if err != nil {
		return out, err
	}
	return readReader(b, len(columns))
}

// readReader reads a file to its end and closes it.
func readReader(b source.Reader, columns int) (out table, err error) {
	defer func() { _ = b.Close() }()
	out.values, out.valid = make([][]int64, columns), make([][]byte, columns)
	for {
		batch, err := b.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.sizes = append(out.sizes, batch.Rows)
		for i := range columns {
			out.values[i] = append(out.values[i], batch.Values[i]...)
			out.valid[i] = append(out.valid[i], batch.Valid[i]...)
		}
	}
}

func TestPenguinsWithMissingValues(t *testing.T) {
	path := dataFile("penguins.csv")
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	got, err := readAll(path, source.CSV, c.Rows, c.Root[:],
		integer("body_mass_g"), tenths("beak_length_mm"))
	require.NoError(t, err)
	require.Equal(t, []int{344}, got.sizes)
	var n [2]int
	var sum [2]int64
	for i := range 2 {
		for j, ok := range got.valid[i] {
			if ok == 1 {
				n[i]++
				sum[i] += got.values[i][j]
			} else {
				require.Zero(t, got.values[i][j])
			}
		}
	}
	// The published summary of the data set: 342 of 344 measured, mean 4201.754 g and 43.92193 mm.
	require.Equal(t, [2]int{342, 342}, n)
	require.Equal(t, "4201.754", fmt.Sprintf("%.3f", float64(sum[0])/342))
	require.Equal(t, "43.92193", fmt.Sprintf("%.5f", float64(sum[1])/3420))
}

func TestMissing(t *testing.T) {
	for _, text := range []string{"", "NA", "NaN", "null"} {
		require.True(t, source.Missing(source.Field{Text: text}), text)
	}
	for _, text := range []string{" ", "na", "nan", "NULL", "N/A", "-", "0", "."} {
		require.False(t, source.Missing(source.Field{Text: text}), text)
	}
	require.True(t, source.Missing(source.Field{Null: true}))

	path := write(t, "a.jsonl", `{"a":1,"b":2}`+"\n"+`{"a":null,"b":"NA"}`+"\n"+`{"b":3}`+"\n")
	c, err := source.Commit(path, source.JSONLines, testSeed)
	require.NoError(t, err)
	got, err := readAll(path, source.JSONLines, c.Rows, c.Root[:],
		integer("b"), integer("a"))
	require.NoError(t, err)
	require.Equal(t, [][]int64{{2, 0, 3}, {1, 0, 0}}, got.values)
	require.Equal(t, [][]byte{{1, 0, 1}, {1, 0, 0}}, got.valid)
}

// TestLabels: in a column of labels other texts are missing, or a category of their own.
func TestLabels(t *testing.T) {
	path := write(t, "a.csv", "sex,n\nMALE,1\n FEMALE ,2\nNA,3\nmale,4\n\"\",5\n")
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	labels := []string{"FEMALE", "MALE"}
	got, err := readAll(path, source.CSV, c.Rows, c.Root[:],
		source.Column{Name: "sex", Column: fixedpoint.Labelled(labels, false)},
		source.Column{Name: "sex", Column: fixedpoint.Labelled(labels, true)},
		source.Column{Name: "n", Column: fixedpoint.Column{Bits: 3}})
	require.NoError(t, err)
	require.Equal(t, [][]int64{{1, 0, 0, 0, 0}, {1, 0, 0, 2, 0}, {1, 2, 3, 4, 5}}, got.values)
	require.Equal(t, [][]byte{{1, 1, 0, 0, 0}, {1, 1, 0, 1, 0}, {1, 1, 1, 1, 1}}, got.valid)

	got, err = readAll(path, source.CSV, c.Rows, c.Root[:], source.Column{Name: "sex", Column: fixedpoint.Column{Bits: 3}})
	require.NoError(t, err)
	require.Equal(t, [][]byte{{0, 0, 0, 0, 0}}, got.valid, "a text is no number, so it is missing")
}

// TestAttackCellsEndNoRun: whatever stands in a cell, the file is read to its end, so nobody learns anything of a cell from who answers.
func TestAttackCellsEndNoRun(t *testing.T) {
	path := write(t, "ages.csv", "name,age\nann,31\n\n\"bob\nby\",132\ncat,SECRET\ndan,-1e999\neve,31.5\nfay,NA\ngus,\"1,5\"\n")
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	column := source.Column{Name: "age", Column: fixedpoint.Column{Bits: 7}}
	got, err := readAll(path, source.CSV, c.Rows, c.Root[:], column)
	require.NoError(t, err)
	require.Equal(t, [][]int64{{31, 127, 0, 0, 32, 0, 0}}, got.values)
	require.Equal(t, [][]byte{{1, 1, 0, 1, 1, 0, 0}}, got.valid)

	// The owner is told.
	file := committed(path, source.CSV, c.Rows, c.Root[:])
	cells, err := source.Count(file, []source.Column{column})
	require.NoError(t, err)
	require.Equal(t, []source.Cells{{Missing: 1, Counts: fixedpoint.Counts{
		fixedpoint.Exact: 1, fixedpoint.Rounded: 1, fixedpoint.Clamped: 2, fixedpoint.NoNumber: 2,
	}}}, cells)
	profile, err := source.Profile(file)
	require.NoError(t, err)
	require.Equal(t, []source.ColumnProfile{{Name: "name", Texts: 7}, {Name: "age", Missing: 1, Numbers: 4, Texts: 2, Decimals: 1}}, profile)
	require.Equal(t, "age: 4 numbers with up to 1 decimals, 2 texts, 1 missing", profile[1].String())

	_, err = readAll(path, source.CSV, c.Rows, c.Root[:], integer("Age"))
	require.ErrorIs(t, err, source.ErrColumn)
}

func TestChangedFilesAreNoticed(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 3000)
	c, err := source.Commit(write(t, "a.csv", text), source.CSV, testSeed)
	require.NoError(t, err)
	column := integer("a")

	for name, changed := range map[string]string{
		"unselected cell": strings.Replace(text, "1,2", "1,3", 1),
		"last row":        text[:len(text)-2] + "3\n",
		"row less":        text[:len(text)-4],
		"row more":        text + "1,2\n",
		"column renamed":  strings.Replace(text, "a,b", "a,c", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(write(t, "a.csv", changed), source.CSV, c.Rows, c.Root[:], column)
			require.ErrorIs(t, err, source.ErrChanged)
		})
	}
	got, err := readAll(write(t, "a.csv", text), source.CSV, c.Rows, c.Root[:], column)
	require.NoError(t, err)
	require.Equal(t, []int{1024, 1024, 952}, got.sizes)
}

// A file that changes while it is being read is noticed before the end is reported.
func TestChangeWhileReading(t *testing.T) {
	path := write(t, "a.csv", "a\n"+strings.Repeat("1\n", 100_000))
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	b, err := source.OpenBatches(committed(path, source.CSV, c.Rows, c.Root[:]), []source.Column{integer("a")})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()
	_, err = b.Next()
	require.NoError(t, err)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("7"), 2+2*99_999)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.ErrorIs(t, b.Finish(), source.ErrChanged)
	_, err = b.Next()
	require.ErrorIs(t, err, source.ErrChanged, "the error stays")
}

func TestEmptyTable(t *testing.T) {
	path := write(t, "a.csv", "a,b\n")
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	require.Zero(t, c.Rows)
	got, err := readAll(path, source.CSV, 0, c.Root[:], integer("a"))
	require.NoError(t, err)
	require.Empty(t, got.sizes)
}

// Splitting a table over several owners' files loses and invents nothing.
func TestSplitOverOwners(t *testing.T) {
	dir := t.TempDir()
	column := []source.Column{integer("v"), integer("w")}
	read := func(t *rapid.T, name string, rows []string) table {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("v,other,w\n"+strings.Join(rows, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := source.Commit(path, source.CSV, testSeed)
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAll(path, source.CSV, c.Rows, c.Root[:], column...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) string {
			v := rapid.OneOf(rapid.SampledFrom([]string{"", "NA"}), rapid.StringMatching(`[1-9][0-9]{0,8}`))
			return v.Draw(t, "v") + ",x," + v.Draw(t, "w") + "\n"
		})
		rows := rapid.SliceOfN(row, 0, 3000).Draw(t, "rows")
		a := rapid.IntRange(0, len(rows)).Draw(t, "a")
		b := rapid.IntRange(a, len(rows)).Draw(t, "b")
		whole := read(t, "whole.csv", rows)
		var joined table
		joined.values, joined.valid = make([][]int64, 2), make([][]byte, 2)
		for _, part := range [][]string{rows[:a], rows[a:b], rows[b:]} {
			got := read(t, "part.csv", part)
			for i := range 2 {
				joined.values[i] = append(joined.values[i], got.values[i]...)
				joined.valid[i] = append(joined.valid[i], got.valid[i]...)
			}
		}
		for i := range 2 {
			if fmt.Sprint(whole.values[i], whole.valid[i]) != fmt.Sprint(joined.values[i], joined.valid[i]) {
				t.Fatalf("column %d: %v and %v", i, whole.values[i], joined.values[i])
			}
		}
	})
}

// Memory must not grow with the file: 50 MB are read with less than 8 MB of live heap above the start.
func TestLargeFileInConstantMemory(t *testing.T) {
	const rows, bound = 1_500_000, 8 << 20
	path := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(path)
	require.NoError(t, err)
	w := bufio.NewWriter(f)
	_, _ = w.WriteString("id,value,text\n")
	for i := range rows {
		fmt.Fprintf(w, "%d,%d,some more text to carry\n", i, i*7%1000)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, f.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(50e6))

	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	start := live()
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	b, err := source.OpenBatches(committed(path, source.CSV, c.Rows, c.Root[:]), []source.Column{integer("value")})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.Close()) }()
	var peak uint64
	var sum, n int64
	for i := 0; ; i++ {
		batch, err := b.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		n += int64(batch.Rows)
		for _, v := range batch.Values[0] {
			sum += v
		}
		if i%200 == 0 {
			peak = max(peak, live())
		}
	}
	require.EqualValues(t, rows, n)
	require.EqualValues(t, rows/1000*499_500, sum)
	require.Less(t, peak, start+bound)
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("\xef\xbb\xbfa\r\n\"x\"\"y\"\r\n"))
	f.Add([]byte("a\n\"open"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "f.csv", source.CSV, data) })
}

func FuzzJSONLines(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":"x"}` + "\n" + `{"a":null}`))
	f.Add([]byte(`{"a":{"b":[1,2]}}`))
	f.Add([]byte("{\"a\":1}\n{\"a\":1e400}\n"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzFile(t, "f.jsonl", source.JSONLines, data) })
}

// fuzzFile checks that every file with a commitment can be read again to the same rows and root.
func fuzzFile(t *testing.T, name string, format source.Format, data []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	c, err := source.Commit(path, format, testSeed)
	if err != nil {
		return
	}
	require.EqualValues(t, len(data), c.Size)
	_, err = readAll(path, format, c.Rows, c.Root[:], source.Column{Name: c.Columns[0], Column: fixedpoint.Labelled([]string{"x"}, true)})
	require.NoError(t, err)
}

// benchmarkFile is a file of 2.2 MB.
func benchmarkFile(b *testing.B) (source.Committed, []source.Column) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.csv")
	require.NoError(b, os.WriteFile(path, []byte("a,b,c\n"+strings.Repeat("12345,678.9,some text\n", 100_000)), 0o600))
	b.SetBytes(22 * 100_000)
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(b, err)
	return committed(path, source.CSV, c.Rows, c.Root[:]), []source.Column{integer("a"), tenths("b")}
}

func BenchmarkCommit(b *testing.B) {
	file, _ := benchmarkFile(b)
	for b.Loop() {
		if _, err := source.Commit(file.Path, file.Format, file.Seed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRound reads the columns for a round of a job: the first from the file, later ones from memory.
func BenchmarkRound(b *testing.B) {
	for _, name := range []string{"first", "later"} {
		b.Run(name, func(b *testing.B) {
			file, columns := benchmarkFile(b)
			cache := source.NewCache(1 << 24)
			for b.Loop() {
				if name == "first" {
					cache.Forget("job")
				}
				r, err := cache.Open("job", file, columns)
				require.NoError(b, err)
				for err == nil {
					_, err = r.Next()
				}
				require.ErrorIs(b, err, io.EOF)
				require.NoError(b, r.Close())
			}
		})
	}
}
