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
	// ErrRange means that a number is below the offset or has more bits than the column.
	ErrRange = errors.New("out of range")
)

// The bounds of a column.
const (
	MaxDecimals = 18
	MaxBits     = 63
	// MaxOffset bounds the absolute value of offset * 10^decimals, which must be below it.
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
	// Labels, if there are any, make it a column of labels: a cell that is one of them becomes its index. Offset and Decimals
	// are 0 then, and Bits is the number of bits of the last index; see [Labelled].
	Labels []string
	// Other makes every other text a category of its own, with the index after the last label. Without it such a cell is missing.
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

// Validate returns ErrColumn if the column is out of its ranges.
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
		return fmt.Errorf("%w: size of offset * 10^decimals: expected below 2^62, got %d * 10^%d", ErrColumn, c.Offset, c.Decimals)
	}
	if c.Categorical() {
		return c.validateLabels()
	}
	return nil
}

// shift returns offset * 10^decimals of a valid column.
func (c Column) shift() int64 { return c.Offset * int64(pow10[c.Decimals]) }

// Parse converts the text of a number that must fit a column of numbers exactly. The column must be valid. The text has an optional
// sign, digits with at most one decimal point, and an optional exponent, without blanks. Zeros at the end of the decimals do not
// count. The errors are ErrNumber, ErrDecimals and ErrRange. [Column.Cells] reads the cells of a file, which need not fit.
func (c Column) Parse(text string) (int64, error) {
	n, err := scan(text)
	if err != nil {
		return 0, err
	}
	magnitude, exact, fits := n.scaled(int(c.Decimals))
	if !exact {
		return 0, fmt.Errorf("%w: expected at most the %d of the column, got more", ErrDecimals, c.Decimals)
	}
	if !fits {
		return 0, fmt.Errorf("%w: value: expected at most 64 bits with %d decimals, got more", ErrRange, c.Decimals)
	}
	v, side := c.place(magnitude, n.negative)
	switch {
	case side < 0:
		return 0, fmt.Errorf("%w: value: expected at least the offset %d, got less", ErrRange, c.Offset)
	case side > 0:
		return 0, fmt.Errorf("%w: value: expected at most %d bits with offset %d and %d decimals, got more", ErrRange, c.Bits, c.Offset, c.Decimals)
	}
	return v, nil
}

// place subtracts the offset from a value times 10^Decimals. It returns the nearest integer of the column, and on which side of its range
// the value lies: -1 below, 0 within, 1 above.
func (c Column) place(magnitude uint64, negative bool) (v int64, side int) {
	// x - offset in two's complement of 128 bits.
	hi, lo := uint64(0), magnitude
	if negative {
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi, _ = bits.Sub64(0, 0, borrow)
	}
	offset := c.shift()
	lo, borrow := bits.Sub64(lo, uint64(offset), 0)
	hi, _ = bits.Sub64(hi, uint64(offset>>63), borrow)
	switch {
	case int64(hi) < 0:
		return 0, -1
	case hi != 0 || lo >= 1<<c.Bits:
		return c.largest(), 1
	}
	return int64(lo), 0
}

// largest is the largest integer of the column.
func (c Column) largest() int64 { return int64(uint64(1)<<c.Bits - 1) }
