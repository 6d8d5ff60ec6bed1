package terms

import (
	"errors"
	"fmt"
)

// ErrShape means that a job does not fit a program, or that a program states a shape that no job can have.
var ErrShape = errors.New("shape not accepted")

// Shape is which columns a program reads and how long its vector is. The length follows from the columns, as
// LengthConstant + LengthPerColumn * columns; or, if both are zero, the job chooses it, from 1 to MaxLength.
type Shape struct {
	MinColumns      uint32
	MaxColumns      uint32
	LengthConstant  uint32
	LengthPerColumn uint32
	MaxLength       uint32
}

// Check checks that a job of these columns and this length fits. The error is ErrShape.
func (s Shape) Check(columns, length uint32) error {
	if columns < s.MinColumns || columns > s.MaxColumns {
		return fmt.Errorf("%w: columns: expected %d to %d, got %d", ErrShape, s.MinColumns, s.MaxColumns, columns)
	}
	if s.chosen() {
		if length < 1 || length > s.MaxLength {
			return fmt.Errorf("%w: length: expected 1 to %d, got %d", ErrShape, s.MaxLength, length)
		}
		return nil
	}
	if want := s.Length(columns); uint64(length) != want {
		return fmt.Errorf("%w: length: expected %d for %d columns, got %d", ErrShape, want, columns, length)
	}
	return nil
}

// Length is the length that follows from the columns, or zero if the job chooses it.
func (s Shape) Length(columns uint32) uint64 {
	return uint64(s.LengthConstant) + uint64(s.LengthPerColumn)*uint64(columns)
}

// chosen reports whether the job chooses the length.
func (s Shape) chosen() bool { return s.LengthConstant == 0 && s.LengthPerColumn == 0 }

// validate checks that there are jobs that fit, and none beyond the limits.
func (s Shape) validate(maxColumns, maxLength uint32) error {
	if s.MinColumns < 1 || s.MinColumns > s.MaxColumns || s.MaxColumns > maxColumns {
		return fmt.Errorf("%w: columns: expected 1 to %d, the smaller first, got %d to %d", ErrShape, maxColumns, s.MinColumns, s.MaxColumns)
	}
	if s.chosen() {
		if s.MaxLength < 1 || s.MaxLength > maxLength {
			return fmt.Errorf("%w: max_length: expected 1 to %d, or a length that follows from the columns, got %d", ErrShape, maxLength, s.MaxLength)
		}
		return nil
	}
	if s.MaxLength != 0 {
		return fmt.Errorf("%w: max_length: expected 0 if the length follows from the columns, got %d", ErrShape, s.MaxLength)
	}
	if n := s.Length(s.MaxColumns); n > uint64(maxLength) {
		return fmt.Errorf("%w: length at %d columns: expected at most %d, got %d", ErrShape, s.MaxColumns, maxLength, n)
	}
	return nil
}

// least and greatest are the lengths of the smallest and the greatest shape of a valid statement.
func (s Shape) least() uint32 { return uint32(max(s.Length(s.MinColumns), 1)) }

func (s Shape) greatest() uint32 { return uint32(max(s.Length(s.MaxColumns), uint64(s.MaxLength))) }
