package analysis

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
)

// maxSlotBits is the width of the widest slot.
const maxSlotBits = 63

// NoisedBits returns the bits of a slot that holds counts of slotBits bits together with noise of the given variance. It fails for programs
// without a sensitivity, and if no slot is wide enough.
func NoisedBits(p programs.Program, slotBits int, variance uint64) (int, error) {
	if p.Sensitivity == 0 {
		return 0, fmt.Errorf("noise: expected the program histogram or contingency, as noise hides a row in counts only, got %s", p.Name)
	}
	noise, err := terms.NewNoise(variance, maxSlotBits)
	if err != nil {
		return 0, err
	}
	most := uint64(1) << slotBits
	if most > noise.MaxRows() {
		return 0, fmt.Errorf("bits of a count: expected at most %d with noise of variance %d, got %d", bits.Len64(noise.MaxRows())-1, variance, slotBits)
	}
	return bits.Len64(most - 1 + 2*noise.Bound()), nil
}

// Denoise subtracts the offset that makes room for the noise from the sum of a job's contributions. Values are the counts with their noise.
// Counts are for the session: a negative value becomes 0, and a value above the largest possible count becomes that count.
func (j Job) Denoise(noise terms.Noise, sum []*big.Int, contributions uint64) (values, counts []*big.Int) {
	most := new(big.Int).Lsh(new(big.Int).SetUint64(contributions), uint(j.Bits))
	most.Sub(most, big.NewInt(1))
	values = noise.Remove(sum, contributions)
	counts = slices.Clone(values)
	for i, c := range counts {
		switch {
		case c.Sign() < 0:
			counts[i] = new(big.Int)
		case c.Cmp(most) > 0:
			counts[i] = most
		}
	}
	return values, counts
}

// NoiseReport is the accuracy of an answer with noise, and its charge to the owners' privacy budgets.
type NoiseReport struct {
	// Variance is the variance of the noise of one contribution, in each slot.
	Variance uint64 `json:"variance"`
	// StandardDeviation is the standard deviation of the noise of each slot of the sum.
	StandardDeviation string `json:"standard_deviation"`
	// MicroRho is the charge of each contribution to its record's privacy budget, in millionths of rho.
	MicroRho uint64 `json:"micro_rho"`
}

// NewNoiseReport returns the report of a sum of so many contributions.
func NewNoiseReport(variance, microRho uint64, contributions int) *NoiseReport {
	of := new(big.Float).SetUint64(variance)
	of.Mul(of, new(big.Float).SetInt64(int64(contributions)))
	return &NoiseReport{Variance: variance, MicroRho: microRho, StandardDeviation: of.Sqrt(of).Text('g', 6)}
}

// Text is the report in a sentence or two.
func (n NoiseReport) Text() string {
	return fmt.Sprintf("each count has noise with a standard deviation of %s; counts below zero are shown as zero. Each owner's record was charged %d millionths of rho",
		n.StandardDeviation, n.MicroRho)
}
