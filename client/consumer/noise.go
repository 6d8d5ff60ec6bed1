package consumer

import (
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// countsOf removes from a sum what makes room for the noise. Values are the counts
// with their noise, counts are for the session. Without noise both are the sum.
func countsOf(job types.Job, program types.Program, asked analysis.Job, sum []*big.Int, valid uint32) (values, counts []*big.Int, err error) {
	if !hasNoise(job) {
		return sum, sum, nil
	}
	noise, err := terms.NewNoise(job.Spec.Secure.NoiseVariance, job.Spec.SumBits(program))
	if err != nil {
		return nil, nil, err
	}
	values, counts = asked.Denoise(noise, sum, uint64(valid))
	return values, counts, nil
}

// noiseReport is nil for a job without noise, or of which nothing was read.
func noiseReport(job types.Job, contributions int) *analysis.NoiseReport {
	if !hasNoise(job) || contributions == 0 {
		return nil
	}
	return analysis.NewNoiseReport(job.Spec.Secure.NoiseVariance, job.MicroRho, contributions)
}

func hasNoise(job types.Job) bool { return job.Spec.Secure != nil && job.Spec.Secure.NoiseVariance > 0 }
