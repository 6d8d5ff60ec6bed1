package analysis

import (
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// axisBytes is the length of a column's part in the program's bytes.
const axisBytes = 24

// Axis is how a contingency table cuts a column: bin i has the values from Lower + i*Width up to, but without, Lower + (i+1)*Width,
// in the fixed-point units of the column.
type Axis struct {
	Lower, Width uint64
	Bins         int
}

func (a Axis) valid() error {
	if a.Bins < 1 || a.Bins > programs.MaxTableBins {
		return fmt.Errorf("%w: bins: expected 1 to %d, got %d", programs.ErrShape, programs.MaxTableBins, a.Bins)
	}
	return checkBins(a.Lower, a.Width, programs.MaxEdge)
}

// parseAxis reads lower edge and width in the unit of the column.
func parseAxis(column fixedpoint.Column, lower, width string, bins int) (Axis, error) {
	column.Bits = 62
	from, err := column.Parse(lower)
	if err != nil {
		return Axis{}, fmt.Errorf("lower edge: %w", err)
	}
	column.Offset = 0
	step, err := column.Parse(width)
	if err != nil {
		return Axis{}, fmt.Errorf("width: %w", err)
	}
	a := Axis{uint64(from), uint64(step), bins}
	return a, a.valid()
}

// EncodeContingency returns the input of a job of the program contingency and the length of its vector.
func EncodeContingency(columns [2]fixedpoint.Column, axes [2]Axis) (input []byte, length int, err error) {
	if input, err = fixedpoint.AppendHeader(nil, columns[:]); err != nil {
		return nil, 0, err
	}
	length = 1
	for _, a := range axes {
		if err := a.valid(); err != nil {
			return nil, 0, err
		}
		for _, v := range []uint64{a.Lower, a.Width, uint64(a.Bins)} {
			input = binary.LittleEndian.AppendUint64(input, v)
		}
		length *= a.Bins + 2
	}
	return input, length, programs.Contingency().Shape.Check(2, length)
}

// CrossTable is a decoded contingency table. Counts[i][j] has the rows at place i of the first and j of the second column; the
// place after the last bin is for values outside the bins, the one after that for missing cells.
type CrossTable struct {
	Columns [2]fixedpoint.Column
	Axes    [2]Axis
	Counts  [][]*big.Int
}

// DecodeContingency reads a table from the sum of the vectors of a job with the given input.
func DecodeContingency(input []byte, sum []*big.Int) (CrossTable, error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return CrossTable{}, err
	}
	if len(columns) != 2 || len(rest) != 2*axisBytes {
		return CrossTable{}, fmt.Errorf("%w: columns and bytes after the header: expected 2 and %d, got %d and %d", programs.ErrShape, 2*axisBytes, len(columns), len(rest))
	}
	t := CrossTable{Columns: [2]fixedpoint.Column(columns)}
	for i := range t.Axes {
		b := rest[axisBytes*i:]
		bins := binary.LittleEndian.Uint64(b[16:])
		t.Axes[i] = Axis{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), int(min(bins, programs.MaxTableBins+1))}
		if err := t.Axes[i].valid(); err != nil {
			return CrossTable{}, err
		}
	}
	places := t.Axes[1].Bins + 2
	if want := (t.Axes[0].Bins + 2) * places; len(sum) != want {
		return CrossTable{}, fmt.Errorf("%w: slots: expected %d, got %d", ErrVector, want, len(sum))
	}
	for i, n := range sum {
		if n.Sign() < 0 {
			return CrossTable{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
	}
	for at := 0; at < len(sum); at += places {
		t.Counts = append(t.Counts, sum[at:at+places])
	}
	return t, nil
}

// label names a place of a column.
func (t CrossTable) label(column, place int) string {
	c, a := t.Columns[column], t.Axes[column]
	switch place {
	case a.Bins:
		return "outside"
	case a.Bins + 1:
		return missingName(c)
	}
	if c.Categorical() {
		return category(c, place)
	}
	edge := func(i int) string {
		x := new(big.Rat).SetInt(new(big.Int).Add(
			new(big.Int).SetUint64(a.Lower), new(big.Int).Mul(big.NewInt(int64(i)), new(big.Int).SetUint64(a.Width))))
		x.Mul(x, unit(c))
		return x.Add(x, new(big.Rat).SetInt64(c.Offset)).FloatString(int(c.Decimals))
	}
	if c.Decimals == 0 && a.Width == 1 {
		return edge(place)
	}
	return edge(place) + " to " + edge(place+1)
}

// places returns the places of a column that a table shows: no label lies outside the bins.
func (t CrossTable) places(column int) (all []int) {
	for i := range t.Axes[column].Bins + 2 {
		if i != t.Axes[column].Bins || !t.Columns[column].Categorical() || !t.empty(column, i) {
			all = append(all, i)
		}
	}
	return all
}

// empty reports whether no row is at a place.
func (t CrossTable) empty(column, place int) bool {
	for i, counts := range t.Counts {
		for j, n := range counts {
			if (column == 0 && i == place || column == 1 && j == place) && n.Sign() != 0 {
				return false
			}
		}
	}
	return true
}

// chiSquare returns Pearson's statistic of the cells in bins, its degrees of freedom and the number of rows. Rows and columns
// without a count do not take part; it is nil if fewer than two of either are left.
func (t CrossTable) chiSquare() (statistic *big.Rat, freedom, least int, n *big.Int) {
	r, c := t.Axes[0].Bins, t.Axes[1].Bins
	rows, columns := make([]*big.Int, r), make([]*big.Int, c)
	for j := range columns {
		columns[j] = new(big.Int)
	}
	n = new(big.Int)
	for i := range rows {
		rows[i] = new(big.Int)
		for j := range columns {
			x := t.Counts[i][j]
			rows[i].Add(rows[i], x)
			columns[j].Add(columns[j], x)
			n.Add(n, x)
		}
	}
	used := func(sums []*big.Int) (k int) {
		for _, s := range sums {
			k += s.Sign()
		}
		return k
	}
	usedRows, usedColumns := used(rows), used(columns)
	least = min(usedRows, usedColumns) - 1
	if least < 1 {
		return nil, 0, 0, n
	}
	// n (sum of x^2 / (row * column) - 1)
	sum := big.NewRat(-1, 1)
	for i := range rows {
		for j := range columns {
			if x := t.Counts[i][j]; x.Sign() > 0 {
				sum.Add(sum, new(big.Rat).SetFrac(new(big.Int).Mul(x, x), new(big.Int).Mul(rows[i], columns[j])))
			}
		}
	}
	return sum.Mul(sum, new(big.Rat).SetInt(n)), (usedRows - 1) * (usedColumns - 1), least, n
}
