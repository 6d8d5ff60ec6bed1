package analysis

import (
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
)

// Centre is what moments_row and linear_row take away from a column, in fixed-point units: Value from each cell, and Square from the square of what is
// left. With the middle of the column's range and half of its greatest square, a row's slots are smallest, and so is the noise that hides it.
type Centre struct {
	// Value is below 2^32, and Square at most 2^62.
	Value, Square uint64
}

// EncodeCentred returns the input of moments_row or linear_row, with a centre for each column.
func EncodeCentred(columns []fixedpoint.Column, centres []Centre) ([]byte, error) {
	if len(centres) != len(columns) {
		return nil, fmt.Errorf("%w: centres: expected %d, one for each column, got %d", ErrParameters, len(columns), len(centres))
	}
	input, err := fixedpoint.AppendHeader(nil, columns)
	if err != nil {
		return nil, err
	}
	for i, c := range centres {
		if c.Value >= 1<<32 || c.Square > 1<<62 {
			return nil, fmt.Errorf("%w: centre %d: expected a value below 2^32 and a square of at most 2^62, got %d and %d", ErrParameters, i, c.Value, c.Square)
		}
		input = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(input, c.Value), c.Square)
	}
	return input, nil
}

// NewRowSession returns a session of one round for a row program. The input is the header of the columns and the program's own bytes; the ranges are
// those of the slots, microRho is what a row may disclose (0 without noise), and the result lists the sums, which may be negative. The slots have room
// for DefaultMaxRows rows of an owner.
func NewRowSession(name string, code []byte, columns []Column, own []byte, ranges terms.Ranges, microRho uint64) (Session, error) {
	length := ranges.Length()
	if length < 1 || length > 1<<20 {
		return nil, fmt.Errorf("%w: slots of all ranges: expected 1 to %d, got %d", ErrParameters, 1<<20, length)
	}
	s, err := NewForeignSession(name, code, columns, own, int(length))
	if err != nil {
		return nil, err
	}
	foreign := s.(*foreignSession)
	foreign.program.Row = true
	foreign.job.Ranges, foreign.job.MicroRho = ranges, microRho
	if err := ranges.Validate(uint32(length), microRho); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrParameters, err)
	}
	bits, err := ranges.Bits(DefaultMaxRows)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrParameters, err)
	}
	foreign.job.Bits = int(bits)
	return &rowSession{foreignSession: foreign}, nil
}

// rowSession is a session over a row program.
type rowSession struct {
	*foreignSession
}

// Advance takes the sum of the rows of all owners, as terms.SecureSum.Reveal gives it.
func (s *rowSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	s.sum = append([]*big.Int(nil), sum...)
	s.advance(Round{Contributions: contributions}, true)
	return nil
}
