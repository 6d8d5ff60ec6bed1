package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// axis is a column cut into bins, or into labels.
type axis struct {
	column             string
	lower, width, bins int
	labels             []string
}

// labels is a column with a bin for each label.
func labels(column string, all ...string) axis {
	return axis{column: column, bins: len(all), labels: all}
}

// bin returns the bin of a text, or false if it lies in none or is missing.
func (a axis) bin(text string) (int, bool) {
	if a.labels != nil {
		i := slices.Index(a.labels, text)
		return i, i >= 0
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	i := math.Floor((x - float64(a.lower)) / float64(a.width))
	return int(i), i >= 0 && i < float64(a.bins)
}

// certifiedMoments compares each figure with the pooled one, and the first column with published digits.
func certifiedMoments(mean, deviation, source string) func(c *collection, a answer) ([]string, error) {
	return func(c *collection, a answer) ([]string, error) {
		pooled, err := pooledMoments(c.data, c.columns)
		if err != nil {
			return nil, err
		}
		header := a.Result.Table.Header
		for _, row := range a.Result.Table.Rows {
			m := pooled[row[0]]
			if m == nil {
				return nil, fmt.Errorf("columns of the answer: expected the asked ones, got %q", row[0])
			}
			for name, want := range map[string]*big.Float{
				"count": new(big.Float).SetInt64(int64(m.count)),
				"mean":  new(big.Float).SetPrec(200).SetRat(m.mean()),
				"sd":    m.deviation(),
			} {
				i := indexOf(header, name)
				if i < 0 {
					return nil, fmt.Errorf("columns of the answer: expected %q among them, got %q", name, header)
				}
				if got := row[i]; !sameDigits(got, want) {
					return nil, fmt.Errorf("%s of %s: expected the pooled %s, got %s", name, row[0], want.Text('g', 20), got)
				}
			}
		}
		gotMean, gotDeviation := a.Result.Table.Rows[0][indexOf(header, "mean")], a.Result.Table.Rows[0][indexOf(header, "sd")]
		if gotMean != mean || gotDeviation != deviation {
			return nil, fmt.Errorf("mean and deviation: expected %s and %s, which %s certifies, got %s and %s", mean, deviation, source, gotMean, gotDeviation)
		}
		return []string{
			"equal to the pooled computation in every printed digit",
			fmt.Sprintf("certified by %s: mean %s, standard deviation %s: the same to the last digit", source, mean, deviation),
		}, nil
	}
}

// noisedMean compares the distance of a mean with noise from the pooled one with what the answer says of its noise.
func noisedMean(column string) func(c *collection, a answer) ([]string, error) {
	return func(c *collection, a answer) ([]string, error) {
		pooled, err := pooledMoments(c.data, []string{column})
		if err != nil {
			return nil, err
		}
		var got, noise float64
		for name, to := range map[string]*float64{"mean": &got, "noise_mean": &noise} {
			i := indexOf(a.Result.Table.Header, name)
			if i < 0 {
				return nil, fmt.Errorf("columns of the answer: expected %q among them, got %q", name, a.Result.Table.Header)
			}
			if *to, err = strconv.ParseFloat(a.Result.Table.Rows[0][i], 64); err != nil {
				return nil, err
			}
		}
		mean, _ := pooled[column].mean().Float64()
		// Beyond six standard deviations the noise of an answer is once in 500 million times.
		if met := math.Abs(got - mean); !(noise > 0 && met < 6*noise) {
			return nil, fmt.Errorf("mean of %s: expected within 6 standard deviations of its noise, %g, of the pooled %g, got %g", column, noise, mean, got)
		}
		return []string{
			fmt.Sprintf("the pooled mean is %.4f: the answer is %.4f away, by noise with a standard deviation of %.4f", mean, math.Abs(got-mean), noise),
		}, nil
	}
}

// pooledHistogram compares each bin with the pooled count.
func pooledHistogram(x axis) func(c *collection, a answer) ([]string, error) {
	return func(c *collection, a answer) ([]string, error) {
		want, err := pooledBins(c.data, x)
		if err != nil {
			return nil, err
		}
		counts := map[string]int{}
		header := a.Result.Table.Header
		bin, edge, count := indexOf(header, "bin"), indexOf(header, "from"), indexOf(header, "count")
		if bin < 0 || edge < 0 || count < 0 {
			return nil, fmt.Errorf("the histogram has the columns %v", header)
		}
		for _, row := range a.Result.Table.Rows {
			if _, err := strconv.Atoi(row[bin]); err == nil {
				counts[row[edge]] = atoi(row[count])
			}
		}
		if !maps.Equal(counts, want) {
			return nil, fmt.Errorf("histogram: expected the pooled %v, got %v", want, counts)
		}
		return []string{fmt.Sprintf("equal to the pooled histogram in all %d bins", len(want))}, nil
	}
}

// pooledContingency compares each cell with the pooled count, and chi-square with the pooled table's.
func pooledContingency(x, y axis) func(c *collection, a answer) ([]string, error) {
	return func(c *collection, a answer) ([]string, error) {
		want, err := pooledCells(c.data, x, y)
		if err != nil {
			return nil, err
		}
		if len(a.Result.Table.Rows) < x.bins {
			return nil, fmt.Errorf("rows of the table: expected at least %d, got %d", x.bins, len(a.Result.Table.Rows))
		}
		if err := sameLabels(a.Result.Table, x.labels, y.labels); err != nil {
			return nil, err
		}
		for i := range want {
			for j := range want[i] {
				if got := a.Result.Table.Rows[i][1+j]; got != strconv.Itoa(want[i][j]) {
					return nil, fmt.Errorf("cell %d, %d: expected the pooled %d, got %s", i, j, want[i][j], got)
				}
			}
		}
		chi := chiSquare(want)
		if got := a.fact("chi-square"); !sameDigits(got, new(big.Float).SetPrec(200).SetRat(chi)) {
			return nil, fmt.Errorf("chi-square: expected the pooled %s, got %s", chi.FloatString(12), got)
		}
		return []string{fmt.Sprintf("equal to the pooled table in all %d cells, chi-square in every printed digit", x.bins*y.bins)}, nil
	}
}

// sameLabels compares the names of a table's rows and columns with their labels, if they have any.
func sameLabels(t table, rows, columns []string) error {
	for i, l := range rows {
		if t.Rows[i][0] != l {
			return fmt.Errorf("row %d: expected %q, got %q", i, l, t.Rows[i][0])
		}
	}
	for j, l := range columns {
		if t.Header[1+j] != l {
			return fmt.Errorf("column %d: expected %q, got %q", j, l, t.Header[1+j])
		}
	}
	return nil
}

// tolerance is how far the regression may be from the pooled one, relative to the standard errors.
const tolerance = 1e-6

// pooledRegression compares the coefficients with a fit by one party that holds all rows. The logarithm is taken of the first predictor.
func pooledRegression(columns ...string) func(c *collection, a answer) ([]string, error) {
	return func(c *collection, a answer) ([]string, error) {
		y, x, err := designOf(c.data, columns)
		if err != nil {
			return nil, err
		}
		fit, err := fitLogistic(y, x)
		if err != nil {
			return nil, err
		}
		rows := a.Result.Table.Rows
		if len(rows) != len(fit.estimates) {
			return nil, fmt.Errorf("coefficients: expected %d, got %d", len(fit.estimates), len(rows))
		}
		worst, digits, errorsWorst := 0.0, 17, 0.0
		for i, row := range rows {
			got, err := strconv.ParseFloat(row[1], 64)
			if err != nil {
				return nil, err
			}
			se, err := strconv.ParseFloat(row[2], 64)
			if err != nil {
				return nil, err
			}
			worst = math.Max(worst, math.Abs(got-fit.estimates[i])/fit.errors[i])
			errorsWorst = math.Max(errorsWorst, math.Abs(se/fit.errors[i]-1))
			digits = min(digits, sharedDigits(got, fit.estimates[i]))
		}
		if worst > tolerance || errorsWorst > 1e-4 {
			return nil, fmt.Errorf("the coefficients differ from the pooled ones by up to %.1e standard errors, the standard errors by %.1e: expected at most %.0e and 1e-04",
				worst, errorsWorst, tolerance)
		}
		ll, err := strconv.ParseFloat(a.fact("log-likelihood"), 64)
		if err != nil || math.Abs(ll-fit.logLikelihood) > 1e-6 {
			return nil, errors.Join(err, fmt.Errorf("log-likelihood: expected the pooled %.9f, got %v", fit.logLikelihood, ll))
		}
		return []string{
			fmt.Sprintf("the pooled fit of all %d voters: the same to at least %d digits in every coefficient (%.1e standard errors),", len(y), digits, worst),
			fmt.Sprintf("standard errors to %.1e, log-likelihood %.6f", errorsWorst, fit.logLikelihood),
		}, nil
	}
}

// sharedDigits is the number of significant digits in which two numbers agree.
func sharedDigits(a, b float64) int {
	if a == b {
		return 17
	}
	return max(0, int(-math.Log10(math.Abs(a-b)/math.Abs(b))))
}

// sameDigits reports whether a printed number is another one, rounded to as many digits as it has.
func sameDigits(printed string, want *big.Float) bool {
	_, fraction, _ := strings.Cut(printed, ".")
	return want.Text('f', len(fraction)) == printed
}

func indexOf(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	return -1
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
