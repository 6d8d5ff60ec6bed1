package consumer

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// revealed is what the rows behind the sums of a round add up to, with the noise.
func revealed(job types.Job, sums types.RoundSums, sum []*big.Int) ([]*big.Int, error) {
	return job.SecureSum("").Reveal(sum, sums.Rows)
}

// noiseReport is nil for a job without noise, or of which nothing was read.
func noiseReport(job types.Job, contributions int) *analysis.NoiseReport {
	if job.Spec.Secure == nil || contributions == 0 {
		return nil
	}
	sum := job.SecureSum("")
	return analysis.NewNoiseReport(sum.Ranges, sum.MicroRho, sum.Seats)
}

// checkNoise compares the ranges and the noise of a job with what was asked.
func checkNoise(job types.Job, asked analysis.Job) error {
	sum := job.SecureSum("")
	if sum.MicroRho != asked.MicroRho || !slices.Equal(sum.Ranges, asked.Ranges) {
		return fmt.Errorf("secure: expected the ranges and the noise that were asked, micro_rho %d, got others, micro_rho %d", asked.MicroRho, sum.MicroRho)
	}
	return nil
}

// expect says what error the noise of a question brings to its answer over a pool, before anything is paid. Nobody knows yet who will come:
// it is all of the pool's records, or the part of them that the greatest cohort allows. The error is a *FieldError.
func (d *draft) expect(records uint32, rows uint64) ([]analysis.Expected, error) {
	noised, is := d.session.(analysis.Noised)
	if !is {
		return nil, nil
	}
	if records > d.spec.MaxCohort {
		rows = rows * uint64(d.spec.MaxCohort) / uint64(records)
	}
	expected, err := noised.Expect(rows)
	if err != nil {
		return nil, &FieldError{Field: "rho", Err: err}
	}
	return expected, nil
}
