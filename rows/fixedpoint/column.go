package fixedpoint

import (
	"errors"
	"fmt"
	"math/bits"
)

var (
	// ErrColumn means that the offset, decimals or bits of a column are out of range.
	ErrColumn = errors.New("bad fixed-point column")
	// ErrNumber means that a text is not a decimal number.
	ErrNumber = errors.New("not a decimal number")
	// ErrDecimals means that a number has more decimals than the column.
	ErrDecimals = errors.New("too many decimals")
	// ErrRange means that a number is below the offset or does not fit the bits of the column.
	ErrRange = errors.New("out of range")
)

// The bounds of a column.
const (
	MaxDecimals = 18
	MaxBits     = 63
	// MaxOffset bounds the absolute value of offset * 10^decimals.
	MaxOffset = 1 << 62
)

// Column says how the texts of a column become integers.
type Column struct {
	// Offset is subtracted from every value, in whole units of the column.
	Offset int64
	// Decimals is the number of decimals kept, 0 to 18.
	Decimals uint8
	// Bits bounds the integers: they are in [0, 2^Bits); 1 to 63.
	Bits uint8
	// Labels make it a column of labels: a cell that is one of them becomes its index. Offset and Decimals are 0 then, and
	// Bits as many as the last index has; see [Labelled].
	Labels []string
	// Other tells that a cell which is none of the labels becomes the index after the last. Otherwise it is missing.
	Other bool
}

// pow10 has the powers of ten up to MaxDecimals.
var pow10 = func() (p [MaxDecimals + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// Validate checks the ranges of a column.
func (c Column) Validate() error {
	if c.Decimals > MaxDecimals {
		return fmt.Errorf("%w: decimals: expected at most %d, got %d", ErrColumn, MaxDecimals, c.Decimals)
	}
	if c.Bits < 1 || c.Bits > MaxBits {
		return fmt.Errorf("%w: bits: expected 1 to %d, got %d", ErrColumn, MaxBits, c.Bits)
	}
	magnitude := uint64(c.Offset)
	if c.Offset < 0 {
		magnitude = -magnitude
	}
	if hi, lo := bits.Mul64(magnitude, pow10[c.Decimals]); hi != 0 || lo >= MaxOffset {
		return fmt.Errorf("%w: offset %d with %d decimals, offset * 10^decimals should be below 2^62", ErrColumn, c.Offset, c.Decimals)
	}
	if c.Categorical() {
		return c.validateLabels()
	}
	return nil
}

// shift returns offset * 10^decimals of a valid column.
func (c Column) shift() int64 { return c.Offset * int64(pow10[c.Decimals]) }

// Parse converts the text of a cell of a column of numbers. The column must be valid. The text is an optional sign, digits with at most one decimal
// point, and an optional exponent, without blanks; zeros at the end of the decimals do not count.
func (c Column) Parse(text string) (int64, error) {
	n, err := scan(text)
	if err != nil {
		return 0, err
	}
	magnitude, err := n.scaled(int(c.Decimals))
	if err != nil {
		return 0, err
	}
	// x - offset in two's complement of 128 bits.
	hi, lo := uint64(0), magnitude
	if n.negative {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, 0, borrow)
	}
	offset := c.shift()
	lo, borrow := bits.Sub64(lo, uint64(offset), 0)
	hi, _ = bits.Sub64(hi, uint64(offset>>63), borrow)
	switch {
	case int64(hi) < 0:
		return 0, fmt.Errorf("%w: a value below the offset %d", ErrRange, c.Offset)
	case hi != 0 || lo >= 1<<c.Bits:
		return 0, fmt.Errorf("%w: a value of more than %d bits with offset %d and %d decimals", ErrRange, c.Bits, c.Offset, c.Decimals)
	}
	return int64(lo), nil
}
