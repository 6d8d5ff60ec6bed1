// Package terms is what the chain and a worker must agree on about jobs: whether a job fits a program, what a run
// costs, and how programs and results are named. It knows no store, no transaction and no protobuf message.
package terms

import (
	"fmt"
	"math/bits"
)

// BatchRows is the greatest number of rows that a program reads at once.
const BatchRows = 1024

// Cost is a coefficient of a cost model, in operations.
type Cost struct {
	Constant  uint64
	PerColumn uint64
	PerSlot   uint64
}

// CostModel is what a program's runs cost.
type CostModel struct {
	Base     Cost
	PerBatch Cost
	PerRow   Cost
}

// At is the coefficient for a shape: constant + per_column * columns + per_slot * length.
// It fails where the value does not fit 64 bits.
func (c Cost) At(columns, length uint32) (uint64, error) {
	byColumn, err := mul(c.PerColumn, uint64(columns))
	if err != nil {
		return 0, err
	}
	bySlot, err := mul(c.PerSlot, uint64(length))
	if err != nil {
		return 0, err
	}
	sum, err := AddOperations(c.Constant, byColumn)
	if err != nil {
		return 0, err
	}
	return AddOperations(sum, bySlot)
}

// Totals is what several runs of a program add up to.
type Totals struct {
	// Runs counts the runs, each over the rows of one record.
	Runs uint64
	// Rows is the sum of their rows, and Batches the sum of ceil(rows / 1024).
	Rows, Batches uint64
}

// Batches returns in how many batches a program reads rows: ceil(rows / 1024).
func Batches(rows uint64) uint64 {
	batches := rows / BatchRows
	if rows%BatchRows != 0 {
		batches++
	}
	return batches
}

// Operations is what a run over rows costs in a shape:
// base + per_batch * ceil(rows / 1024) + per_row * rows. It fails where the value does not fit 64 bits.
func (m CostModel) Operations(rows uint64, columns, length uint32) (uint64, error) {
	return m.TotalOperations(Totals{Runs: 1, Rows: rows, Batches: Batches(rows)}, columns, length)
}

// TotalOperations is what several runs cost together in a shape: base * runs + per_batch * batches + per_row * rows,
// the sum of Operations over the runs. It is 0 for no run. It fails if the value does not fit 64 bits.
func (m CostModel) TotalOperations(t Totals, columns, length uint32) (uint64, error) {
	if t.Runs == 0 {
		return 0, nil
	}
	var total uint64
	for _, part := range []struct {
		cost  Cost
		times uint64
	}{{m.Base, t.Runs}, {m.PerBatch, t.Batches}, {m.PerRow, t.Rows}} {
		each, err := part.cost.At(columns, length)
		if err != nil {
			return 0, err
		}
		product, err := mul(each, part.times)
		if err != nil {
			return 0, err
		}
		if total, err = AddOperations(total, product); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// AddOperations is a + b. It fails where the value does not fit 64 bits.
func AddOperations(a, b uint64) (uint64, error) {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return 0, fmt.Errorf("%d + %d operations: expected below 2^64", a, b)
	}
	return sum, nil
}

func mul(a, b uint64) (uint64, error) {
	high, low := bits.Mul64(a, b)
	if high != 0 {
		return 0, fmt.Errorf("%d * %d operations: expected below 2^64", a, b)
	}
	return low, nil
}
