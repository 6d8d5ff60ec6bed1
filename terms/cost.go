package terms

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/alita-network/alita/metering"
)

// BatchRows is the number of rows in a full batch, the most that a program reads at once. Every batch of a
// run but the last is full.
const BatchRows = metering.MaxBatchRows

// ErrOverflow means that a number of operations or an amount is too large.
var ErrOverflow = errors.New("overflow")

// Cost is a coefficient of a cost model, in operations: Constant + PerColumn * columns + PerSlot * length.
type Cost struct {
	Constant  uint64
	PerColumn uint64
	PerSlot   uint64
}

// CostModel says what a program's runs cost: Base + PerBatch * ceil(rows / BatchRows) + PerRow * rows.
type CostModel struct {
	Base     Cost
	PerBatch Cost
	PerRow   Cost
}

// Totals has the sums over several runs of a program.
type Totals struct {
	// Runs counts the runs, each over the rows of one record.
	Runs uint64
	// Rows is the sum of their rows, and Batches the sum of ceil(rows / BatchRows).
	Rows, Batches uint64
}

// Batches returns in how many batches a program reads rows: ceil(rows / BatchRows).
func Batches(rows uint64) uint64 {
	batches := rows / BatchRows
	if rows%BatchRows != 0 {
		batches++
	}
	return batches
}

// Operations returns what a run over rows costs with a number of columns and a vector of a length. The
// error is ErrOverflow if the value is 2^64 or more.
func (m CostModel) Operations(rows uint64, columns, length uint32) (uint64, error) {
	return m.TotalOperations(Totals{Runs: 1, Rows: rows, Batches: Batches(rows)}, columns, length)
}

// TotalOperations returns what several runs cost together: the sum of Operations over the runs. It is 0 for no
// run. The error is ErrOverflow if the value is 2^64 or more.
func (m CostModel) TotalOperations(t Totals, columns, length uint32) (uint64, error) {
	total, fits := uint64(0), true
	for _, part := range [...]struct {
		cost  Cost
		times uint64
	}{{m.Base, t.Runs}, {m.PerBatch, t.Batches}, {m.PerRow, t.Rows}} {
		for _, product := range [...][3]uint64{
			{part.times, part.cost.Constant, 1},
			{part.times, part.cost.PerColumn, uint64(columns)},
			{part.times, part.cost.PerSlot, uint64(length)},
		} {
			value, ok := multiply(product)
			sum, carry := bits.Add64(total, value, 0)
			total, fits = sum, fits && ok && carry == 0
		}
	}
	if !fits {
		return 0, fmt.Errorf("%w: operations of %d runs over %d rows, %d columns and %d slots: expected below 2^64, got more",
			ErrOverflow, t.Runs, t.Rows, columns, length)
	}
	return total, nil
}

// multiply returns the product of three factors and reports whether it fits 64 bits. No partial product counts
// if a factor is zero.
func multiply(factors [3]uint64) (uint64, bool) {
	if factors[0] == 0 || factors[1] == 0 || factors[2] == 0 {
		return 0, true
	}
	over, product := bits.Mul64(factors[0], factors[1])
	over2, product := bits.Mul64(product, factors[2])
	return product, over == 0 && over2 == 0
}

// AddOperations returns a + b. The error is ErrOverflow if the sum is 2^64 or more.
func AddOperations(a, b uint64) (uint64, error) {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return 0, fmt.Errorf("%w: operations: expected a sum below 2^64, got %d + %d", ErrOverflow, a, b)
	}
	return sum, nil
}
