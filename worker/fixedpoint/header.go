package fixedpoint

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrHeader means that the input of a job does not begin with a valid header.
var ErrHeader = errors.New("bad input header")

// Version is the version of the header.
const Version = 1

// MaxColumns is the largest number of columns in a header.
const MaxColumns = 4096

const (
	fixedBytes  = 8
	columnBytes = 10
)

// HeaderBytes returns the length of the header for a number of columns, in bytes.
func HeaderBytes(columns int) int { return fixedBytes + columnBytes*columns }

// AppendHeader appends the header of an input to b.
func AppendHeader(b []byte, columns []Column) ([]byte, error) {
	if len(columns) < 1 || len(columns) > MaxColumns {
		return nil, fmt.Errorf("%w: %d columns, it should be 1 to %d", ErrHeader, len(columns), MaxColumns)
	}
	b = append(b, Version, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(columns)))
	b = binary.LittleEndian.AppendUint32(b, uint32(HeaderBytes(len(columns))))
	for i, c := range columns {
		if err := c.Validate(); err != nil {
			return nil, fmt.Errorf("column %d: %w", i, err)
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(c.Offset))
		b = append(b, c.Decimals, c.Bits)
	}
	return b, nil
}

// ParseHeader reads the header of an input and returns the program's own bytes after it.
func ParseHeader(input []byte) (columns []Column, program []byte, err error) {
	if len(input) < fixedBytes {
		return nil, nil, fmt.Errorf("%w: %d bytes, it should be at least %d", ErrHeader, len(input), fixedBytes)
	}
	if input[0] != Version || input[1] != 0 {
		return nil, nil, fmt.Errorf("%w: version %d.%d, it should be %d.0", ErrHeader, input[0], input[1], Version)
	}
	k := int(binary.LittleEndian.Uint16(input[2:]))
	if k < 1 || k > MaxColumns {
		return nil, nil, fmt.Errorf("%w: %d columns, it should be 1 to %d", ErrHeader, k, MaxColumns)
	}
	size := HeaderBytes(k)
	if n := binary.LittleEndian.Uint32(input[4:]); n != uint32(size) {
		return nil, nil, fmt.Errorf("%w: length %d, it should be %d for %d columns", ErrHeader, n, size, k)
	}
	if len(input) < size {
		return nil, nil, fmt.Errorf("%w: %d bytes, it should be at least %d for %d columns", ErrHeader, len(input), size, k)
	}
	columns = make([]Column, k)
	for i := range columns {
		b := input[HeaderBytes(i):]
		columns[i] = Column{Offset: int64(binary.LittleEndian.Uint64(b)), Decimals: b[8], Bits: b[9]}
		if err := columns[i].Validate(); err != nil {
			return nil, nil, fmt.Errorf("%w: column %d: %w", ErrHeader, i, err)
		}
	}
	return columns, input[size:], nil
}
