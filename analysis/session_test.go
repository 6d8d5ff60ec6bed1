package analysis_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/testutil/programtest"
)

func ints(values ...int64) (out []*big.Int) {
	for _, v := range values {
		out = append(out, big.NewInt(v))
	}
	return out
}

// TestQuantiles compares with the sorted values: the quantile q is the smallest value with at least a part q of all at or below it.
func TestQuantiles(t *testing.T) {
	src := load(t, "penguins.csv", penguinQuantiles)
	var sorted []int64
	for i, v := range src.Values[0] {
		if src.Valid[0][i] == 1 {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	programtest.ForEngines(t, "quantiles", func(t *testing.T, c programtest.Runner) {
		r := drive(t, c, penguinQuantiles, src, federations(src.Rows, 7)[2])
		require.Len(t, r.Rounds, 3)
		for i, row := range r.Table.Rows {
			q := number(t, penguinQuantiles.Quantiles[i])
			want := sorted[int(math.Ceil(q*float64(len(sorted))))-1]
			require.EqualValues(t, want, number(t, row[1]), row[0])
		}
		require.Equal(t, []string{"0.5", "4050", "4050", "4050"}, r.Table.Rows[1])
		require.Equal(t, "342", fact(t, r, "values"))
		require.Equal(t, "2", fact(t, r, "missing"))
	})
}

// TestQuantilesWithOtherOwners: owners that come or go between rounds change the counts; the last round gives the answer.
func TestQuantilesWithOtherOwners(t *testing.T) {
	p := analysis.Parameters{Program: "quantiles", Quantiles: []string{"0.5"}, Columns: []analysis.Column{{Name: "x", Bits: 20}}}
	low, high := programtest.Random(1, 500, 1, 10, 0), programtest.Random(2, 2000, 1, 20, 0)
	programtest.ForEngines(t, "quantiles", func(t *testing.T, c programtest.Runner) {
		s, err := analysis.NewSession(p)
		require.NoError(t, err)
		for round := 0; !s.Done(); round++ {
			parts := []*programtest.Table{low}
			if round > 0 { // the other owner moves the median far above
				parts = append(parts, high)
			}
			var sum []*big.Int
			for _, part := range parts {
				sum, err = analysis.Add(sum, c.Run(t, part, s.Job().Length, s.Job().Input).Vector)
				require.NoError(t, err)
			}
			require.NoError(t, s.Advance(sum, len(parts)))
		}
		r, err := s.Result()
		require.NoError(t, err)
		all := append(append([]int64(nil), low.Values[0]...), high.Values[0]...)
		slices.Sort(all)
		require.EqualValues(t, all[len(all)/2-1], number(t, r.Table.Rows[0][1]))
	})
}

// TestContingency is a table of 2 by 2 with chi-square by hand: rows 10 20 and 30 5 give
// 65 (10*5 - 20*30)^2 / (30 * 35 * 40 * 25) = 65 * 302500 / 1050000 = 18.7261904761905.
func TestContingency(t *testing.T) {
	p := analysis.Parameters{Program: "contingency", Columns: []analysis.Column{
		{Name: "a", Bits: 4, Lower: "0", Width: "1", Bins: 2}, {Name: "b", Decimals: 1, Bits: 4, Lower: "0", Width: "0.5", Bins: 2},
	}}
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	require.Equal(t, 16, s.Job().Length)
	require.NoError(t, s.Advance(ints(10, 20, 1, 0, 30, 5, 0, 2, 0, 0, 3, 0, 0, 0, 0, 4), 2))
	r, err := s.Result()
	require.NoError(t, err)
	require.Equal(t, []string{"a \\ b", "0.0 to 0.5", "0.5 to 1.0", "outside", "missing", "total"}, r.Table.Header)
	require.Equal(t, []string{"1", "30", "5", "0", "2", "37"}, r.Table.Rows[1])
	require.Equal(t, []string{"missing", "0", "0", "0", "4", "4"}, r.Table.Rows[3])
	require.Equal(t, []string{"total", "40", "25", "4", "6", "75"}, r.Table.Rows[4])
	require.Equal(t, "65", fact(t, r, "rows in bins"))
	require.Equal(t, "18.7261904761905", fact(t, r, "chi-square"))
	require.Equal(t, "1", fact(t, r, "degrees of freedom"))
	// The root of 18.7261904761905 / 65.
	require.Equal(t, "0.536745", fact(t, r, "Cramer's V")[:8])
}

// TestKMeans: three groups that lie far apart are found with every seed, and their means are exact.
func TestKMeans(t *testing.T) {
	src := &programtest.Table{Rows: 90, Values: [][]int64{make([]int64, 90), make([]int64, 90)}, Valid: [][]byte{make([]byte, 90), make([]byte, 90)}}
	for i := range 90 {
		group := int64(i % 3)
		src.Values[0][i], src.Values[1][i] = 100+800*(group%2)+int64(i%7), 100+800*(group/2)+int64(i%5)
		src.Valid[0][i], src.Valid[1][i] = 1, 1
	}
	src.Valid[1][0] = 0
	programtest.ForEngines(t, "kmeans", func(t *testing.T, c programtest.Runner) {
		found := 0
		for seed := range uint64(12) {
			p := analysis.Parameters{Program: "kmeans", Clusters: 3, Seed: seed, Columns: []analysis.Column{
				{Name: "x", Bits: 10}, {Name: "y", Bits: 10},
			}}
			r := drive(t, c, p, src, federations(90, 3)[1])
			for i, round := range r.Rounds[2:] {
				if !strings.HasPrefix(r.Rounds[i+1].Note, "3") {
					continue // a centroid without rows was put elsewhere
				}
				require.LessOrEqual(t, round.Loss, r.Rounds[i+1].Loss*(1+1e-6), "Lloyd's step never adds to the inertia")
			}
			require.Equal(t, "89", fact(t, r, "rows"))
			require.Equal(t, "1", fact(t, r, "rows left out, a cell is missing"))
			if r.Table.Rows[0][1] == "30" && r.Table.Rows[2][1] == "29" {
				found++
				// The group without the row left out: rows 3, 6, ... 87 of x = 100 + i mod 7.
				require.Equal(t, "29", r.Table.Rows[2][1])
				sum := 0
				for i := 3; i < 90; i += 3 {
					sum += 100 + i%7
				}
				require.InEpsilon(t, float64(sum)/29, number(t, r.Table.Rows[2][2]), 1e-12)
			}
		}
		require.GreaterOrEqual(t, found, 6, "of 12 seeds")
	})
}

// TestReplay: a session made again and given the same sums asks the same and finds the same.
func TestReplay(t *testing.T) {
	for _, p := range []analysis.Parameters{anes96, penguinClusters, penguinQuantiles} {
		file := "penguins.csv"
		if p.Program == "logistic" {
			file = "anes96.csv"
		}
		src := load(t, file, p)
		programtest.ForEngines(t, p.Program, func(t *testing.T, c programtest.Runner) {
			first, err := analysis.NewSession(p)
			require.NoError(t, err)
			text, err := json.Marshal(p)
			require.NoError(t, err)
			var again analysis.Parameters
			require.NoError(t, json.Unmarshal(text, &again))
			for !first.Done() {
				sum, err := analysis.Add(nil, c.Run(t, src, first.Job().Length, first.Job().Input).Vector)
				require.NoError(t, err)
				second, err := analysis.NewSession(again)
				require.NoError(t, err)
				if r, err := first.Result(); err == nil {
					replay(t, second, r, c, src)
				}
				require.Equal(t, first.Job(), second.Job())
				require.NoError(t, first.Advance(sum, 1))
			}
		})
	}
}

// replay gives a session as many rounds as a result has.
func replay(t *testing.T, s analysis.Session, r analysis.Result, c programtest.Runner, src *programtest.Table) {
	t.Helper()
	for range r.Rounds {
		sum, err := analysis.Add(nil, c.Run(t, src, s.Job().Length, s.Job().Input).Vector)
		require.NoError(t, err)
		require.NoError(t, s.Advance(sum, 1))
	}
	got, err := s.Result()
	require.NoError(t, err)
	require.Equal(t, r.Table, got.Table)
}

func TestSessionRefusals(t *testing.T) {
	x := analysis.Column{Name: "x", Bits: 10}
	with := func(c analysis.Column, change func(*analysis.Column)) analysis.Column {
		change(&c)
		return c
	}
	y := analysis.Column{Name: "y", Bits: 1}
	one := func(program string, columns ...analysis.Column) analysis.Parameters {
		return analysis.Parameters{Program: program, Columns: columns}
	}
	for name, tt := range map[string]struct {
		p   analysis.Parameters
		err error
	}{
		"unknown":              {one("mode", x), programs.ErrUnknown},
		"no columns":           {one("moments"), programs.ErrShape},
		"no name":              {one("moments", analysis.Column{Bits: 1}), analysis.ErrParameters},
		"bins of moments":      {one("moments", with(x, func(c *analysis.Column) { c.Bins = 2 })), analysis.ErrParameters},
		"log of moments":       {one("moments", with(x, func(c *analysis.Column) { c.Log = "1" })), analysis.ErrParameters},
		"scale of linear":      {one("linear", with(x, func(c *analysis.Column) { c.Scale = "1" })), analysis.ErrParameters},
		"wide linear":          {one("linear", with(x, func(c *analysis.Column) { c.Bits = 33 })), analysis.ErrParameters},
		"response of 10 bits":  {one("logistic", x, x), analysis.ErrParameters},
		"log of the response":  {one("logistic", with(y, func(c *analysis.Column) { c.Log = "1" }), x), analysis.ErrParameters},
		"log of 0":             {one("logistic", y, with(x, func(c *analysis.Column) { c.Log = "0" })), analysis.ErrParameters},
		"log of half a unit":   {one("logistic", y, with(x, func(c *analysis.Column) { c.Log = "0.5" })), analysis.ErrParameters},
		"log no number":        {one("logistic", y, with(x, func(c *analysis.Column) { c.Log = "1/3" })), analysis.ErrParameters},
		"no quantile":          {one("quantiles", x), analysis.ErrParameters},
		"quantile 1":           {analysis.Parameters{Program: "quantiles", Columns: []analysis.Column{x}, Quantiles: []string{"1"}}, analysis.ErrParameters},
		"quantiles of 62 bits": {analysis.Parameters{Program: "quantiles", Columns: []analysis.Column{with(x, func(c *analysis.Column) { c.Bits = 62 })}, Quantiles: []string{".5"}}, analysis.ErrParameters},
		"no clusters":          {one("kmeans", x), analysis.ErrParameters},
		"scale 0":              {analysis.Parameters{Program: "kmeans", Clusters: 1, Columns: []analysis.Column{with(x, func(c *analysis.Column) { c.Scale = "0" })}}, analysis.ErrParameters},
		"rows":                 {analysis.Parameters{Program: "moments", Columns: []analysis.Column{x}, MaxRows: 1 << 32}, analysis.ErrParameters},
		"rounds":               {analysis.Parameters{Program: "moments", Columns: []analysis.Column{x}, MaxRounds: -1}, analysis.ErrParameters},
	} {
		_, err := analysis.NewSession(tt.p)
		require.ErrorIs(t, err, tt.err, name)
	}

	s, err := analysis.NewSession(one("moments", x))
	require.NoError(t, err)
	_, err = s.Result()
	require.ErrorIs(t, err, analysis.ErrRounds)
	require.ErrorIs(t, s.Advance(ints(1, 2), 1), analysis.ErrVector)
	require.ErrorIs(t, s.Advance(ints(1, 2, 4), 0), analysis.ErrVector)
	require.ErrorIs(t, s.Advance(ints(-1, 2, 4), 1), analysis.ErrVector)
	require.ErrorIs(t, s.Advance(ints(1<<62, 2, 4), 1), analysis.ErrVector, "more than one contribution can hold")
	require.NoError(t, s.Advance(ints(1, 2, 4), 1))
	require.ErrorIs(t, s.Advance(ints(1, 2, 4), 1), analysis.ErrRounds)

	// The columns of a regression depend on each other; the session stays as it was.
	linear := one("linear", x, with(x, func(c *analysis.Column) { c.Name = "u" }), with(x, func(c *analysis.Column) { c.Name = "v" }))
	s, err = analysis.NewSession(linear)
	require.NoError(t, err)
	programtest.ForEngines(t, "linear", func(t *testing.T, c programtest.Runner) {
		src := programtest.Random(1, 20, 3, 10, 0)
		src.Values[2] = src.Values[1]
		sum, err := analysis.Add(nil, c.Run(t, src, s.Job().Length, s.Job().Input).Vector)
		require.NoError(t, err)
		err = s.Advance(sum, 1)
		require.ErrorIs(t, err, analysis.ErrSingular)
		require.ErrorContains(t, err, `column "v" is a combination`)
		require.False(t, s.Done())
		src = programtest.Random(1, 2, 3, 10, 0)
		sum, err = analysis.Add(nil, c.Run(t, src, s.Job().Length, s.Job().Input).Vector)
		require.NoError(t, err)
		require.ErrorIs(t, s.Advance(sum, 1), analysis.ErrFewRows)
	})

	// Without a row there is nothing to fit; a separated response never converges and is said to.
	logistic := one("logistic", y, x)
	logistic.MaxRounds = 6
	programtest.ForEngines(t, "logistic", func(t *testing.T, c programtest.Runner) {
		s, err := analysis.NewSession(logistic)
		require.NoError(t, err)
		sum, err := analysis.Add(nil, c.Run(t, programtest.Random(1, 0, 2, 1, 0), s.Job().Length, s.Job().Input).Vector)
		require.NoError(t, err)
		require.ErrorIs(t, s.Advance(sum, 1), analysis.ErrSingular)
		src := programtest.Random(1, 100, 2, 10, 0)
		for i := range src.Values[0] {
			src.Values[0][i] = src.Values[1][i] >> 9
		}
		for !s.Done() {
			sum, err := analysis.Add(nil, c.Run(t, src, s.Job().Length, s.Job().Input).Vector)
			require.NoError(t, err)
			require.NoError(t, s.Advance(sum, 1))
		}
		r, err := s.Result()
		require.NoError(t, err)
		require.False(t, r.Converged)
		require.Len(t, r.Rounds, 6)
		var text strings.Builder
		require.NoError(t, r.WriteText(&text))
		require.Contains(t, text.String(), "not converged")
	})
}

// TestDrawings: they are XML, names from files cannot break out of them, and nothing lies outside the frame.
func TestDrawings(t *testing.T) {
	p := analysis.Parameters{Program: "histogram", Columns: []analysis.Column{{Name: `a<b&"c`, Bits: 8, Lower: "0", Width: "10", Bins: 3}}}
	s, err := analysis.NewSession(p)
	require.NoError(t, err)
	require.NoError(t, s.Advance(ints(0, 5, 0, 7, 1, 2), 1))
	r, err := s.Result()
	require.NoError(t, err)
	svg, err := r.SVG()
	require.NoError(t, err)
	require.Contains(t, string(svg), "a&lt;b&amp;&quot;c")
	require.Contains(t, string(svg), "below 0, above 1, missing 2")
	require.NotContains(t, string(svg), "NaN")
	bars := 0
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if err == io.EOF { //nolint:errorlint // xml gives it bare
			break
		}
		require.NoError(t, err)
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "rect" {
			continue
		}
		attributes := map[string]string{}
		for _, a := range e.Attr {
			attributes[a.Name.Local] = a.Value
		}
		if attributes["x"] != "" {
			bars++
			require.LessOrEqual(t, number(t, attributes["x"])+number(t, attributes["width"]), 720.0)
			require.LessOrEqual(t, number(t, attributes["y"])+number(t, attributes["height"]), 400.0)
			require.GreaterOrEqual(t, number(t, attributes["y"]), 0.0)
		}
	}
	require.Equal(t, 3, bars)
}

func TestParseColumn(t *testing.T) {
	c, err := analysis.ParseColumn("popul:decimals=1,bits=17,log=0.1,offset=-3")
	require.NoError(t, err)
	require.Equal(t, analysis.Column{Name: "popul", Decimals: 1, Bits: 17, Log: "0.1", Offset: -3}, c)
	c, err = analysis.ParseColumn("x")
	require.NoError(t, err)
	require.Equal(t, analysis.Column{Name: "x", Bits: 32}, c)
	c, err = analysis.ParseColumn("a:b:lower=1.5,width=2,bins=3,scale=4")
	require.NoError(t, err)
	require.Equal(t, analysis.Column{Name: "a:b", Bits: 32, Lower: "1.5", Width: "2", Bins: 3, Scale: "4"}, c)
	for _, bad := range []string{"x:bits", "x:bits=256", "x:bins=two", "x:width", "x:size=3", "x:offset=1.5"} {
		_, err := analysis.ParseColumn(bad)
		require.ErrorIs(t, err, analysis.ErrParameters, bad)
	}
}

// TestMaxRounds: the program sets the number of rounds, or the user if there are several.
func TestMaxRounds(t *testing.T) {
	for _, tt := range []struct {
		p        analysis.Parameters
		own, few int
	}{
		{michelson, 1, 1},
		{penguinMasses, 1, 1},
		{penguinTable, 1, 1},
		{longley, 1, 1},
		{penguinQuantiles, 20, 2},
		{anes96, 25, 2},
		{penguinClusters, 30, 2},
	} {
		s, err := analysis.NewSession(tt.p)
		require.NoError(t, err)
		require.Equal(t, tt.own, s.MaxRounds(), tt.p.Program)
		tt.p.MaxRounds = 2
		s, err = analysis.NewSession(tt.p)
		require.NoError(t, err)
		require.Equal(t, tt.few, s.MaxRounds(), tt.p.Program)
	}
	s, err := analysis.NewForeignSession("mine", nil, []analysis.Column{{Name: "x", Bits: 1}}, nil, 1)
	require.NoError(t, err)
	require.Equal(t, 1, s.MaxRounds())
}
