package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
)

// BatchRows is the largest number of rows in a batch.
const BatchRows = terms.BatchRows

// missingMarkers are the texts that stand for a missing value.
var missingMarkers = map[string]bool{"": true, "NA": true, "NaN": true, "null": true}

// Missing reports whether a cell holds no value: the texts "", "NA", "NaN" and "null", exactly, and cells
// that are absent or null in JSON Lines.
func Missing(f Field) bool { return f.Null || missingMarkers[f.Text] }

// Column selects a column by name and says how its texts become integers.
type Column struct {
	Name string
	fixedpoint.Column
}

// Committed is a file with the commitment that a record states about it.
type Committed struct {
	Location

	Rows uint64
	Root []byte
}

// Batch holds up to BatchRows rows, column by column in the order asked for. The next call overwrites its slices.
type Batch struct {
	Rows   int
	Values [][]int64 // 0 if missing
	Valid  [][]byte  // 1 if there is a value, 0 if it is missing
}

// Reader hands out the selected columns of a committed file in batches.
type Reader interface {
	// Next returns the next batch; all but the last are full. After the last it returns io.EOF if the file is the committed one, and
	// ErrChanged if not. The batches count only after io.EOF. Which error it is never depends on a cell of the committed file. After an
	// error every call returns the same error.
	Next() (*Batch, error)
	// Finish reads the rest and verifies the file, for a program that stopped before the end. It returns nil or the error of Next.
	Finish() error
	// Close closes the file.
	Close() error
}

// Batches is the Reader of a file.
type Batches struct {
	pass  *pass
	want  Committed
	batch Batch

	counts []Cells // of the columns, so far
	err    error   // io.EOF after a verified end
}

// OpenBatches opens a file whose number of rows and root are known. ErrColumn names a column that the file does not have.
func OpenBatches(file Committed, columns []Column) (*Batches, error) {
	p, err := newPass(file.Path, file.Format, file.Seed, nil)
	if err != nil {
		return nil, err
	}
	if err := p.convert(columns); err != nil {
		_ = p.close()
		return nil, err
	}
	return &Batches{pass: p, want: file, batch: newBatch(len(columns)), counts: make([]Cells, len(columns))}, nil
}

func newBatch(columns int) Batch {
	b := Batch{Values: make([][]int64, columns), Valid: make([][]byte, columns)}
	for i := range columns {
		b.Values[i], b.Valid[i] = make([]int64, BatchRows), make([]byte, BatchRows)
	}
	return b
}

// cut returns the first rows of a batch.
func (b Batch) cut(rows int) *Batch {
	out := &Batch{Rows: rows, Values: make([][]int64, len(b.Values)), Valid: make([][]byte, len(b.Valid))}
	for i := range b.Values {
		out.Values[i], out.Valid[i] = b.Values[i][:rows], b.Valid[i][:rows]
	}
	return out
}

// Next implements Reader.
func (b *Batches) Next() (*Batch, error) {
	n := 0
	for b.err == nil && n < BatchRows {
		c := b.pass.next()
		for i := range b.batch.Values {
			copy(b.batch.Values[i][n:], c.values[i][:c.good])
			copy(b.batch.Valid[i][n:], c.valid[i][:c.good])
		}
		for i := range b.counts {
			b.counts[i].add(c.counts[i])
		}
		n += c.good
		b.err = b.end(c)
	}
	if n == 0 || (b.err != nil && !errors.Is(b.err, io.EOF)) {
		return nil, b.err
	}
	return b.batch.cut(n), nil
}

// end returns the error that ends the batches after a chunk, nil if another chunk follows.
func (b *Batches) end(c *chunk) error {
	if c.first+uint64(c.good) > b.want.Rows {
		return fmt.Errorf("%s: %w: rows: expected %d, got more", b.pass.name, ErrChanged, b.want.Rows)
	}
	if err := c.end(); err == nil || !errors.Is(err, io.EOF) {
		return err
	}
	return b.pass.verify(b.want.Rows, b.want.Root)
}

// Finish implements Reader.
func (b *Batches) Finish() error { return finish(b) }

func finish(r Reader) error {
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Close implements Reader.
func (b *Batches) Close() error { return b.pass.close() }

// Each reads a committed file and calls visit with every row in order, one field per column of the file. The rows count only if Each
// returns nil, because only then is the file the committed one. If visit returns an error, Each stops and returns it.
func Each(file Committed, visit func(row []Field) error) error {
	p, err := newPass(file.Path, file.Format, file.Seed, nil)
	if err != nil {
		return err
	}
	defer func() { _ = p.close() }()
	p.keep = true
	for k := len(p.reader.columns()); ; {
		c := p.next()
		for i := range c.good {
			if err := visit(c.fields[k*i : k*(i+1)]); err != nil {
				return err
			}
		}
		switch err := c.end(); {
		case errors.Is(err, io.EOF):
			if err = p.verify(file.Rows, file.Root); errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case err != nil:
			return err
		}
	}
}
