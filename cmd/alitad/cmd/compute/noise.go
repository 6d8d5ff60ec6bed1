package compute

import (
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// makeRoomForNoise widens the slots of a secure sum, so that the noise fits beside the counts.
func (r *request) makeRoomForNoise() error {
	sum := r.spec.Secure
	if sum.NoiseVariance == 0 || r.shipped == nil {
		return nil // the slots of another program are as wide as it says
	}
	bits, err := analysis.NoisedBits(*r.shipped, int(r.slotBits), sum.NoiseVariance)
	sum.Bits = uint32(bits)
	return err
}

// countsOf takes what makes room for the noise away from a sum: the values with their noise, and counts for the program's reading. Without
// noise the sum is what it is.
func countsOf(job types.Job, program types.Program, asked analysis.Job, sum []*big.Int, valid uint32) (values, counts []*big.Int, err error) {
	if job.Spec.Secure == nil || job.Spec.Secure.NoiseVariance == 0 {
		return sum, sum, nil
	}
	noise, err := terms.NewNoise(job.Spec.Secure.NoiseVariance, job.Spec.SumBits(program))
	if err != nil {
		return nil, nil, err
	}
	values, counts = asked.Denoise(noise, sum, uint64(valid))
	return values, counts, nil
}

// newNoiseReport is nil for a job without noise, or of which nothing was read.
func newNoiseReport(job types.Job, contributions int) *analysis.NoiseReport {
	if job.Spec.Secure == nil || job.Spec.Secure.NoiseVariance == 0 || contributions == 0 {
		return nil
	}
	return analysis.NewNoiseReport(job.Spec.Secure.NoiseVariance, job.MicroRho, contributions)
}
