package analysis

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/rows/fixedpoint"
)

type contingencySession struct {
	state
	table CrossTable
}

func newContingencySession(s state) (Session, error) {
	c := &contingencySession{state: s}
	length, err := c.encode()
	if err != nil {
		return nil, err
	}
	if err := c.shape(length, c.rowBits); err != nil {
		return nil, err
	}
	return c, nil
}

// encode makes the input of the only round, and returns the length of contingency's vector.
func (s *contingencySession) encode() (length int, err error) {
	s.maxRounds = 1
	axes, err := s.axes()
	if err != nil {
		return 0, err
	}
	s.job.Input, length, err = EncodeContingency([2]fixedpoint.Column(s.columns), axes)
	return length, err
}

func (s *contingencySession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	return s.take(sum, contributions)
}

// take reads contingency's vector, which ends the session.
func (s *contingencySession) take(sum []*big.Int, contributions int) error {
	t, err := DecodeContingency(s.job.Input, sum)
	if err != nil {
		return err
	}
	s.table = t
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

func (s *contingencySession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	t := s.table
	places := t.places(1)
	r.Table.Header = []string{s.job.Columns[0] + " \\ " + s.job.Columns[1]}
	for _, j := range places {
		r.Table.Header = append(r.Table.Header, t.label(1, j))
	}
	r.Table.Header = append(r.Table.Header, "total")
	totals := make([]*big.Int, len(places)+1)
	for j := range totals {
		totals[j] = new(big.Int)
	}
	for _, i := range t.places(0) {
		row, total := []string{t.label(0, i)}, new(big.Int)
		for at, j := range places {
			n := t.Counts[i][j]
			row = append(row, n.String())
			total.Add(total, n)
			totals[at].Add(totals[at], n)
		}
		totals[len(places)].Add(totals[len(places)], total)
		r.Table.Rows = append(r.Table.Rows, append(row, total.String()))
	}
	last := []string{"total"}
	for _, n := range totals {
		last = append(last, n.String())
	}
	r.Table.Rows = append(r.Table.Rows, last)

	statistic, freedom, least, n := t.chiSquare()
	r.fact("rows in bins", n.String())
	if statistic != nil {
		r.fact("chi-square", formatRat(statistic, Digits))
		r.fact("degrees of freedom", fmt.Sprint(freedom))
		// The root of chi-square / (n min(r - 1, c - 1)).
		v := new(big.Rat).SetInt(new(big.Int).Mul(n, big.NewInt(int64(least))))
		r.fact("Cramer's V", formatRat(sqrt(v.Quo(statistic, v)), Digits))
	}
	r.plot = func() []byte { return plotTable(s.job.Columns, t) }
	return r, nil
}
