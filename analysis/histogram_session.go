package analysis

import (
	"math/big"
	"strconv"

	"github.com/alita-network/alita/rows/fixedpoint"
)

type histogramSession struct {
	state
	bins Bins
}

func newHistogramSession(s state) (Session, error) {
	h := &histogramSession{state: s}
	length, err := h.encode()
	if err != nil {
		return nil, err
	}
	if err := h.shape(length, h.rowBits); err != nil {
		return nil, err
	}
	return h, nil
}

// encode makes the input of the only round, and returns the length of histogram's vector.
func (s *histogramSession) encode() (length int, err error) {
	s.maxRounds = 1
	c := s.parameters.Columns[0]
	s.job.Input, length, err = EncodeHistogram(s.columns[0], c.Lower, c.Width, c.Bins)
	return length, err
}

func (s *histogramSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	return s.take(sum, contributions)
}

// take reads histogram's vector, which ends the session.
func (s *histogramSession) take(sum []*big.Int, contributions int) error {
	b, err := DecodeHistogram(s.job.Input, sum)
	if err != nil {
		return err
	}
	s.bins = b
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

func (s *histogramSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table = HistogramTable(s.bins, s.columns[0])
	total := new(big.Int).Add(s.bins.Below, s.bins.Above)
	for _, n := range s.bins.Counts {
		total.Add(total, n)
	}
	r.fact("values", total.String())
	r.fact(missingName(s.columns[0]), s.bins.Missing.String())
	r.plot = func() []byte {
		if s.columns[0].Categorical() {
			return plotLabels(s.job.Columns[0], s.bins, s.columns[0])
		}
		return plotHistogram(s.job.Columns[0], s.bins)
	}
	return r, nil
}

// plotHistogram draws a bar for each bin. The counts outside the bins stand in a line below the axis.
func plotHistogram(name string, b Bins) []byte {
	counts := make([]float64, len(b.Counts))
	for i, n := range b.Counts {
		counts[i] = float(new(big.Rat).SetInt(n))
	}
	lower, width := float(b.Lower), float(b.Width)
	c := newChart(name, "", "count")
	c.note = "below " + b.Below.String() + ", above " + b.Above.String() + ", missing " + b.Missing.String()
	c.ranges(lower, lower+width*float64(len(counts)), 0, maximum(counts))
	for i, n := range counts {
		c.bar(lower+width*float64(i), lower+width*float64(i+1), n, strconv.FormatFloat(n, 'f', 0, 64))
	}
	return c.svg()
}

// plotLabels draws a bar from the left for each label.
func plotLabels(name string, b Bins, column fixedpoint.Column) []byte {
	counts := make([]float64, len(b.Counts))
	c := newChart(name, "count", "")
	c.note = missingName(column) + " " + b.Missing.String()
	for i, n := range b.Counts {
		counts[i] = float(new(big.Rat).SetInt(n))
		c.rowNames = append(c.rowNames, category(column, i))
	}
	c.ranges(0, maximum(counts), 0, 1)
	// The first label is on top.
	c.y0, c.y1 = float64(len(counts))-0.5, -0.5
	for i, n := range counts {
		c.cell(0, n, float64(i)-0.4, float64(i)+0.4, barColor, strconv.FormatFloat(n, 'f', 0, 64))
	}
	return c.svg()
}
