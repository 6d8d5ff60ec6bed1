package analysis

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// maxQuantileBits bounds the column, so that every edge is in [0, 2^62).
const maxQuantileBits = 61

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
		return nil, fmt.Errorf("%w: bits of the column: expected at most %d, got %d", ErrParameters, maxQuantileBits, s.columns[0].Bits)
	}
	var err error
	if s.wanted, err = s.parameters.quantiles(); err != nil {
		return nil, err
	}
	m := len(s.wanted)
	// The first round's ranges lie side by side over all values that the column can have.
	width := ceilDiv(uint64(1)<<s.columns[0].Bits, uint64(m*programs.QuantileBins))
	for i := range m {
		s.ranges = append(s.ranges, Interval{uint64(i*programs.QuantileBins) * width, width})
	}
	s.low, s.high = make([]uint64, m), make([]uint64, m)
	if err := s.encode(); err != nil {
		return nil, err
	}
	return s, s.shape(1+m*programs.QuantileSlots, s.rowBits)
}

// quantiles reads the quantiles that are asked for.
func (p Parameters) quantiles() (wanted []*big.Rat, err error) {
	if m := len(p.Quantiles); m < 1 || m > programs.MaxQuantiles {
		return nil, fmt.Errorf("%w: quantiles: expected 1 to %d, got %d", ErrParameters, programs.MaxQuantiles, m)
	}
	for _, text := range p.Quantiles {
		q, err := parseDecimal("quantile", text)
		if err != nil {
			return nil, err
		}
		if q.Sign() <= 0 || q.Cmp(big.NewRat(1, 1)) >= 0 {
			return nil, fmt.Errorf("%w: quantile: expected above 0 and below 1, got %s", ErrParameters, text)
		}
		wanted = append(wanted, q)
	}
	return wanted, nil
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
			return fmt.Errorf("%w: values below an edge: expected at least as many as below the edge before it, got fewer", ErrVector)
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
		s.ranges[i] = Interval{s.low[i], ceilDiv(s.high[i]-s.low[i], programs.QuantileBins)}
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

func (s *quantilesSession) value(x uint64) string { return valueOf(s.columns[0], x) }

// valueOf writes a value of a column that is given in its units.
func valueOf(c fixedpoint.Column, x uint64) string {
	if c.Categorical() {
		return category(c, min(int(x), c.Categories()-1))
	}
	r := new(big.Rat).SetInt(new(big.Int).SetUint64(x))
	r.Mul(r, unit(c))
	return r.Add(r, new(big.Rat).SetInt64(c.Offset)).FloatString(int(c.Decimals))
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
