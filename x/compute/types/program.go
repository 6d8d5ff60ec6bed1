package types

import (
	"math"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
)

const (
	// MaxColumns bounds the columns of a job.
	MaxColumns = 64
	// MaxBits bounds the slots of a vector: below 2^63, so that each is a non-negative int64.
	MaxBits = 63
)

// Validate checks what a program states about itself; its code is checked apart.
func (p Program) Validate(params Params) error {
	if err := validateLine(p.Name, 1, MaxNameRunes); err != nil {
		return errorsmod.Wrapf(ErrInvalidProgram, "name: %s", err)
	}
	if err := validateText(p.Description, MaxDescriptionBytes); err != nil {
		return errorsmod.Wrapf(ErrInvalidProgram, "description: %s", err)
	}
	if p.Kind != VECTOR_KIND_SUM && p.Kind != VECTOR_KIND_HISTOGRAM {
		return errorsmod.Wrapf(ErrInvalidProgram, "kind %s: expected %s or %s", p.Kind, VECTOR_KIND_SUM, VECTOR_KIND_HISTOGRAM)
	}
	if p.Bits < 1 || p.Bits > MaxBits {
		return errorsmod.Wrapf(ErrInvalidProgram, "bits %d: expected 1 to %d", p.Bits, MaxBits)
	}
	if p.Sensitivity > 0 && p.Kind != VECTOR_KIND_HISTOGRAM {
		return errorsmod.Wrapf(ErrInvalidProgram, "sensitivity %d: expected 0 for %s, noise is for %s", p.Sensitivity, p.Kind, VECTOR_KIND_HISTOGRAM)
	}
	if err := p.Shape.validate(params); err != nil {
		return err
	}
	return p.validateCost()
}

// validateCost refuses models that cost nothing, and those that overflow at the
// program's greatest shape with 2^32 rows.
func (p Program) validateCost() error {
	smallest, err := p.Cost.Operations(0, p.Shape.MinColumns, p.Shape.leastLength())
	if err != nil {
		return errorsmod.Wrap(err, "cost model at the smallest shape")
	}
	if smallest == 0 {
		return errorsmod.Wrap(ErrInvalidProgram, "cost model: expected at least one operation in base, a run without rows executes some")
	}
	if _, err := p.Cost.Operations(math.MaxUint32, p.Shape.MaxColumns, p.Shape.greatestLength()); err != nil {
		return errorsmod.Wrap(err, "cost model at the greatest shape and 2^32-1 rows")
	}
	return nil
}

func (s Shape) validate(params Params) error {
	if s.MinColumns < 1 || s.MinColumns > s.MaxColumns || s.MaxColumns > MaxColumns {
		return errorsmod.Wrapf(ErrInvalidProgram, "columns %d to %d: expected 1 to %d, the smaller first", s.MinColumns, s.MaxColumns, MaxColumns)
	}
	if s.chosen() {
		if s.MaxLength < 1 || s.MaxLength > params.MaxVectorLength {
			return errorsmod.Wrapf(ErrInvalidProgram, "max_length %d: expected 1 to %d, or a length that follows from the columns", s.MaxLength, params.MaxVectorLength)
		}
		return nil
	}
	if s.MaxLength != 0 {
		return errorsmod.Wrapf(ErrInvalidProgram, "max_length %d: expected 0 where the length follows from the columns", s.MaxLength)
	}
	if n := s.fixed(s.MaxColumns); n > uint64(params.MaxVectorLength) {
		return errorsmod.Wrapf(ErrInvalidProgram, "length %d at %d columns: expected at most %d", n, s.MaxColumns, params.MaxVectorLength)
	}
	return nil
}

// Check reports whether a job of these columns and this length fits (ErrInvalidShape).
func (s Shape) Check(columns, length uint32) error {
	if err := terms.Shape(s).Check(columns, length); err != nil {
		return errorsmod.Wrap(ErrInvalidShape, err.Error())
	}
	return nil
}

// Length is the length that follows from the columns, or zero where the job chooses it.
func (s Shape) Length(columns uint32) uint64 {
	if s.chosen() {
		return 0
	}
	return s.fixed(columns)
}

func (s Shape) chosen() bool { return terms.Shape(s).Chosen() }

func (s Shape) fixed(columns uint32) uint64 { return terms.Shape(s).Fixed(columns) }

func (s Shape) leastLength() uint32 {
	if s.chosen() {
		return 1
	}
	return uint32(s.fixed(s.MinColumns))
}

func (s Shape) greatestLength() uint32 {
	if s.chosen() {
		return s.MaxLength
	}
	return uint32(s.fixed(s.MaxColumns))
}
