package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/alita-network/alita/programs"
)

const (
	// likely is the quantile of the normal distribution for limits that hold the truth in 95 of 100 cases, and surely for all but 3 of 1,000.
	likely = 1.96
	surely = 3
	// coarse is how many bins the noise of a rank may spread over before smaller bins say little more.
	coarse = 14
)

// noisedQuantiles is a session over quantiles_row. Slot 0 counts the rows used, the others are quantiles'. Each round asks for the values around
// each quantile in smaller bins, until the noise spreads over more than a few of them.
type noisedQuantiles struct {
	state
	wanted  []float64
	span    span
	ranges  []Interval
	found   []noisyQuantile
	rows    float64
	missing float64
}

// noisyQuantile is a quantile from noised counts, in units of the column.
type noisyQuantile struct {
	value uint64
	// low and high are limits that hold the quantile of the owners' population in 95 of 100 cases: low <= quantile < high.
	low, high uint64
	noise     float64 // standard deviation of the noise in the rank, in rows
	done      bool    // smaller bins say nothing more
}

func newNoisedQuantiles(s state) (Session, error) {
	n := &noisedQuantiles{state: s}
	if bits := s.columns[0].Bits; bits > maxQuantileBits {
		return nil, fmt.Errorf("%w: bits of the column: expected at most %d, got %d", ErrParameters, maxQuantileBits, bits)
	}
	wanted, err := s.parameters.quantiles()
	if err != nil {
		return nil, err
	}
	if n.span, err = spanOf(s.parameters.Columns[0]); err != nil {
		return nil, err
	}
	// The first round's ranges lie side by side over the column's range.
	m, low, end := len(wanted), uint64(n.span.low), uint64(n.span.high)+1
	width := ceilDiv(end-low, uint64(m*programs.QuantileBins))
	for i, q := range wanted {
		n.wanted = append(n.wanted, float(q))
		n.ranges = append(n.ranges, Interval{low + uint64(i*programs.QuantileBins)*width, width})
		n.found = append(n.found, noisyQuantile{low: low, high: end})
	}
	if n.maxRounds == 0 {
		for n.maxRounds = 1; width > 1 && n.maxRounds < 20; n.maxRounds++ {
			width = ceilDiv(coarse*width, programs.QuantileBins)
		}
	}
	if err := n.encode(); err != nil {
		return nil, err
	}
	// A row counts once in each range.
	slots := make([]slotOf, m)
	for i := range slots {
		slots[i] = slotOf{0, 1, 1}
	}
	ranges, err := allocate(slots, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	count := ranges[len(ranges)-1]
	count.Count = uint32(m*programs.QuantileSlots + 1)
	ranges = append(ranges[:len(ranges)-1:len(ranges)-1], count)
	return n, n.noised(ranges)
}

func (s *noisedQuantiles) encode() (err error) {
	s.job.Input, _, err = EncodeQuantiles(s.columns[0], s.ranges)
	return err
}

// edge is an edge of bins with the noised number of values below it, less what it should be: (1-q) of those below minus q of those not below.
type edge struct {
	at          uint64
	d, variance float64
}

// edges are those of a range, for the quantile q.
func (s *noisedQuantiles) edges(sum []*big.Int, of int, q, variance float64) []edge {
	slots := sum[1+of*programs.QuantileSlots:][:programs.QuantileSlots]
	all, below := 0.0, 0.0
	for _, n := range slots {
		all += toFloat(n)
	}
	out := make([]edge, 0, programs.QuantileBins+1)
	for j, n := range slots[:programs.QuantileBins+1] {
		below += toFloat(n)
		summed := float64(j + 1)
		out = append(out, edge{
			s.ranges[of].Lower + uint64(j)*s.ranges[of].Width, (1-q)*below - q*(all-below),
			variance * ((1-q)*(1-q)*summed + q*q*(programs.QuantileSlots-summed)),
		})
	}
	return out
}

// isotonic replaces the distances by the nondecreasing ones that are nearest in the sense of weighted least squares.
func isotonic(all []edge) {
	type block struct {
		mean, weight float64
		size         int
	}
	var blocks []block
	for _, e := range all {
		b := block{e.d, 1 / e.variance, 1}
		for len(blocks) > 0 && blocks[len(blocks)-1].mean >= b.mean {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			w := last.weight + b.weight
			b = block{(last.mean*last.weight + b.mean*b.weight) / w, w, last.size + b.size}
		}
		blocks = append(blocks, b)
	}
	i := 0
	for _, b := range blocks {
		for range b.size {
			all[i].d = b.mean
			i++
		}
	}
}

func (s *noisedQuantiles) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	variance := s.noise().variance(1)
	m := len(s.wanted)
	rows := 0.0 // the mean of what the ranges count
	for _, n := range sum[1 : len(sum)-1] {
		rows += toFloat(n) / float64(m)
	}
	found, ranges := append([]noisyQuantile(nil), s.found...), append([]Interval(nil), s.ranges...)
	for i, q := range s.wanted {
		if found[i].done {
			continue
		}
		all := s.edges(sum, i, q, variance)
		if len(s.rounds) == 0 {
			all = all[:0]
			for of := range s.wanted {
				all = append(all, s.edges(sum, of, q, variance)...)
			}
		}
		isotonic(all)
		f := &found[i]
		here, from, to := f.locate(all, rows, q)
		if most := min(q, 1-q) * rows / 2; f.noise > most {
			return fmt.Errorf("quantile %s: %w: noise in its rank: expected a standard deviation of at most %.3g of %.0f rows, got %.3g",
				s.parameters.Quantiles[i], ErrNoise, max(most, 0), rows, f.noise)
		}
		width := ceilDiv(all[to].at-all[from].at, programs.QuantileBins)
		f.done = !here || to-from > coarse || ranges[i].Width == 1
		if !f.done {
			ranges[i] = Interval{all[from].at, width}
		}
	}
	s.found, s.ranges, s.rows, s.missing = found, ranges, rows, toFloat(sum[len(sum)-1])
	left := 0
	for _, f := range found {
		if !f.done {
			left++
		}
	}
	s.advance(Round{Contributions: contributions, Note: fmt.Sprintf("%d of %d quantiles found as well as the noise allows", m-left, m)}, left == 0)
	if s.done {
		return nil
	}
	return s.encode()
}

// locate sets the value, its limits and its noise from nondecreasing distances. It returns the edges between which the quantile surely is, and
// whether it is between the first and the last.
func (f *noisyQuantile) locate(all []edge, rows, q float64) (here bool, from, to int) {
	p := 0
	for p < len(all) && all[p].d < 0 {
		p++
	}
	at := min(p, len(all)-1)
	f.noise = math.Sqrt(all[at].variance)
	limit := likely * math.Sqrt(all[at].variance+max(rows, 0)*q*(1-q))
	for from = at; from > 0 && all[from].d > -surely*f.noise; from-- {
	}
	for to = at; to < len(all)-1 && all[to].d < surely*f.noise; to++ {
	}
	for i := at; i >= 0; i-- {
		if all[i].d < -limit {
			f.low = all[i].at
			break
		}
	}
	for i := at; i < len(all); i++ {
		if all[i].d > limit {
			f.high = all[i].at
			break
		}
	}
	if p == 0 || p == len(all) {
		f.value = all[at].at
		f.inLimits()
		return false, from, to
	}
	// Between the edges the values are taken for evenly spread. Below x are the values up to x - 1.
	a, b := all[p-1], all[p]
	x := float64(a.at) + float64(b.at-a.at)*-a.d/(b.d-a.d)
	f.value = max(a.at, uint64(math.Ceil(x))-1)
	f.inLimits()
	return true, from, to
}

// inLimits keeps the value within its limits.
func (f *noisyQuantile) inLimits() {
	f.high = max(f.high, f.low+1)
	f.value = max(f.low, min(f.value, f.high-1))
}

// Expect implements Noised: the error is that of the rank of what is found, for a quantile in the middle of its bins.
func (s *noisedQuantiles) Expect(rows uint64) (out []Expected, err error) {
	variance := s.noise().variance(1)
	for i, q := range s.wanted {
		sd := math.Sqrt(variance * programs.QuantileSlots / 2 * ((1-q)*(1-q) + q*q))
		if need := math.Ceil(4 * sd / min(q, 1-q)); float64(rows) < need {
			return nil, fmt.Errorf("quantile %s: %w: rows: expected at least %.0f, with which a quarter of the rows on its smaller side is as many as the noise, got %d; ask for fewer quantiles, or of owners with more rows, or for a larger rho",
				s.parameters.Quantiles[i], ErrNoise, need, rows)
		}
		out = append(out, Expected{"quantile " + s.parameters.Quantiles[i] + ", its rank", sd})
	}
	return out, nil
}

func (s *noisedQuantiles) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	value := func(x uint64) string { return valueOf(s.columns[0], x) }
	r.Table.Header = []string{"quantile", "value", "standard error", "at least", "at most", "noise of the rank"}
	for i, f := range s.found {
		error := float64(f.high-f.low) / (2 * likely) * float(unit(s.columns[0]))
		r.Table.Rows = append(r.Table.Rows, []string{
			s.parameters.Quantiles[i], value(f.value), strconv.FormatFloat(error, 'g', 4, 64), value(f.low), value(f.high - 1), strconv.FormatFloat(f.noise, 'g', 4, 64),
		})
	}
	r.fact("column", s.job.Columns[0])
	r.fact("values, about", strconv.FormatFloat(s.rows, 'f', 0, 64))
	r.fact(missingName(s.columns[0])+", about", strconv.FormatFloat(max(s.missing, 0), 'f', 0, 64))
	s.codes(&r)
	r.fact("noise", "all numbers have noise; between the limits lies the quantile in 95 of 100 cases, by noise and sampling together")
	return r, nil
}
