package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/alita-network/alita/metering"
)

// MaxColumns and MaxLength bound the shape of a job.
const (
	MaxColumns = 4096
	MaxLength  = 1 << 20
)

// Shape is the shape of a job.
type Shape struct {
	// Columns is the number of columns, 1 to MaxColumns.
	Columns int
	// Length is the number of slots of the vector, 1 to MaxLength.
	Length int
}

// Result is the vector of a run, and its cost.
type Result struct {
	// Vector has the job's number of slots, each in [0, 2^63); nil if the run failed.
	Vector []int64
	// Operations is the cost of the run. If the run failed, it is the cost up to the failure: the limit if that was reached.
	Operations uint64
	// Rows is the number of rows that the program took from the source.
	Rows uint64
}

// run is the state of one run. The host functions find it in the context.
type run struct {
	shape  Shape
	input  []byte
	source Source

	batch  Batch
	ended  bool // the source has no more batches
	rows   uint64
	vector []int64
	wasi   wasiState

	limit, granted uint64 // operations
	failure        error  // why a host function ended the run
}

type runKey struct{}

// Run runs a program over the rows of a source. The limit is the largest number of operations, 1 to metering.MaxOperations: a
// run that needs exactly that many succeeds. A run stops soon after ctx is done and then returns ctx's error.
func (s *Sandbox) Run(ctx context.Context, p *Program, shape Shape, input []byte, source Source, limit uint64) (Result, error) {
	if p.row != nil {
		return Result{}, fmt.Errorf("%w: program: expected one that takes batches, got a row program", ErrShape)
	}
	if err := checkShape(shape, input, source); err != nil {
		return Result{}, err
	}
	if limit < 1 || limit > metering.MaxOperations {
		return Result{}, fmt.Errorf("%w: limit of operations: expected 1 to %d, got %d", ErrShape, uint64(metering.MaxOperations), limit)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	state := &run{shape: shape, input: input, source: source, limit: limit, wasi: newWASIState()}
	inner := context.WithValue(ctx, runKey{}, state)
	// Not named, so that any number of instances can live side by side; no start function is called.
	m, err := s.runtime.InstantiateModule(inner, p.module, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return Result{}, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	defer func() { _ = m.Close(context.WithoutCancel(ctx)) }()

	if p.starts {
		_, err = m.ExportedFunction(metering.ExportInitialize).Call(inner)
	}
	if err == nil {
		_, err = m.ExportedFunction(metering.ExportRun).Call(inner)
	}
	used := state.used(int64(m.ExportedGlobal(metering.ExportOperations).Get()))
	res := Result{Operations: min(used, limit), Rows: state.rows}
	if err := state.outcome(m, used, err); err != nil {
		return res, err
	}
	res.Vector = state.vector
	return res, nil
}

func checkShape(shape Shape, input []byte, source Source) error {
	switch {
	case shape.Columns < 1 || shape.Columns > MaxColumns:
		return fmt.Errorf("%w: columns: expected 1 to %d, got %d", ErrShape, MaxColumns, shape.Columns)
	case shape.Length < 1 || shape.Length > MaxLength:
		return fmt.Errorf("%w: slots: expected 1 to %d, got %d", ErrShape, MaxLength, shape.Length)
	case len(input) > metering.MaxInputBytes:
		return fmt.Errorf("%w: bytes of the input: expected at most %d, got %d", ErrShape, metering.MaxInputBytes, len(input))
	case source.Columns() != shape.Columns:
		return fmt.Errorf("%w: columns of the source: expected %d, got %d", ErrShape, shape.Columns, source.Columns())
	}
	return nil
}

// outcome returns the error of a run, nil if it has succeeded.
func (r *run) outcome(m api.Module, used uint64, err error) error {
	if err := r.failed(m, used, err); err != nil {
		return err
	}
	if r.vector == nil {
		return ErrNoVector
	}
	return nil
}

// failed returns the error of a call that used so many operations, nil if it has come to its end. Used-up operations come first: any other failure may have happened
// between the charge that used them up and the check that stops the program.
func (r *run) failed(m api.Module, used uint64, err error) error {
	depth := int32(m.ExportedGlobal(metering.ExportDepth).Get())
	switch {
	case used > r.limit:
		return ErrOperations
	case r.failure != nil:
		return r.failure
	case err != nil && depth > metering.MaxDepth:
		return fmt.Errorf("%w: expected at most %d, got more", ErrDepth, metering.MaxDepth)
	case err != nil:
		return trap(err)
	}
	return nil
}

// trap returns ErrTrap for a trap of the program, and ErrEngine for a failure of the engine. It cuts the message after its first
// line; the rest is a stack.
func trap(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if text == "wasm error: stack overflow" {
		// Below MaxDepth only a function with a huge frame gets here, and how huge depends on the engine.
		return fmt.Errorf("%w: %s", ErrEngine, text)
	}
	return fmt.Errorf("%w: %s", ErrTrap, text)
}

// errStop is the value that a host function panics with; the reason is in run.failure.
var errStop = errors.New("stopped by the host")

// stop ends the run. It does not return.
func (r *run) stop(err error) {
	if r.failure == nil {
		r.failure = err
	}
	panic(errStop)
}
