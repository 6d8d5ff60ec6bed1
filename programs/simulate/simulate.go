// Package simulate runs a whole job over local files, one for each owner, without a chain: the program in the sandbox, the sum of the
// vectors, round after round until the session is done, and the operations that each owner would be paid for.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"path/filepath"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/worker/fixedpoint"
	"github.com/alita-network/alita/worker/sandbox"
	"github.com/alita-network/alita/worker/source"
)

// ErrModel means that a run did not keep to the cost model.
var ErrModel = errors.New("the program does not keep to its cost model")

// Owner is what an owner did in the job.
type Owner struct {
	// File is the name of the owner's file.
	File string `json:"file"`
	// Rows is the number of its rows.
	Rows uint64 `json:"rows"`
	// Operations are those of all rounds, by the cost model, which every run was counted to keep to.
	Operations uint64 `json:"operations"`
}

// Outcome is what a job came to.
type Outcome struct {
	Result programs.Result `json:"result"`
	Owners []Owner         `json:"owners"`
	// Length and Bits are the shape of a contribution.
	Length int `json:"slots"`
	Bits   int `json:"bits"`
}

// Run runs a session to its end over the files of the owners, CSV or JSON Lines by their endings. The model gives what each run must
// cost. After each round, progress is told of it.
func Run(ctx context.Context, box *sandbox.Sandbox, session programs.Session, model programs.CostModel, files []string, progress func(round int, job programs.Job)) (Outcome, error) {
	if len(files) == 0 {
		return Outcome{}, errors.New("no files: at least one owner is expected")
	}
	program, err := box.Compile(ctx, session.Program().Code)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = program.Close(context.WithoutCancel(ctx)) }()
	owners := make([]*owner, len(files))
	out := Outcome{Length: session.Job().Length, Bits: session.Job().Bits, Owners: make([]Owner, len(files))}
	for i, file := range files {
		if owners[i], err = newOwner(file); err != nil {
			return Outcome{}, err
		}
		out.Owners[i] = Owner{File: filepath.Base(file), Rows: owners[i].commitment.Rows}
	}
	for round := 1; !session.Done(); round++ {
		job := session.Job()
		var sum []*big.Int
		for i, o := range owners {
			operations, err := model.Operations(o.commitment.Rows, uint64(len(job.Columns)), uint64(job.Length))
			if err != nil {
				return Outcome{}, err
			}
			vector, err := o.run(ctx, box, program, job, operations)
			if err != nil {
				return Outcome{}, fmt.Errorf("round %d, %s: %w", round, out.Owners[i].File, err)
			}
			if sum, err = programs.Add(sum, vector); err != nil {
				return Outcome{}, err
			}
			out.Owners[i].Operations += operations
		}
		if err := session.Advance(sum, len(owners)); err != nil {
			return Outcome{}, fmt.Errorf("round %d: %w", round, err)
		}
		if progress != nil {
			progress(round, job)
		}
	}
	out.Result, err = session.Result()
	return out, err
}

// owner is an owner's file.
type owner struct {
	path       string
	format     source.Format
	commitment source.Commitment
}

func newOwner(path string) (*owner, error) {
	format, err := source.FormatOf(path)
	if err != nil {
		return nil, err
	}
	commitment, err := source.Commit(path, format, [source.SeedSize]byte{})
	if err != nil {
		return nil, err
	}
	return &owner{path, format, commitment}, nil
}

// run runs the program over the file as the owner's worker does.
func (o *owner) run(ctx context.Context, box *sandbox.Sandbox, program *sandbox.Program, job programs.Job, operations uint64) ([]int64, error) {
	columns, _, err := fixedpoint.ParseHeader(job.Input)
	if err != nil {
		return nil, err
	}
	wanted := make([]source.Column, len(columns))
	for i, c := range columns {
		wanted[i] = source.Column{Name: job.Columns[i], Convert: source.FixedPoint(c)}
	}
	batches, err := source.OpenBatches(o.path, o.format, [source.SeedSize]byte{}, o.commitment.Rows, o.commitment.Root[:], wanted)
	if err != nil {
		return nil, err
	}
	defer func() { _ = batches.Close() }()
	shape := sandbox.Shape{Columns: len(columns), Length: job.Length}
	got, err := box.Run(ctx, program, shape, job.Input, &rows{batches, len(columns)}, operations)
	if errors.Is(err, sandbox.ErrOperations) || (err == nil && got.Operations != operations) {
		return nil, fmt.Errorf("%w: %d operations by the model for %d rows, the run took more or others", ErrModel, operations, o.commitment.Rows)
	}
	if err != nil {
		return nil, err
	}
	for i, v := range got.Vector {
		if job.Bits < 63 && v>>job.Bits != 0 {
			return nil, fmt.Errorf("slot %d is %d, above the job's %d bits; more rows than the job is made for", i, v, job.Bits)
		}
	}
	return got.Vector, nil
}

// rows hands the rows of a file to the sandbox.
type rows struct {
	batches *source.Batches
	columns int
}

func (r *rows) Columns() int { return r.columns }

func (r *rows) Next(ctx context.Context) (sandbox.Batch, error) {
	if err := ctx.Err(); err != nil {
		return sandbox.Batch{}, err
	}
	b, err := r.batches.Next()
	if errors.Is(err, io.EOF) {
		return sandbox.Batch{}, io.EOF
	}
	if err != nil {
		return sandbox.Batch{}, err
	}
	out := sandbox.Batch{Rows: b.Rows}
	for i := range b.Values {
		out.Columns = append(out.Columns, sandbox.Column{Values: b.Values[i], Valid: b.Valid[i]})
	}
	return out, nil
}
