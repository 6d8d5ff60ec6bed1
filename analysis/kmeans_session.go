package analysis

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/alita-network/alita/programs"
)

// inertiaTolerance is the least part of the inertia that a round must gain, so that another round follows.
const inertiaTolerance = 1e-9

// kmeansSession begins with all centroids at one place. That round finds the mean of the rows and their distance from it. Then the
// centroids are put around the mean, in directions drawn from the seed.
type kmeansSession struct {
	state
	step     Clustering
	greatest *big.Rat // what z is to be multiplied with to be value * scale
	clusters Clusters
	random   *rand.Rand
	spread   float64
}

func newKMeansSession(st state) (Session, error) {
	s := &kmeansSession{state: st, random: rand.New(rand.NewPCG(st.parameters.Seed, 0))} //nolint:gosec // places that can be drawn again
	if s.maxRounds == 0 {
		s.maxRounds = 30
	}
	k := len(s.columns)
	if n := s.parameters.Clusters; n < 1 || n > (s.program.Shape.MaxLength-2)/(k+1) {
		return nil, fmt.Errorf("%w: clusters: expected 1 to %d, got %d", ErrParameters, (s.program.Shape.MaxLength-2)/(k+1), n)
	}
	// Scales in proportion, such that the column with the widest range has z from 0 to 1.
	scales, most := make([]*big.Rat, k), 0
	s.greatest = new(big.Rat)
	for j, c := range s.parameters.Columns {
		if c.Bits > programs.MaxKMeansBits {
			return nil, fmt.Errorf("column %q: %w: bits: expected at most %d, got %d", c.Name, ErrParameters, programs.MaxKMeansBits, c.Bits)
		}
		scales[j] = big.NewRat(1, 1)
		if c.Scale != "" {
			var err error
			if scales[j], err = parseDecimal("scale", c.Scale); err != nil {
				return nil, fmt.Errorf("column %q: %w", c.Name, err)
			}
			if scales[j].Sign() <= 0 {
				return nil, fmt.Errorf("column %q: %w: scale: expected above 0, got %s", c.Name, ErrParameters, c.Scale)
			}
		}
		scales[j].Mul(scales[j], unit(s.columns[j]))
		if r := new(big.Rat).Mul(scales[j], new(big.Rat).SetInt64(1<<c.Bits)); r.Cmp(s.greatest) > 0 {
			s.greatest = r
		}
		most = max(most, int(c.Bits))
	}
	for _, x := range scales {
		s.step.Scales = append(s.step.Scales, float(x.Quo(x, s.greatest)))
	}
	// A squared distance is at most 9 k.
	distanceBits := bits.Len(uint(9 * k))
	s.step.FractionBits = max(0, min(30, max(20, most-distanceBits), 50-s.rowBits))
	for range s.parameters.Clusters {
		s.step.Centroids = append(s.step.Centroids, make([]float64, k))
	}
	if err := s.encode(); err != nil {
		return nil, err
	}
	return s, s.shape(s.program.Shape.Groups.Length(k, s.parameters.Clusters), max(most, s.step.FractionBits+distanceBits)+s.rowBits)
}

func (s *kmeansSession) encode() (err error) {
	s.job.Input, _, err = EncodeKMeans(s.columns, s.step)
	return err
}

func (s *kmeansSession) Advance(sum []*big.Int, contributions int) error {
	if err := s.accept(sum, contributions); err != nil {
		return err
	}
	c, err := DecodeKMeans(s.job.Input, sum)
	if err != nil {
		return err
	}
	if total(c.Counts).Sign() == 0 {
		return fmt.Errorf("%w: rows without a missing cell: expected at least 1, got 0", ErrFewRows)
	}
	settled := s.settled(c)
	s.clusters = c
	round := Round{Contributions: contributions, Loss: s.inertia(), LossName: "inertia"}
	if len(s.rounds) == 0 {
		round.Note = "the middle of all rows"
		s.scatter()
		settled = s.parameters.Clusters == 1
	} else {
		round.Note = strconv.Itoa(s.move()) + " clusters have rows"
	}
	s.advance(round, settled)
	if s.done {
		return nil
	}
	return s.encode()
}

func total(counts []*big.Int) *big.Int {
	n := new(big.Int)
	for _, c := range counts {
		n.Add(n, c)
	}
	return n
}

// settled reports whether another round would bring no better clusters.
func (s *kmeansSession) settled(c Clusters) bool {
	if len(s.rounds) < 2 {
		return false
	}
	same := func(a, b []*big.Int) bool {
		return slices.EqualFunc(a, b, func(x, y *big.Int) bool { return x.Cmp(y) == 0 })
	}
	if same(c.Counts, s.clusters.Counts) && slices.EqualFunc(c.Sums, s.clusters.Sums, same) {
		return true
	}
	gain := new(big.Rat).SetInt(new(big.Int).Sub(s.clusters.Inertia, c.Inertia))
	return gain.Sign() >= 0 && float(gain) <= inertiaTolerance*float(new(big.Rat).SetInt(c.Inertia))
}

// inertia returns the sum of the squared distances, in the units of value * scale.
func (s *kmeansSession) inertia() float64 {
	x := new(big.Rat).SetInt(s.clusters.Inertia)
	x.Mul(x, s.greatest)
	return math.Ldexp(float(x.Mul(x, s.greatest)), -s.step.FractionBits)
}

// place returns the mean of a cluster in z.
func (s *kmeansSession) place(c int) []float64 {
	p := make([]float64, len(s.columns))
	for j := range p {
		p[j] = math.Min(1, float(new(big.Rat).SetFrac(s.clusters.Sums[c][j], s.clusters.Counts[c]))*s.step.Scales[j])
	}
	return p
}

// scatter puts the centroids around the mean of all rows.
func (s *kmeansSession) scatter() {
	mean := s.place(0) // with all centroids at one place the first takes every row
	n := float(new(big.Rat).SetInt(s.clusters.Counts[0]))
	// The first centroids are at 0: the mean of z^2 less the square of its mean is the variance.
	s.spread = math.Ldexp(float(new(big.Rat).SetInt(s.clusters.Inertia)), -s.step.FractionBits) / n
	for _, x := range mean {
		s.spread -= x * x
	}
	s.spread = math.Sqrt(math.Max(s.spread, 0))
	for i := range s.step.Centroids {
		s.step.Centroids[i] = s.near(mean)
	}
}

// near returns a random place at the typical distance from another.
func (s *kmeansSession) near(place []float64) []float64 {
	p, length := make([]float64, len(place)), 0.0
	for length == 0 {
		for j := range p {
			p[j] = s.random.NormFloat64()
			length += p[j] * p[j]
		}
	}
	for j := range p {
		p[j] = math.Max(-programs.MaxCoordinate, math.Min(programs.MaxCoordinate, place[j]+s.spread*p[j]/math.Sqrt(length)))
	}
	return p
}

// move puts every centroid at the mean of its rows, and one without rows near the largest cluster. It returns the number of clusters
// that have rows.
func (s *kmeansSession) move() (used int) {
	largest := 0
	for c, n := range s.clusters.Counts {
		if n.Cmp(s.clusters.Counts[largest]) > 0 {
			largest = c
		}
	}
	for c, n := range s.clusters.Counts {
		if n.Sign() > 0 {
			s.step.Centroids[c] = s.place(c)
			used++
		}
	}
	for c, n := range s.clusters.Counts {
		if n.Sign() == 0 {
			s.step.Centroids[c] = s.near(s.step.Centroids[largest])
		}
	}
	return used
}

// order is that of the clusters in the answer: the largest first; of equal ones that with the smaller mean.
func (s *kmeansSession) order() []int {
	order := make([]int, len(s.clusters.Counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if c := s.clusters.Counts[b].Cmp(s.clusters.Counts[a]); c != 0 {
			return c
		}
		return s.clusters.Sums[a][0].Cmp(s.clusters.Sums[b][0])
	})
	return order
}

func (s *kmeansSession) Result() (Result, error) {
	r, err := s.result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = append([]string{"cluster", "rows"}, s.terms()...)
	for i, c := range s.order() {
		row := []string{strconv.Itoa(i + 1), s.clusters.Counts[c].String()}
		for j, column := range s.columns {
			cell := ""
			if s.clusters.Counts[c].Sign() > 0 {
				mean := new(big.Rat).SetFrac(s.clusters.Sums[c][j], s.clusters.Counts[c])
				mean.Mul(mean, unit(column))
				cell = formatRat(mean.Add(mean, new(big.Rat).SetInt64(column.Offset)), Digits)
			}
			row = append(row, cell)
		}
		r.Table.Rows = append(r.Table.Rows, row)
	}
	r.fact("rows", total(s.clusters.Counts).String())
	r.fact("rows left out, a cell is missing", s.clusters.LeftOut.String())
	r.fact("inertia", formatFloat(s.inertia()))
	s.codes(&r)
	rounds := r.Rounds
	if len(rounds) > 1 {
		rounds = rounds[1:] // the first round has one cluster
	}
	r.plot = func() []byte { return plotLoss(rounds) }
	return r, nil
}
