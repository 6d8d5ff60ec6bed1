package fixedpoint

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of labels.
const (
	// MaxLabels is the largest number of labels of a column.
	MaxLabels = 256
	// MaxLabel is the longest label in bytes.
	MaxLabel = 128
	// MaxLabelsBytes is the largest size of the labels of all columns in a header, in bytes.
	MaxLabelsBytes = 16384
)

// Categorical reports whether the cells of a column are labels.
func (c Column) Categorical() bool { return len(c.Labels) > 0 || c.Other }

// Categories returns the number of different integers that the cells of a column of labels can become.
func (c Column) Categories() int {
	n := len(c.Labels)
	if c.Other {
		n++
	}
	return n
}

// Labelled returns the column of the given labels. With other, all other texts are one more category, the last.
func Labelled(labels []string, other bool) Column {
	c := Column{Labels: labels, Other: other}
	c.Bits = uint8(max(1, bits.Len(uint(max(0, c.Categories()-1)))))
	return c
}

func (c Column) validateLabels() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrColumn, fmt.Sprintf(format, args...))
	}
	if len(c.Labels) < 1 || len(c.Labels) > MaxLabels {
		return bad("labels: expected 1 to %d, got %d", MaxLabels, len(c.Labels))
	}
	if c.Offset != 0 || c.Decimals != 0 {
		return bad("offset and decimals of labels: expected 0 and 0, got %d and %d", c.Offset, c.Decimals)
	}
	if want := Labelled(c.Labels, c.Other).Bits; c.Bits != want {
		return bad("bits: expected %d for %d categories, got %d", want, c.Categories(), c.Bits)
	}
	at := make(map[string]int, len(c.Labels))
	for i, l := range c.Labels {
		switch j, twice := at[l]; {
		case len(l) < 1 || len(l) > MaxLabel:
			return bad("bytes of label %d: expected 1 to %d, got %d", i+1, MaxLabel, len(l))
		case !utf8.ValidString(l) || strings.ContainsFunc(l, unicode.IsControl):
			return bad("label %d: expected UTF-8 without control characters, got %q", i+1, l)
		case strings.TrimSpace(l) != l:
			return bad("label %d: expected no blank at its ends, as cells are read without, got %q", i+1, l)
		case twice:
			return bad("labels: expected each once, got one as %d and %d", j+1, i+1)
		}
		at[l] = i
	}
	return nil
}

// appendLabels appends the labels of a column as the package comment describes them.
func appendLabels(b []byte, c Column) []byte {
	b = binary.LittleEndian.AppendUint16(b, uint16(len(c.Labels)))
	if len(c.Labels) == 0 {
		return b
	}
	other := byte(0)
	if c.Other {
		other = 1
	}
	b = append(b, other)
	for _, l := range c.Labels {
		b = append(b, byte(len(l)))
		b = append(b, l...)
	}
	return b
}

// cutLabels reads the labels of a column from the start of b, and returns the bytes after them.
func (c *Column) cutLabels(b []byte) ([]byte, error) {
	short := fmt.Errorf("%w: labels: expected the bytes that their lengths say, got fewer", ErrHeader)
	if len(b) < 2 {
		return nil, short
	}
	n := int(binary.LittleEndian.Uint16(b))
	b = b[2:]
	if n == 0 {
		return b, nil
	}
	if n > MaxLabels {
		return nil, fmt.Errorf("%w: labels: expected at most %d, got %d", ErrHeader, MaxLabels, n)
	}
	if len(b) < 1+n {
		return nil, short
	}
	if b[0] > 1 {
		return nil, fmt.Errorf("%w: byte for other texts: expected 0 or 1, got %d", ErrHeader, b[0])
	}
	c.Other = b[0] == 1
	b = b[1:]
	c.Labels = make([]string, n)
	for i := range c.Labels {
		if len(b) < 1 || len(b) < 1+int(b[0]) {
			return nil, short
		}
		c.Labels[i], b = string(b[1:1+b[0]]), b[1+b[0]:]
	}
	return b, nil
}
