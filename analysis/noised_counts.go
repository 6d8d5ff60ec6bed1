package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// noisedHistogram is a session over histogram_row. Slot 0 counts the rows used, the others are histogram's.
type noisedHistogram struct{ histogramSession }

func newNoisedHistogram(s state) (Session, error) {
	n := &noisedHistogram{histogramSession{state: s}}
	length, err := n.encode()
	if err != nil {
		return nil, err
	}
	ranges, err := countRanges(length, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	return n, n.noised(ranges)
}

// Expect implements Noised.
func (s *noisedHistogram) Expect(rows uint64) ([]Expected, error) {
	return s.expectCounts(rows, s.job.Length-4)
}

func (s *noisedHistogram) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	return s.take(counts(sum), contributions)
}

func (s *noisedHistogram) Result() (Result, error) {
	r, err := s.histogramSession.Result()
	if err == nil {
		s.noiseFact(&r)
	}
	return r, err
}

// noiseFact says how large the noise of a count is.
func (s *state) noiseFact(r *Result) {
	sd := math.Sqrt(s.noise().variance(1))
	r.fact("noise of a count, standard deviation", strconv.FormatFloat(sd, 'g', 6, 64))
}

// noisedContingency is a session over contingency_row. Slot 0 counts the rows used, the others are contingency's.
type noisedContingency struct{ contingencySession }

func newNoisedContingency(s state) (Session, error) {
	n := &noisedContingency{contingencySession{state: s}}
	length, err := n.encode()
	if err != nil {
		return nil, err
	}
	ranges, err := countRanges(length, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	return n, n.noised(ranges)
}

// axes reads the bins of both columns.
func (s *state) axes() (axes [2]Axis, err error) {
	for i, c := range s.parameters.Columns {
		if axes[i], err = parseAxis(s.columns[i], c.Lower, c.Width, c.Bins); err != nil {
			return axes, fmt.Errorf("column %q: %w", c.Name, err)
		}
	}
	return axes, nil
}

// Expect implements Noised.
func (s *noisedContingency) Expect(rows uint64) ([]Expected, error) {
	axes, err := s.axes()
	if err != nil {
		return nil, err
	}
	return s.expectCounts(rows, axes[0].Bins*axes[1].Bins)
}

func (s *noisedContingency) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	return s.take(counts(sum), contributions)
}

func (s *noisedContingency) Result() (Result, error) {
	r, err := s.contingencySession.Result()
	if err != nil {
		return Result{}, err
	}
	s.noiseFact(&r)
	if extra := s.table.chiSquareOfNoise(s.noise().variance(1)); extra > 0 {
		r.fact("chi-square that noise alone adds, about", strconv.FormatFloat(extra, 'g', 4, 64))
	}
	return r, nil
}

// chiSquareOfNoise is what noise of a variance in each count adds to chi-square on average, to first order: the sum over the cells of
// variance / expected count * (1 - share of the row) (1 - share of the column), since the margins are estimated from the same counts.
func (t CrossTable) chiSquareOfNoise(variance float64) float64 {
	r, c := t.Axes[0].Bins, t.Axes[1].Bins
	rows, columns, n := make([]float64, r), make([]float64, c), 0.0
	for i := range r {
		for j := range c {
			x := toFloat(t.Counts[i][j])
			rows[i], columns[j], n = rows[i]+x, columns[j]+x, n+x
		}
	}
	sum := 0.0
	for i := range r {
		for j := range c {
			if e := rows[i] * columns[j] / n; e > 0 {
				sum += variance / e * (1 - rows[i]/n) * (1 - columns[j]/n)
			}
		}
	}
	return sum
}
