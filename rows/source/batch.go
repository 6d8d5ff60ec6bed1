package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// BatchRows is the largest number of rows in a batch.
const BatchRows = 1024

// missingMarkers are the texts that stand for a missing value.
var missingMarkers = map[string]bool{"": true, "NA": true, "NaN": true, "null": true}

// Missing reports whether a cell holds no value: the texts "", "NA", "NaN" and "null", exactly, and cells
// that are absent or null in JSON Lines.
func Missing(f Field) bool { return f.Null || missingMarkers[f.Text] }

// ErrNoValue is returned by a Converter for a text that counts as missing.
var ErrNoValue = errors.New("the text stands for no value")

// Converter turns the text of a cell that is not missing into the integer a program sees. Its error must
// say what is wrong without quoting the text; ErrNoValue makes the cell a missing one.
type Converter func(text string) (int64, error)

// FixedPoint returns the converter of a column of a job's input.
func FixedPoint(c fixedpoint.Column) Converter {
	cell := c.Cells()
	return func(text string) (int64, error) {
		v, present, err := cell(text)
		if err == nil && !present {
			err = ErrNoValue
		}
		return v, err
	}
}

// Column selects a column by name and says how to convert it.
type Column struct {
	Name    string
	Convert Converter
}

// Batch holds up to BatchRows rows, column by column in the order asked for. Its slices are reused by the
// next call.
type Batch struct {
	Rows   int
	Values [][]int64 // 0 where missing
	Valid  [][]byte  // 1 where there is a value, 0 where missing
}

// Batches streams the selected columns of a file that was committed to. What it hands out counts only
// once it has reached the end without error: only then is the file known to be the committed one.
type Batches struct {
	rows    *committedRows
	want    uint64
	root    []byte
	columns []Column
	index   []int
	values  [][]int64
	valid   [][]byte
	err     error // io.EOF after a verified end
}

// OpenBatches opens a file whose number of rows and root are known. ErrColumn names a column that the
// file does not have.
func OpenBatches(path string, format Format, seed [SeedSize]byte, wantRows uint64, wantRoot []byte, columns []Column) (*Batches, error) {
	rows, err := openRows(path, format, seed)
	if err != nil {
		return nil, err
	}
	b := &Batches{rows: rows, want: wantRows, root: append([]byte(nil), wantRoot...), columns: columns}
	at := make(map[string]int)
	for i, n := range rows.reader.columns() {
		at[n] = i
	}
	for _, c := range columns {
		i, ok := at[c.Name]
		if !ok {
			rows.close()
			return nil, fmt.Errorf("%s: %w: %q", rows.name, ErrColumn, c.Name)
		}
		b.index = append(b.index, i)
		b.values = append(b.values, make([]int64, BatchRows))
		b.valid = append(b.valid, make([]byte, BatchRows))
	}
	return b, nil
}

// Next returns the next batch. At the end of the file it returns io.EOF if rows and root are the committed
// ones and ErrChanged if not; ErrValue names file, row, line and column of a cell that cannot be converted.
// After an error every call returns it again.
func (b *Batches) Next() (*Batch, error) {
	if b.err != nil {
		return nil, b.err
	}
	n := 0
	for n < BatchRows {
		row, line, err := b.rows.next()
		if errors.Is(err, io.EOF) {
			b.err = b.verify()
			break
		}
		if err == nil && b.rows.tree.Size() > b.want {
			err = fmt.Errorf("%s: %w: more than %d rows", b.rows.name, ErrChanged, b.want)
		}
		if err == nil {
			err = b.convert(n, row, line)
		}
		if err != nil {
			b.err = err
			return nil, err
		}
		n++
	}
	if n == 0 || (b.err != nil && !errors.Is(b.err, io.EOF)) {
		return nil, b.err
	}
	out := Batch{Rows: n, Values: make([][]int64, len(b.columns)), Valid: make([][]byte, len(b.columns))}
	for i := range b.columns {
		out.Values[i], out.Valid[i] = b.values[i][:n], b.valid[i][:n]
	}
	return &out, nil
}

// Finish reads what is left and verifies the whole, for a program that stopped before the end. It returns
// nil or the error of Next.
func (b *Batches) Finish() error {
	for {
		if _, err := b.Next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Close closes the file.
func (b *Batches) Close() error { return b.rows.file.Close() }

func (b *Batches) convert(n int, row []Field, line int) error {
	for i, c := range b.columns {
		field := row[b.index[i]]
		if Missing(field) {
			b.values[i][n], b.valid[i][n] = 0, 0
			continue
		}
		v, err := c.Convert(field.Text)
		if errors.Is(err, ErrNoValue) {
			b.values[i][n], b.valid[i][n] = 0, 0
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w: row %d (line %d), column %q: %w",
				b.rows.name, ErrValue, b.rows.tree.Size(), line, c.Name, err)
		}
		b.values[i][n], b.valid[i][n] = v, 1
	}
	return nil
}

func (b *Batches) verify() error {
	if err := b.rows.commitment().Matches(b.want, b.root); err != nil {
		return fmt.Errorf("%s: %w", b.rows.name, err)
	}
	return io.EOF
}
