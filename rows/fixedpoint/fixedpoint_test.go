package fixedpoint_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// column is a column of numbers.
func column(offset int64, decimals, bits uint8) fixedpoint.Column {
	return fixedpoint.Column{Offset: offset, Decimals: decimals, Bits: bits}
}

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		c    fixedpoint.Column
		want int64
		err  error
	}{
		{"39.1", column(0, 1, 16), 391, nil},
		{"39", column(0, 1, 16), 390, nil},
		{"39.10", column(0, 1, 16), 391, nil},
		{"39.", column(0, 0, 16), 39, nil},
		{".5", column(0, 1, 16), 5, nil},
		{"+7", column(0, 0, 16), 7, nil},
		{"-0", column(0, 0, 16), 0, nil},
		{"-40", column(-40, 0, 16), 0, nil},
		{"-39.5", column(-40, 1, 16), 5, nil},
		{"299850", column(299000, 0, 12), 850, nil},
		{"1e+05", column(0, 0, 32), 100000, nil},
		{"1.25E2", column(0, 0, 32), 125, nil},
		{"1200e-2", column(0, 0, 32), 12, nil},
		{"0e999999999999", column(0, 0, 32), 0, nil},
		{"0e-999999999999", column(0, 0, 32), 0, nil},
		{"10.0e-1", column(0, 0, 32), 1, nil},
		{"9223372036854775807", column(0, 0, 63), 1<<63 - 1, nil},
		{"9223372036854775808", column(1, 0, 63), 1<<63 - 1, nil},
		{"9223372036854775808", column(0, 0, 63), 0, fixedpoint.ErrRange},
		{"18446744073709551616", column(0, 0, 63), 0, fixedpoint.ErrRange},
		{"-18446744073709551615", column(0, 0, 63), 0, fixedpoint.ErrRange},
		{"1e30", column(0, 0, 63), 0, fixedpoint.ErrRange},
		{"1e999999999999999999999999", column(0, 0, 63), 0, fixedpoint.ErrRange},
		{"16", column(0, 0, 4), 0, fixedpoint.ErrRange},
		{"15", column(0, 0, 4), 15, nil},
		{"-1", column(0, 0, 4), 0, fixedpoint.ErrRange},
		{"298999", column(299000, 0, 12), 0, fixedpoint.ErrRange},
		{"39.15", column(0, 1, 16), 0, fixedpoint.ErrDecimals},
		{"1e-1", column(0, 0, 16), 0, fixedpoint.ErrDecimals},
		{"1e-99999999", column(0, 18, 16), 0, fixedpoint.ErrDecimals},
		{"", column(0, 0, 16), 0, fixedpoint.ErrNumber},
		{".", column(0, 0, 16), 0, fixedpoint.ErrNumber},
		{"-", column(0, 0, 16), 0, fixedpoint.ErrNumber},
		{" 1", column(0, 0, 16), 0, fixedpoint.ErrNumber},
		{"1 ", column(0, 0, 16), 0, fixedpoint.ErrNumber},
		{"1,5", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"1.2.3", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"NaN", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"0x10", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"1e", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"1e+", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{"1e2.5", column(0, 1, 16), 0, fixedpoint.ErrNumber},
		{strings.Repeat("0", fixedpoint.MaxText+1), column(0, 0, 16), 0, fixedpoint.ErrNumber},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			require.NoError(t, tt.c.Validate())
			got, err := tt.c.Parse(tt.text)
			require.ErrorIs(t, err, tt.err)
			require.Equal(t, tt.want, got)
		})
	}
}

// TestParseExact compares Parse with rational arithmetic.
func TestParseExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := fixedpoint.Column{
			Offset:   rapid.Int64Range(-4, 4).Draw(t, "offset"),
			Decimals: uint8(rapid.IntRange(0, 18).Draw(t, "decimals")),
			Bits:     uint8(rapid.IntRange(1, 63).Draw(t, "bits")),
		}
		if c.Validate() != nil {
			t.Skip("offset too large for the decimals")
		}
		text := rapid.StringMatching(`[-+]?[0-9]{1,12}(\.[0-9]{0,6}0{0,3})?([eE][-+]?[0-9])?`).Draw(t, "text")
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q", text)
		}
		x.Sub(x, new(big.Rat).SetInt64(c.Offset))
		x.Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Decimals)), nil)))
		fits := x.IsInt() && x.Sign() >= 0 && x.Num().Cmp(new(big.Int).Lsh(big.NewInt(1), uint(c.Bits))) < 0
		got, err := c.Parse(text)
		if fits != (err == nil) {
			t.Fatalf("%q with %+v: exact %s, got %d, %v", text, c, x, got, err)
		}
		if fits && x.Num().Int64() != got {
			t.Fatalf("%q with %+v: exact %s, got %d", text, c, x, got)
		}
	})
}

// TestCells: hand-checked cells, each of them read in some way.
func TestCells(t *testing.T) {
	for _, tt := range []struct {
		text string
		c    fixedpoint.Column
		want int64
		fit  fixedpoint.Fit
	}{
		{" 39.1 ", column(0, 1, 16), 391, fixedpoint.Exact},
		{"39.15", column(0, 1, 16), 392, fixedpoint.Rounded},
		{"39.25", column(0, 1, 16), 392, fixedpoint.Rounded},
		{"39.250000001", column(0, 1, 16), 393, fixedpoint.Rounded},
		{"39.2499999999999999999999999", column(0, 1, 16), 392, fixedpoint.Rounded},
		{"0.5", column(0, 0, 16), 0, fixedpoint.Rounded},
		{"1.5", column(0, 0, 16), 2, fixedpoint.Rounded},
		{"-0.5", column(0, 0, 16), 0, fixedpoint.Rounded},
		{"-1.5", column(-3, 0, 16), 1, fixedpoint.Rounded},
		{"-2.5", column(-3, 0, 16), 1, fixedpoint.Rounded},
		{"2.5", column(1, 0, 16), 1, fixedpoint.Rounded}, // x is rounded, not x - offset
		{"5e-2", column(0, 1, 16), 0, fixedpoint.Rounded},
		{"6e-2", column(0, 1, 16), 1, fixedpoint.Rounded},
		{"9e-3", column(0, 1, 16), 0, fixedpoint.Rounded},
		{"1e-99999999", column(0, 18, 16), 0, fixedpoint.Rounded},
		{"15.4", column(0, 0, 4), 15, fixedpoint.Rounded},
		{"15.5", column(0, 0, 4), 15, fixedpoint.Clamped},
		{"16", column(0, 0, 4), 15, fixedpoint.Clamped},
		{"-1", column(0, 0, 4), 0, fixedpoint.Clamped},
		{"298999", column(299000, 0, 12), 0, fixedpoint.Clamped},
		{"18446744073709551615.5", column(0, 0, 63), 1<<63 - 1, fixedpoint.Clamped},
		{"18446744073709551616", column(0, 0, 63), 1<<63 - 1, fixedpoint.Clamped},
		{"-18446744073709551616", column(0, 0, 63), 0, fixedpoint.Clamped},
		{"1e999999999999999999999999", column(-5, 2, 8), 255, fixedpoint.Clamped},
		{"-1e999999999999999999999999", column(-5, 2, 8), 0, fixedpoint.Clamped},
		{"0e999999999999", column(0, 0, 8), 0, fixedpoint.Exact},
		{"1,5", column(0, 1, 16), 0, fixedpoint.NoNumber},
		{"Inf", column(0, 1, 16), 0, fixedpoint.NoNumber},
		{"", column(0, 1, 16), 0, fixedpoint.NoNumber},
		{strings.Repeat("0", fixedpoint.MaxText+1), column(0, 0, 16), 0, fixedpoint.NoNumber},
		{"a", fixedpoint.Labelled([]string{"b", "a"}, false), 1, fixedpoint.Exact},
		{"c", fixedpoint.Labelled([]string{"b", "a"}, false), 0, fixedpoint.NotListed},
		{"c", fixedpoint.Labelled([]string{"b", "a"}, true), 2, fixedpoint.Exact},
	} {
		t.Run(tt.text, func(t *testing.T) {
			require.NoError(t, tt.c.Validate())
			got, fit := tt.c.Cells()(tt.text)
			require.Equal(t, tt.fit, fit)
			require.Equal(t, tt.want, got)
			require.Equal(t, fit < fixedpoint.NoNumber, fit.Present())
		})
	}
}

// TestCellsAreNearest compares Cells with rational arithmetic.
func TestCellsAreNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := fixedpoint.Column{
			Offset:   rapid.Int64Range(-40, 40).Draw(t, "offset"),
			Decimals: uint8(rapid.IntRange(0, 5).Draw(t, "decimals")),
			Bits:     uint8(rapid.IntRange(1, 63).Draw(t, "bits")),
		}
		text := rapid.StringMatching(`[-+]?[0-9]{1,12}(\.[0-9]{0,3}[05]?0{0,3})?([eE][-+]?[0-9])?`).Draw(t, "text")
		x, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q", text)
		}
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Decimals)), nil)
		x.Mul(x, new(big.Rat).SetInt(power))
		fit := fixedpoint.Exact
		// floor(x + 1/2), one less if x is half-way and that is odd
		whole := new(big.Int)
		half := new(big.Rat).Add(x, big.NewRat(1, 2))
		whole.Div(half.Num(), half.Denom())
		if half.IsInt() && whole.Bit(0) == 1 {
			whole.Sub(whole, big.NewInt(1))
		}
		if !x.IsInt() {
			fit = fixedpoint.Rounded
		}
		whole.Sub(whole, new(big.Int).Mul(big.NewInt(c.Offset), power))
		largest := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), uint(c.Bits)), big.NewInt(1))
		switch {
		case whole.Sign() < 0:
			whole, fit = new(big.Int), fixedpoint.Clamped
		case whole.Cmp(largest) > 0:
			whole, fit = largest, fixedpoint.Clamped
		}
		got, gotFit := c.Cells()(text)
		if gotFit != fit || got != whole.Int64() {
			t.Fatalf("%q with %+v: expected %s (%d), got %d (%d)", text, c, whole, fit, got, gotFit)
		}
		decimals, number := fixedpoint.Decimals(text)
		plain, _ := new(big.Rat).SetString(text)
		for range decimals {
			plain.Mul(plain, big.NewRat(10, 1))
		}
		if !number || !plain.IsInt() || decimals > 0 && new(big.Rat).Mul(plain, big.NewRat(1, 10)).IsInt() {
			t.Fatalf("%q: got %d decimals", text, decimals)
		}
	})
}

func TestCounts(t *testing.T) {
	c := fixedpoint.Counts{fixedpoint.Exact: 5, fixedpoint.Clamped: 1}
	c.Add(fixedpoint.Counts{fixedpoint.NotListed: 2, fixedpoint.Exact: 1})
	require.Equal(t, fixedpoint.Counts{fixedpoint.Exact: 6, fixedpoint.Clamped: 1, fixedpoint.NotListed: 2}, c)
	require.EqualValues(t, 3, c.Unfit())
}

func TestColumnValidate(t *testing.T) {
	for _, c := range []fixedpoint.Column{
		column(0, 19, 8),
		column(0, 0, 0),
		column(0, 0, 64),
		column(1<<62, 0, 8),
		column(-1<<63, 0, 8),
		column(-1<<62, 0, 8),
		column(5, 18, 8),
	} {
		require.ErrorIs(t, c.Validate(), fixedpoint.ErrColumn, "%+v", c)
	}
	require.NoError(t, fixedpoint.Column{Offset: -1<<62 + 1, Bits: 63}.Validate())
	require.NoError(t, fixedpoint.Column{Offset: 4, Decimals: 18, Bits: 63}.Validate())
}

func TestHeader(t *testing.T) {
	columns := []fixedpoint.Column{column(-40, 1, 12), column(299000, 0, 20)}
	b, err := fixedpoint.AppendHeader(nil, columns)
	require.NoError(t, err)
	require.Equal(t, "01000200"+"1c000000"+"d8ffffffffffffff"+"010c"+"f88f040000000000"+"0014", fmt.Sprintf("%x", b))
	got, rest, err := fixedpoint.ParseHeader(append(b, 9, 8))
	require.NoError(t, err)
	require.Equal(t, columns, got)
	require.Equal(t, []byte{9, 8}, rest)

	for name, change := range map[string]func(b []byte) []byte{
		"empty":         func([]byte) []byte { return nil },
		"short":         func(b []byte) []byte { return b[:len(b)-1] },
		"version":       func(b []byte) []byte { b[0] = 3; return b },
		"reserved":      func(b []byte) []byte { b[1] = 1; return b },
		"no columns":    func(b []byte) []byte { b[2] = 0; return b },
		"many columns":  func(b []byte) []byte { b[3] = 0xff; return b },
		"header length": func(b []byte) []byte { b[4]++; return b },
		"bits":          func(b []byte) []byte { b[17] = 64; return b },
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := fixedpoint.ParseHeader(change(append([]byte(nil), b...)))
			require.ErrorIs(t, err, fixedpoint.ErrHeader)
		})
	}
	_, err = fixedpoint.AppendHeader(nil, nil)
	require.ErrorIs(t, err, fixedpoint.ErrHeader)
	_, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{{}})
	require.ErrorIs(t, err, fixedpoint.ErrColumn)
}

func FuzzParseHeader(f *testing.F) {
	b, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{column(-40, 1, 12)})
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte{1, 0, 1, 0, 18, 0, 0, 0})
	b, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{fixedpoint.Labelled([]string{"Ä", "b"}, true), column(0, 0, 8), fixedpoint.Labelled([]string{"x"}, false)})
	require.NoError(f, err)
	f.Add(append(b, 1, 2, 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		columns, rest, err := fixedpoint.ParseHeader(b)
		if err != nil {
			return
		}
		again, err := fixedpoint.AppendHeader(nil, columns)
		require.NoError(t, err)
		require.Equal(t, b, append(again, rest...))
	})
}

func FuzzParse(f *testing.F) {
	f.Add("39.1", int64(0), uint8(1), uint8(16))
	f.Add("-1e-400", int64(-3), uint8(18), uint8(63))
	f.Fuzz(func(t *testing.T, text string, offset int64, decimals, bits uint8) {
		c := fixedpoint.Column{Offset: offset, Decimals: decimals, Bits: bits}
		if c.Validate() != nil {
			return
		}
		v, err := c.Parse(text)
		if err == nil && (v < 0 || bits < 63 && v >= 1<<bits) {
			t.Fatalf("%q with %+v: %d", text, c, v)
		}
		cell, fit := c.Cells()(text)
		if cell < 0 || bits < 63 && cell >= 1<<bits || err == nil && (cell != v || fit != fixedpoint.Exact) {
			t.Fatalf("%q with %+v: cell %d, %d", text, c, cell, fit)
		}
	})
}
