package main

import (
	"math/big"
	"strconv"
)

// pooledBins counts the values of a column by the lower edge of their bin.
func pooledBins(path string, x axis) (map[string]int, error) {
	values, err := columnValues(path, x.column)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for i := range x.bins {
		counts[strconv.Itoa(x.lower+i*x.width)] = 0
	}
	for _, v := range values {
		if i, in := x.bin(v); in {
			counts[strconv.Itoa(x.lower+i*x.width)]++
		}
	}
	return counts, nil
}

// pooledCells counts the rows by the bins of two columns.
func pooledCells(path string, x, y axis) ([][]int, error) {
	rows, index, err := readTable(path)
	if err != nil {
		return nil, err
	}
	cells := make([][]int, x.bins)
	for i := range cells {
		cells[i] = make([]int, y.bins)
	}
	for _, row := range rows {
		i, inX := x.bin(row[index[x.column]])
		j, inY := y.bin(row[index[y.column]])
		if inX && inY {
			cells[i][j]++
		}
	}
	return cells, nil
}

// chiSquare is the sum of (observed - expected)^2 / expected, exactly. Every row and column of the table must have a count.
func chiSquare(cells [][]int) *big.Rat {
	rowSums, columnSums, total := make([]int64, len(cells)), make([]int64, len(cells[0])), int64(0)
	for i, row := range cells {
		for j, n := range row {
			rowSums[i] += int64(n)
			columnSums[j] += int64(n)
			total += int64(n)
		}
	}
	chi := new(big.Rat)
	for i, row := range cells {
		for j, n := range row {
			expected := big.NewRat(rowSums[i]*columnSums[j], total)
			d := new(big.Rat).Sub(big.NewRat(int64(n), 1), expected)
			chi.Add(chi, d.Mul(d, d).Quo(d, expected))
		}
	}
	return chi
}
