package analysis_test

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/testutil/programtest"
)

func labelled(name string, labels ...string) analysis.Column {
	return analysis.Column{Name: name, Labels: labels}
}

var (
	species = labelled("species", "Adelie", "Chinstrap", "Gentoo")
	islands = labelled("island", "Biscoe", "Dream", "Torgersen")
	sex     = labelled("sex", "FEMALE", "MALE")
)

// penguinSpecies is the table of species and island that every introduction to this data set shows.
var penguinSpecies = analysis.Parameters{Program: "contingency", Columns: []analysis.Column{species, islands}, MaxRows: 1000}

// penguinSex asks which penguins are male.
var penguinSex = analysis.Parameters{
	Program: "logistic", MaxRows: 1000,
	Columns: []analysis.Column{sex, {Name: "body_mass_g", Bits: 13}, {Name: "beak_depth_mm", Decimals: 1, Bits: 8}},
}

// tableOf counts the rows by the texts of two columns; what is not listed counts nowhere.
func (r raw) tableOf(indices []int, a, b analysis.Column) [][]int {
	cells := make([][]int, len(a.Labels))
	for i := range cells {
		cells[i] = make([]int, len(b.Labels))
	}
	for _, row := range r.cells(indices, a.Name, b.Name) {
		for i := range a.Labels {
			for j := range b.Labels {
				if row[0] == a.Labels[i] && row[1] == b.Labels[j] {
					cells[i][j]++
				}
			}
		}
	}
	return cells
}

func checkSpecies(t *testing.T, data raw, rows []int, r analysis.Result) string {
	want := data.tableOf(rows, species, islands)
	require.Equal(t, []string{`species \ island`, "Biscoe", "Dream", "Torgersen", "missing or unlisted", "total"}, r.Table.Header)
	total := 0
	for i, counts := range want {
		line := []string{species.Labels[i]}
		sum := 0
		for _, n := range counts {
			line, sum = append(line, strconv.Itoa(n)), sum+n
		}
		require.Equal(t, append(line, "0", strconv.Itoa(sum)), r.Table.Rows[i])
		total += sum
	}
	require.Equal(t, strconv.Itoa(total), fact(t, r, "rows in bins"))
	if total == 344 {
		require.Equal(t, [][]int{{44, 56, 52}, {0, 68, 0}, {124, 0, 0}}, want)
	}
	digits := digitsOf(t, fact(t, r, "chi-square"), newFloat().SetRat(chiSquareOf(want)))
	require.GreaterOrEqual(t, digits, 14.3)
	return fmt.Sprintf("9 cells exactly, chi-square to %.1f digits", digits)
}

func checkSex(t *testing.T, data raw, rows []int, r analysis.Result) string {
	var x [][]*big.Float
	for _, row := range data.cells(rows, names(penguinSex)...) {
		if row[0] == "." { // one penguin's, which is not listed
			continue
		}
		numbers := make([]*big.Float, len(row))
		for i, text := range row {
			switch text {
			case "FEMALE":
				text = "0"
			case "MALE":
				text = "1"
			}
			v, ok := new(big.Rat).SetString(text)
			require.True(t, ok, text)
			numbers[i] = newFloat().SetRat(v)
		}
		x = append(x, numbers)
	}
	require.Equal(t, "sex = MALE", fact(t, r, "response"))
	require.Equal(t, "FEMALE = 0, MALE = 1", fact(t, r, "sex"))
	require.Equal(t, strconv.Itoa(len(x)), fact(t, r, "rows"))
	digits := leastDigits(t, column(r.Table.Rows, 1), exactLogistic(t, x))
	require.GreaterOrEqual(t, digits, 9.0)
	return fmt.Sprintf("coefficients over %d rows to %.1f digits, after %d rounds", len(x), digits, len(r.Rounds))
}

// TestLabels runs the programs over texts.
func TestLabels(t *testing.T) {
	answer := func(t *testing.T, p analysis.Parameters) analysis.Result {
		t.Helper()
		var r analysis.Result
		src := load(t, "penguins.csv", p)
		programtest.ForEngines(t, p.Program, func(t *testing.T, c programtest.Runner) { r = drive(t, c, p, src, federations(src.Rows, 7)[2]) })
		return r
	}
	drawn := func(t *testing.T, r analysis.Result, texts ...string) {
		t.Helper()
		svg, err := r.SVG()
		require.NoError(t, err)
		for _, text := range texts {
			require.Contains(t, string(svg), ">"+text+"</text>")
		}
	}
	t.Run("histogram", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "histogram", Columns: []analysis.Column{labelled("species", "Gentoo", "Adelie")}})
		require.Equal(t, analysis.Table{Header: []string{"label", "count"}, Rows: [][]string{{"Gentoo", "124"}, {"Adelie", "152"}, {"missing or unlisted", "68"}}}, r.Table)
		drawn(t, r, "Gentoo", "Adelie", "missing or unlisted 68")

		other := labelled("species", "Gentoo")
		other.Other = true
		r = answer(t, analysis.Parameters{Program: "histogram", Columns: []analysis.Column{other}})
		require.Equal(t, [][]string{{"Gentoo", "124"}, {"other", "220"}, {"missing", "0"}}, r.Table.Rows)
		drawn(t, r, "other")
	})
	t.Run("contingency with bins", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "contingency", Columns: []analysis.Column{
			sex, {Name: "body_mass_g", Bits: 13, Lower: "2500", Width: "2000", Bins: 2},
		}})
		require.Equal(t, []string{`sex \ body_mass_g`, "2500 to 4500", "4500 to 6500", "outside", "missing", "total"}, r.Table.Header)
		require.Equal(t, []string{"FEMALE", "122", "43", "0", "0", "165"}, r.Table.Rows[0])
		require.Equal(t, []string{"MALE", "96", "72", "0", "0", "168"}, r.Table.Rows[1])
		// One is written as a dot.
		require.Equal(t, []string{"missing or unlisted", "6", "3", "0", "2", "11"}, r.Table.Rows[2])
		drawn(t, r, "FEMALE", "MALE", "2500 to 4500", "96")
	})
	t.Run("quantiles", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "quantiles", Quantiles: []string{"0.1", "0.5", "0.9"}, Columns: []analysis.Column{islands}})
		require.Equal(t, []string{"Biscoe", "Dream", "Torgersen"}, column(r.Table.Rows, 1))
	})
	t.Run("moments", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "moments", Columns: []analysis.Column{sex}})
		require.Equal(t, []string{"sex = MALE", "333", "168", "0.504504504504505"}, r.Table.Rows[0][:4])
		require.Equal(t, "FEMALE = 0, MALE = 1", fact(t, r, "sex"))
	})
	t.Run("linear", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "linear", Columns: []analysis.Column{{Name: "body_mass_g", Bits: 13}, sex}})
		require.Equal(t, "sex = MALE", r.Table.Rows[1][0])
		// The difference of the means of both: 4545.684523809524 and 3862.272727272727.
		require.Equal(t, "683.411796536797", r.Table.Rows[1][1])
	})
	t.Run("kmeans", func(t *testing.T) {
		r := answer(t, analysis.Parameters{Program: "kmeans", Clusters: 1, Columns: []analysis.Column{{Name: "body_mass_g", Bits: 13}, sex}})
		require.Equal(t, []string{"cluster", "rows", "body_mass_g", "sex = MALE"}, r.Table.Header)
	})
	t.Run("another program", func(t *testing.T) {
		s, err := analysis.NewForeignSession("mine", nil, []analysis.Column{sex}, []byte{7}, 1)
		require.NoError(t, err)
		columns, own, err := fixedpoint.ParseHeader(s.Job().Input)
		require.NoError(t, err)
		require.Equal(t, []fixedpoint.Column{fixedpoint.Labelled(sex.Labels, false)}, columns)
		require.Equal(t, []byte{7}, own)
		require.NoError(t, s.Advance(ints(3), 1))
		r, err := s.Result()
		require.NoError(t, err)
		require.Equal(t, "FEMALE = 0, MALE = 1", fact(t, r, "sex"))
		_, err = analysis.NewForeignSession("mine", nil, []analysis.Column{labelled("sex", "NA")}, nil, 1)
		require.ErrorContains(t, err, `column "sex"`)
	})
}

func TestSetLabels(t *testing.T) {
	columns := []analysis.Column{{Name: "a", Bits: 9}, {Name: "b=c"}, {Name: "d"}}
	require.NoError(t, analysis.SetLabels(columns[:1], []string{`a=x, "y, z",*`}))
	require.Equal(t, []string{"x", "y, z"}, columns[0].Labels)
	require.True(t, columns[0].Other)
	require.EqualValues(t, 2, columns[0].Fixed().Bits, "the bits of a number do not count")
	require.NoError(t, analysis.SetLabels(columns, []string{"d=1"}))
	require.Equal(t, []string{"1"}, columns[2].Labels)
	require.False(t, columns[2].Other)
	for want, text := range map[string]string{
		`after commas, got "b"`: "b",
		`labels: expected COLUMN=LABEL and more labels after commas, got "d="`: "d=",
		`expected the name of a column of the program, got "x"`:                "x=1",
		`labels of column "a": expected once, got twice`:                       "a=1,2",
		"expected * last": "e=*,a",
		`labels of column "e": expected at least one, got none`: "e=*",
		"expected one line of CSV, got \"a\\\"b\"":              `e=a"b`,
		"expected one line of CSV, got \"a\\nb\"; write":        "e=a\nb",
	} {
		err := analysis.SetLabels(append(columns, analysis.Column{Name: "e"}), []string{text})
		require.ErrorIs(t, err, analysis.ErrParameters, text)
		require.ErrorContains(t, err, want)
	}
}

func TestLabelsThatCannotBe(t *testing.T) {
	with := func(c analysis.Column, change func(c *analysis.Column)) analysis.Column {
		change(&c)
		return c
	}
	for want, p := range map[string]analysis.Parameters{
		"offset and decimals of a column of labels: expected 0, got 1 and 0": {Program: "moments", Columns: []analysis.Column{with(sex, func(c *analysis.Column) { c.Offset = 1 })}},
		"bins of a column of labels: expected none, as each label is a bin":  {Program: "histogram", Columns: []analysis.Column{with(sex, func(c *analysis.Column) { c.Bins = 2 })}},
		`log of a column of labels: expected none, got "1"`:                  {Program: "logistic", Columns: []analysis.Column{sex, with(species, func(c *analysis.Column) { c.Log = "1" })}},
		`expected a text that a cell can have, got "NA"`:                     {Program: "histogram", Columns: []analysis.Column{labelled("sex", "MALE", "NA")}},
		"labels: expected each once, got one as 1 and 2":                     {Program: "histogram", Columns: []analysis.Column{labelled("sex", "MALE", "MALE")}},
		"response of 0 or 1: expected 0, 0 and 1, got 0, 0 and 2":            {Program: "logistic", Columns: []analysis.Column{species, {Name: "x", Bits: 4}}},
		"labels: expected 1 to 256, got 0":                                   {Program: "histogram", Columns: []analysis.Column{{Name: "x", Other: true}}},
		"bytes of label 1: expected 1 to 128, got 129":                       {Program: "histogram", Columns: []analysis.Column{labelled("x", strings.Repeat("x", 129))}},
	} {
		_, err := analysis.NewSession(p)
		require.ErrorContains(t, err, want)
	}
	// The parameters are the caller's and stay as they were.
	p := analysis.Parameters{Program: "histogram", Columns: []analysis.Column{sex}}
	for range 2 {
		s, err := analysis.NewSession(p)
		require.NoError(t, err)
		require.Equal(t, 5, s.Job().Length)
	}
	require.Equal(t, sex, p.Columns[0])
}
