package terms

import "fmt"

// Shape is which columns a program reads and how long its vector is.
type Shape struct {
	MinColumns      uint32
	MaxColumns      uint32
	LengthConstant  uint32
	LengthPerColumn uint32
	MaxLength       uint32
}

// Check reports whether a job of these columns and this length fits.
func (s Shape) Check(columns, length uint32) error {
	if columns < s.MinColumns || columns > s.MaxColumns {
		return fmt.Errorf("%d columns: expected %d to %d", columns, s.MinColumns, s.MaxColumns)
	}
	if s.Chosen() {
		if length < 1 || length > s.MaxLength {
			return fmt.Errorf("length %d: expected 1 to %d", length, s.MaxLength)
		}
		return nil
	}
	if want := s.Fixed(columns); uint64(length) != want {
		return fmt.Errorf("length %d: expected %d for %d columns", length, want, columns)
	}
	return nil
}

// Chosen reports whether the job chooses the length, up to MaxLength.
func (s Shape) Chosen() bool { return s.LengthConstant == 0 && s.LengthPerColumn == 0 }

// Fixed is the length that follows from the columns.
func (s Shape) Fixed(columns uint32) uint64 {
	return uint64(s.LengthConstant) + uint64(s.LengthPerColumn)*uint64(columns)
}
