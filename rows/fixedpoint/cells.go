package fixedpoint

import "strings"

// Fit says how the text of a cell became an integer of its column. Whatever the text is, there is an answer: whether a file can be
// read must not depend on what stands in its cells, because others see who answers.
type Fit uint8

const (
	// Exact means that the integer is what the text stands for.
	Exact Fit = iota
	// Rounded means that the text has more decimals than the column.
	Rounded
	// Clamped means that the value is outside of the range, and the nearest value of the range counts.
	Clamped
	// NoNumber means that the text of a cell in a column of numbers is no number. The cell is missing.
	NoNumber
	// NotListed means that the text of a cell in a column of labels without Other is none of the labels. The cell is missing.
	NotListed

	fits
)

// Present reports whether the cell has a value.
func (f Fit) Present() bool { return f < NoNumber }

// Counts are the numbers of cells by how they became integers, by Fit.
type Counts [fits]uint64

// Add adds other counts.
func (c *Counts) Add(other Counts) {
	for f, n := range other {
		c[f] += n
	}
}

// Unfit is the number of cells that are not Exact.
func (c Counts) Unfit() uint64 {
	var n uint64
	for _, of := range c[Exact+1:] {
		n += of
	}
	return n
}

// Cells returns the function that turns the texts of the column's cells into integers. The column must be valid. Blanks around a
// text do not count.
//
// In a column of numbers the value is (x - Offset) * 10^Decimals. It is rounded to a whole number, x * 10^Decimals half to even, and
// then to the nearest number in [0, 2^Bits). A text that is no number has no value. In a column of labels the value is the index of
// the label. The value is 0 if there is none.
func (c Column) Cells() func(text string) (value int64, fit Fit) {
	if !c.Categorical() {
		return func(text string) (int64, Fit) { return c.read(strings.TrimSpace(text)) }
	}
	index := make(map[string]int64, len(c.Labels))
	for i, l := range c.Labels {
		index[l] = int64(i)
	}
	return func(text string) (int64, Fit) {
		v, listed := index[strings.TrimSpace(text)]
		switch {
		case listed:
			return v, Exact
		case c.Other:
			return int64(len(c.Labels)), Exact
		}
		return 0, NotListed
	}
}

// read converts the text of a number.
func (c Column) read(text string) (int64, Fit) {
	n, err := scan(text)
	if err != nil {
		return 0, NoNumber
	}
	magnitude, exact, fits := n.scaled(int(c.Decimals))
	if !fits {
		if n.negative {
			return 0, Clamped
		}
		return c.largest(), Clamped
	}
	v, side := c.place(magnitude, n.negative)
	switch {
	case side != 0:
		return v, Clamped
	case !exact:
		return v, Rounded
	}
	return v, Exact
}

// Decimals returns how many decimals the number of a cell has, without zeros at the end; ok is false if its text is no number.
func Decimals(text string) (decimals int, ok bool) {
	n, err := scan(strings.TrimSpace(text))
	if err != nil {
		return 0, false
	}
	exponent := n.exponent
	for i := n.last - 1; i >= n.first && exponent < 0; i-- {
		if n.text[i] == '.' {
			continue
		}
		if n.text[i] != '0' {
			return -exponent, true
		}
		exponent++
	}
	return 0, true
}
