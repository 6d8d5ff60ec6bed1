package cli

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/rules"
	"github.com/alita-network/alita/x/compute/types"
)

// makeRoomForNoise widens the slots of a secure sum, so that the noise fits beside the counts.
func (r *request) makeRoomForNoise() error {
	sum := r.spec.Secure
	if sum.NoiseVariance == 0 {
		return nil
	}
	if r.shipped == nil {
		return nil // its slots are as wide as the program says
	}
	if r.shipped.Sensitivity == 0 {
		return fmt.Errorf("noise hides a row in counts only, and %s is none of histogram and contingency", r.shipped.Name)
	}
	noise, err := rules.NewNoise(sum.NoiseVariance, types.MaxBits)
	if err != nil {
		return err
	}
	most := uint64(1) << r.slotBits
	if most > noise.MaxRows() {
		return errors.New("the noise leaves no room for the rows")
	}
	sum.Bits = uint32(bits.Len64(most - 1 + 2*noise.Bound()))
	return nil
}

// noiseOf is the noise of a job's contributions; false where it asks for none.
func noiseOf(job types.Job, program types.Program) (rules.Noise, bool, error) {
	if job.Spec.Secure == nil || job.Spec.Secure.NoiseVariance == 0 {
		return rules.Noise{}, false, nil
	}
	noise, err := rules.NewNoise(job.Spec.Secure.NoiseVariance, job.Spec.SumBits(program))
	return noise, true, err
}

// countsOf takes what makes room for the noise away from a sum, and makes counts of it for the program's reading: what the
// noise has moved below zero is zero, and what it has moved above all that the owners can have is that. Without noise the sum
// is what it is.
func countsOf(job types.Job, program types.Program, asked programs.Job, sum []*big.Int, valid uint32) (values, counts []*big.Int, err error) {
	noise, noised, err := noiseOf(job, program)
	if err != nil || !noised {
		return sum, sum, err
	}
	most := new(big.Int).Lsh(big.NewInt(int64(valid)), uint(asked.Bits))
	most.Sub(most, big.NewInt(1))
	values = noise.Remove(sum, uint64(valid))
	counts = slices.Clone(values)
	for i, c := range counts {
		switch {
		case c.Sign() < 0:
			counts[i] = new(big.Int)
		case c.Cmp(most) > 0:
			counts[i] = most
		}
	}
	return values, counts, nil
}

// noiseReport tells how exact an answer with noise is, and what it cost the owners.
type noiseReport struct {
	// Variance is that of the noise of one contribution, in each slot.
	Variance uint64 `json:"variance"`
	// StandardDeviation is that of the noise of each slot of the sum.
	StandardDeviation string `json:"standard_deviation"`
	// MicroRho is what each contribution was charged to its record's privacy budget, in millionths of rho.
	MicroRho uint64 `json:"micro_rho"`
}

func newNoiseReport(job types.Job, contributions int) *noiseReport {
	if job.Spec.Secure == nil || job.Spec.Secure.NoiseVariance == 0 {
		return nil
	}
	variance := new(big.Float).SetUint64(job.Spec.Secure.NoiseVariance)
	variance.Mul(variance, new(big.Float).SetInt64(int64(contributions)))
	return &noiseReport{
		Variance: job.Spec.Secure.NoiseVariance, MicroRho: job.MicroRho,
		StandardDeviation: variance.Sqrt(variance).Text('g', 6),
	}
}

func (n noiseReport) text() string {
	return fmt.Sprintf("each count has noise with a standard deviation of %s; counts below zero are shown as zero. Each owner's record was charged %d millionths of rho",
		n.StandardDeviation, n.MicroRho)
}
