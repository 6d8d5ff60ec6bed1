package analysis

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// EncodeMoments returns the input of a job of the program moments: the header alone.
func EncodeMoments(columns []fixedpoint.Column) ([]byte, error) {
	if max := programs.Moments().Shape.MaxColumns; len(columns) > max {
		return nil, fmt.Errorf("%w: columns: expected at most %d, got %d", programs.ErrShape, max, len(columns))
	}
	return fixedpoint.AppendHeader(nil, columns)
}

// Moments describes the cells present in one column. All numbers except SD are exact.
type Moments struct {
	// Count is the number of cells.
	Count *big.Int
	// Sum and Mean are in the unit of the column, the offset added back; Mean is nil without a cell.
	Sum, Mean *big.Rat
	// Variance is the sample variance, sum((x - mean)^2) / (n - 1), and SD its root to 30 digits; nil with fewer than two cells.
	Variance, SD *big.Rat
}

// DecodeMoments computes the moments from the sum of the vectors of a job with the given input.
func DecodeMoments(input []byte, sum []*big.Int) ([]Moments, error) {
	columns, _, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return nil, err
	}
	if len(sum) != 3*len(columns) {
		return nil, fmt.Errorf("%w: slots: expected %d for %d columns, got %d", ErrVector, 3*len(columns), len(columns), len(sum))
	}
	all := make([]Moments, len(columns))
	for i, c := range columns {
		m, err := columnMoments(c, sum[3*i], sum[3*i+1], sum[3*i+2])
		if err != nil {
			return nil, fmt.Errorf("column %d: %w", i, err)
		}
		all[i] = m
	}
	return all, nil
}

// columnMoments computes with n values, their sum s and the sum q of their squares:
// mean = s/n and variance = (q - s^2/n) / (n - 1) = (n q - s^2) / (n (n - 1)).
func columnMoments(c fixedpoint.Column, n, s, q *big.Int) (Moments, error) {
	if n.Sign() < 0 || s.Sign() < 0 || q.Sign() < 0 {
		return Moments{}, fmt.Errorf("%w: slots: expected at least 0, got a negative number", ErrVector)
	}
	unit := pow10Rat(-int(c.Decimals))
	offset := new(big.Rat).SetInt64(c.Offset)
	count := new(big.Rat).SetInt(n)
	m := Moments{Count: n, Sum: new(big.Rat).Mul(new(big.Rat).SetInt(s), unit)}
	m.Sum.Add(m.Sum, new(big.Rat).Mul(offset, count))

	// n q >= s^2 for any n numbers, and no numbers have no sum.
	spread := new(big.Int).Mul(n, q)
	spread.Sub(spread, new(big.Int).Mul(s, s))
	if spread.Sign() < 0 || (n.Sign() == 0 && q.Sign() > 0) {
		return Moments{}, fmt.Errorf("%w: expected count, sum and sum of squares of some numbers, got %s, %s and %s", ErrVector, n, s, q)
	}
	if n.Sign() > 0 {
		m.Mean = new(big.Rat).Quo(m.Sum, count)
	}
	if n.Cmp(big.NewInt(2)) >= 0 {
		pairs := new(big.Int).Mul(n, new(big.Int).Sub(n, big.NewInt(1)))
		m.Variance = new(big.Rat).SetFrac(spread, pairs)
		m.Variance.Mul(m.Variance, unit)
		m.Variance.Mul(m.Variance, unit)
		m.SD = sqrt(m.Variance)
	}
	return m, nil
}

// MomentsTable writes the moments of the columns of the given names, to [Digits] significant digits; counts and sums are exact.
func MomentsTable(names []string, all []Moments, columns []fixedpoint.Column) (Table, error) {
	if len(names) != len(all) || len(columns) != len(all) {
		return Table{}, fmt.Errorf("%w: names and columns: expected %d of each, got %d and %d", programs.ErrShape, len(all), len(names), len(columns))
	}
	t := Table{Header: []string{"column", "count", "sum", "mean", "sd", "variance"}}
	for i, m := range all {
		row := []string{names[i], m.Count.String(), m.Sum.FloatString(int(columns[i].Decimals))}
		for _, x := range []*big.Rat{m.Mean, m.SD, m.Variance} {
			cell := ""
			if x != nil {
				cell = formatRat(x, Digits)
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
