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
}

// readTable reads a CSV file and finds its columns.
func readTable(path string) (rows [][]string, index map[string]int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	rows, err = csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, err
	}
	index = map[string]int{}
	for i, name := range rows[0] {
		index[name] = i
	}
	return rows[1:], index, nil
}

// columnValues are the values of a column that are not missing.
func columnValues(path, column string) ([]string, error) {
	rows, index, err := readTable(path)
	if err != nil {
		return nil, err
	}
	i, ok := index[column]
	if !ok {
		return nil, fmt.Errorf("%s has no column %q", path, column)
	}
	var values []string
	for _, row := range rows {
		if row[i] != "" {
			values = append(values, row[i])
		}
	}
	return values, nil
}

// pooledMoments computes the moments of columns of a CSV file as if one party
// held all of it: the yardstick for the federated answer.
func pooledMoments(path string, columns []string) (map[string]*moments, error) {
	all := map[string]*moments{}
	for _, name := range columns {
		values, err := columnValues(path, name)
		if err != nil {
			return nil, err
		}
		m := &moments{count: len(values), sum: new(big.Rat), sumSquares: new(big.Rat)}
		for _, v := range values {
			x, ok := new(big.Rat).SetString(v)
			if !ok {
				return nil, fmt.Errorf("%s: %q is no number", path, v)
			}
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
