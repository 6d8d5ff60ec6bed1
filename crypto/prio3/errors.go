package prio3

import (
	"errors"
	"fmt"
)

// Errors of this package, matched with errors.Is. None of them carries anything secret.
var (
	ErrParams  = errors.New("invalid parameters of an aggregation")
	ErrContext = errors.New("invalid context")
	// ErrVector is an owner's vector that does not fit the parameters. It is found before anything is shared.
	ErrVector = errors.New("invalid vector")
	// ErrMalformed is an encoding of the wrong length or with an element that is not below the modulus.
	ErrMalformed = errors.New("malformed encoding")
	// ErrInvalid is a contribution that is refused: its proof is wrong, or its shares do not belong together.
	ErrInvalid   = errors.New("contribution refused")
	ErrSeat      = errors.New("invalid seat")
	ErrAggregate = errors.New("invalid aggregate")
)

// SeatError names the seat whose bytes are at fault.
type SeatError struct {
	Seat int
	Err  error
}

func (e *SeatError) Error() string { return fmt.Sprintf("seat %d: %v", e.Seat, e.Err) }

// Unwrap returns the fault.
func (e *SeatError) Unwrap() error { return e.Err }
