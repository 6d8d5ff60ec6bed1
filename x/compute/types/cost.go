package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
)

// BatchRows is the greatest number of rows that a program reads at once.
const BatchRows = terms.BatchRows

// Operations is what a run over rows costs in a shape:
// base + per_batch * ceil(rows / 1024) + per_row * rows. It fails with
// ErrOverflow where the value does not fit 64 bits.
func (m CostModel) Operations(rows uint64, columns, length uint32) (uint64, error) {
	operations, err := m.terms().Operations(rows, columns, length)
	return operations, overflow(err)
}

// TotalOperations is the sum of Operations over several runs. It fails with ErrOverflow if the value does not fit 64 bits.
func (m CostModel) TotalOperations(t terms.Totals, columns, length uint32) (uint64, error) {
	operations, err := m.terms().TotalOperations(t, columns, length)
	return operations, overflow(err)
}

func (m CostModel) terms() terms.CostModel {
	return terms.CostModel{Base: terms.Cost(m.Base), PerBatch: terms.Cost(m.PerBatch), PerRow: terms.Cost(m.PerRow)}
}

// overflow gives an error of arithmetic its code.
func overflow(err error) error {
	if err == nil {
		return nil
	}
	return errorsmod.Wrap(ErrOverflow, err.Error())
}
