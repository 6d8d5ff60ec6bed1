package programs

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/alita-network/alita/rows/fixedpoint"
)

const (
	// QuantileBins is the number of bins of a range of the program quantiles; a range has two slots more.
	QuantileBins  = 42
	quantileSlots = QuantileBins + 2
	// MaxQuantiles is the largest number of ranges.
	MaxQuantiles = 64
	// maxQuantileWidth bounds the width of a bin.
	maxQuantileWidth = 1 << 56
	// maxQuantileBits bounds the column, so that every edge is in [0, 2^62).
	maxQuantileBits = 61
)

func quantiles() Program {
	return Program{
		Name:        "quantiles",
		Description: "Quantiles of one column, found by counting in ever finer bins around each of them, round by round.",
		Code:        quantilesCode,
		Hash:        "a14dbc3231ef0efd4d9d767b8ad7b9ed55c5d66bbd457019cb8caf57828357f8",
		Kind:        Histogram,
		Bits:        63,
		Shape: ShapeRule{
			MinColumns: 1, MaxColumns: 1, MinLength: 1 + quantileSlots, MaxLength: 1 + MaxQuantiles*quantileSlots,
			Groups: GroupRule{Constant: 1, Size: quantileSlots},
		},
		Cost: CostModel{
			Base:     Cost{Constant: 1540, PerSlot: 1},
			PerBatch: Cost{Constant: 292, PerSlot: 1},
			PerRow:   Cost{Constant: 24, PerSlot: 1},
		},
	}
}

// Interval is a range of bins of the program quantiles: QuantileBins bins of the given width from Lower on, in fixed-point units.
type Interval struct {
	Lower, Width uint64
}

// EncodeQuantiles returns the input of a job of the program quantiles and the length of its vector.
func EncodeQuantiles(column fixedpoint.Column, ranges []Interval) (input []byte, length int, err error) {
	if len(ranges) < 1 || len(ranges) > MaxQuantiles {
		return nil, 0, fmt.Errorf("%w: %d ranges, it should be 1 to %d", ErrShape, len(ranges), MaxQuantiles)
	}
	if input, err = fixedpoint.AppendHeader(nil, []fixedpoint.Column{column}); err != nil {
		return nil, 0, err
	}
	for _, r := range ranges {
		if r.Lower >= maxEdge || r.Width < 1 || r.Width >= maxQuantileWidth {
			return nil, 0, fmt.Errorf("%w: lower edge and width should be in [0, 2^62) and [1, 2^56)", ErrShape)
		}
		input = binary.LittleEndian.AppendUint64(input, r.Lower)
		input = binary.LittleEndian.AppendUint64(input, r.Width)
	}
	return input, 1 + len(ranges)*quantileSlots, nil
}

// Cumulative says how many values are below some edges, in fixed-point units.
type Cumulative struct {
	// Below maps an edge to the number of values below it.
	Below map[uint64]*big.Int
	// Count is the number of values, Missing that of missing cells.
	Count, Missing *big.Int
}

// DecodeQuantiles reads the counts from the sum of the vectors of a job with the given input.
func DecodeQuantiles(input []byte, sum []*big.Int) (Cumulative, error) {
	columns, rest, err := fixedpoint.ParseHeader(input)
	if err != nil {
		return Cumulative{}, err
	}
	m := len(rest) / 16
	if len(columns) != 1 || m < 1 || m > MaxQuantiles || len(rest) != 16*m {
		return Cumulative{}, fmt.Errorf("%w: an input of %d columns and %d bytes, it should be 1 and a multiple of 16", ErrShape, len(columns), len(rest))
	}
	if want := 1 + m*quantileSlots; len(sum) != want {
		return Cumulative{}, fmt.Errorf("%w: %d slots, it should be %d", ErrVector, len(sum), want)
	}
	for i, n := range sum {
		if n.Sign() < 0 {
			return Cumulative{}, fmt.Errorf("%w: slot %d is negative", ErrVector, i)
		}
	}
	c := Cumulative{Below: map[uint64]*big.Int{}, Missing: sum[len(sum)-1]}
	for i := range m {
		lower, width := binary.LittleEndian.Uint64(rest[16*i:]), binary.LittleEndian.Uint64(rest[16*i+8:])
		if lower >= maxEdge || width < 1 || width >= maxQuantileWidth {
			return Cumulative{}, fmt.Errorf("%w: lower edge and width should be in [0, 2^62) and [1, 2^56)", ErrShape)
		}
		below := new(big.Int)
		for j, n := range sum[i*quantileSlots : (i+1)*quantileSlots] {
			below = new(big.Int).Add(below, n)
			if j <= QuantileBins {
				edge := lower + uint64(j)*width
				if other := c.Below[edge]; other != nil && other.Cmp(below) != 0 {
					return Cumulative{}, fmt.Errorf("%w: %s and %s values are below one edge", ErrVector, other, below)
				}
				c.Below[edge] = below
			}
		}
		if c.Count != nil && c.Count.Cmp(below) != 0 {
			return Cumulative{}, fmt.Errorf("%w: %s and %s values in two ranges", ErrVector, c.Count, below)
		}
		c.Count = below
	}
	return c, nil
}

// quantilesSession looks for the smallest value x such that at least a part q of all values is at most x.
type quantilesSession struct {
	state
	wanted   []*big.Rat
	ranges   []Interval
	low      []uint64 // the quantile is in [low, high), by the counts of the last round
	high     []uint64
	count    *big.Int
	missing  *big.Int
	resolved int
}

func newQuantilesSession(st state) (Session, error) {
	s := &quantilesSession{state: st}
	if s.maxRounds == 0 {
		s.maxRounds = 20
	}
	if s.columns[0].Bits > maxQuantileBits {
		return nil, fmt.Errorf("%w: a column of %d bits, it should be at most %d", ErrParameters, s.columns[0].Bits, maxQuantileBits)
	}
	m := len(s.parameters.Quantiles)
	if m < 1 || m > MaxQuantiles {
		return nil, fmt.Errorf("%w: %d quantiles, it should be 1 to %d", ErrParameters, m, MaxQuantiles)
	}
	for _, text := range s.parameters.Quantiles {
		q, err := parseDecimal("quantile", text)
		if err != nil {
			return nil, err
		}
		if q.Sign() <= 0 || q.Cmp(big.NewRat(1, 1)) >= 0 {
			return nil, fmt.Errorf("%w: quantile %s, it should be above 0 and below 1", ErrParameters, text)
		}
		s.wanted = append(s.wanted, q)
	}
	// The first round's ranges lie side by side over all that the column can hold.
	width := ceilDiv(uint64(1)<<s.columns[0].Bits, uint64(m*QuantileBins))
	for i := range m {
		s.ranges = append(s.ranges, Interval{uint64(i*QuantileBins) * width, width})
	}
	s.low, s.high = make([]uint64, m), make([]uint64, m)
	if err := s.encode(); err != nil {
		return nil, err
	}
	return s, s.shape(1+m*quantileSlots, s.rowBits)
}

func ceilDiv(a, b uint64) uint64 { return (a + b - 1) / b }

func (s *quantilesSession) encode() (err error) {
	s.job.Input, _, err = EncodeQuantiles(s.columns[0], s.ranges)
	return err
}

func (s *quantilesSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	c, err := DecodeQuantiles(s.job.Input, sum)
	if err != nil {
		return err
	}
	if c.Count.Sign() == 0 {
		s.count, s.missing, s.resolved = c.Count, c.Missing, 0
		s.advance(Round{Contributions: contributions, Note: "no value"}, true)
		return nil
	}
	end := uint64(1) << s.columns[0].Bits
	c.Below[0], c.Below[end] = new(big.Int), c.Count
	edges := make([]uint64, 0, len(c.Below))
	for e := range c.Below {
		edges = append(edges, e)
	}
	slices.Sort(edges)
	for i := range edges[1:] {
		if c.Below[edges[i]].Cmp(c.Below[edges[i+1]]) > 0 {
			return fmt.Errorf("%w: fewer values are below an edge than below one before it", ErrVector)
		}
	}
	s.count, s.missing, s.resolved = c.Count, c.Missing, 0
	for i, q := range s.wanted {
		// The rank is the smallest whole number that is at least q * count.
		x := new(big.Rat).Mul(q, new(big.Rat).SetInt(c.Count))
		rank := new(big.Int).Add(x.Num(), new(big.Int).Sub(x.Denom(), big.NewInt(1)))
		rank.Quo(rank, x.Denom())
		at, _ := slices.BinarySearchFunc(edges, rank, func(e uint64, rank *big.Int) int { return c.Below[e].Cmp(rank) })
		// Fewer than rank values are below the edge before, at least rank below this one. Edges above the column's end hold nothing more.
		s.low[i], s.high[i] = edges[at-1], min(edges[at], end)
		if s.high[i]-s.low[i] == 1 {
			s.resolved++
		}
		s.ranges[i] = Interval{s.low[i], ceilDiv(s.high[i]-s.low[i], QuantileBins)}
	}
	s.advance(Round{
		Contributions: contributions,
		Note:          fmt.Sprintf("%d of %d quantiles found, widest range left %s", s.resolved, len(s.wanted), s.widest()),
	}, s.resolved == len(s.wanted))
	if s.done {
		return nil
	}
	return s.encode()
}

// widest writes the largest range in which a quantile may still lie, in the unit of the column.
func (s *quantilesSession) widest() string {
	most := uint64(0)
	for i := range s.low {
		most = max(most, s.high[i]-s.low[i])
	}
	x := new(big.Rat).SetInt(new(big.Int).SetUint64(most))
	return x.Mul(x, unit(s.columns[0])).FloatString(int(s.columns[0].Decimals))
}

func (s *quantilesSession) value(x uint64) string {
	if s.columns[0].Categorical() {
		return category(s.columns[0], min(int(x), s.columns[0].Categories()-1))
	}
	r := new(big.Rat).SetInt(new(big.Int).SetUint64(x))
	r.Mul(r, unit(s.columns[0]))
	return r.Add(r, new(big.Rat).SetInt64(s.columns[0].Offset)).FloatString(int(s.columns[0].Decimals))
}

func (s *quantilesSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"quantile", "value", "at least", "at most"}
	for i := range s.wanted {
		row := []string{s.parameters.Quantiles[i], "", "", ""}
		if s.count.Sign() > 0 {
			row[2], row[3] = s.value(s.low[i]), s.value(s.high[i]-1)
			if row[2] == row[3] {
				row[1] = row[2]
			}
		}
		r.Table.Rows = append(r.Table.Rows, row)
	}
	r.fact("column", s.job.Columns[0])
	r.fact("values", s.count.String())
	r.fact(missingName(s.columns[0]), s.missing.String())
	s.codes(&r)
	r.fact("found", strconv.Itoa(s.resolved)+" of "+strconv.Itoa(len(s.wanted)))
	return r, nil
}
