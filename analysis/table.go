package analysis

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// ErrVector means that a vector cannot be the sum of vectors of the program.
var ErrVector = errors.New("bad vector")

// Digits is the number of significant digits to which means and deviations are written.
const Digits = 15

// Table is a result for people. Numbers are written in decimal; an empty cell means that there is no such number.
type Table struct {
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// Add adds a contribution's vector to a sum of the same length; a nil sum is zero. It returns the sum.
func Add(sum []*big.Int, vector []int64) ([]*big.Int, error) {
	if sum == nil {
		sum = make([]*big.Int, len(vector))
		for i := range sum {
			sum[i] = new(big.Int)
		}
	}
	if len(sum) != len(vector) {
		return nil, fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, len(sum), len(vector))
	}
	for i, v := range vector {
		if v < 0 {
			return nil, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
		sum[i].Add(sum[i], big.NewInt(v))
	}
	return sum, nil
}

// formatRat writes a rational number to the given number of significant digits, half away from zero, without zeros at the end
// of the decimals.
func formatRat(x *big.Rat, digits int) string {
	if x.Sign() == 0 {
		return "0"
	}
	// Decimals such that the first significant digit and digits-1 others are written.
	decimals := digits - magnitude(x)
	s := x.FloatString(max(decimals, 0))
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// magnitude returns the number of digits before the decimal point, zero or negative for a number below 1.
func magnitude(x *big.Rat) int {
	num := len(new(big.Int).Abs(x.Num()).String())
	m := num - len(x.Denom().String())
	// |x| is in [10^(m-1), 10^(m+1)).
	limit := pow10Rat(m)
	if new(big.Rat).Abs(x).Cmp(limit) >= 0 {
		m++
	}
	return m
}

func pow10Rat(n int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	if n < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), p)
	}
	return new(big.Rat).SetInt(p)
}

// sqrt returns the root of a number that is not negative, right to 30 decimals beyond its magnitude, cut off.
func sqrt(x *big.Rat) *big.Rat {
	if x.Sign() == 0 {
		return new(big.Rat)
	}
	decimals := 30 - magnitude(x)/2
	scale := pow10Rat(2 * decimals)
	scaled := scale.Mul(scale, x)
	root := new(big.Int).Sqrt(new(big.Int).Quo(scaled.Num(), scaled.Denom()))
	return new(big.Rat).Quo(new(big.Rat).SetInt(root), pow10Rat(decimals))
}
