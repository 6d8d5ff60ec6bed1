package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// fit is a logistic regression with an intercept.
type fit struct {
	estimates, errors []float64
	logLikelihood     float64
}

// designOf reads the response and the predictors of a CSV file; of the first predictor it takes ln(value + 0.1).
func designOf(path string, columns []string) (y []float64, x [][]float64, err error) {
	rows, index, err := readTable(path)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		values := make([]float64, len(columns))
		for i, name := range columns {
			if values[i], err = strconv.ParseFloat(row[index[name]], 64); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		y = append(y, values[0])
		values[0], values[1] = 1, math.Log(values[1]+0.1)
		x = append(x, values)
	}
	return y, x, nil
}

// fitLogistic fits by Newton's method in floating point, with all rows at hand: the yardstick for the federated answer.
func fitLogistic(y []float64, x [][]float64) (fit, error) {
	k := len(x[0])
	f := fit{estimates: make([]float64, k), errors: make([]float64, k)}
	for range 50 {
		gradient, information := make([]float64, k), make([][]float64, k)
		for i := range information {
			information[i] = make([]float64, k)
		}
		f.logLikelihood = 0
		for n, row := range x {
			eta := 0.0
			for i, v := range row {
				eta += v * f.estimates[i]
			}
			p := 1 / (1 + math.Exp(-eta))
			f.logLikelihood += y[n]*math.Log(p) + (1-y[n])*math.Log(1-p)
			for i, v := range row {
				gradient[i] += (y[n] - p) * v
				for j, w := range row {
					information[i][j] += p * (1 - p) * v * w
				}
			}
		}
		inverse, err := inverseOf(information)
		if err != nil {
			return f, err
		}
		step := 0.0
		for i := range k {
			delta := 0.0
			for j := range k {
				delta += inverse[i][j] * gradient[j]
			}
			f.estimates[i] += delta
			f.errors[i] = math.Sqrt(inverse[i][i])
			step = math.Max(step, math.Abs(delta)/f.errors[i])
		}
		if step < 1e-13 {
			return f, nil
		}
	}
	return f, nil
}

// inverseOf inverts a matrix by elimination with pivots.
func inverseOf(m [][]float64) ([][]float64, error) {
	k := len(m)
	a := make([][]float64, k)
	for i := range a {
		a[i] = append(append([]float64(nil), m[i]...), make([]float64, k)...)
		a[i][k+i] = 1
	}
	for c := range k {
		best := c
		for r := c + 1; r < k; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		if a[best][c] == 0 {
			return nil, errors.New("the columns depend on each other")
		}
		a[c], a[best] = a[best], a[c]
		for r := range k {
			if r == c {
				continue
			}
			factor := a[r][c] / a[c][c]
			for j := range a[r] {
				a[r][j] -= factor * a[c][j]
			}
		}
	}
	out := make([][]float64, k)
	for i := range a {
		out[i] = make([]float64, k)
		for j := range out[i] {
			out[i][j] = a[i][k+j] / a[i][i]
		}
	}
	return out, nil
}
