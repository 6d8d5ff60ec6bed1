package sandbox

import (
	"context"
	"fmt"

	"github.com/alita-network/alita/metering"
)

// MaxBatchRows is the largest number of rows in a batch.
const MaxBatchRows = metering.MaxBatchRows

// Column is one column of a batch.
type Column struct {
	// Values has one value in [0, 2^63) per row. The value of a missing cell does not count.
	Values []int64
	// Valid has one byte per row: 1 if the cell is present, 0 if it is missing.
	Valid []byte
}

// Batch is a number of consecutive rows.
type Batch struct {
	// Rows is the number of rows, 1 to MaxBatchRows. Every batch but the last must be full.
	Rows int
	// Columns are the job's columns in their order.
	Columns []Column
}

// Source hands over the rows of a run in batches. One run at a time may use it.
type Source interface {
	// Columns returns the number of columns.
	Columns() int
	// Next returns the next batch, io.EOF after the last. The following call may overwrite the batch.
	Next(ctx context.Context) (Batch, error)
}

func (b Batch) check(columns int) error {
	if b.Rows < 1 || b.Rows > MaxBatchRows {
		return fmt.Errorf("%w: rows: expected 1 to %d, got %d", ErrBatch, MaxBatchRows, b.Rows)
	}
	if len(b.Columns) != columns {
		return fmt.Errorf("%w: columns: expected %d, got %d", ErrBatch, columns, len(b.Columns))
	}
	for i, c := range b.Columns {
		if len(c.Values) != b.Rows || len(c.Valid) != b.Rows {
			return fmt.Errorf("%w: values and validity flags of column %d: expected %d of each, got %d and %d", ErrBatch, i, b.Rows, len(c.Values), len(c.Valid))
		}
		for j, v := range c.Valid {
			if v > 1 {
				return fmt.Errorf("%w: column %d, row %d: validity: expected 0 or 1, got %d", ErrBatch, i, j, v)
			}
			if v == 1 && c.Values[j] < 0 {
				return fmt.Errorf("%w: column %d, row %d: value: expected at least 0, got a negative number", ErrBatch, i, j)
			}
		}
	}
	return nil
}
