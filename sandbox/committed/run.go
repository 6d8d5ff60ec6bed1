// Package committed runs a program over a file whose rows a record commits to. The owner's worker and the simulator share it.
package committed

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
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
	// Cache, if there is one, keeps the columns for other rounds of the job with this ID.
	Cache *source.Cache
	ID    string
}

// Run runs a program over a file and returns the vector, if three things hold: the file is the committed one, the run has taken exactly the
// operations of the model, and every slot fits the job's bits. The errors are ErrModel, ErrSlot, source.ErrChanged, and other errors of
// packages source and sandbox. No error quotes a row or a slot.
func Run(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, file source.Committed, job Job) ([]int64, error) {
	rows, err := job.Cache.Open(job.ID, file, job.Columns)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer func() { _ = rows.Close() }()
	shape := sandbox.Shape{Columns: len(job.Columns), Length: job.Length}
	got, err := box.Run(ctx, program, shape, job.Input, &adapter{rows: rows, columns: make([]sandbox.Column, len(job.Columns))}, job.Operations)
	if stopped := ctx.Err(); stopped != nil {
		return nil, stopped
	}
	// The program may have stopped before the end. Only at the end it is certain that the rows were the committed ones.
	if err := rows.Finish(); err != nil {
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
