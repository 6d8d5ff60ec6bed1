// Package source reads the rows of a local file in one pass with constant memory, commits to them with
// a salted Merkle root, and hands their columns to a program as integers.
//
// Commit makes the commitment that a record states. OpenBatches reads the file again for a program, and Each for
// every other use. The rows that they hand out count only after the end, when the file is known to be the
// committed one. A Cache keeps the integers in memory between the rounds of a job. Rows are hashed and converted
// on all processors, and come out in the order of the file.
//
// Every cell can be converted (see fixedpoint.Column.Cells), so that no run fails for what stands in one: others see who answers. Count
// and Profile tell an owner how the cells of a file are read.
//
// An error names the file (without its folder), the line or row, and the column. It never quotes a cell, because
// errors get into logs and rows must not.
package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Format is the way a file spells its rows.
type Format string

// The formats that can be read.
const (
	// CSV is RFC 4180 with a header line: comma, double quotes, LF or CRLF; a leading byte order mark is
	// skipped, blank lines are no rows.
	CSV Format = "csv"
	// JSONLines is one JSON object per line. The first object names the columns, in its order; later
	// ones may leave columns out but not add any. Values are numbers, strings, booleans or null; nested
	// values count as their JSON text. Blank lines are no rows.
	JSONLines Format = "jsonl"
)

// Limits that bound the memory for every file.
const (
	MaxRecordBytes = 1 << 20 // bytes of one row, or of the header
	MaxColumns     = 4096
)

// Errors of this package, matched with errors.Is.
var (
	ErrFormat  = errors.New("unknown file format")
	ErrFile    = errors.New("not a regular file")
	ErrHeader  = errors.New("unusable column names")
	ErrRow     = errors.New("unreadable row")
	ErrColumn  = errors.New("no such column")
	ErrChanged = errors.New("the file is not the one that was committed to")
)

// ParseFormat accepts "csv", "jsonl" and "ndjson".
func ParseFormat(s string) (Format, error) {
	switch strings.ToLower(s) {
	case "csv":
		return CSV, nil
	case "jsonl", "ndjson":
		return JSONLines, nil
	}
	return "", fmt.Errorf("%w: expected csv or jsonl, got %q", ErrFormat, s)
}

// FormatOf returns the format that the file name's ending stands for: .csv, .jsonl or .ndjson.
func FormatOf(path string) (Format, error) {
	return ParseFormat(strings.TrimPrefix(filepath.Ext(path), "."))
}

// Field is the content of one cell as text. A cell that is absent or null in JSON Lines has Null set
// and no text; CSV has no such cells.
type Field struct {
	Text string
	Null bool
}

// rowReader cuts a file into rows.
type rowReader interface {
	// columns are the names of all columns; known after construction.
	columns() []string
	// next appends the next row to buf, in a spelling of the reader's own, and returns the line it starts on.
	// io.EOF ends the file.
	next(buf []byte) (longer []byte, line int, err error)
	// fields reads a row that next has spelled, one field per column. Several goroutines may call it at once,
	// also while next runs.
	fields(spelled string, line int, row []Field) error
}

func newRowReader(r io.Reader, format Format, name string) (rowReader, error) {
	switch format {
	case CSV:
		return newCSVReader(r, name)
	case JSONLines:
		return newJSONReader(r, name)
	}
	return nil, fmt.Errorf("%w: expected csv or jsonl, got %q", ErrFormat, string(format))
}

// open opens a regular file for reading. It refuses pipes and devices, which can block without end and cannot
// be read twice.
func open(path string) (*os.File, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", name, ErrFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	opened, err := f.Stat()
	if err != nil || !os.SameFile(info, opened) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", name, ErrFile)
	}
	return f, nil
}

// withoutPath strips the folder that os errors carry.
func withoutPath(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func checkColumns(names []string, file string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s: %w: columns: expected at least 1, got none", file, ErrHeader)
	}
	if len(names) > MaxColumns {
		return fmt.Errorf("%s: %w: columns: expected at most %d, got %d", file, ErrHeader, MaxColumns, len(names))
	}
	at := make(map[string]int, len(names))
	for i, n := range names {
		if !utf8.ValidString(n) {
			return fmt.Errorf("%s: %w: name of column %d: expected UTF-8, got other bytes", file, ErrHeader, i+1)
		}
		if j, ok := at[n]; ok {
			return fmt.Errorf("%s: %w: names: expected each once, got one for columns %d and %d", file, ErrHeader, j+1, i+1)
		}
		at[n] = i
	}
	return nil
}
