package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
)

// CostModelOf returns a cost model as messages carry it.
func CostModelOf(m terms.CostModel) CostModel {
	return CostModel{Base: Cost(m.Base), PerBatch: Cost(m.PerBatch), PerRow: Cost(m.PerRow)}
}

func (m CostModel) terms() terms.CostModel {
	return terms.CostModel{Base: terms.Cost(m.Base), PerBatch: terms.Cost(m.PerBatch), PerRow: terms.Cost(m.PerRow)}
}

// Operations returns what a run over rows costs in a shape. The error is ErrOverflow.
func (m CostModel) Operations(rows uint64, columns, length uint32) (uint64, error) {
	operations, err := m.terms().Operations(rows, columns, length)
	return operations, overflow(err)
}

// TotalOperations returns the sum of Operations over several runs. The error is ErrOverflow.
func (m CostModel) TotalOperations(t terms.Totals, columns, length uint32) (uint64, error) {
	operations, err := m.terms().TotalOperations(t, columns, length)
	return operations, overflow(err)
}

// overflow gives an error of arithmetic its code.
func overflow(err error) error {
	if err == nil {
		return nil
	}
	return errorsmod.Wrap(ErrOverflow, err.Error())
}
