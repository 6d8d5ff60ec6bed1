package fixedpoint

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrHeader means that the input of a job does not begin with a valid header.
var ErrHeader = errors.New("bad input header")

// The versions of the header. The first has only columns of numbers; in the second at least one column has labels.
const (
	Version       = 1
	VersionLabels = 2
)

// MaxColumns is the largest number of columns in a header.
const MaxColumns = 4096

const (
	fixedBytes  = 8
	columnBytes = 10
)

// HeaderBytes returns the length of the header for a number of columns without labels, in bytes.
func HeaderBytes(columns int) int { return fixedBytes + columnBytes*columns }

// AppendHeader appends the header of an input to b. It returns ErrHeader or ErrColumn if the columns are out of their ranges.
func AppendHeader(b []byte, columns []Column) ([]byte, error) {
	if len(columns) < 1 || len(columns) > MaxColumns {
		return nil, fmt.Errorf("%w: columns: expected 1 to %d, got %d", ErrHeader, MaxColumns, len(columns))
	}
	version, labels := byte(Version), []byte(nil)
	for i, c := range columns {
		if err := c.Validate(); err != nil {
			return nil, fmt.Errorf("column %d: %w", i, err)
		}
		if c.Categorical() {
			version = VersionLabels
		}
		labels = appendLabels(labels, c)
	}
	if version == Version {
		labels = nil
	}
	if len(labels) > MaxLabelsBytes {
		return nil, fmt.Errorf("%w: bytes of labels: expected at most %d, got %d", ErrHeader, MaxLabelsBytes, len(labels))
	}
	b = append(b, version, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(columns)))
	b = binary.LittleEndian.AppendUint32(b, uint32(HeaderBytes(len(columns))+len(labels)))
	for _, c := range columns {
		b = binary.LittleEndian.AppendUint64(b, uint64(c.Offset))
		b = append(b, c.Decimals, c.Bits)
	}
	return append(b, labels...), nil
}

// ParseHeader reads the header of an input, and returns the columns and the program's own bytes after it. It accepts exactly the
// headers that AppendHeader writes; every other one is ErrHeader.
func ParseHeader(input []byte) (columns []Column, program []byte, err error) {
	if len(input) < fixedBytes {
		return nil, nil, fmt.Errorf("%w: bytes: expected at least %d, got %d", ErrHeader, fixedBytes, len(input))
	}
	labelled := input[0] == VersionLabels
	if (input[0] != Version && !labelled) || input[1] != 0 {
		return nil, nil, fmt.Errorf("%w: version: expected %d.0 or %d.0, got %d.%d", ErrHeader, Version, VersionLabels, input[0], input[1])
	}
	k := int(binary.LittleEndian.Uint16(input[2:]))
	if k < 1 || k > MaxColumns {
		return nil, nil, fmt.Errorf("%w: columns: expected 1 to %d, got %d", ErrHeader, MaxColumns, k)
	}
	least, most := uint32(HeaderBytes(k)), uint32(HeaderBytes(k))
	if labelled {
		most += MaxLabelsBytes
	}
	size := binary.LittleEndian.Uint32(input[4:])
	if size < least || size > most {
		return nil, nil, fmt.Errorf("%w: length: expected %d to %d for %d columns, got %d", ErrHeader, least, most, k, size)
	}
	if uint64(len(input)) < uint64(size) {
		return nil, nil, fmt.Errorf("%w: bytes: expected at least the %d of the header, got %d", ErrHeader, size, len(input))
	}
	columns = make([]Column, k)
	labels, any := input[least:size], false
	for i := range columns {
		b := input[HeaderBytes(i):]
		columns[i] = Column{Offset: int64(binary.LittleEndian.Uint64(b)), Decimals: b[8], Bits: b[9]}
		if labelled {
			if labels, err = columns[i].cutLabels(labels); err != nil {
				return nil, nil, fmt.Errorf("column %d: %w", i, err)
			}
		}
		if err := columns[i].Validate(); err != nil {
			return nil, nil, fmt.Errorf("%w: column %d: %w", ErrHeader, i, err)
		}
		any = any || columns[i].Categorical()
	}
	switch {
	case len(labels) > 0:
		return nil, nil, fmt.Errorf("%w: bytes after the labels: expected none, got %d", ErrHeader, len(labels))
	case labelled && !any:
		return nil, nil, fmt.Errorf("%w: version: expected %d without labels, got %d", ErrHeader, Version, VersionLabels)
	}
	return columns, input[size:], nil
}
