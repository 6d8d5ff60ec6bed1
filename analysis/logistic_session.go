package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/alita-network/alita/programs"
)

const (
	// maxLogisticBits bounds the predictors: below 2^52 every integer and its sum with a shift is a float64.
	maxLogisticBits = 51
	// newtonTolerance is the square of the Newton decrement: a smaller one ends the session.
	newtonTolerance = 1e-12
)

type logisticSession struct {
	state
	step LogisticStep
	sums NewtonSums // of the last round
	last Newton     // from the last round
	null float64    // log-likelihood of the intercept alone, from the first round
	// A step that goes too far falls back to best, the best coefficients so far. bestLoss is their loss, over bestRows rows of bestCount
	// contributions: losses over other rows do not compare.
	best      []float64
	bestLoss  float64
	bestRows  string
	bestCount int
}

func newLogisticSession(st state) (Session, error) {
	s := &logisticSession{state: st}
	if s.maxRounds == 0 {
		s.maxRounds = 25
	}
	if s.columns[0].Bits != 1 || s.columns[0].Offset != 0 || s.columns[0].Decimals != 0 {
		return nil, fmt.Errorf("column %q: %w: offset, decimals and bits of a response of 0 or 1: expected 0, 0 and 1, got %d, %d and %d",
			s.job.Columns[0], ErrParameters, s.columns[0].Offset, s.columns[0].Decimals, s.columns[0].Bits)
	}
	// A row adds at most 2^fraction bits, so this many and one for the sign.
	s.step.FractionBits = min(40, 61-s.rowBits)
	s.step.SlotBits = s.step.FractionBits + s.rowBits + 1
	for i, c := range s.parameters.Columns[1:] {
		p, err := predictor(c)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", s.job.Columns[i+1], err)
		}
		s.step.Predictors = append(s.step.Predictors, p)
	}
	s.step.Beta = make([]float64, len(s.columns))
	if err := s.encode(); err != nil {
		return nil, err
	}
	return s, s.shape(s.program.Shape.Length(len(s.columns)), s.step.SlotBits)
}

// predictor chooses the scale so that z is at most 1 for every value of the column.
func predictor(c Column) (Predictor, error) {
	if c.Bits > maxLogisticBits {
		return Predictor{}, fmt.Errorf("%w: bits: expected at most %d, got %d", ErrParameters, maxLogisticBits, c.Bits)
	}
	if c.Log == "" {
		return Predictor{Scale: math.Ldexp(1, -int(c.Bits))}, nil
	}
	a, err := parseDecimal("log", c.Log)
	if err != nil {
		return Predictor{}, err
	}
	// value + a = (integer + (offset + a) 10^decimals) / 10^decimals
	shift := new(big.Rat).Quo(a.Add(a, new(big.Rat).SetInt64(c.Offset)), unit(c.Fixed()))
	if !shift.IsInt() || shift.Sign() <= 0 || shift.Num().Cmp(big.NewInt(programs.MaxLogShift)) > 0 {
		return Predictor{}, fmt.Errorf("%w: offset + log: expected a multiple of 10^-%d, above 0 and at most 2^40 of them, got %d + %s", ErrParameters, c.Decimals, c.Offset, c.Log)
	}
	most := math.Ldexp(1, int(c.Bits)) + float(shift)
	return Predictor{Shift: shift.Num().Uint64(), Scale: 1 / math.Log(most)}, nil
}

func (s *logisticSession) encode() (err error) {
	s.job.Input, _, err = EncodeLogistic(s.columns, s.step)
	return err
}

func (s *logisticSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	sums, err := DecodeLogistic(s.job.Input, sum, contributions)
	if err != nil {
		return err
	}
	newton, err := sums.Solve()
	var dependent *singular
	if errors.As(err, &dependent) {
		return fmt.Errorf("%w: %s, or the response is 0 or 1 throughout on one side of it", ErrSingular, dependence(s.job.Columns, dependent.index))
	}
	if err != nil {
		return err
	}
	if len(s.rounds) == 0 {
		s.null = nullLogLikelihood(sums)
	}
	s.sums, s.last = sums, newton
	loss := -newton.LogLikelihood
	round := Round{Contributions: contributions, Loss: loss, LossName: "-log-likelihood"}

	// For a concave function Newton's step has the right direction. If it went too far, go back by half. Losses can be compared
	// only if they are over the same rows.
	comparable := s.best != nil && s.bestRows == sums.Rows.String() && s.bestCount == contributions
	if comparable && loss > s.bestLoss+1e-9*(1+s.bestLoss) {
		for i := range s.step.Beta {
			s.step.Beta[i] = (s.step.Beta[i] + s.best[i]) / 2
		}
		round.Note = "the step went too far, back by half"
		s.advance(round, false)
		return s.encode()
	}
	s.best, s.bestLoss, s.bestRows, s.bestCount = append([]float64(nil), s.step.Beta...), loss, sums.Rows.String(), contributions
	for i, d := range newton.Delta {
		next := s.step.Beta[i] + d
		s.step.Beta[i] = math.Max(-programs.MaxCoefficient, math.Min(programs.MaxCoefficient, next))
	}
	round.Note = fmt.Sprintf("Newton decrement %.3g", math.Sqrt(math.Max(newton.Decrement2, 0)))
	s.advance(round, newton.Decrement2 <= newtonTolerance)
	if s.done {
		return nil
	}
	return s.encode()
}

// nullLogLikelihood is the log-likelihood of a model of an intercept alone, from sums at coefficients 0: there the gradient of the intercept is
// the sum of y - 1/2.
func nullLogLikelihood(s NewtonSums) float64 {
	n := float(new(big.Rat).SetInt(s.Rows))
	p := 0.5 + float(new(big.Rat).SetInt(s.Gradient[0]))/math.Ldexp(n, s.Step.FractionBits)
	term := func(p float64) float64 {
		if p <= 0 {
			return 0
		}
		return p * math.Log(p)
	}
	return n * (term(p) + term(1-p))
}

// coefficients returns estimates and their covariance in the units of the columns, the intercept first.
func (s *logisticSession) coefficients() (estimates []float64, covariance [][]float64) {
	k := len(s.columns)
	// Row j of this matrix makes coefficient j from the coefficients of the z.
	m := make([][]float64, k)
	for j := range m {
		m[j] = make([]float64, k)
	}
	m[0][0] = 1
	for j, p := range s.step.Predictors {
		c := s.columns[j+1]
		if p.Shift == 0 {
			// z = scale (x - offset) / unit
			slope := p.Scale * math.Pow10(int(c.Decimals))
			m[j+1][j+1], m[0][j+1] = slope, -slope*float64(c.Offset)
		} else {
			// z = scale (ln(x + a) + decimals ln 10)
			m[j+1][j+1], m[0][j+1] = p.Scale, p.Scale*float64(c.Decimals)*math.Ln10
		}
	}
	estimates, covariance = make([]float64, k), make([][]float64, k)
	for i := range k {
		covariance[i] = make([]float64, k)
		for a := range k {
			estimates[i] += m[i][a] * s.step.Beta[a]
			for j := range k {
				for b := range k {
					covariance[i][j] += m[i][a] * s.last.Covariance[a][b] * m[j][b]
				}
			}
		}
	}
	return estimates, covariance
}

// name is the name of a coefficient.
func (s *logisticSession) name(i int) string {
	if i == 0 {
		return "(intercept)"
	}
	if a := s.parameters.Columns[i].Log; a != "" {
		return "ln(" + s.term(i) + " + " + a + ")"
	}
	return s.term(i)
}

func (s *logisticSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	estimates, covariance := s.coefficients()
	r.Table.Header = []string{"term", "estimate", "standard error", "z"}
	var bars []estimate
	for i, e := range estimates {
		name := s.name(i)
		se := math.Sqrt(covariance[i][i])
		r.Table.Rows = append(r.Table.Rows, []string{name, formatFloat(e), formatFloat(se), fmt.Sprintf("%.6g", e/se)})
		bars = append(bars, estimate{name, e / se})
	}
	// The last step gains half the square of the Newton decrement.
	ll := s.last.LogLikelihood + s.last.Decrement2/2
	r.fact("response", s.term(0))
	s.codes(&r)
	r.fact("rows", s.sums.Rows.String())
	r.fact("rows left out, a cell is missing", s.sums.LeftOut.String())
	r.fact("log-likelihood", formatFloat(ll))
	r.fact("log-likelihood of the intercept alone", formatFloat(s.null))
	if s.null < 0 {
		r.fact("McFadden's R-squared", formatFloat(1-ll/s.null))
	}
	rounds := r.Rounds
	r.plot = func() []byte {
		return stack(plotEstimates(s.term(0), bars), plotLoss(rounds))
	}
	return r, nil
}
