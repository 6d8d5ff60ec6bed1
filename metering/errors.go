package metering

import (
	"errors"
	"fmt"
)

// The causes for which a module is refused. Every error of this package is an *[Error] that wraps one of them.
var (
	// ErrMalformed means that the bytes do not follow the binary format.
	ErrMalformed = errors.New("malformed module")
	// ErrInvalid means that the module is well formed but does not validate: wrong types or indices.
	ErrInvalid = errors.New("invalid module")
	// ErrLimit means that the module is larger, in one respect, than the limits allow.
	ErrLimit = errors.New("limit exceeded")
	// ErrUnsupported means that the module uses a WebAssembly feature outside the allowed set.
	ErrUnsupported = errors.New("unsupported feature")
	// ErrImport means an import that is not in the program interface, or has another signature there.
	ErrImport = errors.New("import not allowed")
	// ErrExport means that a required export is missing or wrong.
	ErrExport = errors.New("export not allowed")
	// ErrReserved means that the module uses a name kept for the injected exports.
	ErrReserved = errors.New("reserved name")
	// ErrStart means that the module has a start function.
	ErrStart = errors.New("start function not allowed")
	// ErrFloat means a floating-point type in an imported or exported signature.
	ErrFloat = errors.New("float in a signature")
	// ErrMemory means that the memory is missing, imported or larger than allowed.
	ErrMemory = errors.New("memory not allowed")
	// ErrTable means that a table is imported or larger than allowed.
	ErrTable = errors.New("table not allowed")
	// ErrState means that a row program could keep something from one row to the next that a host cannot put back.
	ErrState = errors.New("state that outlives a row")
	// ErrWindow means that the window of a row program is not where it may be.
	ErrWindow = errors.New("window not allowed")
)

// Error says why a module is refused and at which byte, and what would be right.
type Error struct {
	// Cause is one of the sentinel errors of this package.
	Cause error
	// Offset is the position in the module, in bytes from its start.
	Offset int
	// Detail says what would be right and what was found.
	Detail string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%v at byte %d: %s", e.Cause, e.Offset, e.Detail)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }
