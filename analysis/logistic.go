package analysis

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// lossShift is the number of bits by which the loss is coarser than the other sums: a row's loss is at most 40.7, below 2^6.
const lossShift = 6

// Predictor says how a column enters a logistic regression: z = min(1, v Scale) with v the integer, or ln(integer + Shift) if Shift is not 0.
type Predictor struct {
	Shift uint64
	Scale float64
}

// LogisticStep is the program's part of an input of logistic.
type LogisticStep struct {
	// FractionBits are the fraction bits of the sums, 8 to 46, SlotBits the bits of a slot, 9 to 62.
	FractionBits, SlotBits int
	// Predictors are for all columns but the first.
	Predictors []Predictor
	// Beta has the coefficients: of the intercept, then of the predictors' z.
	Beta []float64
}

func (l LogisticStep) check(columns int) error {
	bad := func(what, want string, got any) error {
		return fmt.Errorf("%w: %s: expected %s, got %v", programs.ErrShape, what, want, got)
	}
	switch {
	case l.FractionBits < 8 || l.FractionBits > 46:
		return bad("fraction bits", "8 to 46", l.FractionBits)
	case l.SlotBits < 9 || l.SlotBits > 62:
		return bad("slot bits", "9 to 62", l.SlotBits)
	case len(l.Predictors) != columns-1:
		return bad("predictors", strconv.Itoa(columns-1), len(l.Predictors))
	case len(l.Beta) != columns:
		return bad("coefficients", strconv.Itoa(columns), len(l.Beta))
	}
	for _, p := range l.Predictors {
		if p.Shift > programs.MaxLogShift {
			return bad("shift", "at most 2^40", p.Shift)
		}
		if !(p.Scale > 0 && p.Scale <= programs.MaxCoefficient) {
			return bad("scale", "above 0 and at most 2^40", p.Scale)
		}
	}
	for _, b := range l.Beta {
		if !(math.Abs(b) <= programs.MaxCoefficient) {
			return bad("coefficient", "-2^40 to 2^40", b)
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
	length = programs.Logistic().Shape.Length(len(columns))
	return input, length, programs.Logistic().Shape.Check(len(columns), length)
}

// ParseLogistic reads an input that EncodeLogistic wrote.
func ParseLogistic(input []byte) (columns []fixedpoint.Column, l LogisticStep, err error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return nil, LogisticStep{}, err
	}
	k := len(columns)
	if len(rest) != 24*k {
		return nil, LogisticStep{}, fmt.Errorf("%w: bytes after the header: expected %d for %d columns, got %d", programs.ErrShape, 24*k, k, len(rest))
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
	// Gradient is the gradient of the log-likelihood, Information minus its second derivative, both in the predictors' z.
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
	if err := programs.Logistic().Shape.Check(k, len(sum)); err != nil {
		return NewtonSums{}, fmt.Errorf("%w: %w", ErrVector, err)
	}
	for i, v := range sum {
		if v.Sign() < 0 {
			return NewtonSums{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
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
	// LogLikelihood is the log-likelihood at Beta.
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
