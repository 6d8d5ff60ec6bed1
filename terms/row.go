package terms

import (
	"fmt"

	"github.com/alita-network/alita/metering"
)

// RowOperations returns what a row program is granted with a number of columns and a vector of a length: base for what it does once, before the
// first row, and row for each row, the host's work for it included. A run is billed base + rows * row, whatever was used. The error is ErrOverflow.
func (m CostModel) RowOperations(columns, length uint32) (base, row uint64, err error) {
	if base, err = m.TotalOperations(Totals{Runs: 1}, columns, length); err != nil {
		return 0, 0, err
	}
	row, err = m.TotalOperations(Totals{Rows: 1}, columns, length)
	return base, row, err
}

// ValidateRow checks what a row program states, in addition to Validate, against the form of its module: a batch costs nothing by itself, a window
// has room for every vector that it states, and a row is granted more than the host's own work for it in every shape. The errors are ErrCost,
// ErrShape and ErrOverflow.
func (p Program) ValidateRow(form metering.RowForm) error {
	if p.Cost.PerBatch != (Cost{}) {
		return fmt.Errorf("%w: per_batch of a row program: expected 0, it sees no batches", ErrCost)
	}
	if most := form.MaxSlots(); uint64(p.Shape.greatest()) > uint64(most) {
		return fmt.Errorf("%w: length of a row program: expected at most %d, the room in its window, got %d", ErrShape, most, p.Shape.greatest())
	}
	// Model and overhead are both linear, so the corners decide.
	for _, columns := range [...]uint32{p.Shape.MinColumns, p.Shape.MaxColumns} {
		lengths := []uint32{1, p.Shape.MaxLength}
		if !p.Shape.chosen() {
			lengths = []uint32{uint32(p.Shape.Length(columns))}
		}
		for _, length := range lengths {
			_, row, err := p.Cost.RowOperations(columns, length)
			if err != nil {
				return err
			}
			if least := form.Overhead(int(columns), int(length)); row <= least || row > metering.MaxOperations {
				return fmt.Errorf("%w: per_row of a row program with %d columns and %d slots: expected %d, which the host's work for a row costs, and more, at most %d; got %d",
					ErrCost, columns, length, least, uint64(metering.MaxOperations), row)
			}
		}
	}
	return nil
}
