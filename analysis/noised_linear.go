package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// noisedLinear is a session over linear_row. Slot 0 counts the rows used, slot 1 those left out; then for i = 0 to k and j = i to k the sum of
// z_i z_j, less h_i if i = j > 0, where z_0 is 1 and z_i the centred column i.
type noisedLinear struct {
	state
	spans   []span
	centres []Centre
	fit     noisyFit
}

// noisyFit is a regression from noised sums, in the units of the columns, the intercept first.
type noisyFit struct {
	estimates, errors, noise []float64 // noise is the noise's part of the errors
	rows                     float64
	residual                 float64 // standard deviation; 0 if the noise leaves none
}

func newNoisedLinear(s state) (Session, error) {
	s.maxRounds = 1
	n := &noisedLinear{state: s}
	for _, c := range s.parameters.Columns {
		sp, err := spanOf(c)
		if err != nil {
			return nil, err
		}
		n.spans, n.centres = append(n.spans, sp), append(n.centres, centreOf(sp))
	}
	slots := []slotOf{{0, 1, rowsWeight}} // rows left out
	for i := 0; i <= len(n.spans); i++ {
		for j := i; j <= len(n.spans); j++ {
			slots = append(slots, n.product(i, j))
		}
	}
	ranges, err := allocate(slots, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	if n.job.Input, err = EncodeCentred(n.columns, n.centres); err != nil {
		return nil, err
	}
	return n, n.noised(ranges)
}

// product is the slot of z_i z_j. All count alike where the columns' ranges are from -1 to 1.
func (s *noisedLinear) product(i, j int) slotOf {
	if j == 0 {
		return slotOf{0, 1, 1}
	}
	y := s.spans[j-1]
	b := y.radius()
	if i == 0 {
		return slotOf{y.low - y.middle, y.high - y.middle, 1 / (float64(b) * float64(b))}
	}
	a := s.spans[i-1].radius()
	weight := 1 / (float64(a) * float64(a) * float64(b) * float64(b))
	if i == j {
		h := int64(s.centres[i-1].Square)
		return slotOf{-h, a*a - h, weight}
	}
	return slotOf{-a * b, a * b, weight}
}

// at is the slot of z_i z_j.
func (s *noisedLinear) at(i, j int) int {
	i, j = min(i, j), max(i, j)
	k := len(s.columns)
	return 2 + i*(k+1) - i*(i-1)/2 + j - i
}

// radius is half the range of column i of the products; 1 for the ones.
func (s *noisedLinear) radius(i int) float64 {
	if i == 0 {
		return 1
	}
	return float64(s.spans[i-1].radius())
}

// scaled returns the cross products and the variances of their noise where every range is from -1 to 1. The noise of a square is its own; the
// noise of the rows, which half of the greatest square is added back with, is in half.
func (s *noisedLinear) scaled(sum []*big.Int, noise noiseOf) (products, variances [][]float64, half []float64) {
	k := len(s.columns)
	products, variances, half = make([][]float64, k+1), make([][]float64, k+1), make([]float64, k+1)
	for i := range products {
		products[i], variances[i] = make([]float64, k+1), make([]float64, k+1)
		if i > 0 {
			half[i] = float64(s.centres[i-1].Square) / (s.radius(i) * s.radius(i))
		}
	}
	for i := range products {
		for j := range products {
			scale := s.radius(i) * s.radius(j)
			if sum != nil {
				products[i][j] = toFloat(sum[s.at(i, j)]) / scale
				if i == j && i > 0 {
					products[i][j] += half[i] * toFloat(sum[s.at(0, 0)])
				}
			}
			variances[i][j] = noise.variance(s.at(i, j)) / (scale * scale)
		}
	}
	return products, variances, half
}

// design is where a coefficient's column lies in the products: the ones, and the columns after the response.
func design(i int) int {
	if i == 0 {
		return 0
	}
	return i + 1
}

// leastPivot is how many standard deviations of its noise what a predictor adds to those before it must be.
const leastPivot = 4

func (s *noisedLinear) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	products, variances, half := s.scaled(sum, s.noise())
	k := len(s.columns)
	a, b := make([][]float64, k), make([]float64, k)
	for i := range a {
		a[i], b[i] = make([]float64, k), products[design(i)][1]
		for j := range a {
			a[i][j] = products[design(i)][design(j)]
		}
	}
	ofPivot := make([]float64, k)
	for i := range ofPivot {
		ofPivot[i] = variances[design(i)][design(i)]
	}
	inverse, err := invertNoised(a, ofPivot, s.job.Columns)
	if err != nil {
		return err
	}
	beta := multiply(inverse, b)
	n := products[0][0]
	residual := products[1][1]
	for i := range beta {
		residual -= beta[i] * b[i]
	}
	variance := max(residual/(n-float64(k)), 0)
	ofNoise := sandwich(inverse, noiseOfScore(beta, variances, half))

	// From the ranges' units to the columns': y = y0 + r_y (b_0 + sum b_j (x_j - x0_j) / r_j).
	middle, unitOf := make([]float64, k), make([]float64, k)
	for i, c := range s.columns {
		u := float(unit(c))
		middle[i], unitOf[i] = float64(c.Offset)+u*float64(s.centres[i].Value), u*s.radius(i+1)
	}
	fit := noisyFit{rows: n, residual: unitOf[0] * math.Sqrt(variance)}
	weights := make([]float64, k) // of the intercept
	weights[0] = unitOf[0]
	intercept := middle[0] + unitOf[0]*beta[0]
	add := func(w []float64, estimate float64) {
		sampling, noise := 0.0, 0.0
		for i := range w {
			for j := range w {
				sampling += w[i] * w[j] * variance * inverse[i][j]
				noise += w[i] * w[j] * ofNoise[i][j]
			}
		}
		fit.estimates = append(fit.estimates, estimate)
		fit.noise = append(fit.noise, math.Sqrt(max(noise, 0)))
		fit.errors = append(fit.errors, math.Sqrt(max(sampling+noise, 0)))
	}
	for j := 1; j < k; j++ {
		scale := unitOf[0] / unitOf[j]
		intercept -= scale * beta[j] * middle[j]
		weights[j] = -scale * middle[j]
	}
	add(weights, intercept)
	for j := 1; j < k; j++ {
		w := make([]float64, k)
		w[j] = unitOf[0] / unitOf[j]
		add(w, w[j]*beta[j])
	}
	s.fit = fit
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

// noiseOfScore is the covariance of the noise in b - A beta, to first order what noise does to the coefficients times A. The noise of a product
// of two columns is in the rows of both.
func noiseOfScore(beta []float64, variances [][]float64, half []float64) [][]float64 {
	k := len(beta)
	c := make([][]float64, k)
	for i := range c {
		c[i] = make([]float64, k)
	}
	for i := range k {
		c[i][i] += variances[design(i)][1]
		for j := range k {
			v := variances[design(i)][design(j)]
			c[i][i] += beta[j] * beta[j] * v
			if i != j {
				c[i][j] += beta[i] * beta[j] * v
			}
		}
	}
	// The noise of the rows comes back with the halves of the squares.
	v := variances[0][0]
	of := func(i int) float64 {
		if i == 0 {
			return 0 // counted above
		}
		return beta[i] * half[design(i)]
	}
	for i := range k {
		for j := range k {
			c[i][j] += of(i) * of(j) * v
			if i == 0 && j > 0 || j == 0 && i > 0 {
				c[i][j] += beta[0] * of(i+j) * v
			}
		}
	}
	return c
}

// invertNoised inverts a symmetric matrix by Cholesky's decomposition. Its diagonal has noise of the variances; columns are the names of its columns,
// of which the first, the intercept, is not looked at. The error is ErrNoise if a pivot is not well above its noise.
func invertNoised(a [][]float64, variances []float64, columns []string) ([][]float64, error) {
	k := len(a)
	l := make([][]float64, k)
	for i := range l {
		l[i] = make([]float64, k)
		for j := range i + 1 {
			x := a[i][j]
			for m := range j {
				x -= l[i][m] * l[j][m]
			}
			if i > j {
				l[i][j] = x / l[j][j]
				continue
			}
			if least := leastPivot * math.Sqrt(variances[i]); x < least {
				what := "the rows"
				if i > 0 {
					what = fmt.Sprintf("what column %q adds to those before it", columns[i])
				}
				return nil, fmt.Errorf("%w: %s: expected at least %.3g, %d standard deviations of the noise, got %.3g", ErrNoise, what, least, leastPivot, x)
			}
			l[i][i] = math.Sqrt(x)
		}
	}
	out := make([][]float64, k)
	for c := range k {
		x := make([]float64, k)
		x[c] = 1
		for i := range k {
			for m := range i {
				x[i] -= l[i][m] * x[m]
			}
			x[i] /= l[i][i]
		}
		for i := k - 1; i >= 0; i-- {
			for m := i + 1; m < k; m++ {
				x[i] -= l[m][i] * x[m]
			}
			x[i] /= l[i][i]
		}
		out[c] = x
	}
	return out, nil
}

func multiply(a [][]float64, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		for j := range b {
			out[i] += a[i][j] * b[j]
		}
	}
	return out
}

// sandwich returns a c a of symmetric matrices.
func sandwich(a, c [][]float64) [][]float64 {
	k := len(a)
	out := make([][]float64, k)
	for i := range out {
		out[i] = make([]float64, k)
		for j := range out {
			for m := range k {
				for n := range k {
					out[i][j] += a[i][m] * c[m][n] * a[n][j]
				}
			}
		}
	}
	return out
}

// Expect implements Noised, for rows without missing cells and predictors that are not correlated, each with its mean in the middle and a
// deviation of a sixth of its range, and a response that they do not explain: what is explained, adds noise of its own.
func (s *noisedLinear) Expect(rows uint64) (out []Expected, err error) {
	_, variances, _ := s.scaled(nil, s.noise())
	n, k := float64(rows), len(s.columns)
	const spread = 1.0 / 9 // the variance of a predictor where its range is from -1 to 1
	need := max(float64(k+1), leastCount*math.Sqrt(variances[0][0]))
	for i := 1; i < k; i++ {
		d := design(i)
		need = max(need, leastPivot*math.Sqrt(variances[d][d])/spread)
	}
	if need = math.Ceil(need); n < need {
		return nil, fmt.Errorf("%w: rows: expected at least %.0f, with which the predictors vary by more than the noise, got %d; ask of owners with more rows, or for a larger rho",
			ErrNoise, need, rows)
	}
	y := float(unit(s.columns[0])) * s.radius(1)
	for i := 1; i < k; i++ {
		x := float(unit(s.columns[i])) * s.radius(i+1)
		out = append(out, Expected{"coefficient of " + strconv.Quote(s.job.Columns[i]), y / x * math.Sqrt(variances[1][design(i)]) / (n * spread)})
	}
	return out, nil
}

func (s *noisedLinear) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"term", "estimate", "standard error", "t", "noise"}
	for i, e := range s.fit.estimates {
		name := "(intercept)"
		if i > 0 {
			name = s.term(i)
		}
		r.Table.Rows = append(r.Table.Rows, []string{name, noisyText(e), noisyText(s.fit.errors[i]), strconv.FormatFloat(e/s.fit.errors[i], 'g', 6, 64), noisyText(s.fit.noise[i])})
	}
	r.fact("response", s.term(0))
	s.codes(&r)
	r.fact("rows, about", strconv.FormatFloat(s.fit.rows, 'f', 0, 64))
	if s.fit.residual > 0 {
		r.fact("residual standard deviation", noisyText(s.fit.residual))
	}
	r.fact("noise", "all numbers have noise; the standard errors hold it, the last column is its part")
	return r, nil
}
