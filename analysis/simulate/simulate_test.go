package simulate_test

import (
	"context"
	"crypto/sha3"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/crypto/dgauss"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	"github.com/alita-network/alita/terms"
)

var (
	species  = analysis.Column{Name: "species", Labels: []string{"Adelie", "Chinstrap", "Gentoo"}}
	islands  = analysis.Column{Name: "island", Labels: []string{"Biscoe", "Dream", "Torgersen"}}
	mass     = analysis.Column{Name: "body_mass_g", Bits: 13}
	flippers = analysis.Column{Name: "flipper_length_mm", Bits: 8}
	bins     = analysis.Column{Name: "body_mass_g", Bits: 13, Lower: "2500", Width: "500", Bins: 8}
)

// jobs are one of each program, over penguins.
var jobs = []analysis.Parameters{
	{Program: "moments", Columns: []analysis.Column{mass, flippers}, MaxRows: 400},
	{Program: "histogram", Columns: []analysis.Column{bins}, MaxRows: 400},
	{Program: "quantiles", Columns: []analysis.Column{mass}, Quantiles: []string{"0.5"}, MaxRows: 400},
	{Program: "contingency", Columns: []analysis.Column{species, islands}, MaxRows: 400},
	{Program: "linear", Columns: []analysis.Column{mass, flippers}, MaxRows: 400},
	{Program: "logistic", Columns: []analysis.Column{{Name: "sex", Labels: []string{"FEMALE", "MALE"}}, mass}, MaxRows: 400},
	{Program: "kmeans", Columns: []analysis.Column{mass, flippers}, Clusters: 2, MaxRows: 400},
}

// split spreads the penguins over the files of a number of owners. The last has none.
func split(t *testing.T, n int) (files []string) {
	t.Helper()
	f, err := os.Open("../../testdata/data/penguins.csv")
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	dir := t.TempDir()
	for i := range n {
		part := [][]string{records[0]}
		for j := 1 + i; j < len(records) && i < n-1; j += n - 1 {
			part = append(part, records[j])
		}
		files = append(files, filepath.Join(dir, fmt.Sprintf("owner%d.csv", i+1)))
		out, err := os.Create(files[i])
		require.NoError(t, err)
		require.NoError(t, csv.NewWriter(out).WriteAll(part))
		require.NoError(t, out.Close())
	}
	return files
}

func newBox(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	return box
}

func run(t *testing.T, box *sandbox.Sandbox, p analysis.Parameters, files []string, o simulate.Options) (simulate.Outcome, error) {
	t.Helper()
	session, err := analysis.NewSession(p)
	require.NoError(t, err)
	return simulate.Run(t.Context(), box, session, session.Program().Cost, files, o)
}

// TestSharesAddUpToTheSame runs each program over shares and in the open.
func TestSharesAddUpToTheSame(t *testing.T) {
	box, files := newBox(t), split(t, 6)
	for _, p := range jobs {
		t.Run(p.Program, func(t *testing.T) {
			open, err := run(t, box, p, files, simulate.Options{})
			require.NoError(t, err)
			require.True(t, open.Result.Converged)
			require.Equal(t, 6, open.Result.Contributions)
			rounds := 0
			shared, err := run(t, box, p, files, simulate.Options{Seats: 3, Progress: func(round int, job analysis.Job) {
				rounds++
				require.Equal(t, rounds, round)
				require.Equal(t, open.Length, job.Length)
			}})
			require.NoError(t, err)
			require.Len(t, shared.Result.Rounds, rounds)
			require.Equal(t, open.Result.Table, shared.Result.Table)
			require.Equal(t, open.Result.Facts, shared.Result.Facts)
			require.Equal(t, open.Owners, shared.Owners)
			// Every round is billed, by the model at the owner's rows.
			session, err := analysis.NewSession(p)
			require.NoError(t, err)
			model := session.Program().Cost
			for i, o := range shared.Owners {
				once, err := model.Operations(o.Rows, uint32(len(p.Columns)), uint32(open.Length))
				require.NoError(t, err)
				require.Equal(t, uint64(rounds)*once, o.Operations)
				require.Equal(t, filepath.Base(files[i]), o.File)
				require.Equal(t, i == 5, o.Rows == 0)
			}
		})
	}
}

// TestChoice adds up the answers of owners with one row each, over shares and in the open: it is the histogram of all rows.
func TestChoice(t *testing.T) {
	box, dir := newBox(t), t.TempDir()
	var files, rows []string
	for i, cell := range []string{"2700", "3100", "3499", "NA", "8000", "100", "6499"} {
		files, rows = append(files, filepath.Join(dir, fmt.Sprintf("owner%d.csv", i+1))), append(rows, cell)
		require.NoError(t, os.WriteFile(files[i], []byte("body_mass_g\n"+cell+"\n"), 0o600))
	}
	all := filepath.Join(dir, "all.csv")
	require.NoError(t, os.WriteFile(all, []byte("body_mass_g\n"+strings.Join(rows, "\n")+"\n"), 0o600))
	p := analysis.Parameters{Program: "choice", Columns: []analysis.Column{bins}}
	q := analysis.Parameters{Program: "histogram", Columns: []analysis.Column{bins}}
	want, err := run(t, box, q, []string{all}, simulate.Options{})
	require.NoError(t, err)
	for _, seats := range []int{0, 2, 3} {
		got, err := run(t, box, p, files, simulate.Options{Seats: seats})
		require.NoError(t, err)
		require.Equal(t, want.Result.Table, got.Result.Table)
		require.Equal(t, want.Result.Facts, got.Result.Facts)
		require.Equal(t, 7, got.Result.Contributions)
		require.Equal(t, 1, got.Bits)
		for _, o := range got.Owners {
			require.EqualValues(t, 1, o.Rows)
			require.Positive(t, o.Operations)
		}
	}

	_, err = run(t, box, p, append(files, all), simulate.Options{})
	require.ErrorIs(t, err, terms.ErrRows)
	require.ErrorContains(t, err, "all.csv: its worker would decline: wrong number of rows: expected 1 for a program of one_hot, got 7")
	p.MicroRho = 100_000
	_, err = analysis.NewSession(p)
	require.ErrorContains(t, err, "noise: expected none for choice, no row program answers it")
}

// TestLostOwners: who is lost before contributing is as if it had never been there, and earns nothing.
func TestLostOwners(t *testing.T) {
	box, files := newBox(t), split(t, 6)
	p := jobs[3]
	for _, tt := range []struct {
		lose []string
		lost []int
	}{
		{[]string{"owner2.csv"}, []int{1}},
		{[]string{files[0], "owner6.csv"}, []int{0, 5}},
		{[]string{"0"}, nil},
		{[]string{"2"}, []int{1, 4}},
		{[]string{"5"}, []int{0, 1, 3, 4, 5}},
		{[]string{"owner2.csv", "1"}, []int{1, 3}},
		{[]string{"owner2.csv", "owner2.csv"}, []int{1}},
	} {
		t.Run(fmt.Sprint(tt.lose), func(t *testing.T) {
			got, err := run(t, box, p, files, simulate.Options{Seats: 2, Lose: tt.lose})
			require.NoError(t, err)
			var left []string
			var lost []int
			for i, o := range got.Owners {
				if !o.Lost {
					left = append(left, files[i])
					require.Positive(t, o.Operations)
					continue
				}
				lost = append(lost, i)
				require.Zero(t, o.Operations)
			}
			require.Equal(t, tt.lost, lost)
			want, err := run(t, box, p, left, simulate.Options{})
			require.NoError(t, err)
			require.Equal(t, asJSON(t, want.Result), asJSON(t, got.Result))
		})
	}
	for want, lose := range map[string][]string{
		"owners that contribute: expected at least 1, got none, all 6 are lost": {"6"},
		"owners to lose: expected 0 to 6, got 7":                                {"7"},
		"owners to lose: expected 0 to 6, got -1":                               {"-1"},
		"owners to lose: expected 0 to 5, got 6":                                {"owner1.csv", "6"},
		`expected a number or the file of an owner, got "owner9.csv"`:           {"owner9.csv"},
	} {
		_, err := run(t, box, p, files, simulate.Options{Lose: lose})
		require.ErrorContains(t, err, want)
	}
	_, err := run(t, box, p, nil, simulate.Options{})
	require.ErrorContains(t, err, "files of owners: expected at least 1, got none")
}

func asJSON(t *testing.T, r analysis.Result) string {
	t.Helper()
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return string(text)
}

// TestNoise: each count is off by the noise of three seats, however many owners there are, and by no more than its bound; what is drawn decides, and
// nothing else.
func TestNoise(t *testing.T) {
	box, files := newBox(t), split(t, 6)
	p := jobs[1]
	exact, err := run(t, box, p, files, simulate.Options{})
	require.NoError(t, err)
	require.Nil(t, exact.Noise)
	p.MicroRho = 5_000 // a bit more than 1 / (2 * 0.005) = 100
	noised := func(seed byte, seats int) simulate.Outcome {
		t.Helper()
		got, err := run(t, box, p, files, simulate.Options{Seats: seats, Random: seeded(seed)})
		require.NoError(t, err)
		return got
	}
	a, b, c := noised(1, 3), noised(1, 0), noised(2, 3)
	require.Equal(t, a.Result.Table, b.Result.Table)
	require.NotEqual(t, a.Result.Table, c.Result.Table)
	require.EqualValues(t, 5_000, a.Noise.MicroRho)
	require.Len(t, a.Noise.Slots, 2)
	variance := uint64(102) // the rows used take a 64th of the budget
	require.InDelta(t, math.Sqrt(3*float64(variance)), a.Noise.Slots[1].StandardDeviation, 1e-9)
	require.Equal(t, exact.Bits, 9)
	require.Equal(t, a.Bits, 9, "the noise has slots of its own")
	bound, err := dgauss.Bound(dgauss.Variance{Num: variance, Den: 1}, 64)
	require.NoError(t, err)
	different := 0
	for i, row := range a.Result.Table.Rows {
		got, want := number(t, row[3]), number(t, exact.Result.Table.Rows[i][3])
		require.LessOrEqual(t, got, want+3*bound)
		require.GreaterOrEqual(t, got, max(0, want-3*bound))
		if got != want {
			different++
		}
	}
	require.Greater(t, different, 5)
	// Without a seed the noise comes from the machine.
	p.MicroRho = 1
	d, err := run(t, box, p, files, simulate.Options{})
	require.NoError(t, err)
	require.NotEqual(t, exact.Result.Table, d.Result.Table)
}

// seeded is a stream of noise.
func seeded(seed byte) io.Reader {
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write([]byte{seed})
	return stream
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// TestUnfitCells: the payer sees, on its own files, which cells a job would not read as they stand.
func TestUnfitCells(t *testing.T) {
	text := jobs[0]
	text.Columns = []analysis.Column{{Name: "species", Bits: 8}}
	out, err := run(t, newBox(t), text, split(t, 3), simulate.Options{})
	require.NoError(t, err)
	for _, o := range out.Owners {
		if o.Rows == 0 {
			require.Empty(t, o.Unfit)
			continue
		}
		require.Equal(t, []simulate.Unfit{{Column: "species", NoNumber: o.Rows}}, o.Unfit)
		require.Equal(t, fmt.Sprintf(`column "species": cells: %d no number, taken for missing`, o.Rows), o.Unfit[0].Text())
	}
}

func TestRunRefuses(t *testing.T) {
	box, files := newBox(t), split(t, 3)
	narrow := jobs[1]
	narrow.MaxRows = 3
	_, err := run(t, box, narrow, files, simulate.Options{Seats: 2})
	require.ErrorContains(t, err, "round 1: owner1.csv: the vector does not fit the job: slot 1: expected at most 2 bits, got more")

	session, err := analysis.NewSession(jobs[0])
	require.NoError(t, err)
	model := session.Program().Cost
	for _, change := range []uint64{model.Base.Constant - 1, model.Base.Constant + 1} {
		model.Base.Constant = change
		_, err = simulate.Run(t.Context(), box, session, model, files, simulate.Options{})
		require.ErrorIs(t, err, committed.ErrModel)
	}

	_, err = run(t, box, jobs[0], []string{files[0], filepath.Join(t.TempDir(), "none.csv")}, simulate.Options{})
	require.ErrorContains(t, err, "none.csv")
	for _, seats := range []int{-1, 1, 9} {
		_, err = run(t, box, jobs[0], files, simulate.Options{Seats: seats})
		require.ErrorContains(t, err, "2 to 8")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = simulate.Run(cancelled, box, session, session.Program().Cost, files, simulate.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestSeats: a vector that does not fit its slots is refused, and the sum is of big integers.
func TestSeats(t *testing.T) {
	s, err := simulate.NewSeats(terms.VectorSum, 8, 2, 63)
	require.NoError(t, err)
	most := int64(1<<63 - 1)
	for range 2 {
		sum, err := s.Sum([][]int64{{most, 0}, {most, 1}, {most, 2}})
		require.NoError(t, err)
		want := new(big.Int).Mul(big.NewInt(most), big.NewInt(3))
		require.Equal(t, []string{want.String(), "3"}, []string{sum[0].String(), sum[1].String()})
	}
	_, err = s.Sum(nil)
	require.ErrorContains(t, err, "vectors: expected at least 1, got none")
	_, err = s.Sum([][]int64{{1, 2}, {1, -1}})
	require.ErrorIs(t, err, securesum.ErrForm)
	require.ErrorContains(t, err, "owner 2")
	_, err = s.Sum([][]int64{{1, 2, 3}})
	require.ErrorIs(t, err, securesum.ErrForm)
	_, err = simulate.NewSeats(terms.VectorSum, 3, 0, 8)
	require.ErrorIs(t, err, securesum.ErrShape)
}
