package programs

import "fmt"

// ShapeRule says which shapes of a job a program accepts.
type ShapeRule struct {
	// MinColumns and MaxColumns bound the number of columns.
	MinColumns, MaxColumns int
	// LengthPerColumn gives the number of slots where it follows from the columns; 0 where the job chooses it.
	LengthPerColumn int
	// MinLength and MaxLength bound the number of slots where the job chooses it.
	MinLength, MaxLength int
}

// Length returns the number of slots for a number of columns, 0 where the job chooses it.
func (s ShapeRule) Length(columns int) int { return s.LengthPerColumn * columns }

// Check tells whether a job of the given shape is accepted.
func (s ShapeRule) Check(columns, length int) error {
	if columns < s.MinColumns || columns > s.MaxColumns {
		return fmt.Errorf("%w: %d columns, it should be %d to %d", ErrShape, columns, s.MinColumns, s.MaxColumns)
	}
	if s.LengthPerColumn > 0 {
		if want := s.Length(columns); length != want {
			return fmt.Errorf("%w: %d slots, it should be %d for %d columns", ErrShape, length, want, columns)
		}
		return nil
	}
	if length < s.MinLength || length > s.MaxLength {
		return fmt.Errorf("%w: %d slots, it should be %d to %d", ErrShape, length, s.MinLength, s.MaxLength)
	}
	return nil
}
