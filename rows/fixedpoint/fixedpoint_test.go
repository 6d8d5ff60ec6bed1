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
	})
}
