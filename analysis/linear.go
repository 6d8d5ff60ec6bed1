package analysis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// EncodeLinear returns the input of a job of the program linear and the length of its vector. Each number takes two slots of the
// given bits, 1 to 48.
func EncodeLinear(columns []fixedpoint.Column, slotBits int) (input []byte, length int, err error) {
	if slotBits < 1 || slotBits > 48 {
		return nil, 0, fmt.Errorf("%w: bits of a slot: expected 1 to 48, got %d", programs.ErrShape, slotBits)
	}
	if input, err = fixedpoint.AppendHeader(nil, columns); err != nil {
		return nil, 0, err
	}
	length = programs.Linear().Shape.Length(len(columns))
	return binary.LittleEndian.AppendUint64(input, uint64(slotBits)), length, programs.Linear().Shape.Check(len(columns), length)
}

// CrossProducts is the decoded vector of the program linear.
type CrossProducts struct {
	// LeftOut is the number of rows with a missing cell.
	LeftOut *big.Int
	// Products[i][j] is the sum over the other rows of x_i x_j in fixed-point units; x_0 is 1, so Products[0][0] is their number.
	Products [][]*big.Int
}

// DecodeLinear reads cross products from the sum of the vectors of a job with the given input.
func DecodeLinear(input []byte, sum []*big.Int) (CrossProducts, error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return CrossProducts{}, err
	}
	k := len(columns)
	if len(rest) != 8 {
		return CrossProducts{}, fmt.Errorf("%w: bytes after the header: expected 8, got %d", programs.ErrShape, len(rest))
	}
	w := binary.LittleEndian.Uint64(rest)
	if w < 1 || w > 48 {
		return CrossProducts{}, fmt.Errorf("%w: bits of a slot: expected 1 to 48, got %d", programs.ErrShape, w)
	}
	if err := programs.Linear().Shape.Check(k, len(sum)); err != nil {
		return CrossProducts{}, fmt.Errorf("%w: %w", ErrVector, err)
	}
	at := 0
	next := func() *big.Int {
		v := new(big.Int).Lsh(sum[at+1], uint(w))
		v.Add(v, sum[at])
		at += 2
		return v
	}
	for i, v := range sum {
		if v.Sign() < 0 {
			return CrossProducts{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
	}
	c := CrossProducts{LeftOut: next(), Products: make([][]*big.Int, k+1)}
	for i := range c.Products {
		c.Products[i] = make([]*big.Int, k+1)
	}
	for i := range c.Products {
		for j := i; j <= k; j++ {
			v := next()
			c.Products[i][j], c.Products[j][i] = v, v
		}
	}
	return c, nil
}

// ErrFewRows means that there are fewer rows than coefficients.
var ErrFewRows = errors.New("too few rows")

// Coefficient is an estimate. StandardError is nil if there are no more rows than coefficients.
type Coefficient struct {
	Estimate, StandardError *big.Rat
}

// LeastSquares is a linear regression on an intercept and all columns except the first. All numbers except the roots are exact.
type LeastSquares struct {
	// Coefficients has the intercept first; all are in the units of the columns.
	Coefficients []Coefficient
	// Rows is the number of rows that count.
	Rows *big.Int
	// Freedom is the number of rows less the number of coefficients.
	Freedom *big.Int
	// ResidualSquares and TotalSquares are the sums of squares around the fit and around the mean.
	ResidualSquares, TotalSquares *big.Rat
	// RSquared is nil if the response does not vary. ResidualSD is nil without degrees of freedom, F also without predictors or residuals.
	RSquared, ResidualSD, F *big.Rat
}

// Fit solves the normal equations. Columns are the job's columns.
func (c CrossProducts) Fit(columns []fixedpoint.Column) (LeastSquares, error) {
	k := len(columns)
	if len(c.Products) != k+1 {
		return LeastSquares{}, fmt.Errorf("%w: columns: expected %d for the products, got %d", programs.ErrShape, len(c.Products)-1, k)
	}
	n := c.Products[0][0]
	fit := LeastSquares{Rows: n, Freedom: new(big.Int).Sub(n, big.NewInt(int64(k)))}
	if fit.Freedom.Sign() < 0 {
		return LeastSquares{}, fmt.Errorf("%w: expected at least %d, one for each coefficient, got %s", ErrFewRows, k, n)
	}
	// The design is the ones and the columns 2 to k of the products; column 1 is the response.
	at := func(i int) int {
		if i == 0 {
			return 0
		}
		return i + 1
	}
	a, b := make([][]*big.Int, k), make([]*big.Int, k)
	for i := range k {
		b[i] = c.Products[at(i)][1]
		for j := range k {
			a[i] = append(a[i], c.Products[at(i)][at(j)])
		}
	}
	inverse, err := invert(a)
	if err != nil {
		return LeastSquares{}, err
	}
	estimates := inverse.times(b)

	rat := func(x *big.Int) *big.Rat { return new(big.Rat).SetInt(x) }
	y := unit(columns[0])
	squares := new(big.Rat).Mul(y, y)
	residual := rat(c.Products[1][1])
	for i, e := range estimates {
		residual.Sub(residual, new(big.Rat).Mul(e, rat(b[i])))
	}
	fit.ResidualSquares = new(big.Rat).Mul(residual, squares)
	total := new(big.Rat).SetFrac(new(big.Int).Mul(c.Products[0][1], c.Products[0][1]), n)
	total.Sub(rat(c.Products[1][1]), total)
	fit.TotalSquares = total.Mul(total, squares)
	if fit.ResidualSquares.Sign() < 0 || fit.TotalSquares.Cmp(fit.ResidualSquares) < 0 {
		return LeastSquares{}, fmt.Errorf("%w: expected the cross products of some rows, got sums that no rows have", ErrVector)
	}

	var variance *big.Rat
	if fit.Freedom.Sign() > 0 {
		variance = new(big.Rat).Quo(residual, rat(fit.Freedom))
		fit.ResidualSD = sqrt(new(big.Rat).Mul(variance, squares))
	}
	if fit.TotalSquares.Sign() > 0 {
		fit.RSquared = new(big.Rat).Quo(fit.ResidualSquares, fit.TotalSquares)
		fit.RSquared.Sub(big.NewRat(1, 1), fit.RSquared)
	}
	if variance != nil && variance.Sign() > 0 && k > 1 {
		fit.F = new(big.Rat).Sub(fit.TotalSquares, fit.ResidualSquares)
		fit.F.Quo(fit.F, new(big.Rat).Mul(big.NewRat(int64(k-1), 1), new(big.Rat).Mul(variance, squares)))
	}

	// From integers to units: y = offset + u X and x = offset + u X give beta_j = e_j u_y / u_j, and the intercept
	// offset_y + u_y e_0 - sum beta_j offset_j, a combination of the e_j with the weights of row 0.
	weights := make([]*big.Rat, k)
	weights[0] = y
	intercept := new(big.Rat).SetInt64(columns[0].Offset)
	intercept.Add(intercept, new(big.Rat).Mul(y, estimates[0]))
	coefficients := make([]Coefficient, k)
	for j := 1; j < k; j++ {
		scale := new(big.Rat).Quo(y, unit(columns[j]))
		offset := new(big.Rat).SetInt64(columns[j].Offset)
		coefficients[j].Estimate = new(big.Rat).Mul(estimates[j], scale)
		intercept.Sub(intercept, new(big.Rat).Mul(coefficients[j].Estimate, offset))
		weights[j] = new(big.Rat).Mul(scale, offset)
		weights[j].Neg(weights[j])
		if variance != nil {
			v := new(big.Rat).Mul(variance, inverse.entry(j, j))
			coefficients[j].StandardError = sqrt(v.Mul(v, new(big.Rat).Mul(scale, scale)))
		}
	}
	coefficients[0].Estimate = intercept
	if variance != nil {
		v := new(big.Rat)
		for i := range k {
			for j := range k {
				t := new(big.Rat).Mul(weights[i], weights[j])
				v.Add(v, t.Mul(t, inverse.entry(i, j)))
			}
		}
		coefficients[0].StandardError = sqrt(v.Mul(v, variance))
	}
	fit.Coefficients = coefficients
	return fit, nil
}
