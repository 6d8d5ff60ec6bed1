package sandbox

import (
	"errors"
	"fmt"
)

// The ways in which a run can fail. Errors of this package wrap one of them, except for a failed source, whose own error is
// wrapped, and a cancelled context.
var (
	// ErrOperations means that the limit of operations was reached.
	ErrOperations = errors.New("out of operations")
	// ErrDepth means that calls were nested deeper than metering.MaxDepth.
	ErrDepth = errors.New("calls nested too deep")
	// ErrTrap means that the program did something that WebAssembly forbids, such as an access outside the memory or a division by zero.
	ErrTrap = errors.New("program trapped")
	// ErrFail means that the program called alita.fail; the error is a *[FailError].
	ErrFail = errors.New("program failed")
	// ErrExit means that the program called proc_exit, as Go does on a panic.
	ErrExit = errors.New("program exited")
	// ErrNoVector means that run returned without having called alita.emit.
	ErrNoVector = errors.New("no vector emitted")
	// ErrEmittedTwice means a second call of alita.emit.
	ErrEmittedTwice = errors.New("vector emitted twice")
	// ErrLength means a vector of another length than the job's.
	ErrLength = errors.New("wrong vector length")
	// ErrNegativeSlot means a slot outside [0, 2^63).
	ErrNegativeSlot = errors.New("negative slot")
	// ErrPointer means that a host function was given a range outside the program's memory.
	ErrPointer = errors.New("pointer outside memory")
	// ErrColumn means that alita.read was asked for a column that the job does not have.
	ErrColumn = errors.New("no such column")
	// ErrNoBatch means that alita.read was called before alita.next or after the last batch.
	ErrNoBatch = errors.New("no current batch")
	// ErrBatch means that the source handed over a batch that breaks its rules.
	ErrBatch = errors.New("bad batch")
	// ErrShape means that shape, input, limit and source do not fit each other or are out of range.
	ErrShape = errors.New("bad run parameters")
	// ErrCompile means that the process that compiles was ended: the program took it too long, or too much memory.
	ErrCompile = errors.New("program too hard to compile")
	// ErrEngine means that the engine refused the module or failed for a reason of its own.
	ErrEngine = errors.New("engine")
)

// FailError is the error of a program that called alita.fail.
type FailError struct {
	// Code is the number that the program gave.
	Code int32
}

func (e *FailError) Error() string { return fmt.Sprintf("program failed with code %d", e.Code) }

// Unwrap returns ErrFail.
func (e *FailError) Unwrap() error { return ErrFail }
