package simulate_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/sandbox"
)

// voters are the rows of a data set, as often as given, spread over the files of five owners.
func voters(t *testing.T, file string, times int) (files []string, rows int) {
	t.Helper()
	f, err := os.Open(filepath.Join("../../testdata/data", file))
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	const owners = 5
	dir := t.TempDir()
	parts := make([][][]string, owners)
	for i := range parts {
		parts[i] = [][]string{records[0]}
	}
	for range times {
		for _, r := range records[1:] {
			parts[rows%owners] = append(parts[rows%owners], r)
			rows++
		}
	}
	for i, part := range parts {
		files = append(files, filepath.Join(dir, fmt.Sprintf("owner%d.csv", i+1)))
		out, err := os.Create(files[i])
		require.NoError(t, err)
		require.NoError(t, csv.NewWriter(out).WriteAll(part))
		require.NoError(t, out.Close())
	}
	return files, rows
}

// said is what a question says before it is paid.
func said(t *testing.T, p analysis.Parameters, rows int) []analysis.Expected {
	t.Helper()
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	out, err := s.(analysis.Noised).Expect(uint64(rows))
	require.NoError(t, err)
	return out
}

// noisyRun is an answer to a question with noise, without a chain: the real programs, the real noise.
func noisyRun(t *testing.T, box *sandbox.Sandbox, p analysis.Parameters, files []string, seed uint64) analysis.Result {
	t.Helper()
	out, err := run(t, box, p, files, simulate.Options{Random: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})})
	require.NoError(t, err, p.Program)
	return out.Result
}

// cell is a number of an answer's table.
func cell(t *testing.T, r analysis.Result, row int, column string) float64 {
	t.Helper()
	at := slices.Index(r.Table.Header, column)
	require.GreaterOrEqual(t, at, 0, "column %q of %q", column, r.Table.Header)
	x, err := strconv.ParseFloat(r.Table.Rows[row][at], 64)
	require.NoError(t, err)
	return x
}

// fullNoise reports whether the tests of noise draw as much as docs/benchmarks.md says; else they take less time.
var fullNoise = os.Getenv("ALITA_NOISE") == "full"

// saidRuns is how many answers are drawn.
func saidRuns() int {
	if fullNoise {
		return 200
	}
	return 20
}

// sizes are how often the rows are taken; the last one is for long tests.
func sizes(all ...int) []int {
	if fullNoise {
		return all
	}
	return all[:len(all)-1]
}

// TestErrorSaidOverRealData compares the error that is said before anything is paid with the one met over the voters of 1996 and over penguins, five
// owners together: the root of the mean square of the distance from the exact answer to the same question. The column of the answer that says its
// own noise is compared, too. The data sets are small, so they are taken 1, 4 and 16 times.
func TestErrorSaidOverRealData(t *testing.T) {
	box := newBox(t)
	age := analysis.Column{Name: "age", Bits: 7, Lower: "17", Upper: "97"}
	income := analysis.Column{Name: "income", Bits: 5, Upper: "24"}
	educ := analysis.Column{Name: "educ", Bits: 3, Upper: "7"}
	bins := analysis.Column{Name: "age", Bits: 7, Lower: "17", Width: "10", Bins: 8}
	party := analysis.Column{Name: "pid", Bits: 3, Lower: "0", Width: "1", Bins: 7}
	vote := analysis.Column{Name: "vote", Bits: 1, Lower: "0", Width: "1", Bins: 2}
	for _, tc := range []struct {
		p             analysis.Parameters
		file          string
		times         []int
		row           int    // of the answer that is compared
		column, noise string // and its column, and the one that says its noise, if there is one
		// factor is how far what is met may be from what is said, which is for data of another shape.
		factor float64
	}{
		{analysis.Parameters{Program: "moments", MicroRho: 100_000, Columns: []analysis.Column{age}}, "anes96.csv", sizes(1, 4, 16), 0, "mean", "noise_mean", 1.5},
		{analysis.Parameters{Program: "histogram", MicroRho: 100_000, Columns: []analysis.Column{bins}}, "anes96.csv", sizes(1, 4, 16), 3, "count", "", 1.5},
		{analysis.Parameters{Program: "contingency", MicroRho: 100_000, Columns: []analysis.Column{party, vote}}, "anes96.csv", sizes(1, 4, 16), 1, "0", "", 1.5},
		{analysis.Parameters{Program: "linear", MicroRho: 1_000_000, Columns: []analysis.Column{income, age, educ}}, "anes96.csv", sizes(4, 16), 1, "estimate", "noise", 2.5},
		{analysis.Parameters{Program: "logistic", MicroRho: 1_000_000, Columns: []analysis.Column{{Name: "vote", Bits: 1}, {Name: "age", Bits: 7, Upper: "97"}, educ}}, "anes96.csv", sizes(4, 16), 1, "estimate", "noise", 2.5},
	} {
		for _, times := range tc.times {
			files, rows := voters(t, tc.file, times)
			expected := said(t, tc.p, rows)[0]
			plainly := tc.p
			plainly.MicroRho = 0
			plainly.Columns = append([]analysis.Column(nil), tc.p.Columns...)
			for i := range plainly.Columns {
				c := &plainly.Columns[i]
				c.Upper = ""
				if c.Bins == 0 {
					c.Lower = ""
				}
			}
			exact, err := run(t, box, plainly, files, simulate.Options{})
			require.NoError(t, err)
			runs, met, ofNoise := saidRuns(), 0.0, 0.0
			for i := range runs {
				got := noisyRun(t, box, tc.p, files, uint64(1000*times+i))
				d := cell(t, got, tc.row, tc.column) - cell(t, exact.Result, tc.row, tc.column)
				met += d * d / float64(runs)
				if tc.noise != "" {
					ofNoise += cell(t, got, tc.row, tc.noise) / float64(runs)
				}
			}
			met = math.Sqrt(met)
			t.Logf("| %s, rho %g | %s | %d | %.4g | %.4g | %.4g |", tc.p.Program, float64(tc.p.MicroRho)/1e6, expected.Name, rows, expected.Error, met, ofNoise)
			require.Less(t, met/expected.Error, tc.factor*1.5, tc.p.Program)
			require.Greater(t, met/expected.Error, 1/(tc.factor*1.5), tc.p.Program)
			if tc.noise != "" {
				require.InEpsilon(t, met, ofNoise, 0.6, "the answer says its own noise")
			}
		}
	}
}

// TestQuantilesSaidOverRealData is the same for quantiles: the distance is that of ranks. The exact one is between two ranks, as ages are whole years.
func TestQuantilesSaidOverRealData(t *testing.T) {
	box := newBox(t)
	age := analysis.Column{Name: "age", Bits: 7, Lower: "17", Upper: "97"}
	for _, times := range sizes(1, 4, 16) {
		p := analysis.Parameters{Program: "quantiles", MicroRho: 100_000, Columns: []analysis.Column{age}, Quantiles: []string{"0.5"}}
		files, rows := voters(t, "anes96.csv", times)
		expected := said(t, p, rows)[0]
		sorted := ages(t, times)
		runs, met, ofNoise, within := saidRuns(), 0.0, 0.0, 0
		for i := range runs {
			got := noisyRun(t, box, p, files, uint64(1000*times+i))
			value := int(cell(t, got, 0, "value"))
			below, _ := slices.BinarySearch(sorted, value)
			upTo, _ := slices.BinarySearch(sorted, value+1)
			half := float64(rows) / 2
			d := max(0, float64(below)-half, half-float64(upTo))
			met += d * d / float64(runs)
			ofNoise += cell(t, got, 0, "noise of the rank") / float64(runs)
			if exact := float64(sorted[(rows-1)/2]); cell(t, got, 0, "at least") <= exact && exact <= cell(t, got, 0, "at most") {
				within++
			}
		}
		met = math.Sqrt(met)
		t.Logf("| quantiles, rho 0.1 | %s | %d | %.4g | %.4g | %.4g | within the limits: %d of %d", expected.Name, rows, expected.Error, met, ofNoise, within, runs)
		require.Less(t, met, 1.2*expected.Error)
		require.InEpsilon(t, expected.Error, ofNoise, 0.6)
		require.GreaterOrEqual(t, within, runs*9/10)
	}
}

// ages are those of the voters, in order.
func ages(t *testing.T, times int) (all []int) {
	t.Helper()
	f, err := os.Open("../../testdata/data/anes96.csv")
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	at := slices.Index(records[0], "age")
	for range times {
		for _, r := range records[1:] {
			x, err := strconv.Atoi(r[at])
			require.NoError(t, err)
			all = append(all, x)
		}
	}
	slices.Sort(all)
	return all
}

// TestClustersSaidOverRealData: the means of the clusters of penguins, by mass and flippers, against those of the rows that are nearest to the same
// centroids.
func TestClustersSaidOverRealData(t *testing.T) {
	box := newBox(t)
	p := analysis.Parameters{Program: "kmeans", MicroRho: 1_000_000, Clusters: 2, Seed: 1, Columns: []analysis.Column{
		{Name: "body_mass_g", Bits: 12, Offset: 2700, Upper: "6300"},
		{Name: "flipper_length_mm", Bits: 6, Offset: 170, Upper: "233", Scale: "60"},
	}}
	for _, times := range sizes(4, 16) {
		files, rows := voters(t, "penguins.csv", times)
		expected := said(t, p, rows)[1]
		runs, met, ofNoise := saidRuns(), 0.0, 0.0
		for i := range runs {
			var last analysis.Job
			got, err := run(t, box, p, files, simulate.Options{
				Random: rand.NewChaCha8([32]byte{byte(times), byte(i), 7}), Progress: func(_ int, job analysis.Job) { last = job },
			})
			require.NoError(t, err)
			exact := nearest(t, last, files)
			for c, row := range got.Result.Table.Rows {
				d := cell(t, got.Result, c, "body_mass_g")
				off := math.Inf(1)
				for _, x := range exact {
					off = min(off, math.Abs(d-x))
				}
				met += off * off / float64(runs*len(got.Result.Table.Rows))
				ofNoise += cell(t, got.Result, c, "noise of body_mass_g") / float64(runs*len(got.Result.Table.Rows))
				require.Len(t, row, 6)
			}
		}
		met = math.Sqrt(met)
		t.Logf("| kmeans, rho 1 | %s | %d | %.4g | %.4g | %.4g |", expected.Name, rows, expected.Error, met, ofNoise)
		require.Less(t, met/expected.Error, 2.5)
		require.Greater(t, met/expected.Error, 0.4)
		require.InEpsilon(t, met, ofNoise, 0.6)
	}
}

// nearest are the mean masses of the rows nearest to each of the centroids of a job, without noise.
func nearest(t *testing.T, job analysis.Job, files []string) (means []float64) {
	t.Helper()
	columns, step, err := analysis.ParseKMeans(job.Input)
	require.NoError(t, err)
	require.Len(t, columns, 2)
	sums, counts := make([]float64, len(step.Centroids)), make([]float64, len(step.Centroids))
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		records, err := csv.NewReader(f).ReadAll()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		mass, flipper := slices.Index(records[0], "body_mass_g"), slices.Index(records[0], "flipper_length_mm")
		for _, r := range records[1:] {
			x, err1 := strconv.ParseFloat(r[mass], 64)
			y, err2 := strconv.ParseFloat(r[flipper], 64)
			if err1 != nil || err2 != nil {
				continue
			}
			best, at := math.Inf(1), 0
			for c, place := range step.Centroids {
				a, b := (x-2700)*step.Scales[0]-place[0], (y-170)*step.Scales[1]-place[1]
				if d := a*a + b*b; d < best {
					best, at = d, c
				}
			}
			sums[at] += x
			counts[at]++
		}
	}
	for c := range sums {
		if counts[c] > 0 {
			means = append(means, sums[c]/counts[c])
		}
	}
	return means
}
