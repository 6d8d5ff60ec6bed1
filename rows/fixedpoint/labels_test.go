package fixedpoint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/rows/fixedpoint"
)

func TestLabels(t *testing.T) {
	species := fixedpoint.Labelled([]string{"Adelie", "Chinstrap", "Großer Pinguin"}, false)
	require.NoError(t, species.Validate())
	require.EqualValues(t, 2, species.Bits)
	require.Equal(t, 3, species.Categories())
	other := fixedpoint.Labelled(species.Labels, true)
	require.EqualValues(t, 2, other.Bits)
	require.Equal(t, 4, other.Categories())
	for _, tt := range []struct {
		text         string
		value        int64
		listed       bool
		withOther    int64
		caseOfOthers bool
	}{
		{"Adelie", 0, true, 0, false},
		{" Chinstrap\t", 1, true, 1, false},
		{"Großer Pinguin", 2, true, 2, false},
		{"adelie", 0, false, 3, true},
		{"Grosser Pinguin", 0, false, 3, true},
		{"Adelie Chinstrap", 0, false, 3, true},
		{"0", 0, false, 3, true},
		{" ", 0, false, 3, true},
	} {
		v, fit := species.Cells()(tt.text)
		require.Equal(t, tt.listed, fit.Present(), tt.text)
		require.Equal(t, tt.value, v, tt.text)
		v, fit = other.Cells()(tt.text)
		require.True(t, fit.Present(), tt.text)
		require.Equal(t, tt.withOther, v, tt.text)
		require.Equal(t, tt.caseOfOthers, v == 3, tt.text)
	}

	for n, bits := range map[int]uint8{1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 256: 8} {
		labels := many(n)
		require.Equal(t, bits, fixedpoint.Labelled(labels, false).Bits, n)
		require.NoError(t, fixedpoint.Labelled(labels, false).Validate())
	}
	require.EqualValues(t, 9, fixedpoint.Labelled(many(256), true).Bits)
	require.NoError(t, fixedpoint.Labelled(many(256), true).Validate())
}

func many(n int) (labels []string) {
	for i := range n {
		labels = append(labels, fmt.Sprint("label", i))
	}
	return labels
}

func TestLabelsAreBounded(t *testing.T) {
	for want, c := range map[string]fixedpoint.Column{
		"labels: expected 1 to 256, got 257":                           fixedpoint.Labelled(many(257), false),
		"labels: expected 1 to 256, got 0":                             fixedpoint.Labelled(nil, true),
		"bytes of label 2: expected 1 to 128, got 0":                   fixedpoint.Labelled([]string{"a", ""}, false),
		"bytes of label 1: expected 1 to 128, got 129":                 fixedpoint.Labelled([]string{strings.Repeat("x", 129)}, false),
		"label 1: expected UTF-8":                                      fixedpoint.Labelled([]string{"\xff"}, false),
		"label 1: expected UTF-8 without control":                      fixedpoint.Labelled([]string{"a\tb"}, false),
		"label 1: expected no blank at its ends":                       fixedpoint.Labelled([]string{"a "}, false),
		"labels: expected each once, got one as 1 and 3":               fixedpoint.Labelled([]string{"a", "b", "a"}, false),
		"bits: expected 1 for 2 categories, got 3":                     {Bits: 3, Labels: []string{"a", "b"}},
		"offset and decimals of labels: expected 0 and 0, got 1 and 0": {Offset: 1, Bits: 1, Labels: []string{"a", "b"}},
		"offset and decimals of labels: expected 0 and 0, got 0 and 2": {Decimals: 2, Bits: 1, Labels: []string{"a", "b"}},
		"bits: expected 1 to 63, got 64":                               {Bits: 64, Labels: []string{"a", "b"}},
		"bits: expected 2 for 3 categories, got 1":                     {Bits: 1, Labels: []string{"a", "b"}, Other: true},
		"bits: expected 1 to 63, got 0":                                {Labels: []string{"a", "b"}},
		"size of offset * 10^decimals: expected below 2^62":            {Offset: -1 << 63, Bits: 1, Labels: []string{"a", "b"}},
		"decimals: expected at most 18, got 19":                        {Decimals: 19, Bits: 1, Labels: []string{"a", "b"}},
		"label 1: expected UTF-8 without control ch":                   fixedpoint.Labelled([]string{"a\u0085b"}, false),
	} {
		err := c.Validate()
		require.ErrorIs(t, err, fixedpoint.ErrColumn, want)
		require.ErrorContains(t, err, want)
		_, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{c})
		require.ErrorIs(t, err, fixedpoint.ErrColumn)
	}
	long := make([]string, 128)
	for i := range long {
		long[i] = fmt.Sprintf("%0128d", i)
	}
	_, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{fixedpoint.Labelled(long, false)})
	require.ErrorIs(t, err, fixedpoint.ErrHeader)
	require.ErrorContains(t, err, "bytes of labels: expected at most 16384, got 16515")
}

func TestHeaderWithLabels(t *testing.T) {
	columns := []fixedpoint.Column{fixedpoint.Labelled([]string{"f", "mé"}, false), column(-40, 1, 12), fixedpoint.Labelled([]string{"x"}, true)}
	b, err := fixedpoint.AppendHeader(nil, columns)
	require.NoError(t, err)
	require.Equal(t, "02000300"+"36000000"+
		"0000000000000000"+"0001"+"d8ffffffffffffff"+"010c"+"0000000000000000"+"0001"+
		"0200"+"00"+"0166"+"036dc3a9"+
		"0000"+
		"0100"+"01"+"0178", fmt.Sprintf("%x", b))
	got, rest, err := fixedpoint.ParseHeader(append(slices.Clone(b), 9, 8))
	require.NoError(t, err)
	require.Equal(t, columns, got)
	require.Equal(t, []byte{9, 8}, rest)

	at := fixedpoint.HeaderBytes(3)
	for name, change := range map[string]func(b []byte) []byte{
		"short":             func(b []byte) []byte { return b[:len(b)-1] },
		"first version":     func(b []byte) []byte { b[0] = 1; return b },
		"a longer header":   func(b []byte) []byte { b[4]++; return append(b, 0) },
		"a shorter header":  func(b []byte) []byte { b[4]--; return b },
		"no labels at all":  func(b []byte) []byte { b[4] = byte(at); return b },
		"a huge header":     func(b []byte) []byte { b[7] = 0xff; return b },
		"many labels":       func(b []byte) []byte { b[at+1] = 2; return b },
		"other":             func(b []byte) []byte { b[at+2] = 2; return b },
		"an empty label":    func(b []byte) []byte { b[at+3] = 0; return b },
		"a long label":      func(b []byte) []byte { b[at+3] = 200; return b },
		"not UTF-8":         func(b []byte) []byte { b[at+7] = 0xff; return b },
		"other bits":        func(b []byte) []byte { b[17] = 2; return b },
		"an offset":         func(b []byte) []byte { b[8] = 2; return b },
		"other, no labels":  func(b []byte) []byte { b[len(b)-5] = 0; return b },
		"without any label": func([]byte) []byte { return append([]byte{2, 0, 1, 0, 20, 0, 0, 0}, make([]byte, 9)...) },
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := fixedpoint.ParseHeader(change(slices.Clone(b)))
			require.ErrorIs(t, err, fixedpoint.ErrHeader)
		})
	}
	none := append([]byte{2, 0, 1, 0, 20, 0, 0, 0}, make([]byte, 12)...)
	none[17] = 8
	_, _, err = fixedpoint.ParseHeader(none)
	require.ErrorContains(t, err, "version: expected 1 without labels, got 2")
}
