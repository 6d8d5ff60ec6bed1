package source_test

import (
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

// randomFile draws a file, sometimes with a fault, and the columns to read.
type randomFile struct {
	name    string
	format  source.Format
	text    string
	columns []source.Column
}

func drawFile(t *rapid.T) randomFile {
	r := randomFile{name: "r.csv", format: source.CSV}
	if rapid.Bool().Draw(t, "JSON") {
		r.name, r.format = "r.jsonl", source.JSONLines
	}
	k := rapid.SampledFrom([]int{1, 2, 3, 20, 130}).Draw(t, "columns")
	// Few rows, the ends of batches and of the chunks of wide files, and rows so long that chunks end by their bytes.
	n := rapid.SampledFrom([]int{0, 1, 2, 511, 512, 513, 1023, 1024, 1025, 2047, 2048, 2500}).Draw(t, "rows")
	pad := ""
	if rapid.IntRange(0, 3).Draw(t, "long rows") == 0 {
		pad = strings.Repeat("x", rapid.IntRange(200, 3000).Draw(t, "row bytes"))
	}
	seed := rapid.Uint64().Draw(t, "cells")
	cell := func(i, j int) string {
		v := (seed + uint64(i)*2654435761 + uint64(j)*40503) % 1009
		switch v % 13 {
		case 0:
			return ""
		case 1:
			return "NA"
		}
		return fmt.Sprint(v)
	}
	// At most one row is bad, each in one way.
	bad, way := -1, 0
	if rapid.Bool().Draw(t, "with a fault") && n > 0 {
		bad, way = rapid.IntRange(0, n-1).Draw(t, "bad row"), rapid.IntRange(0, 5).Draw(t, "way")
	}
	var b strings.Builder
	if r.format == source.CSV {
		for j := range k {
			fmt.Fprintf(&b, "c%d,", j)
		}
		b.WriteString("pad\n")
	}
	for i := range n {
		if (seed+uint64(i))%97 == 0 {
			b.WriteString("\n")
		}
		if r.format == source.CSV {
			for j := range k {
				b.WriteString(cell(i, j) + ",")
			}
			b.WriteString("\"" + pad + "\"")
			if i == bad {
				b.WriteString([]string{",more", "\"", "x\"y", "\"\n\"open", "", ""}[way])
			}
			b.WriteString("\n")
			if i == bad && way == 4 {
				b.WriteString(strings.Repeat("no number,", k) + "\n")
			}
			continue
		}
		b.WriteString("{")
		for j := range k {
			switch v := cell(i, j); v {
			case "":
				fmt.Fprintf(&b, `"c%d":null,`, j)
			default:
				fmt.Fprintf(&b, `"c%d":%q,`, j, v)
			}
		}
		fmt.Fprintf(&b, `"pad":%q`, pad)
		if i == bad {
			b.WriteString([]string{`,"other":1`, `,"pad":2`, `]`, "\n", `}{`, ``}[way])
		}
		b.WriteString("}\n")
		if i == bad && way == 5 {
			b.WriteString("{\"c0\":\"no number\"}\n")
		}
	}
	r.text = b.String()
	for range rapid.IntRange(1, 3).Draw(t, "selected") {
		r.columns = append(r.columns, source.Column{
			Name:   fmt.Sprintf("c%d", rapid.IntRange(0, k-1).Draw(t, "column")),
			Column: fixedpoint.Column{Bits: rapid.SampledFrom([]uint8{9, 10, 63}).Draw(t, "bits")}, // the largest value has 10
		})
	}
	return r
}

// chunked is a file, the number of processors that read it, and what is wrong with its commitment.
type chunked struct {
	randomFile
	processors int
	commitment int    // 0: another root, 1: a row too many, 2: only kept per mille of the rows, others: right
	kept       uint64 // per mille
}

func drawChunked(t *rapid.T) chunked {
	return chunked{
		randomFile: drawFile(t),
		processors: rapid.IntRange(1, 5).Draw(t, "processors"),
		commitment: rapid.IntRange(0, 5).Draw(t, "commitment"),
		kept:       rapid.Uint64Range(0, 1000).Draw(t, "committed rows"),
	}
}

// TestChunksGiveWhatRowsGive: for every number of processors and all ends of chunks, a file has the same batches, root and errors as if it
// is read row by row.
func TestChunksGiveWhatRowsGive(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) { _ = requireChunksGiveWhatRowsGive(t, dir, drawChunked(t)) })
}

// TestFilesEndInManyWays: the files that TestChunksGiveWhatRowsGive draws are read to their end, have bad headers and rows, and are not the
// ones that were committed. The seeds are fixed, so that no run is short of one of them.
func TestFilesEndInManyWays(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	dir := t.TempDir()
	drawn := rapid.Custom(drawChunked)
	outcomes := map[error]int{}
	for seed := range 40 {
		outcomes[requireChunksGiveWhatRowsGive(t, dir, drawn.Example(seed))]++
	}
	for _, kind := range []error{nil, source.ErrHeader, source.ErrRow, source.ErrChanged} {
		require.Positive(t, outcomes[kind], "%v", kind)
	}
}

// requireChunksGiveWhatRowsGive returns the kind of the error that reading ends with.
func requireChunksGiveWhatRowsGive(t require.TestingT, dir string, r chunked) (kind error) {
	runtime.GOMAXPROCS(r.processors)
	path := filepath.Join(dir, r.name)
	require.NoError(t, os.WriteFile(path, []byte(r.text), 0o600))

	file := committed(path, r.format, 1<<40, nil)
	_, _, _, root, straight := source.Straight(file, nil)
	c, err := source.Commit(path, r.format, testSeed)
	if root == [32]byte{} {
		require.EqualError(t, err, straight.Error())
	} else {
		require.NoError(t, err)
		require.Equal(t, root, c.Root)
		file.Rows, file.Root = c.Rows, c.Root[:]
	}
	switch r.commitment {
	case 0:
		file.Root = make([]byte, 32)
	case 1:
		file.Rows++
	case 2:
		file.Rows = file.Rows * r.kept / 1000
	}
	values, valid, sizes, _, straight := source.Straight(file, r.columns)
	got, err := readAll(file.Path, file.Format, file.Rows, file.Root, r.columns...)
	if straight == nil {
		require.NoError(t, err)
	} else {
		require.EqualError(t, err, straight.Error())
		for _, is := range []error{source.ErrHeader, source.ErrRow, source.ErrChanged} {
			if errors.Is(straight, is) {
				kind = is
				require.ErrorIs(t, err, is)
			}
		}
		require.Error(t, kind)
	}
	require.Equal(t, fmt.Sprint(sizes), fmt.Sprint(got.sizes))
	if len(got.values) > 0 { // it was opened
		require.Equal(t, fmt.Sprint(values, valid), fmt.Sprint(got.values, got.valid))
	}

	// Each sees the rows that precede the end.
	var seen uint64
	err = source.Each(file, func(row []source.Field) error {
		if seen++; len(row) == 0 {
			return io.ErrUnexpectedEOF
		}
		return nil
	})
	_, _, _, root, straight = source.Straight(committed(path, r.format, 1<<40, nil), nil)
	switch {
	case root == [32]byte{}:
		require.EqualError(t, err, straight.Error())
	case file.Rows == c.Rows && string(file.Root) == string(root[:]):
		require.NoError(t, err)
		require.Equal(t, c.Rows, seen)
	default:
		require.ErrorIs(t, err, source.ErrChanged)
	}
	return kind
}

// TestEachStops: an error of the visitor ends it.
func TestEachStops(t *testing.T) {
	path := write(t, "a.csv", "a,b\n"+strings.Repeat("1,x\n", 5000))
	c, err := source.Commit(path, source.CSV, testSeed)
	require.NoError(t, err)
	var rows int
	err = source.Each(committed(path, source.CSV, c.Rows, c.Root[:]), func(row []source.Field) error {
		require.Equal(t, []source.Field{{Text: "1"}, {Text: "x"}}, row)
		if rows++; rows == 1500 {
			return io.ErrClosedPipe
		}
		return nil
	})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.Equal(t, 1500, rows)
}

// TestCloseEarly: goroutines do not outlive a file that is closed before its end.
func TestCloseEarly(t *testing.T) {
	path := write(t, "a.csv", "a\n"+strings.Repeat("1\n", 200_000))
	before := runtime.NumGoroutine()
	for range 20 {
		b, err := source.OpenBatches(committed(path, source.CSV, 200_000, nil), []source.Column{integer("a")})
		require.NoError(t, err)
		_, err = b.Next()
		require.NoError(t, err)
		require.NoError(t, b.Close())
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}
