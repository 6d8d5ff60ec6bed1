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
	model := terms.CostModel{Base: terms.Cost(m.Base), PerBatch: terms.Cost(m.PerBatch), PerRow: terms.Cost(m.PerRow)}
	operations, err := model.Operations(rows, columns, length)
	return operations, overflow(err)
}

// overflow gives an error of arithmetic its code.
func overflow(err error) error {
	if err == nil {
		return nil
	}
	return errorsmod.Wrap(ErrOverflow, err.Error())
}
