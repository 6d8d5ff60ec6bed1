package analysis

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
)

// NewForeignSession returns a session of one round for a program that does not ship here. The input is the header of the columns and
// the program's own bytes; the result lists the slots.
func NewForeignSession(name string, code []byte, columns []Column, own []byte, length int) (Session, error) {
	if length < 1 {
		return nil, fmt.Errorf("%w: slots: expected at least 1, got %d", ErrParameters, length)
	}
	s := &foreignSession{state: state{
		program: programs.Program{
			Name: name, Code: code, Hash: terms.ProgramID(code), Kind: terms.VectorSum, Bits: 63,
			Shape: programs.ShapeRule{MinColumns: len(columns), MaxColumns: len(columns), MinLength: length, MaxLength: length},
		},
		maxRounds: 1,
	}}
	for _, c := range columns {
		if err := c.labelled(false); err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		s.columns = append(s.columns, c.Fixed())
		s.job.Columns = append(s.job.Columns, c.Name)
	}
	header, err := fixedpoint.AppendHeader(nil, s.columns)
	if err != nil {
		return nil, err
	}
	s.job.Input = slices.Concat(header, own)
	if err := s.shape(length, 63); err != nil {
		return nil, err
	}
	return s, nil
}

type foreignSession struct {
	state
	sum []*big.Int
}

func (s *foreignSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	s.sum = append([]*big.Int(nil), sum...)
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

func (s *foreignSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"slot", "sum"}
	for i, v := range s.sum {
		r.Table.Rows = append(r.Table.Rows, []string{strconv.Itoa(i), v.String()})
	}
	s.codes(&r)
	return r, nil
}
