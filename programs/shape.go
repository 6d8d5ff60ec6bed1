package programs

import "fmt"

// ShapeRule says which shapes of a job a program accepts.
type ShapeRule struct {
	// MinColumns and MaxColumns bound the number of columns.
	MinColumns, MaxColumns int
	// LengthPerColumn is the number of slots for each column; 0 if another rule holds.
	LengthPerColumn int
	// Pairs gives the number of slots if it follows from the columns and their pairs.
	Pairs PairRule
	// Groups gives the possible numbers of slots if they come in groups.
	Groups GroupRule
	// MinLength and MaxLength bound the number of slots if the job chooses it.
	MinLength, MaxLength int
}

// PairRule is Constant + PerColumn * k + PerPair * k (k + 1) / 2 slots for k columns; the zero value is no rule.
type PairRule struct {
	Constant, PerColumn, PerPair int
}

// GroupRule is Constant slots and one or more groups of Size + PerColumn * k slots for k columns; the zero value is no rule.
type GroupRule struct {
	Constant, Size, PerColumn int
}

func (g GroupRule) size(columns int) int { return g.Size + g.PerColumn*columns }

// Length returns the number of slots for a number of columns and of groups.
func (g GroupRule) Length(columns, groups int) int { return g.Constant + groups*g.size(columns) }

// Length returns the number of slots for a number of columns, 0 if the job chooses it.
func (s ShapeRule) Length(columns int) int {
	if s.Pairs != (PairRule{}) {
		return s.Pairs.Constant + s.Pairs.PerColumn*columns + s.Pairs.PerPair*columns*(columns+1)/2
	}
	return s.LengthPerColumn * columns
}

// Check returns ErrShape if a job of the given shape is not accepted.
func (s ShapeRule) Check(columns, length int) error {
	if columns < s.MinColumns || columns > s.MaxColumns {
		return fmt.Errorf("%w: columns: expected %d to %d, got %d", ErrShape, s.MinColumns, s.MaxColumns, columns)
	}
	if want := s.Length(columns); want > 0 {
		if length != want {
			return fmt.Errorf("%w: slots: expected %d for %d columns, got %d", ErrShape, want, columns, length)
		}
		return nil
	}
	if length < s.MinLength || length > s.MaxLength {
		return fmt.Errorf("%w: slots: expected %d to %d, got %d", ErrShape, s.MinLength, s.MaxLength, length)
	}
	if g := s.Groups; g != (GroupRule{}) {
		if rest := length - g.Constant; rest < g.size(columns) || rest%g.size(columns) != 0 {
			return fmt.Errorf("%w: slots: expected %d and a multiple of %d for %d columns, got %d",
				ErrShape, g.Constant, g.size(columns), columns, length)
		}
	}
	return nil
}
