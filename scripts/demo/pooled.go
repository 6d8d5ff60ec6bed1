package main

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
)

// moments are exact figures of one column, over all rows that have it.
type moments struct {
	count           int
	sum, sumSquares *big.Rat
	missing         int
}

// pooledMoments computes the moments of columns of a CSV file as if one party
// held all of it: the yardstick for the federated answer.
func pooledMoments(path string, columns []string) (map[string]*moments, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	index := map[string]int{}
	for i, name := range rows[0] {
		index[name] = i
	}
	all := map[string]*moments{}
	for _, name := range columns {
		i, ok := index[name]
		if !ok {
			return nil, fmt.Errorf("%s has no column %q", path, name)
		}
		m := &moments{sum: new(big.Rat), sumSquares: new(big.Rat)}
		for _, row := range rows[1:] {
			if row[i] == "" {
				m.missing++
				continue
			}
			x, ok := new(big.Rat).SetString(row[i])
			if !ok {
				return nil, fmt.Errorf("%s: %q is no number", path, row[i])
			}
			m.count++
			m.sum.Add(m.sum, x)
			m.sumSquares.Add(m.sumSquares, x.Mul(x, x))
		}
		all[name] = m
	}
	return all, nil
}

// mean is exact.
func (m *moments) mean() *big.Rat {
	return new(big.Rat).Quo(m.sum, big.NewRat(int64(m.count), 1))
}

// variance is the exact sample variance.
func (m *moments) variance() *big.Rat {
	n := big.NewRat(int64(m.count), 1)
	v := new(big.Rat).Mul(m.sum, m.sum)
	v.Quo(v, n)
	v.Sub(m.sumSquares, v)
	return v.Quo(v, big.NewRat(int64(m.count-1), 1))
}

// deviation is the sample standard deviation to 60 significant digits.
func (m *moments) deviation() *big.Float {
	return new(big.Float).Sqrt(new(big.Float).SetPrec(200).SetRat(m.variance()))
}
