package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/alita-network/alita/terms"
)

// What one unit of variance in the count and in a sum of a cluster does to its mean, where a column's range is 0 to 1 and the mean about a half.
const (
	clusterCountWeight = 0.25
	clusterSumWeight   = 1
)

// noisedKMeans is a session over kmeans_row. Slot 0 counts the rows used, the others are kmeans', of which the inertia is not asked for. A cluster whose
// rows are lost in the noise counts as one without rows.
type noisedKMeans struct {
	kmeansSession
	high   []int64 // of each column, in its units
	sums   [][]float64
	counts []float64
}

func newNoisedKMeans(st state) (Session, error) {
	if st.maxRounds == 0 {
		st.maxRounds = noisedRounds
	}
	inner, err := newKMeansSession(st)
	if err != nil {
		return nil, err
	}
	s := &noisedKMeans{kmeansSession: *inner.(*kmeansSession)}
	slots := []slotOf{
		{0, 1, rowsWeight}, // rows left out
		{0, 0, rowsWeight}, // inertia
		{0, 1, clusterCountWeight},
	}
	for _, c := range s.parameters.Columns {
		sp, err := spanOf(c)
		if err != nil {
			return nil, err
		}
		s.high = append(s.high, sp.high)
		slots = append(slots, slotOf{0, sp.high, clusterSumWeight / (float64(sp.high) * float64(sp.high))})
	}
	// A row counts in one cluster: the noise of all is that of one.
	ranges, err := allocate(slots, s.parameters.MicroRho)
	if err != nil {
		return nil, err
	}
	each := apart(ranges)
	all := each[:3:3]
	for range s.parameters.Clusters {
		all = append(all, each[3:]...)
	}
	return s, s.noised(together(all))
}

// apart returns a range for each slot.
func apart(ranges terms.Ranges) (each terms.Ranges) {
	for _, r := range ranges {
		for range r.Count {
			each = append(each, terms.SlotRange{Count: 1, Low: r.Low, High: r.High, Variance: r.Variance})
		}
	}
	return each
}

// together joins equal ranges that follow each other.
func together(each terms.Ranges) (ranges terms.Ranges) {
	for _, r := range each {
		if last := len(ranges) - 1; last >= 0 && ranges[last].Low == r.Low && ranges[last].High == r.High && ranges[last].Variance == r.Variance {
			ranges[last].Count += r.Count
			continue
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// at is the slot of the count of a cluster; its sums follow.
func (s *noisedKMeans) at(cluster int) int { return 3 + cluster*(len(s.columns)+1) }

func (s *noisedKMeans) Advance(sum []*big.Int, contributions int) error {
	if err := s.acceptNoised(sum, contributions); err != nil {
		return err
	}
	k := len(s.columns)
	least := leastCount * math.Sqrt(s.noise().variance(s.at(0)))
	c := Clusters{LeftOut: sum[1], Inertia: new(big.Int)}
	counts, sums, most := make([]float64, s.parameters.Clusters), make([][]float64, s.parameters.Clusters), 0.0
	for i := range counts {
		slots := sum[s.at(i):][:k+1]
		counts[i] = toFloat(slots[0])
		most = max(most, counts[i])
		n := slots[0]
		if counts[i] < least {
			n = new(big.Int)
		}
		c.Counts, c.Sums = append(c.Counts, n), append(c.Sums, make([]*big.Int, k))
		for j, x := range slots[1:] {
			end := new(big.Int).Mul(n, big.NewInt(s.high[j]))
			switch {
			case x.Sign() < 0:
				x = new(big.Int)
			case x.Cmp(end) > 0:
				x = end
			}
			c.Sums[i][j] = x
			sums[i] = append(sums[i], toFloat(x))
		}
	}
	if most < least {
		return fmt.Errorf("%w: rows of the largest cluster: expected at least %.0f, %d standard deviations of the noise in their number, got %.0f",
			ErrNoise, math.Ceil(least), leastCount, most)
	}
	s.clusters, s.counts, s.sums = c, counts, sums
	round, settled := Round{Contributions: contributions}, false
	if len(s.rounds) == 0 {
		round.Note = "the middle of all rows"
		s.scatterNoised()
		settled = s.parameters.Clusters == 1
	} else {
		before := make([][]float64, len(counts))
		for i, place := range s.step.Centroids {
			before[i] = append([]float64(nil), place...)
		}
		used := s.move()
		way, ofNoise := s.way(before)
		round.Note = fmt.Sprintf("%d clusters have rows, their centroids moved by %.3g, by noise alone about %.3g", used, math.Sqrt(way), math.Sqrt(ofNoise))
		settled = way <= settledNoise*ofNoise
	}
	s.advance(round, settled)
	if s.done {
		return nil
	}
	return s.encode()
}

// scatterNoised puts the centroids around the mean of all rows, as far from it as rows are whose deviation is a sixth of each column's range.
func (s *noisedKMeans) scatterNoised() {
	mean := s.place(0)
	s.spread = 0
	for j, high := range s.high {
		s.spread = math.Hypot(s.spread, float64(high)*s.step.Scales[j]/6)
	}
	for i := range s.step.Centroids {
		s.step.Centroids[i] = s.near(mean)
	}
}

// way is the square of the way of the centroids with rows in a round, in z, and what noise alone makes of it: that of this round and that of the
// one before.
func (s *noisedKMeans) way(before [][]float64) (way, ofNoise float64) {
	for i, n := range s.clusters.Counts {
		if n.Sign() == 0 {
			continue
		}
		for j, x := range s.step.Centroids[i] {
			d := x - before[i][j]
			way += d * d
			e := s.step.Scales[j] * s.noiseOfMean(i, j)
			ofNoise += 2 * e * e
		}
	}
	return way, ofNoise
}

// noiseOfMean is the standard deviation of the noise in the mean of a column over a cluster, in the column's units.
func (s *noisedKMeans) noiseOfMean(cluster, column int) float64 {
	noise, n := s.noise(), s.counts[cluster]
	mean := s.sums[cluster][column] / n
	return math.Sqrt(noise.variance(s.at(cluster)+1+column)+mean*mean*noise.variance(s.at(cluster))) / n
}

// Expect implements Noised, for clusters of the same number of rows with their means in the middle of the columns' ranges, and no missing cell.
func (s *noisedKMeans) Expect(rows uint64) (out []Expected, err error) {
	noise := s.noise()
	n, count := float64(rows)/float64(s.parameters.Clusters), noise.variance(s.at(0))
	need := leastCount * math.Sqrt(count)
	errors := make([]float64, len(s.columns))
	for j, high := range s.high {
		errors[j] = math.Sqrt(noise.variance(s.at(0)+1+j) + count*float64(high)*float64(high)/4)
		need = max(need, 8*errors[j]/float64(high))
	}
	if n < need {
		return nil, fmt.Errorf("%w: rows: expected at least %.0f, with which the mean of each of %d clusters is known to an eighth of its range, got %d; ask for fewer clusters, or of owners with more rows, or for a larger rho",
			ErrNoise, math.Ceil(need*float64(s.parameters.Clusters)), s.parameters.Clusters, rows)
	}
	out = append(out, Expected{"rows of each cluster", math.Sqrt(count)})
	for j, e := range errors {
		out = append(out, Expected{"column " + strconv.Quote(s.job.Columns[j]) + ", mean of each cluster", float(unit(s.columns[j])) * e / n})
	}
	return out, nil
}

func (s *noisedKMeans) Result() (Result, error) {
	r, err := s.kmeansSession.Result()
	if err != nil {
		return Result{}, err
	}
	r.Table.Header = []string{"cluster", "rows"}
	for _, name := range s.terms() {
		r.Table.Header = append(r.Table.Header, name, "noise of "+name)
	}
	r.Table.Rows = nil
	for i, c := range s.order() {
		row := []string{strconv.Itoa(i + 1), s.clusters.Counts[c].String()}
		for j, column := range s.columns {
			if s.clusters.Counts[c].Sign() == 0 {
				row = append(row, "", "")
				continue
			}
			u := float(unit(column))
			row = append(row, noisyText(float64(column.Offset)+u*s.sums[c][j]/s.counts[c]), noisyText(u*s.noiseOfMean(c, j)))
		}
		r.Table.Rows = append(r.Table.Rows, row)
	}
	r.Facts = nil
	r.fact("rows, about", total(s.clusters.Counts).String())
	s.codes(&r)
	r.fact("noise of the rows of a cluster, standard deviation", strconv.FormatFloat(math.Sqrt(s.noise().variance(s.at(0))), 'g', 6, 64))
	r.fact("noise", "all numbers have noise: the standard deviations of that in the means stand next to them; a cluster whose rows are lost in the noise counts as empty")
	r.plot = nil
	return r, nil
}
