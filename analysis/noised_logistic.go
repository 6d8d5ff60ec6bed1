package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

const (
	// noisedFractionBits are the fraction bits of the sums: the noise is at least 2^16 times what rounding does to a row.
	noisedFractionBits = 16
	// informationWeight is what noise in the information counts next to that in the gradient, which alone is in the coefficients at the end.
	informationWeight = 0.25
	// settledNoise is how many times what noise alone makes of it the square of the Newton decrement, or of the way of the centroids, may be in
	// the last round.
	settledNoise = 3
	// noisedRounds are the rounds of logistic and kmeans unless the parameters say otherwise: each of them is charged.
	noisedRounds = 6
)

// noisedLogistic is a session over logistic_row. Slot 0 counts the rows used, slot 1 those that count, slot 2 those left out; slot 3, the loss, is
// not asked for; then gradient and information. Each round's step takes the noise of the one before back, so only that of the last is left.
type noisedLogistic struct {
	logisticSession
	rows  float64
	noise [][]float64 // the noise's part of the covariance
}

func newNoisedLogistic(st state) (Session, error) {
	if st.maxRounds == 0 {
		st.maxRounds = noisedRounds
	}
	inner, err := newLogisticSession(st)
	if err != nil {
		return nil, err
	}
	s := &noisedLogistic{logisticSession: *inner.(*logisticSession)}
	s.step.FractionBits = noisedFractionBits
	for i := range s.step.Predictors {
		if err := s.narrow(i); err != nil {
			return nil, fmt.Errorf("column %q: %w", s.job.Columns[i+1], err)
		}
	}
	if err := s.encode(); err != nil {
		return nil, err
	}
	k, scale := len(s.columns), math.Ldexp(1, -2*noisedFractionBits)
	slots := []slotOf{{0, 1, rowsWeight}, {0, 1, rowsWeight}, {0, 0, rowsWeight}}
	for range k {
		slots = append(slots, slotOf{-1 << noisedFractionBits, 1 << noisedFractionBits, scale})
	}
	for range k * (k + 1) / 2 {
		slots = append(slots, slotOf{0, 1 << (noisedFractionBits - 2), informationWeight * scale})
	}
	ranges, err := allocate(slots, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	return s, s.noised(ranges)
}

// narrow makes the end of a predictor's declared range its 1.
func (s *noisedLogistic) narrow(i int) error {
	c, p := s.parameters.Columns[i+1], &s.step.Predictors[i]
	if c.Upper == "" {
		return nil
	}
	most, err := c.Fixed().Parse(c.Upper)
	if err != nil {
		return fmt.Errorf("upper: %w", err)
	}
	x := float64(most)
	if p.Shift != 0 {
		x = math.Log(x + float64(p.Shift))
	}
	if x <= 0 {
		return fmt.Errorf("%w: upper: expected above the offset, got %s", ErrParameters, c.Upper)
	}
	p.Scale = 1 / x
	return nil
}

// at is the slot of the information of predictors i and j, the intercept being 0.
func (s *noisedLogistic) at(i, j int) int {
	k := len(s.columns)
	i, j = min(i, j), max(i, j)
	return 4 + k + i*k - i*(i-1)/2 + j - i
}

// variances are those of the noise in gradient and information.
func (s *noisedLogistic) variances() (gradient []float64, information [][]float64) {
	noise, scale := s.state.noise(), math.Ldexp(1, -2*noisedFractionBits)
	k := len(s.columns)
	gradient, information = make([]float64, k), make([][]float64, k)
	for i := range k {
		gradient[i], information[i] = scale*noise.variance(4+i), make([]float64, k)
		for j := range k {
			information[i][j] = scale * noise.variance(s.at(i, j))
		}
	}
	return gradient, information
}

func (s *noisedLogistic) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	k, scale := len(s.columns), math.Ldexp(1, -noisedFractionBits)
	ofGradient, ofInformation := s.variances()
	gradient, information, ofPivot := make([]float64, k), make([][]float64, k), make([]float64, k)
	for i := range k {
		gradient[i], information[i], ofPivot[i] = scale*toFloat(sum[4+i]), make([]float64, k), ofInformation[i][i]
		for j := range k {
			information[i][j] = scale * toFloat(sum[s.at(i, j)])
		}
	}
	inverse, err := invertNoised(information, ofPivot, s.job.Columns)
	if err != nil {
		return err
	}
	delta := multiply(inverse, gradient)
	// The noise in gradient - information * delta, to first order what noise does to the coefficients times the information.
	score := make([][]float64, k)
	for i := range k {
		score[i] = make([]float64, k)
	}
	decrement, ofNoise := 0.0, 0.0
	for i := range k {
		score[i][i] += ofGradient[i]
		for j := range k {
			score[i][i] += delta[j] * delta[j] * ofInformation[i][j]
			if i != j {
				score[i][j] += delta[i] * delta[j] * ofInformation[i][j]
			}
		}
		decrement += gradient[i] * delta[i]
		ofNoise += inverse[i][i] * ofGradient[i]
	}
	s.noise = sandwich(inverse, score)
	s.last = Newton{Delta: delta, Covariance: make([][]float64, k)}
	for i := range k {
		s.last.Covariance[i] = make([]float64, k)
		for j := range k {
			s.last.Covariance[i][j] = inverse[i][j] + s.noise[i][j]
		}
		s.step.Beta[i] = math.Max(-maxNoisedStep, math.Min(maxNoisedStep, s.step.Beta[i]+delta[i]))
	}
	s.rows = toFloat(sum[1])
	s.advance(Round{Contributions: contributions, Note: fmt.Sprintf("Newton decrement %.3g, by noise alone about %.3g", math.Sqrt(max(decrement, 0)), math.Sqrt(ofNoise))},
		decrement <= settledNoise*ofNoise)
	if s.done {
		return nil
	}
	return s.encode()
}

// maxNoisedStep bounds the coefficients of the predictors' z, which are from 0 to 1: beyond it every answer is certain.
const maxNoisedStep = 1 << 10

// Expect implements Noised, for rows without missing cells, a response that is 1 in half of them, and predictors that are not correlated and explain
// little, each with its mean in the middle of its range and a deviation of a sixth of it.
func (s *noisedLogistic) Expect(rows uint64) (out []Expected, err error) {
	gradient, information := s.variances()
	const weight, spread = 1.0 / 4, 1.0 / 36 // p (1 - p), and the variance of a predictor
	need := leastPivot * math.Sqrt(information[0][0]) / weight
	for i := 1; i < len(s.columns); i++ {
		// z less its mean, 1/2: the noise of z^2 - z + 1/4.
		need = max(need, leastPivot*math.Sqrt(information[i][i]+information[0][i]+information[0][0]/16)/(weight*spread))
	}
	n := float64(rows)
	if need = math.Ceil(need); n < need {
		return nil, fmt.Errorf("%w: rows: expected at least %.0f, with which the predictors vary by more than the noise, got %d; ask of owners with more rows, or for a larger rho",
			ErrNoise, need, rows)
	}
	for i := 1; i < len(s.columns); i++ {
		c, p := s.columns[i], s.step.Predictors[i-1]
		unitOf := p.Scale // of z, in the column's unit or its logarithm's
		if p.Shift == 0 {
			unitOf *= math.Pow10(int(c.Decimals))
		}
		out = append(out, Expected{"coefficient of " + strconv.Quote(s.job.Columns[i]), unitOf * math.Sqrt(gradient[i]+gradient[0]/4) / (n * weight * spread)})
	}
	return out, nil
}

func (s *noisedLogistic) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	estimates, covariance := s.coefficients()
	all := s.last.Covariance
	s.last.Covariance = s.noise
	_, noise := s.coefficients()
	s.last.Covariance = all
	r.Table.Header = []string{"term", "estimate", "standard error", "z", "noise"}
	var bars []estimate
	for i, e := range estimates {
		se := math.Sqrt(covariance[i][i])
		r.Table.Rows = append(r.Table.Rows, []string{
			s.name(i), noisyText(e), noisyText(se), strconv.FormatFloat(e/se, 'g', 6, 64), noisyText(math.Sqrt(max(noise[i][i], 0))),
		})
		bars = append(bars, estimate{s.name(i), e / se})
	}
	r.fact("response", s.term(0))
	s.codes(&r)
	r.fact("rows, about", strconv.FormatFloat(s.rows, 'f', 0, 64))
	r.fact("noise", "all numbers have noise; the standard errors hold it, the last column is its part")
	r.plot = func() []byte { return plotEstimates(s.term(0), bars) }
	return r, nil
}
