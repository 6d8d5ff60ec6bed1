package analysis_test

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/testutil/programtest"
)

// accuracy is a job with what its answer must be. The check gets the rows of the owners that are not lost, and says how
// close the answer is.
type accuracy struct {
	name   string
	file   string
	p      analysis.Parameters
	owners []int
	check  func(t *testing.T, data raw, rows []int, r analysis.Result) string
}

// TestAccuracy runs jobs over owners through secure sums, as the network makes them, and compares each answer with what one party with all
// the rows of these owners computes: evenly spread, nine tenths of the rows with one owner, an owner without rows, and three of ten lost
// before they contribute. Whatever the spread, the same rows give the same answer to the last digit.
func TestAccuracy(t *testing.T) {
	for _, a := range []accuracy{
		{"moments of Michelson's speed of light", "michelson.csv", michelson, []int{3, 7, 40}, checkMoments},
		{"least squares of Longley's data", "longley.csv", longley, []int{3, 7}, checkLongley},
		{"logistic regression of the election study", "anes96.csv", anes96, []int{3, 7, 40}, checkANES96},
		{"quantiles of penguins", "penguins.csv", penguinQuantiles, []int{3, 7}, checkQuantiles},
		{"histogram of penguins", "penguins.csv", penguinMasses, []int{3, 7}, checkHistogram},
		{"table of penguins", "penguins.csv", penguinTable, []int{3, 7}, checkTable},
		{"species and islands of penguins", "penguins.csv", penguinSpecies, []int{3, 7}, checkSpecies},
		{"logistic regression of the sex of penguins", "penguins.csv", penguinSex, []int{3, 7}, checkSex},
		{"clusters of penguins", "penguins.csv", penguinClusters, []int{3, 7}, checkClusters},
	} {
		t.Run(a.name, func(t *testing.T) {
			src, data := load(t, a.file, a.p), readRaw(t, a.file)
			c := programtest.New(t, a.p.Program, sandbox.Compiler)
			var all *analysis.Result // of all rows, whoever has them
			for _, f := range spreads(src.Rows, a.owners) {
				t.Run(f.name, func(t *testing.T) {
					r := driveSecure(t, c, a.p, src, f)
					t.Log(a.check(t, data, f.remaining(), r))
					if len(f.lost) > 0 {
						return
					}
					if all == nil {
						all = &r
					}
					require.Equal(t, all.Table, r.Table)
					require.Equal(t, all.Facts, r.Facts)
				})
			}
		})
	}
}

// spreads are the ways of the accuracy cases.
func spreads(rows int, owners []int) (all []federation) {
	for _, f := range federations(rows, owners[len(owners)-1]) {
		if len(f.lost) == 0 && len(f.owners) > 1 {
			all = append(all, f)
		}
	}
	for _, n := range owners {
		f := federation{name: fmt.Sprintf("3 of 10 of %d owners lost", n), owners: make([][]int, n), lost: map[int]bool{}}
		for i := range rows {
			f.owners[i%n] = append(f.owners[i%n], i)
		}
		for i := range (3*n + 5) / 10 {
			f.lost[(3*i+1)%n] = true
		}
		all = append(all, f)
	}
	return all
}

// driveSecure is drive through the shares of three seats.
func driveSecure(t *testing.T, c programtest.Runner, p analysis.Parameters, src *programtest.Table, f federation) analysis.Result {
	t.Helper()
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	seats, err := simulate.NewSeats(s.Program().Kind, 3, s.Job().Length, s.Job().Bits)
	require.NoError(t, err)
	return driveWith(t, c, p, src, f, seats.Sum)
}

func checkMoments(t *testing.T, data raw, rows []int, r analysis.Result) string {
	mean, deviation := meanAndDeviation(data.numbers(t, rows, "speed_km_s"))
	if len(rows) == 100 {
		// NIST StRD Michelso, in km/s.
		require.Equal(t, []string{"299852.4", "79.0105478190518"}, r.Table.Rows[0][3:5])
	}
	require.Equal(t, strconv.Itoa(len(rows)), r.Table.Rows[0][1])
	digits := leastDigits(t, r.Table.Rows[0][3:5], []*big.Float{mean, deviation})
	require.GreaterOrEqual(t, digits, 14.3, "every one of the 15 digits that are written")
	return fmt.Sprintf("mean and deviation of %d rows to %.1f digits", len(rows), digits)
}

func checkLongley(t *testing.T, data raw, rows []int, r analysis.Result) string {
	estimates, errors := exactLeastSquares(t, data.numbers(t, rows, names(longley)...))
	if len(rows) == 16 {
		for i, want := range certified {
			for j, text := range want {
				x, ok := newFloat().SetString(text)
				require.True(t, ok)
				require.Equal(t, 17.0, digitsOf(t, r.Table.Rows[i][1+j], x), "NIST certifies %s", text)
			}
		}
	}
	digits := leastDigits(t, column(r.Table.Rows, 1), floats(estimates))
	require.GreaterOrEqual(t, digits, 14.3, "9 are asked for, 15 are written")
	errorDigits := leastDigits(t, column(r.Table.Rows, 2), errors)
	require.GreaterOrEqual(t, errorDigits, 14.3)
	require.Equal(t, strconv.Itoa(len(rows)), fact(t, r, "rows"))
	return fmt.Sprintf("7 coefficients over %d rows to %.1f digits, their standard errors to %.1f", len(rows), digits, errorDigits)
}

func checkANES96(t *testing.T, data raw, rows []int, r analysis.Result) string {
	require.LessOrEqual(t, len(r.Rounds), 7)
	var x [][]*big.Float
	tenth := big.NewRat(1, 10)
	for _, row := range data.numbers(t, rows, names(anes96)...) {
		row[1].Add(row[1], tenth)
		numbers := floats(row)
		numbers[1] = bigLog(numbers[1])
		x = append(x, numbers)
	}
	worst := 0.0
	for i, want := range exactLogistic(t, x) {
		got, ok := newFloat().SetString(r.Table.Rows[i][1])
		require.True(t, ok)
		d, _ := got.Sub(got, want).Float64()
		worst = math.Max(worst, math.Abs(d))
	}
	require.Less(t, worst, 1e-8)
	return fmt.Sprintf("coefficients over %d rows within %.1e of the pooled fit, after %d rounds", len(x), worst, len(r.Rounds))
}

func checkQuantiles(t *testing.T, data raw, rows []int, r analysis.Result) string {
	values := data.numbers(t, rows, "body_mass_g")
	for i, text := range penguinQuantiles.Quantiles {
		q, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		require.Equal(t, quantile(values, q).FloatString(0), r.Table.Rows[i][1], text)
	}
	require.Equal(t, strconv.Itoa(len(values)), fact(t, r, "values"))
	return fmt.Sprintf("%d quantiles of %d values, exactly", len(r.Table.Rows), len(values))
}

// binOf is the bin of a number, -1 if it lies in none.
func binOf(t *testing.T, x *big.Rat, c analysis.Column) int {
	t.Helper()
	rat := func(text string) *big.Rat {
		v, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		return v
	}
	for i := range c.Bins {
		from := new(big.Rat).Mul(rat(c.Width), big.NewRat(int64(i), 1))
		from.Add(from, rat(c.Lower))
		to := new(big.Rat).Add(from, rat(c.Width))
		if x.Cmp(from) >= 0 && x.Cmp(to) < 0 {
			return i
		}
	}
	return -1
}

func checkHistogram(t *testing.T, data raw, rows []int, r analysis.Result) string {
	c := penguinMasses.Columns[0]
	want := make([]int, c.Bins)
	for _, row := range data.numbers(t, rows, c.Name) {
		if i := binOf(t, row[0], c); i >= 0 {
			want[i]++
		}
	}
	for i, n := range want {
		require.Equal(t, strconv.Itoa(n), r.Table.Rows[1+i][3], "bin %d", i+1)
	}
	return fmt.Sprintf("%d bins, exactly", len(want))
}

func checkTable(t *testing.T, data raw, rows []int, r analysis.Result) string {
	a, b := penguinTable.Columns[0], penguinTable.Columns[1]
	want := make([][]int, a.Bins)
	for i := range want {
		want[i] = make([]int, b.Bins)
	}
	for _, row := range data.numbers(t, rows, a.Name, b.Name) {
		if i, j := binOf(t, row[0], a), binOf(t, row[1], b); i >= 0 && j >= 0 {
			want[i][j]++
		}
	}
	for i := range want {
		for j, n := range want[i] {
			require.Equal(t, strconv.Itoa(n), r.Table.Rows[i][1+j], "cell %d, %d", i, j)
		}
	}
	digits := digitsOf(t, fact(t, r, "chi-square"), newFloat().SetRat(chiSquareOf(want)))
	require.GreaterOrEqual(t, digits, 14.3)
	return fmt.Sprintf("%d cells exactly, chi-square to %.1f digits", a.Bins*b.Bins, digits)
}

// chiSquareOf is the sum of (observed - expected)^2 / expected over rows and columns that have a count.
func chiSquareOf(cells [][]int) *big.Rat {
	rows, columns, n := make([]int64, len(cells)), make([]int64, len(cells[0])), int64(0)
	for i := range cells {
		for j, x := range cells[i] {
			rows[i], columns[j], n = rows[i]+int64(x), columns[j]+int64(x), n+int64(x)
		}
	}
	chi := new(big.Rat)
	for i := range cells {
		for j, x := range cells[i] {
			if rows[i] == 0 || columns[j] == 0 {
				continue
			}
			expected := big.NewRat(rows[i]*columns[j], n)
			d := new(big.Rat).Sub(big.NewRat(int64(x), 1), expected)
			chi.Add(chi, d.Quo(d.Mul(d, d), expected))
		}
	}
	return chi
}

// checkClusters: another step of Lloyd's gives the same clusters.
func checkClusters(t *testing.T, data raw, rows []int, r analysis.Result) string {
	places := make([][]*big.Rat, len(r.Table.Rows))
	for i, row := range r.Table.Rows {
		for _, text := range row[2:] {
			x, ok := new(big.Rat).SetString(text)
			require.True(t, ok)
			places[i] = append(places[i], x)
		}
	}
	counts, sums := make([]int64, len(places)), make([][]*big.Rat, len(places))
	for i := range sums {
		for range penguinClusters.Columns {
			sums[i] = append(sums[i], new(big.Rat))
		}
	}
	all := data.numbers(t, rows, names(penguinClusters)...)
	for _, row := range all {
		nearest, least := 0, (*big.Rat)(nil)
		for i, place := range places {
			distance := new(big.Rat)
			for j, x := range row {
				scale, ok := new(big.Rat).SetString(penguinClusters.Columns[j].Scale)
				require.True(t, ok)
				d := new(big.Rat).Sub(x, place[j])
				d.Mul(d, scale)
				distance.Add(distance, d.Mul(d, d))
			}
			if least == nil || distance.Cmp(least) < 0 {
				nearest, least = i, distance
			}
		}
		counts[nearest]++
		for j, x := range row {
			sums[nearest][j].Add(sums[nearest][j], x)
		}
	}
	digits := 17.0
	for i, n := range counts {
		require.Equal(t, strconv.FormatInt(n, 10), r.Table.Rows[i][1])
		for j, sum := range sums[i] {
			digits = min(digits, digitsOf(t, r.Table.Rows[i][2+j], newFloat().SetRat(sum.Quo(sum, big.NewRat(n, 1)))))
		}
	}
	require.GreaterOrEqual(t, digits, 14.3)
	return fmt.Sprintf("%d clusters of %d rows, their means to %.1f digits", len(places), len(all), digits)
}
