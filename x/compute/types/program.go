package types

import (
	"errors"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
)

const (
	// MaxColumns bounds the columns of a job.
	MaxColumns = 64
	// MaxBits is the width of the widest slot of a vector: a slot is below 2^63, so that it fits an int64.
	MaxBits = terms.MaxBits
)

// Terms returns what the program states about itself.
func (p Program) Terms() terms.Program {
	return terms.Program{
		Kind: terms.VectorKind(p.Kind), Bits: p.Bits, Row: p.Row, Shape: terms.Shape(p.Shape), Cost: p.Cost.terms(),
	}
}

// Validate checks what a program states about itself; its code is checked apart.
func (p Program) Validate(params Params) error {
	if err := nameRule.Check(p.Name); err != nil {
		return errorsmod.Wrapf(ErrInvalidProgram, "name: %s", err)
	}
	if err := descriptionRule.Check(p.Description); err != nil {
		return errorsmod.Wrapf(ErrInvalidProgram, "description: %s", err)
	}
	err := p.Terms().Validate(MaxColumns, params.MaxVectorLength)
	switch {
	case errors.Is(err, terms.ErrOverflow):
		return overflow(err)
	case err != nil:
		return errorsmod.Wrap(ErrInvalidProgram, err.Error())
	}
	return nil
}

// ValidateRow checks what a row program states against the form of its code, in addition to Validate.
func (p Program) ValidateRow(form metering.RowForm, params Params) error {
	// Some statements, such as the kind, are right for a program that takes batches only.
	if err := p.Validate(params); err != nil {
		return err
	}
	switch err := p.Terms().ValidateRow(form); {
	case errors.Is(err, terms.ErrOverflow):
		return overflow(err)
	case err != nil:
		return errorsmod.Wrap(ErrInvalidProgram, err.Error())
	}
	return nil
}

// CheckRows checks that a record of that many rows can contribute to a job over the program. The error is ErrWrongRecord.
func (p Program) CheckRows(rows uint64) error {
	if err := terms.VectorKind(p.Kind).CheckRows(rows); err != nil {
		return errorsmod.Wrap(ErrWrongRecord, err.Error())
	}
	return nil
}

// Check checks that a job of these columns and this length fits. The error is ErrInvalidShape.
func (s Shape) Check(columns, length uint32) error {
	if err := terms.Shape(s).Check(columns, length); err != nil {
		return errorsmod.Wrap(ErrInvalidShape, err.Error())
	}
	return nil
}
