package analysis

import (
	"fmt"
	"math"

	"github.com/alita-network/alita/crypto/dgauss"
	"github.com/alita-network/alita/terms"
)

// slotOf describes a slot for the allocation of noise: from where to where one row moves it, and what one unit of variance in it does to the
// answer, in any unit that all slots share.
type slotOf struct {
	low, high int64
	weight    float64
}

// size is the most by which a row moves the slot.
func (s slotOf) size() int64 { return max(-s.low, s.high) }

// rowsWeight is what variance in slot 0 counts. The answers are made of the other slots, so it gets much noise, which costs little.
const rowsWeight = 1.0 / 4096

// allocate returns the ranges of a vector: slot 0, which counts the rows used, and the given slots. Their noise has the least sum of weight *
// variance with which a row that fills all slots discloses at most microRho: sigma_j^2 = D_j / sqrt(w_j) * sum_i D_i sqrt(w_i) / (2 rho), where D_j
// is the most by which a row moves slot j. Variances are rounded up, so that the length of such a row is within terms.RowBudget. The error is
// ErrParameters if a variance is too large to be drawn.
func allocate(slots []slotOf, microRho uint64) (terms.Ranges, error) {
	slots = append([]slotOf{{0, 1, rowsWeight * slots[0].weight * float64(slots[0].size()) * float64(slots[0].size())}}, slots...)
	total := 0.0
	for _, s := range slots {
		total += float64(s.size()) * math.Sqrt(s.weight)
	}
	rho := float64(microRho) / dgauss.Micro
	variances := make([]uint64, len(slots))
	for scale := 1 + 1.0/(1<<40); ; scale += (scale - 1) {
		for i, s := range slots {
			v := math.Ceil(scale * float64(s.size()) / math.Sqrt(s.weight) * total / (2 * rho))
			if v > dgauss.MaxNum {
				return nil, fmt.Errorf("%w: range of a column: expected one whose noise has a variance of at most 2^62, got 2^%.0f; keep fewer decimals, or state a narrower range",
					ErrParameters, math.Log2(v))
			}
			variances[i] = max(uint64(v), terms.MinVariance)
		}
		if fits(slots, variances, microRho) {
			break
		}
	}
	var ranges terms.Ranges
	for i, s := range slots {
		r := terms.SlotRange{Count: 1, Low: s.low, High: s.high, Variance: variances[i]}
		if last := len(ranges) - 1; last >= 0 && ranges[last].Low == r.Low && ranges[last].High == r.High && ranges[last].Variance == r.Variance {
			ranges[last].Count++
			continue
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

// fits reports whether a row that fills all slots is short enough.
func fits(slots []slotOf, variances []uint64, microRho uint64) bool {
	left := terms.RowBudget(microRho)
	for i, s := range slots {
		length, ok := terms.SlotLength(s.size(), variances[i])
		if !ok || length > left {
			return false
		}
		left -= length
	}
	return true
}

// countRanges returns the ranges of a vector in which a row counts in one of so many slots, besides slot 0.
func countRanges(slots int, microRho uint64) (terms.Ranges, error) {
	ranges, err := allocate([]slotOf{{0, 1, 1}}, microRho)
	if err != nil {
		return nil, err
	}
	count := ranges[len(ranges)-1]
	count.Count = uint32(slots)
	return terms.Ranges{{Count: 1, High: 1, Variance: ranges[0].Variance}, count}, nil
}
