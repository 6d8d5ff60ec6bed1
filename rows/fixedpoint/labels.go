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
	// MaxLabelsBytes is the most that the labels of all columns take in a header, in bytes.
	MaxLabelsBytes = 16384
)

// Categorical reports whether the cells of a column are labels.
func (c Column) Categorical() bool { return len(c.Labels) > 0 || c.Other }

// Categories returns how many integers the cells of a column of labels can become.
func (c Column) Categories() int {
	n := len(c.Labels)
	if c.Other {
		n++
	}
	return n
}

// Labelled returns the column of the given labels. Other tells that any other text is a category of its own, the last.
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
		return bad("labels with offset %d and %d decimals, both should be 0", c.Offset, c.Decimals)
	}
	if want := Labelled(c.Labels, c.Other).Bits; c.Bits != want {
		return bad("bits: expected %d for %d categories, got %d", want, c.Categories(), c.Bits)
	}
	at := make(map[string]int, len(c.Labels))
	for i, l := range c.Labels {
		switch j, twice := at[l]; {
		case len(l) < 1 || len(l) > MaxLabel:
			return bad("label %d has %d bytes, it should have 1 to %d", i+1, len(l), MaxLabel)
		case !utf8.ValidString(l) || strings.ContainsFunc(l, unicode.IsControl):
			return bad("label %d should be UTF-8 without control characters", i+1)
		case strings.TrimSpace(l) != l:
			return bad("label %d begins or ends with a blank, which cells are read without", i+1)
		case twice:
			return bad("labels %d and %d are the same", j+1, i+1)
		}
		at[l] = i
	}
	return nil
}

// Cells returns what turns the texts of the column's cells into integers. Blanks around a text do not count. It reports whether there
// is a value: in a column of labels a text that is none of them, unless Other is set, has none. The column must be valid.
func (c Column) Cells() func(text string) (value int64, present bool, err error) {
	if !c.Categorical() {
		return func(text string) (int64, bool, error) {
			v, err := c.Parse(strings.TrimSpace(text))
			return v, err == nil, err
		}
	}
	index := make(map[string]int64, len(c.Labels))
	for i, l := range c.Labels {
		index[l] = int64(i)
	}
	return func(text string) (int64, bool, error) {
		v, listed := index[strings.TrimSpace(text)]
		if !listed && c.Other {
			return int64(len(c.Labels)), true, nil
		}
		return v, listed, nil
	}
}

// appendLabels appends the labels of a column: their number; if there are any, whether others count, and each label with its length.
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

// cutLabels reads what appendLabels wrote into the column, and returns the rest.
func (c *Column) cutLabels(b []byte) ([]byte, error) {
	short := fmt.Errorf("%w: the labels end too early", ErrHeader)
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
		return nil, fmt.Errorf("%w: %d where 0 or 1 says whether other texts count", ErrHeader, b[0])
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
