package programs

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/rows/fixedpoint"
)

// Options are what a user asks a program for besides the columns; each program says which it reads.
type Options struct {
	// Lower, Width and Bins are for histogram: the lower edge of the first bin, the width of a bin, and their number.
	Lower, Width string
	Bins         int
}

// EncodeInput returns the input of a job of the program and the length of its vector.
func (p Program) EncodeInput(columns []fixedpoint.Column, o Options) (input []byte, length int, err error) {
	switch p.Name {
	case "moments":
		input, err = EncodeMoments(columns)
		length = p.Shape.Length(len(columns))
	case "histogram":
		if len(columns) != 1 {
			return nil, 0, fmt.Errorf("%w: %d columns, it should be 1", ErrShape, len(columns))
		}
		input, length, err = EncodeHistogram(columns[0], o.Lower, o.Width, o.Bins)
	default:
		return nil, 0, fmt.Errorf("%w: %q", ErrUnknown, p.Name)
	}
	if err != nil {
		return nil, 0, err
	}
	return input, length, p.Shape.Check(len(columns), length)
}

// Decode turns the sum of the vectors of a job into a table. Names are the columns of the job, input is its input.
func (p Program) Decode(names []string, input []byte, sum []*big.Int) (Table, error) {
	columns, _, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return Table{}, err
	}
	switch p.Name {
	case "moments":
		all, err := DecodeMoments(input, sum)
		if err != nil {
			return Table{}, err
		}
		return MomentsTable(names, all, columns)
	case "histogram":
		b, err := DecodeHistogram(input, sum)
		if err != nil {
			return Table{}, err
		}
		return HistogramTable(b, columns[0]), nil
	}
	return Table{}, fmt.Errorf("%w: %q", ErrUnknown, p.Name)
}
