package analysis

import "math/big"

type momentsSession struct {
	state
	all []Moments
}

func newMomentsSession(s state) (Session, error) {
	s.maxRounds = 1
	s.job.Input = s.header
	most := 0
	for _, c := range s.columns {
		most = max(most, 2*int(c.Bits)+s.rowBits)
	}
	if err := s.shape(s.program.Shape.Length(len(s.columns)), most); err != nil {
		return nil, err
	}
	return &momentsSession{state: s}, nil
}

func (s *momentsSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	all, err := DecodeMoments(s.job.Input, sum)
	if err != nil {
		return err
	}
	s.all = all
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

func (s *momentsSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	if r.Table, err = MomentsTable(s.terms(), s.all, s.columns); err != nil {
		return Result{}, err
	}
	// The standard error of the mean: the root of variance / n.
	r.Table.Header = append(r.Table.Header, "se_mean")
	for i, m := range s.all {
		cell := ""
		if m.Variance != nil {
			cell = formatRat(sqrt(new(big.Rat).Quo(m.Variance, new(big.Rat).SetInt(m.Count))), Digits)
		}
		r.Table.Rows[i] = append(r.Table.Rows[i], cell)
	}
	s.codes(&r)
	return r, nil
}
