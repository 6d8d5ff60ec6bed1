package programs

import (
	"errors"
	"fmt"
	"math/bits"
)

// BatchRows is the number of rows in a full batch.
const BatchRows = 1024

// ErrOverflow means that a number of operations does not fit 64 bits.
var ErrOverflow = errors.New("operations overflow")

// Cost is a coefficient of a cost model: Constant + PerColumn * columns + PerSlot * length.
type Cost struct {
	Constant, PerColumn, PerSlot uint64
}

// CostModel gives the operations of a run: Base + PerBatch * ceil(rows / 1024) + PerRow * rows.
type CostModel struct {
	Base, PerBatch, PerRow Cost
}

// Operations returns what a run over the given number of rows costs, with the given number of columns and slots.
func (m CostModel) Operations(rows, columns, length uint64) (uint64, error) {
	batches := rows / BatchRows
	if rows%BatchRows > 0 {
		batches++
	}
	var sum adder
	sum.coefficient(1, m.Base, columns, length)
	sum.coefficient(batches, m.PerBatch, columns, length)
	sum.coefficient(rows, m.PerRow, columns, length)
	if sum.overflow {
		return 0, fmt.Errorf("%w: %d rows, %d columns, %d slots", ErrOverflow, rows, columns, length)
	}
	return sum.total, nil
}

// adder sums products and notes an overflow.
type adder struct {
	total    uint64
	overflow bool
}

func (a *adder) coefficient(times uint64, c Cost, columns, length uint64) {
	a.product(times, c.Constant, 1)
	a.product(times, c.PerColumn, columns)
	a.product(times, c.PerSlot, length)
}

func (a *adder) product(x, y, z uint64) {
	over, xy := bits.Mul64(x, y)
	over2, xyz := bits.Mul64(xy, z)
	total, carry := bits.Add64(a.total, xyz, 0)
	a.overflow = a.overflow || (over != 0 && z != 0) || over2 != 0 || carry != 0
	a.total = total
}
