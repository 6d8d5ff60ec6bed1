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
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/testutil/programtest"
)

// readColumns reads columns of a file of testdata/data; an empty cell is missing.
func readColumns(t *testing.T, file string, names []string, columns []fixedpoint.Column) *programtest.Table {
	t.Helper()
	f, err := os.Open("../testdata/data/" + file)
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	src := &programtest.Table{Rows: len(records) - 1}
	for i, name := range names {
		at := slices.Index(records[0], name)
		require.GreaterOrEqual(t, at, 0, name)
		values, valid := make([]int64, src.Rows), make([]byte, src.Rows)
		for j, record := range records[1:] {
			if record[at] == "" {
				continue
			}
			value, fit := columns[i].Cells()(record[at])
			if values[j] = value; fit.Present() {
				valid[j] = 1
			}
		}
		src.Values, src.Valid = append(src.Values, values), append(src.Valid, valid)
	}
	return src
}

// TestMichelson is the NIST StRD data set Michelso with its certified values, computed over two owners.
func TestMichelson(t *testing.T) {
	for _, columns := range [][]fixedpoint.Column{{{Offset: 299000, Bits: 11}}, {{Bits: 20}}, {{Offset: -1, Decimals: 3, Bits: 31}}} {
		src := readColumns(t, "michelson.csv", []string{"speed_km_s"}, columns)
		require.Equal(t, 100, src.Rows)
		input, err := analysis.EncodeMoments(columns)
		require.NoError(t, err)
		programtest.ForEngines(t, "moments", func(t *testing.T, c programtest.Runner) {
			var sum []*big.Int
			a, b := src.Pick(span(37)), src.Pick(span(100)[37:])
			for _, part := range []*programtest.Table{a, b} {
				sum, err = analysis.Add(sum, c.Run(t, part, 3, input).Vector)
				require.NoError(t, err)
			}
			all, err := analysis.DecodeMoments(input, sum)
			require.NoError(t, err)
			got, err := analysis.MomentsTable([]string{"speed_km_s"}, all, columns)
			require.NoError(t, err)
			require.Equal(t, []string{"column", "count", "sum", "mean", "sd", "variance"}, got.Header)
			row := got.Rows[0]
			require.Equal(t, []string{"speed_km_s", "100"}, row[:2])
			require.Equal(t, []string{"299852.4", "79.0105478190518"}, row[3:5])
		})
	}
}

// TestPenguins has missing values and decimals; it must equal the floating-point computation over all rows.
func TestPenguins(t *testing.T) {
	names := []string{"beak_length_mm", "beak_depth_mm", "flipper_length_mm", "body_mass_g"}
	columns := []fixedpoint.Column{{Decimals: 1, Bits: 12}, {Decimals: 1, Bits: 12}, {Bits: 12}, {Bits: 14}}
	src := readColumns(t, "penguins.csv", names, columns)
	input, err := analysis.EncodeMoments(columns)
	require.NoError(t, err)
	sum, err := analysis.Add(nil, programtest.New(t, "moments", sandbox.Compiler).Run(t, src, 3*len(columns), input).Vector)
	require.NoError(t, err)
	all, err := analysis.DecodeMoments(input, sum)
	require.NoError(t, err)
	for c, m := range all {
		var n, s float64
		for i, x := range src.Values[c] {
			if src.Valid[c][i] == 1 {
				n, s = n+1, s+float64(x)
			}
		}
		mean, squares := s/n, 0.0
		for i, x := range src.Values[c] {
			if src.Valid[c][i] == 1 {
				squares += (float64(x) - mean) * (float64(x) - mean)
			}
		}
		unit := math.Pow10(-int(columns[c].Decimals))
		require.EqualValues(t, 342, m.Count.Int64())
		gotMean, _ := m.Mean.Float64()
		gotSD, _ := m.SD.Float64()
		require.InEpsilon(t, mean*unit, gotMean, 1e-12)
		require.InEpsilon(t, math.Sqrt(squares/(n-1))*unit, gotSD, 1e-12)
	}
	got, err := analysis.MomentsTable(names, all, columns)
	require.NoError(t, err)
	require.Equal(t, []string{"beak_length_mm", "342", "15021.3", "43.9219298245614", "5.45958371392653"}, got.Rows[0][:5])
}

func TestMomentsOfFewCells(t *testing.T) {
	columns := []fixedpoint.Column{{Offset: -40, Decimals: 1, Bits: 12}}
	input, err := analysis.EncodeMoments(columns)
	require.NoError(t, err)
	decode := func(n, s, q int64) ([]string, error) {
		all, err := analysis.DecodeMoments(input, []*big.Int{big.NewInt(n), big.NewInt(s), big.NewInt(q)})
		if err != nil {
			return nil, err
		}
		got, err := analysis.MomentsTable([]string{"x"}, all, columns)
		require.NoError(t, err)
		return got.Rows[0], nil
	}
	tests := []struct {
		n, s, q int64
		want    []string
	}{
		{0, 0, 0, []string{"x", "0", "0.0", "", "", ""}},
		{1, 415, 415 * 415, []string{"x", "1", "1.5", "1.5", "", ""}},
		{2, 800, 320000, []string{"x", "2", "0.0", "0", "0", "0"}},
		{2, 403, 403 * 403, []string{"x", "2", "-39.7", "-19.85", "28.4964032818179", "812.045"}},
		{3, 1, 1, []string{"x", "3", "-119.9", "-39.9666666666667", "0.0577350269189626", "0.00333333333333333"}},
	}
	for _, tt := range tests {
		got, err := decode(tt.n, tt.s, tt.q)
		require.NoError(t, err)
		require.Equal(t, tt.want, got)
	}
	for _, bad := range [][3]int64{{0, 1, 0}, {0, 0, 1}, {1, 2, 3}, {2, 3, 4}, {-1, 0, 0}, {1, -1, 1}} {
		_, err := decode(bad[0], bad[1], bad[2])
		require.ErrorIs(t, err, analysis.ErrVector, "%v", bad)
	}
}

func TestPenguinsHistogram(t *testing.T) {
	column := fixedpoint.Column{Bits: 14}
	src := readColumns(t, "penguins.csv", []string{"body_mass_g"}, []fixedpoint.Column{column})
	input, length, err := analysis.EncodeHistogram(column, "3000", "500", 6)
	require.NoError(t, err)
	require.Equal(t, 9, length)
	programtest.ForEngines(t, "histogram", func(t *testing.T, c programtest.Runner) {
		sum, err := analysis.Add(nil, c.Run(t, src, length, input).Vector)
		require.NoError(t, err)
		b, err := analysis.DecodeHistogram(input, sum)
		require.NoError(t, err)
		got := analysis.HistogramTable(b, column)
		total := new(big.Int)
		for _, n := range sum {
			total.Add(total, n)
		}
		require.EqualValues(t, 344, total.Int64())
		require.Equal(t, []string{"missing", "", "", "2"}, got.Rows[8])
		require.Equal(t, []string{"below", "", "3000", "9"}, got.Rows[0])
		require.Equal(t, []string{"1", "3000", "3500", "62"}, got.Rows[1])
		require.Equal(t, []string{"above", "6000", "", "4"}, got.Rows[7])
	})
}

func TestEncodeHistogram(t *testing.T) {
	column := fixedpoint.Column{Offset: -40, Decimals: 1, Bits: 12}
	input, length, err := analysis.EncodeHistogram(column, "-12.5", "2.5", 10)
	require.NoError(t, err)
	require.Equal(t, 13, length)
	b, err := analysis.DecodeHistogram(input, slices.Repeat([]*big.Int{new(big.Int)}, length))
	require.NoError(t, err)
	require.Equal(t, "-12.5", b.Lower.FloatString(1))
	require.Equal(t, "2.5", b.Width.FloatString(1))
	rows := analysis.HistogramTable(b, column).Rows
	require.Equal(t, []string{"10", "10.0", "12.5", "0"}, rows[10])

	for name, tt := range map[string]struct {
		lower, width string
		bins         int
		err          error
	}{
		"below the offset":  {"-41", "1", 1, fixedpoint.ErrRange},
		"too many decimals": {"0.25", "1", 1, fixedpoint.ErrDecimals},
		"no number":         {"low", "1", 1, fixedpoint.ErrNumber},
		"width 0":           {"0", "0.0", 1, programs.ErrShape},
		"negative width":    {"0", "-1", 1, fixedpoint.ErrRange},
		"no bins":           {"0", "1", 0, programs.ErrShape},
		"too many bins":     {"0", "1", programs.MaxBins + 1, programs.ErrShape},
	} {
		_, _, err := analysis.EncodeHistogram(column, tt.lower, tt.width, tt.bins)
		require.ErrorIs(t, err, tt.err, name)
	}
}
