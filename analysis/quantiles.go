package analysis

import (
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// Interval is a range of bins of the program quantiles: QuantileBins bins of the given width from Lower on, in fixed-point units.
type Interval struct {
	Lower, Width uint64
}

// EncodeQuantiles returns the input of a job of the program quantiles and the length of its vector.
func EncodeQuantiles(column fixedpoint.Column, ranges []Interval) (input []byte, length int, err error) {
	if len(ranges) < 1 || len(ranges) > programs.MaxQuantiles {
		return nil, 0, fmt.Errorf("%w: ranges: expected 1 to %d, got %d", programs.ErrShape, programs.MaxQuantiles, len(ranges))
	}
	if input, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{column}); err != nil {
		return nil, 0, err
	}
	for _, r := range ranges {
		if err := checkBins(r.Lower, r.Width, programs.MaxQuantileWidth); err != nil {
			return nil, 0, err
		}
		input = binary.LittleEndian.AppendUint64(input, r.Lower)
		input = binary.LittleEndian.AppendUint64(input, r.Width)
	}
	return input, 1 + len(ranges)*programs.QuantileSlots, nil
}

// Cumulative says how many values are below some edges, in fixed-point units.
type Cumulative struct {
	// Below maps an edge to the number of values below it.
	Below map[uint64]*big.Int
	// Count is the number of values, Missing the number of missing cells.
	Count, Missing *big.Int
}

// DecodeQuantiles reads the counts from the sum of the vectors of a job with the given input.
func DecodeQuantiles(input []byte, sum []*big.Int) (Cumulative, error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return Cumulative{}, err
	}
	m := len(rest) / 16
	if len(columns) != 1 || m < 1 || m > programs.MaxQuantiles || len(rest) != 16*m {
		return Cumulative{}, fmt.Errorf("%w: columns and bytes after the header: expected 1 and a multiple of 16 up to %d, got %d and %d",
			programs.ErrShape, 16*programs.MaxQuantiles, len(columns), len(rest))
	}
	if want := 1 + m*programs.QuantileSlots; len(sum) != want {
		return Cumulative{}, fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, want, len(sum))
	}
	for i, n := range sum {
		if n.Sign() < 0 {
			return Cumulative{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
	}
	c := Cumulative{Below: map[uint64]*big.Int{}, Missing: sum[len(sum)-1]}
	for i := range m {
		lower, width := binary.LittleEndian.Uint64(rest[16*i:]), binary.LittleEndian.Uint64(rest[16*i+8:])
		if err := checkBins(lower, width, programs.MaxQuantileWidth); err != nil {
			return Cumulative{}, err
		}
		below := new(big.Int)
		for j, n := range sum[i*programs.QuantileSlots : (i+1)*programs.QuantileSlots] {
			below = new(big.Int).Add(below, n)
			if j <= programs.QuantileBins {
				edge := lower + uint64(j)*width
				if other := c.Below[edge]; other != nil && other.Cmp(below) != 0 {
					return Cumulative{}, fmt.Errorf("%w: values below the edge %d: expected %s, as in another range, got %s", ErrVector, edge, other, below)
				}
				c.Below[edge] = below
			}
		}
		if c.Count != nil && c.Count.Cmp(below) != 0 {
			return Cumulative{}, fmt.Errorf("%w: values in range %d: expected %s, as in the first, got %s", ErrVector, i, c.Count, below)
		}
		c.Count = below
	}
	return c, nil
}
