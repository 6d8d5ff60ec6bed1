package analysis

import (
	"errors"
	"fmt"
	"math/big"
)

// ErrSingular means that a system of equations has no single solution.
var ErrSingular = errors.New("no single solution")

// singular is ErrSingular for a matrix in which a row and column depend on earlier ones.
type singular struct{ index int }

func (e *singular) Error() string {
	return fmt.Sprintf("%s: row %d depends on those before", ErrSingular, e.index)
}
func (e *singular) Unwrap() error { return ErrSingular }

// solution is the inverse of a positive definite matrix of integers, times its determinant, and that determinant.
type solution struct {
	adjugate    [][]*big.Int
	determinant *big.Int
}

// invert inverts a symmetric matrix exactly by elimination without fractions (Bareiss): every number on the way is a minor of
// the matrix, so each division comes out even. The pivots of a positive definite matrix are its leading minors, which are
// positive; for any other matrix the error names the first that is not.
func invert(a [][]*big.Int) (solution, error) {
	n := len(a)
	m := make([][]*big.Int, n)
	for i := range m {
		m[i] = make([]*big.Int, 2*n)
		for j := range n {
			m[i][j] = new(big.Int).Set(a[i][j])
			m[i][n+j] = new(big.Int)
		}
		m[i][n+i].SetInt64(1)
	}
	previous, t := big.NewInt(1), new(big.Int)
	for p := range n {
		pivot := m[p][p]
		if pivot.Sign() <= 0 {
			return solution{}, &singular{p}
		}
		for i := range n {
			if i == p {
				continue
			}
			factor := new(big.Int).Set(m[i][p])
			for j := range 2 * n {
				x := m[i][j]
				x.Mul(x, pivot)
				x.Sub(x, t.Mul(factor, m[p][j]))
				x.Quo(x, previous)
			}
		}
		previous = new(big.Int).Set(pivot)
	}
	s := solution{determinant: previous, adjugate: make([][]*big.Int, n)}
	for i := range m {
		s.adjugate[i] = m[i][n:]
	}
	return s, nil
}

// entry returns an entry of the inverse.
func (s solution) entry(i, j int) *big.Rat {
	return new(big.Rat).SetFrac(s.adjugate[i][j], s.determinant)
}

// times returns the inverse times a vector.
func (s solution) times(b []*big.Int) []*big.Rat {
	x := make([]*big.Rat, len(b))
	t := new(big.Int)
	for i, row := range s.adjugate {
		sum := new(big.Int)
		for j := range b {
			sum.Add(sum, t.Mul(row[j], b[j]))
		}
		x[i] = new(big.Rat).SetFrac(sum, s.determinant)
	}
	return x
}

// float returns the nearest float64.
func float(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}
