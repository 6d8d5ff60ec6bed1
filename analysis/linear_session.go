package analysis

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/programs"
)

type linearSession struct {
	state
	left *big.Int
	fit  LeastSquares
}

func newLinearSession(s state) (Session, error) {
	s.maxRounds = 1
	most := 0
	for i, c := range s.columns {
		if c.Bits > programs.MaxLinearBits {
			return nil, fmt.Errorf("column %q: %w: bits: expected at most %d, got %d", s.job.Columns[i], ErrParameters, programs.MaxLinearBits, c.Bits)
		}
		most = max(most, 2*int(c.Bits))
	}
	slotBits := (most + s.rowBits + 1) / 2
	input, length, err := EncodeLinear(s.columns, slotBits)
	if err != nil {
		return nil, err
	}
	s.job.Input = input
	if err := s.shape(length, slotBits); err != nil {
		return nil, err
	}
	return &linearSession{state: s}, nil
}

func (s *linearSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	products, err := DecodeLinear(s.job.Input, sum)
	if err != nil {
		return err
	}
	fit, err := products.Fit(s.columns)
	var dependent *singular
	if errors.As(err, &dependent) {
		return fmt.Errorf("%w: %s", ErrSingular, dependence(s.job.Columns, dependent.index))
	}
	if err != nil {
		return err
	}
	s.left, s.fit = products.LeftOut, fit
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

// dependence says in words which coefficient follows from the ones before it.
func dependence(names []string, index int) string {
	if index == 0 {
		return "there are no rows"
	}
	return fmt.Sprintf("column %q is a combination of the intercept and the columns before it", names[index])
}

func (s *linearSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"term", "estimate", "standard error", "t"}
	var bars []estimate
	for i, c := range s.fit.Coefficients {
		name := "(intercept)"
		if i > 0 {
			name = s.term(i)
		}
		row := []string{name, formatRat(c.Estimate, Digits), "", ""}
		if c.StandardError != nil {
			row[2] = formatRat(c.StandardError, Digits)
			if c.StandardError.Sign() > 0 {
				t := new(big.Rat).Quo(c.Estimate, c.StandardError)
				row[3] = formatRat(t, 6)
				bars = append(bars, estimate{name, float(t)})
			}
		}
		r.Table.Rows = append(r.Table.Rows, row)
	}
	optional := func(name string, x *big.Rat) {
		if x != nil {
			r.fact(name, formatRat(x, Digits))
		}
	}
	r.fact("response", s.term(0))
	s.codes(&r)
	r.fact("rows", s.fit.Rows.String())
	r.fact("rows left out, a cell is missing", s.left.String())
	r.fact("degrees of freedom", s.fit.Freedom.String())
	optional("residual standard deviation", s.fit.ResidualSD)
	optional("R-squared", s.fit.RSquared)
	optional("F", s.fit.F)
	optional("residual sum of squares", s.fit.ResidualSquares)
	if len(bars) > 0 {
		r.plot = func() []byte { return plotEstimates(s.term(0), bars) }
	}
	return r, nil
}
