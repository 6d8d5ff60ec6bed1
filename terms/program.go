package terms

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
)

// ErrCost means that a cost model bills nothing for a run that executes something.
var ErrCost = errors.New("invalid cost model")

// Program has what a program states about itself. Everybody judges its jobs by that.
type Program struct {
	// Kind says how the slots of its vector behave.
	Kind VectorKind
	// Bits is the width of a slot: below 2^Bits.
	Bits uint32
	// Row reports whether it is a row program: it sees one row at a time, and the host bounds what each adds.
	Row bool
	// Shape says which jobs it accepts, Cost what they cost.
	Shape Shape
	Cost  CostModel
}

// Validate checks the statement, for jobs of at most that many columns and that length. The errors are ErrVector, ErrShape, ErrCost,
// and ErrOverflow if the model does not fit 64 bits at the greatest shape and 2^32-1 rows.
func (p Program) Validate(maxColumns, maxLength uint32) error {
	if err := p.validateVector(); err != nil {
		return err
	}
	if err := p.Shape.validate(maxColumns, maxLength); err != nil {
		return err
	}
	smallest, err := p.Cost.Operations(0, p.Shape.MinColumns, p.Shape.least())
	if err != nil {
		return fmt.Errorf("cost model at the smallest shape: %w", err)
	}
	if smallest == 0 {
		return fmt.Errorf("%w: base: expected at least 1 operation, a run without rows executes some; got 0", ErrCost)
	}
	if _, err := p.Cost.Operations(math.MaxUint32, p.Shape.MaxColumns, p.Shape.greatest()); err != nil {
		return fmt.Errorf("cost model at the greatest shape: %w", err)
	}
	return nil
}

// ProgramID returns the id of a program: the SHA-256 of its code, in lower-case hexadecimal.
func ProgramID(code []byte) string {
	sum := sha256.Sum256(code)
	return hex.EncodeToString(sum[:])
}
