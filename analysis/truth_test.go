package analysis_test

import (
	"encoding/csv"
	"math"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
)

// What one party with all rows would compute, from the texts of the files, in fractions or to 256 bits. It shares nothing with
// the code under test.

// precision is the precision of big.Float in bits.
const precision = 256

func newFloat() *big.Float { return new(big.Float).SetPrec(precision) }

// raw is a file of testdata/data as texts.
type raw struct {
	index map[string]int
	rows  [][]string
}

func readRaw(t *testing.T, file string) raw {
	t.Helper()
	f, err := os.Open("../testdata/data/" + file)
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	r := raw{index: map[string]int{}, rows: records[1:]}
	for i, name := range records[0] {
		r.index[name] = i
	}
	return r
}

// cells are the texts of columns in the rows of the given indices in which none is missing, row by row.
func (r raw) cells(indices []int, columns ...string) (rows [][]string) {
next:
	for _, i := range indices {
		row := make([]string, len(columns))
		for j, name := range columns {
			if row[j] = r.rows[i][r.index[name]]; row[j] == "" {
				continue next
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// numbers are the cells as fractions.
func (r raw) numbers(t *testing.T, indices []int, columns ...string) (rows [][]*big.Rat) {
	t.Helper()
	for _, texts := range r.cells(indices, columns...) {
		row := make([]*big.Rat, len(texts))
		for j, text := range texts {
			x, ok := new(big.Rat).SetString(text)
			require.True(t, ok, text)
			row[j] = x
		}
		rows = append(rows, row)
	}
	return rows
}

func names(p analysis.Parameters) (all []string) {
	for _, c := range p.Columns {
		all = append(all, c.Name)
	}
	return all
}

// meanAndDeviation of one column.
func meanAndDeviation(rows [][]*big.Rat) (mean, deviation *big.Float) {
	n, sum := big.NewRat(int64(len(rows)), 1), new(big.Rat)
	for _, row := range rows {
		sum.Add(sum, row[0])
	}
	m := new(big.Rat).Quo(sum, n)
	squares := new(big.Rat)
	for _, row := range rows {
		d := new(big.Rat).Sub(row[0], m)
		squares.Add(squares, d.Mul(d, d))
	}
	squares.Quo(squares, n.Sub(n, big.NewRat(1, 1)))
	return newFloat().SetRat(m), newFloat().Sqrt(newFloat().SetRat(squares))
}

// exactLeastSquares solves the normal equations of the first column on an intercept and the others by elimination in fractions, and returns
// estimates and standard errors.
func exactLeastSquares(t *testing.T, rows [][]*big.Rat) (estimates []*big.Rat, errors []*big.Float) {
	t.Helper()
	k := len(rows[0])
	a := make([][]*big.Rat, k) // X'X, the unit matrix, X'y
	for i := range a {
		a[i] = make([]*big.Rat, 2*k+1)
		for j := range a[i] {
			a[i][j] = new(big.Rat)
		}
		a[i][k+i].SetInt64(1)
	}
	one := big.NewRat(1, 1)
	at := func(row []*big.Rat, j int) *big.Rat {
		if j == 0 {
			return one
		}
		return row[j]
	}
	for _, row := range rows {
		for i := range k {
			for j := range k {
				a[i][j].Add(a[i][j], new(big.Rat).Mul(at(row, i), at(row, j)))
			}
			a[i][2*k].Add(a[i][2*k], new(big.Rat).Mul(at(row, i), row[0]))
		}
	}
	for p := range k {
		swap := p
		for swap < k && a[swap][p].Sign() == 0 {
			swap++
		}
		require.Less(t, swap, k, "the columns depend on each other")
		a[p], a[swap] = a[swap], a[p]
		d := new(big.Rat).Inv(a[p][p])
		for j := range a[p] {
			a[p][j].Mul(a[p][j], d)
		}
		for r := range k {
			if r == p {
				continue
			}
			f := new(big.Rat).Set(a[r][p])
			for j := range a[r] {
				a[r][j].Sub(a[r][j], new(big.Rat).Mul(f, a[p][j]))
			}
		}
	}
	residual := new(big.Rat)
	for _, row := range rows {
		d := new(big.Rat).Set(row[0])
		for i := range k {
			d.Sub(d, new(big.Rat).Mul(a[i][2*k], at(row, i)))
		}
		residual.Add(residual, d.Mul(d, d))
	}
	freedom := int64(len(rows) - k)
	require.Positive(t, freedom)
	residual.Quo(residual, big.NewRat(freedom, 1))
	for i := range k {
		estimates = append(estimates, a[i][2*k])
		v := new(big.Rat).Mul(residual, a[i][k+i])
		errors = append(errors, newFloat().Sqrt(newFloat().SetRat(v)))
	}
	return estimates, errors
}

// bigExp is e^x: the series at x / 2^32, squared 32 times.
func bigExp(x *big.Float) *big.Float {
	const halvings = 32
	z := newFloat().SetMantExp(x, -halvings)
	sum, term := newFloat().SetInt64(1), newFloat().SetInt64(1)
	for i := int64(1); i < 40; i++ {
		term.Mul(term, z)
		term.Quo(term, newFloat().SetInt64(i))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog is the x' with e^x' = x, by Newton's steps from a float64.
func bigLog(x *big.Float) *big.Float {
	near, _ := x.Float64()
	y := newFloat().SetFloat64(math.Log(near))
	for range 4 {
		step := newFloat().Quo(x, bigExp(y))
		y.Add(y, step.Sub(step, newFloat().SetInt64(1)))
	}
	return y
}

// exactLogistic fits by Newton's method to 256 bits, from zero, and returns the estimates. The first column is 0 or 1.
func exactLogistic(t *testing.T, rows [][]*big.Float) []*big.Float {
	t.Helper()
	k := len(rows[0])
	beta := make([]*big.Float, k)
	for i := range beta {
		beta[i] = newFloat()
	}
	one := newFloat().SetInt64(1)
	for range 30 {
		a := make([][]*big.Float, k)
		for i := range a {
			a[i] = make([]*big.Float, k+1)
			for j := range a[i] {
				a[i][j] = newFloat()
			}
		}
		for _, row := range rows {
			x := append([]*big.Float{one}, row[1:]...)
			eta := newFloat()
			for i := range k {
				eta.Add(eta, newFloat().Mul(beta[i], x[i]))
			}
			p := newFloat().Quo(one, newFloat().Add(one, bigExp(eta.Neg(eta))))
			w := newFloat().Mul(p, newFloat().Sub(one, p))
			d := newFloat().Sub(row[0], p)
			for i := range k {
				wx := newFloat().Mul(w, x[i])
				for j := range k {
					a[i][j].Add(a[i][j], newFloat().Mul(wx, x[j]))
				}
				a[i][k].Add(a[i][k], newFloat().Mul(d, x[i]))
			}
		}
		for p := range k {
			for r := range k {
				if r == p {
					continue
				}
				f := newFloat().Quo(a[r][p], a[p][p])
				for j := range a[r] {
					a[r][j].Sub(a[r][j], newFloat().Mul(f, a[p][j]))
				}
			}
		}
		small := true
		for i := range k {
			step := newFloat().Quo(a[i][k], a[i][i])
			beta[i].Add(beta[i], step)
			small = small && (step.Sign() == 0 || step.MantExp(nil) < -100)
		}
		if small {
			return beta
		}
	}
	require.Fail(t, "Newton's method has not converged")
	return nil
}

// digitsOf is the number of significant digits in which a printed number is another one, at most 17.
func digitsOf(t *testing.T, printed string, want *big.Float) float64 {
	t.Helper()
	got, ok := newFloat().SetString(printed)
	require.True(t, ok, printed)
	d := newFloat().Sub(got, want)
	if d.Sign() == 0 {
		return 17
	}
	if want.Sign() == 0 {
		return 0
	}
	x, _ := d.Quo(d, want).Float64()
	return min(17, -math.Log10(math.Abs(x)))
}

// leastDigits compares printed numbers with true ones.
func leastDigits(t *testing.T, printed []string, want []*big.Float) float64 {
	t.Helper()
	require.Len(t, printed, len(want))
	least := 17.0
	for i := range want {
		least = min(least, digitsOf(t, printed[i], want[i]))
	}
	return least
}

func column(rows [][]string, at int) (cells []string) {
	for _, row := range rows {
		cells = append(cells, row[at])
	}
	return cells
}

func floats(all []*big.Rat) (out []*big.Float) {
	for _, x := range all {
		out = append(out, newFloat().SetRat(x))
	}
	return out
}

// quantile is the smallest value at or below which a part q of all is.
func quantile(rows [][]*big.Rat, q *big.Rat) *big.Rat {
	all := make([]*big.Rat, len(rows))
	for i, row := range rows {
		all[i] = row[0]
	}
	slices.SortFunc(all, func(a, b *big.Rat) int { return a.Cmp(b) })
	n := big.NewRat(int64(len(all)), 1)
	for i := range all {
		if new(big.Rat).Quo(big.NewRat(int64(i+1), 1), n).Cmp(q) >= 0 {
			return all[i]
		}
	}
	return nil
}
