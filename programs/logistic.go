package programs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/alita-network/alita/rows/fixedpoint"
)

func logistic() Program {
	return Program{
		Name:        "logistic",
		Description: "One Newton step of a logistic regression: gradient, information and log-likelihood. The first column is the response, 0 or 1.",
		Code:        logisticCode,
		Hash:        "96ead33a06989564564384ad8a8cd7ea0301fbefe2a8d47166dd176cd7229572",
		Kind:        Sum,
		Bits:        62,
		Shape: ShapeRule{
			MinColumns: 2, MaxColumns: 64, Pairs: PairRule{Constant: 3, PerColumn: 1, PerPair: 1}, MinLength: 8, MaxLength: 64*65/2 + 67,
		},
		Cost: CostModel{
			Base:     Cost{Constant: 1591, PerColumn: 59, PerSlot: 14},
			PerBatch: Cost{Constant: 7, PerColumn: 257, PerSlot: 21},
			PerRow:   Cost{Constant: 72, PerColumn: 211, PerSlot: 21},
		},
	}
}

const (
	// maxLogShift bounds what is added before a logarithm, maxBeta the size of a coefficient and of a scale.
	maxLogShift = 1 << 40
	maxBeta     = 1 << 40
	// maxLogisticBits bounds the predictors: below 2^52 every integer and its sum with a shift is a float64.
	maxLogisticBits = 51
	// lossShift is by how many bits the loss is coarser than the other sums: a row's loss is at most 40.7, below 2^6.
	lossShift = 6
	// newtonTolerance is the square of the Newton decrement at which the step that it belongs to is the last.
	newtonTolerance = 1e-12
)

// Predictor says how a column enters a logistic regression: z = min(1, v Scale) with v the integer, or ln(integer + Shift) if Shift is not 0.
type Predictor struct {
	Shift uint64
	Scale float64
}

// LogisticStep is the program's part of an input of logistic.
type LogisticStep struct {
	// FractionBits are those of the sums, 8 to 46, SlotBits those of a slot, 9 to 62.
	FractionBits, SlotBits int
	// Predictors are for all columns but the first.
	Predictors []Predictor
	// Beta has the coefficients: of the intercept, then of the predictors' z.
	Beta []float64
}

func (l LogisticStep) check(columns int) error {
	bad := func(what string, v any) error { return fmt.Errorf("%w: %s %v", ErrShape, what, v) }
	switch {
	case l.FractionBits < 8 || l.FractionBits > 46:
		return bad("fraction bits should be 8 to 46, not", l.FractionBits)
	case l.SlotBits < 9 || l.SlotBits > 62:
		return bad("slot bits should be 9 to 62, not", l.SlotBits)
	case len(l.Predictors) != columns-1 || len(l.Beta) != columns:
		return bad("predictors and coefficients should be one fewer than columns and as many, not", []int{len(l.Predictors), len(l.Beta)})
	}
	for _, p := range l.Predictors {
		if p.Shift > maxLogShift || !(p.Scale > 0 && p.Scale <= maxBeta) {
			return bad("a shift should be at most 2^40 and a scale above 0 and at most 2^40, not", p)
		}
	}
	for _, b := range l.Beta {
		if !(math.Abs(b) <= maxBeta) {
			return bad("a coefficient should be at most 2^40 in size, not", b)
		}
	}
	return nil
}

// EncodeLogistic returns the input of a job of the program logistic and the length of its vector.
func EncodeLogistic(columns []fixedpoint.Column, l LogisticStep) (input []byte, length int, err error) {
	if input, err = fixedpoint.AppendHeader(nil, columns); err != nil {
		return nil, 0, err
	}
	if err := l.check(len(columns)); err != nil {
		return nil, 0, err
	}
	word := func(v uint64) { input = binary.LittleEndian.AppendUint64(input, v) }
	word(uint64(l.FractionBits))
	word(uint64(l.SlotBits))
	for _, p := range l.Predictors {
		word(p.Shift)
		word(math.Float64bits(p.Scale))
	}
	for _, b := range l.Beta {
		word(math.Float64bits(b))
	}
	length = logistic().Shape.Length(len(columns))
	return input, length, logistic().Shape.Check(len(columns), length)
}

// ParseLogistic reads what EncodeLogistic wrote.
func ParseLogistic(input []byte) (columns []fixedpoint.Column, l LogisticStep, err error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return nil, LogisticStep{}, err
	}
	k := len(columns)
	if len(rest) != 24*k {
		return nil, LogisticStep{}, fmt.Errorf("%w: %d bytes after the header, it should be %d for %d columns", ErrShape, len(rest), 24*k, k)
	}
	word := func() (v uint64) {
		v, rest = binary.LittleEndian.Uint64(rest), rest[8:]
		return v
	}
	l.FractionBits, l.SlotBits = int(min(word(), 64)), int(min(word(), 64))
	for range k - 1 {
		l.Predictors = append(l.Predictors, Predictor{word(), math.Float64frombits(word())})
	}
	for range k {
		l.Beta = append(l.Beta, math.Float64frombits(word()))
	}
	return columns, l, l.check(k)
}

// NewtonSums is the decoded vector of the program logistic; the sums are integers of 2^-FractionBits.
type NewtonSums struct {
	Step LogisticStep
	// Rows count, LeftOut have a missing cell.
	Rows, LeftOut *big.Int
	// Loss is minus the log-likelihood, an integer of 2^-(FractionBits - 6).
	Loss *big.Int
	// Gradient is that of the log-likelihood, Information minus its second derivative, both in the predictors' z.
	Gradient    []*big.Int
	Information [][]*big.Int
}

// DecodeLogistic reads sums from the sum of the vectors of a job with the given input and the number of those vectors: each has
// added 2^(SlotBits-1) to every slot of the gradient.
func DecodeLogistic(input []byte, sum []*big.Int, contributions int) (NewtonSums, error) {
	columns, step, err := ParseLogistic(input)
	if err != nil {
		return NewtonSums{}, err
	}
	k := len(columns)
	if err := logistic().Shape.Check(k, len(sum)); err != nil {
		return NewtonSums{}, fmt.Errorf("%w: %w", ErrVector, err)
	}
	for i, v := range sum {
		if v.Sign() < 0 {
			return NewtonSums{}, fmt.Errorf("%w: slot %d is negative", ErrVector, i)
		}
	}
	s := NewtonSums{Step: step, Rows: sum[0], LeftOut: sum[1], Loss: sum[2], Information: make([][]*big.Int, k)}
	offset := new(big.Int).Lsh(big.NewInt(int64(contributions)), uint(step.SlotBits-1))
	for j := range k {
		s.Gradient = append(s.Gradient, new(big.Int).Sub(sum[3+j], offset))
		s.Information[j] = make([]*big.Int, k)
	}
	at := 3 + k
	for i := range k {
		for j := i; j < k; j++ {
			s.Information[i][j], s.Information[j][i] = sum[at], sum[at]
			at++
		}
	}
	return s, nil
}

// Newton is a Newton step.
type Newton struct {
	// Delta is the step from Beta, Covariance the inverse of the information, both in the predictors' z.
	Delta      []float64
	Covariance [][]float64
	// Decrement2 is the square of the Newton decrement, twice the gain in log-likelihood that the step promises.
	Decrement2 float64
	// LogLikelihood is that at Beta.
	LogLikelihood float64
}

// Solve computes the Newton step exactly and rounds it.
func (s NewtonSums) Solve() (Newton, error) {
	inverse, err := invert(s.Information)
	if err != nil {
		return Newton{}, err
	}
	delta := inverse.times(s.Gradient)
	scale := math.Ldexp(1, s.Step.FractionBits)
	var n Newton
	decrement := new(big.Rat)
	for i, d := range delta {
		n.Delta = append(n.Delta, float(d))
		decrement.Add(decrement, new(big.Rat).Mul(d, new(big.Rat).SetInt(s.Gradient[i])))
		row := make([]float64, len(delta))
		for j := range row {
			row[j] = float(inverse.entry(i, j)) * scale
		}
		n.Covariance = append(n.Covariance, row)
	}
	n.Decrement2 = float(decrement) / scale
	n.LogLikelihood = -float(new(big.Rat).SetInt(s.Loss)) / math.Ldexp(1, s.Step.FractionBits-lossShift)
	return n, nil
}

type logisticSession struct {
	state
	step LogisticStep
	sums NewtonSums // of the last round
	last Newton     // from the last round
	null float64    // log-likelihood of the intercept alone, from the first round
	// What to fall back to when a step goes too far: the best coefficients so far, their loss, and whose it was.
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
		return nil, fmt.Errorf("column %q: %w: the response should have offset 0, no decimals and 1 bit, it is 0 or 1", s.job.Columns[0], ErrParameters)
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

// predictor chooses the scale so that z is at most 1 for all that the column can hold.
func predictor(c Column) (Predictor, error) {
	if c.Bits > maxLogisticBits {
		return Predictor{}, fmt.Errorf("%w: %d bits, it should be at most %d", ErrParameters, c.Bits, maxLogisticBits)
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
	if !shift.IsInt() || shift.Sign() <= 0 || shift.Num().Cmp(big.NewInt(maxLogShift)) > 0 {
		return Predictor{}, fmt.Errorf("%w: the logarithm of value + %s needs offset + %s to be above 0, with no more decimals than the column, below 2^40 units",
			ErrParameters, c.Log, c.Log)
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

	// Newton's step is for a concave function the right direction; if it went too far, go back by half. Losses can be compared
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
		s.step.Beta[i] = math.Max(-maxBeta, math.Min(maxBeta, next))
	}
	round.Note = fmt.Sprintf("Newton decrement %.3g", math.Sqrt(math.Max(newton.Decrement2, 0)))
	s.advance(round, newton.Decrement2 <= newtonTolerance)
	if s.done {
		return nil
	}
	return s.encode()
}

// nullLogLikelihood is that of a model of an intercept alone, from sums at coefficients 0, where the gradient of the intercept is
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

// Coefficients returns estimates and their covariance in the units of the columns, the intercept first.
func (s *logisticSession) coefficients() (estimates []float64, covariance [][]float64) {
	k := len(s.columns)
	// Row j of this matrix makes coefficient j of those of the z.
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

func (s *logisticSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	estimates, covariance := s.coefficients()
	r.Table.Header = []string{"term", "estimate", "standard error", "z"}
	var bars []estimate
	for i, e := range estimates {
		name := "(intercept)"
		if i > 0 {
			name = s.term(i)
			if a := s.parameters.Columns[i].Log; a != "" {
				name = "ln(" + name + " + " + a + ")"
			}
		}
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
