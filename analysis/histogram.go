package analysis

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"strconv"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// EncodeHistogram returns the input of a job of the program histogram and the length of its vector. The lower edge of the first
// bin and the width of a bin are decimal texts in the unit of the column.
func EncodeHistogram(column fixedpoint.Column, lower, width string, bins int) (input []byte, length int, err error) {
	if bins < 1 || bins > programs.MaxBins {
		return nil, 0, fmt.Errorf("%w: bins: expected 1 to %d, got %d", programs.ErrShape, programs.MaxBins, bins)
	}
	input, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{column})
	if err != nil {
		return nil, 0, err
	}
	edge := column
	edge.Bits = 62
	from, err := edge.Parse(lower)
	if err != nil {
		return nil, 0, fmt.Errorf("lower edge: %w", err)
	}
	edge.Offset = 0
	step, err := edge.Parse(width)
	if err != nil {
		return nil, 0, fmt.Errorf("width: %w", err)
	}
	if step == 0 {
		return nil, 0, fmt.Errorf("%w: width of a bin: expected above 0, got 0", programs.ErrShape)
	}
	input = binary.LittleEndian.AppendUint64(input, uint64(from))
	input = binary.LittleEndian.AppendUint64(input, uint64(step))
	return input, bins + 3, nil
}

// checkBins checks the lower edge and the width of bins in fixed-point units; the width must be below maxWidth.
func checkBins(lower, width, maxWidth uint64) error {
	if lower >= programs.MaxEdge {
		return fmt.Errorf("%w: lower edge: expected below %d, got %d", programs.ErrShape, uint64(programs.MaxEdge), lower)
	}
	if width < 1 || width >= maxWidth {
		return fmt.Errorf("%w: width of a bin: expected 1 to %d, got %d", programs.ErrShape, maxWidth-1, width)
	}
	return nil
}

// Bins is a decoded histogram. Bin i counts the values from Lower + i*Width up to, but without, Lower + (i+1)*Width.
type Bins struct {
	Lower, Width *big.Rat
	Counts       []*big.Int
	// Below and Above count the values outside the bins, Missing the missing cells.
	Below, Above, Missing *big.Int
}

// DecodeHistogram reads a histogram from the sum of the vectors of a job with the given input.
func DecodeHistogram(input []byte, sum []*big.Int) (Bins, error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return Bins{}, err
	}
	if len(columns) != 1 || len(rest) != 16 {
		return Bins{}, fmt.Errorf("%w: columns and bytes after the header: expected 1 and 16, got %d and %d", programs.ErrShape, len(columns), len(rest))
	}
	from, step := binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[8:])
	if err := checkBins(from, step, programs.MaxEdge); err != nil {
		return Bins{}, err
	}
	if len(sum) < 4 || len(sum) > programs.MaxBins+3 {
		return Bins{}, fmt.Errorf("%w: slots: expected 4 to %d, got %d", ErrVector, programs.MaxBins+3, len(sum))
	}
	for i, n := range sum {
		if n.Sign() < 0 {
			return Bins{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
	}
	unit := pow10Rat(-int(columns[0].Decimals))
	b := Bins{
		Lower:   new(big.Rat).SetInt(new(big.Int).SetUint64(from)),
		Width:   new(big.Rat).SetInt(new(big.Int).SetUint64(step)),
		Below:   sum[0],
		Counts:  sum[1 : len(sum)-2],
		Above:   sum[len(sum)-2],
		Missing: sum[len(sum)-1],
	}
	b.Lower.Mul(b.Lower, unit)
	b.Lower.Add(b.Lower, new(big.Rat).SetInt64(columns[0].Offset))
	b.Width.Mul(b.Width, unit)
	return b, nil
}

// HistogramTable writes a histogram, one bin or label in a row. The values outside the bins and the missing cells have rows of their own.
func HistogramTable(b Bins, column fixedpoint.Column) Table {
	if column.Categorical() {
		return labelsTable(b, column)
	}
	decimals := int(column.Decimals)
	edge := func(i int) string {
		x := new(big.Rat).SetInt64(int64(i))
		return x.Add(x.Mul(x, b.Width), b.Lower).FloatString(decimals)
	}
	t := Table{Header: []string{"bin", "from", "below", "count"}}
	t.Rows = append(t.Rows, []string{"below", "", edge(0), b.Below.String()})
	for i, n := range b.Counts {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), edge(i), edge(i + 1), n.String()})
	}
	t.Rows = append(t.Rows, []string{"above", edge(len(b.Counts)), "", b.Above.String()})
	t.Rows = append(t.Rows, []string{"missing", "", "", b.Missing.String()})
	return t
}

func labelsTable(b Bins, column fixedpoint.Column) Table {
	t := Table{Header: []string{"label", "count"}}
	for i, n := range b.Counts {
		t.Rows = append(t.Rows, []string{category(column, i), n.String()})
	}
	// Only noise lies there.
	if outside := new(big.Int).Add(b.Below, b.Above); outside.Sign() != 0 {
		t.Rows = append(t.Rows, []string{"outside", outside.String()})
	}
	t.Rows = append(t.Rows, []string{missingName(column), b.Missing.String()})
	return t
}
