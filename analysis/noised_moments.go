package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// span is the declared range of a column in fixed-point units, from low to high, both included, and its middle.
type span struct{ low, high, middle int64 }

// radius is the most by which a value differs from the middle.
func (s span) radius() int64 { return max(s.middle-s.low, s.high-s.middle) }

// spanOf returns the declared range of a column: from Lower to Upper, or all that its bits can hold.
func spanOf(c Column) (span, error) {
	fixed := c.Fixed()
	s := span{low: 0, high: int64(uint64(1)<<fixed.Bits - 1)}
	if fixed.Categorical() {
		s.high = int64(fixed.Categories() - 1)
	}
	for _, end := range []struct {
		text string
		to   *int64
	}{{c.Lower, &s.low}, {c.Upper, &s.high}} {
		if end.text == "" {
			continue
		}
		v, err := fixed.Parse(end.text)
		if err != nil {
			return span{}, fmt.Errorf("column %q: range: %w", c.Name, err)
		}
		*end.to = v
	}
	if s.low >= s.high || s.high-s.low >= 1<<32 {
		return span{}, fmt.Errorf("column %q: %w: range: expected a lower end below the upper end, by less than 2^32 units, got %d to %d", c.Name, ErrParameters, s.low, s.high)
	}
	s.middle = s.low + (s.high-s.low)/2
	if s.middle >= 1<<32 {
		return span{}, fmt.Errorf("column %q: %w: offset: expected one from which the middle of the range is below 2^32 units, got %d", c.Name, ErrParameters, s.middle)
	}
	return s, nil
}

// What one unit of variance in count, sum and squares does to the mean and the standard deviation, where a column's range is -1 to 1 and
// its deviation about a quarter: these are the squares of the derivatives, all divided by the same.
const (
	countWeight   = 0.3
	sumWeight     = 1
	squaresWeight = 4
)

// centreOf returns what a row program takes away from a column and from its squares: the middle of the range and half of the greatest square.
func centreOf(s span) Centre {
	r := uint64(s.radius())
	return Centre{Value: uint64(s.middle), Square: r * r / 2}
}

// noisedMoments is a session over moments_row.
type noisedMoments struct {
	state
	spans   []span
	centres []Centre
	all     []noisyMoments
}

// noisyMoments are the moments of a column from noised sums, in the unit of the column.
type noisyMoments struct {
	count               *big.Int
	mean, sd, variance  float64
	seMean, seSD, noise float64 // noise is the noise's part of seMean
	spread              bool    // reports whether there is a variance
}

func newNoisedMoments(s state) (Session, error) {
	s.maxRounds = 1
	n := &noisedMoments{state: s}
	var slots []slotOf
	for _, c := range s.parameters.Columns {
		sp, err := spanOf(c)
		if err != nil {
			return nil, err
		}
		centre := centreOf(sp)
		n.spans, n.centres = append(n.spans, sp), append(n.centres, centre)
		slots = append(slots, momentSlots(sp, centre)...)
	}
	ranges, err := allocate(slots, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	if n.job.Input, err = EncodeCentred(n.columns, n.centres); err != nil {
		return nil, err
	}
	return n, n.noised(ranges)
}

// momentSlots are the slots of a column: whether the cell is there, its value and its square.
func momentSlots(s span, c Centre) []slotOf {
	r := float64(s.radius())
	h := int64(c.Square)
	return []slotOf{
		{0, 1, countWeight},
		{s.low - s.middle, s.high - s.middle, sumWeight / (r * r)},
		{-h, s.radius()*s.radius() - h, squaresWeight / (r * r * r * r)},
	}
}

func (s *noisedMoments) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	noise, all := s.noise(), make([]noisyMoments, len(s.columns))
	for i, c := range s.columns {
		at := 1 + 3*i
		m, err := momentsWithNoise(c, s.centres[i], sum[at:at+3], noise.variance(at), noise.variance(at+1), noise.variance(at+2))
		if err != nil {
			return fmt.Errorf("column %q: %w", s.job.Columns[i], err)
		}
		all[i] = m
	}
	s.all = all
	s.advance(Round{Contributions: contributions}, true)
	return nil
}

// leastCount is how many standard deviations of its noise a count must be, so that what is divided by it means something.
const leastCount = 5

// momentsWithNoise computes from the noised count n, centred sum s and centred squares q, whose noise has the variances vn, vs and vq,
//
//	mean = m + s/n, variance = q/n + h - (s/n)^2 + (vs + (s/n)^2 vn) / n^2, n/(n-1) times,
//
// where the last part is what the noise adds to the square of the mean. The noise's part in the errors is by the delta method.
func momentsWithNoise(column fixedpoint.Column, c Centre, sum []*big.Int, vn, vs, vq float64) (noisyMoments, error) {
	n, s, q, h := toFloat(sum[0]), toFloat(sum[1]), toFloat(sum[2]), float64(c.Square)
	if need := max(2, leastCount*math.Sqrt(vn)); n < need {
		return noisyMoments{}, fmt.Errorf("%w: cells: expected at least %.0f, %d standard deviations of the noise in their number, got %.0f", ErrNoise, need, leastCount, n)
	}
	u, offset := float(unit(column)), float64(column.Offset)
	mean := s / n
	noise := (vs + mean*mean*vn) / (n * n)
	variance := (q/n + h - mean*mean + noise) * n / (n - 1)
	m := noisyMoments{count: sum[0], mean: offset + u*(float64(c.Value)+mean), noise: u * math.Sqrt(noise)}
	if variance <= 0 {
		m.seMean = m.noise
		return m, nil
	}
	slope := h - variance + mean*mean
	ofVariance := 2*variance*variance/(n-1) + (vq+4*mean*mean*vs+slope*slope*vn)/(n*n)
	m.spread = true
	m.variance, m.sd = u*u*variance, u*math.Sqrt(variance)
	m.seMean = u * math.Sqrt(variance/n+noise)
	m.seSD = u * math.Sqrt(ofVariance/(4*variance))
	return m, nil
}

func toFloat(x *big.Int) float64 {
	f, _ := new(big.Float).SetInt(x).Float64()
	return f
}

// Expect implements Noised, for a column without missing cells whose mean lies half way between the middle and an end of its range, and whose
// standard deviation is a sixth of its range.
func (s *noisedMoments) Expect(rows uint64) (out []Expected, err error) {
	noise, n := s.noise(), float64(rows)
	for i, c := range s.columns {
		at, r, u := 1+3*i, float64(s.spans[i].radius()), float(unit(c))
		vn, vs, vq := noise.variance(at), noise.variance(at+1), noise.variance(at+2)
		mean, sd := r/2, r/3
		total := math.Sqrt(vs + mean*mean*vn)
		// The error of the mean is at most a quarter of half the range.
		if need := math.Ceil(max(2, leastCount*math.Sqrt(vn), 4*total/r)); n < need {
			return nil, fmt.Errorf("column %q: %w: rows: expected at least %.0f, with which the mean is known to an eighth of its range, got %d; ask of owners with more rows, or for a larger rho",
				s.job.Columns[i], ErrNoise, need, rows)
		}
		h := float64(s.centres[i].Square)
		slope := h - sd*sd + mean*mean
		name := "column " + strconv.Quote(s.job.Columns[i])
		out = append(out,
			Expected{name + ", mean", u * total / n},
			Expected{name + ", standard deviation", u * math.Sqrt(vq+4*mean*mean*vs+slope*slope*vn) / (2 * sd * n)})
	}
	return out, nil
}

func (s *noisedMoments) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"column", "count", "mean", "sd", "variance", "se_mean", "se_sd", "noise_mean"}
	for i, m := range s.all {
		row := []string{s.terms()[i], m.count.String(), noisyText(m.mean), "", "", noisyText(m.seMean), "", noisyText(m.noise)}
		if m.spread {
			row[3], row[4], row[6] = noisyText(m.sd), noisyText(m.variance), noisyText(m.seSD)
		}
		r.Table.Rows = append(r.Table.Rows, row)
	}
	s.codes(&r)
	r.fact("noise", "all numbers have noise; se_mean and se_sd hold it, noise_mean is its part of se_mean")
	return r, nil
}

// noisyText writes a number computed from noised sums: more than 8 digits would tell of the noise alone.
func noisyText(x float64) string { return strconv.FormatFloat(x, 'g', 8, 64) }

// noisedProgram returns the row program that answers the question of a program with noise.
func noisedProgram(name string) (programs.Program, error) {
	for _, p := range programs.Rows() {
		if p.Name == name+"_row" {
			return p, nil
		}
	}
	return programs.Program{}, fmt.Errorf("%w: noise: expected none for %s, no row program answers it", ErrParameters, name)
}
