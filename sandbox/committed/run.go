// Package committed runs a program over a file whose rows a record commits to. The owner's worker and the simulator share it.
package committed

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

var (
	// ErrModel means that a run did not take the operations that the program's cost model gives.
	ErrModel = errors.New("the program does not keep to its cost model")
	// ErrSlot means that a slot of the vector has more bits than the job states.
	ErrSlot = errors.New("the vector does not fit the job")
	// ErrFile means that the file is not the committed one, or cannot be read. Every other failure of a run is the program's.
	ErrFile = errors.New("file of the record")
)

// Job describes a run and its cost.
type Job struct {
	Columns []source.Column // that the program reads, in its order
	Input   []byte
	Length  int // slots of the vector
	Bits    int // of a slot, 1 to 63
	// Operations is the number that the program's cost model gives for the committed rows.
	Operations uint64
	// Rows is for a row program, and nil for one that takes batches.
	Rows *Rows
	// Cache, if there is one, keeps the columns for other rounds of the job with this ID.
	Cache *source.Cache
	ID    string
}

// Rows says what the rows of a row program are granted, and what each may add.
type Rows struct {
	// Base and Row are granted to what the program does before the first row and to each row (terms.CostModel.RowOperations).
	Base, Row uint64
	// Ranges are those of the slots, and MicroRho bounds the length of a row; 0 is an exact sum.
	Ranges   terms.Ranges
	MicroRho uint64
	// Report, if there is one, learns how the rows went. That depends on the data: only the author of a program, on rows of his own, may give one.
	Report *sandbox.RowReport
}

// Run runs a program over a file and returns the vector, if three things hold: the file is the committed one, the run has taken exactly the
// operations of the model, and every slot fits the job's bits. The errors are ErrModel, ErrSlot, source.ErrChanged, and other errors of
// packages source and sandbox. No error quotes a row or a slot.
//
// Of a row program only the first must hold, and that the job's bits have room for the committed rows; else the error is terms.ErrRanges, before the
// file is opened. Rows that fail add nothing. The vector is shifted, so that no slot is negative (terms.Ranges.Shift).
func Run(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, file source.Committed, job Job) ([]int64, error) {
	if program.Row() != nil {
		return runRows(ctx, box, program, file, job)
	}
	rows, err := job.open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.rows.Close() }()
	got, err := box.Run(ctx, program, job.shape(), job.Input, rows, job.Operations)
	if stopped := ctx.Err(); stopped != nil {
		return nil, stopped
	}
	// The program may have stopped before the end. Only at the end it is certain that the rows were the committed ones.
	if err := rows.rows.Finish(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if errors.Is(err, sandbox.ErrOperations) {
		return nil, fmt.Errorf("%w: expected %d operations for %d rows, got more", ErrModel, job.Operations, file.Rows)
	}
	if err != nil {
		return nil, err
	}
	if got.Operations != job.Operations {
		return nil, fmt.Errorf("%w: expected %d operations for %d rows, got %d", ErrModel, job.Operations, file.Rows, got.Operations)
	}
	for i, v := range got.Vector {
		if v>>job.Bits != 0 {
			return nil, fmt.Errorf("%w: slot %d: expected at most %d bits, got more; is the job made for fewer rows?", ErrSlot, i, job.Bits)
		}
	}
	return got.Vector, nil
}

// runRows is Run for a row program.
func runRows(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, file source.Committed, job Job) ([]int64, error) {
	if job.Rows == nil {
		return nil, fmt.Errorf("%w: ranges: expected those of a row program, got none", terms.ErrRanges)
	}
	if err := job.Rows.Ranges.CheckRows(file.Rows, uint32(job.Bits)); err != nil {
		return nil, err
	}
	rows, err := job.open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.rows.Close() }()
	got, err := box.RunRows(ctx, program, sandbox.RowJob{
		Shape: job.shape(), Input: job.Input, Base: job.Rows.Base, Row: job.Rows.Row, Ranges: job.Rows.Ranges, MicroRho: job.Rows.MicroRho,
	}, rows)
	if stopped := ctx.Err(); stopped != nil {
		return nil, stopped
	}
	if err := rows.rows.Finish(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if err != nil {
		return nil, err
	}
	if job.Rows.Report != nil {
		*job.Rows.Report = got.Report
	}
	job.Rows.Ranges.Shift(file.Rows, got.Vector)
	return got.Vector, nil
}

func (j Job) shape() sandbox.Shape { return sandbox.Shape{Columns: len(j.Columns), Length: j.Length} }

// open opens the file, or what the cache has of it. The error is ErrFile.
func (j Job) open(file source.Committed) (*adapter, error) {
	rows, err := j.Cache.Open(j.ID, file, j.Columns)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return &adapter{rows: rows, columns: make([]sandbox.Column, len(j.Columns))}, nil
}

// adapter hands the batches of a file to the sandbox.
type adapter struct {
	rows    source.Reader
	columns []sandbox.Column
}

func (a *adapter) Columns() int { return len(a.columns) }

func (a *adapter) Next(ctx context.Context) (sandbox.Batch, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Batch{}, err
	}
	batch, err := a.rows.Next()
	if errors.Is(err, io.EOF) {
		return sandbox.Batch{}, io.EOF
	}
	if err != nil {
		return sandbox.Batch{}, err
	}
	for i := range a.columns {
		a.columns[i] = sandbox.Column{Values: batch.Values[i], Valid: batch.Valid[i]}
	}
	return sandbox.Batch{Rows: batch.Rows, Columns: a.columns}, nil
}
