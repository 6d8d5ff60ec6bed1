package consumer

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/x/compute/types"
)

// Answer is the result of a job.
type Answer struct {
	// Result is nil if there is none: nothing was read, or it made no sense.
	Result *analysis.Result
	// Sum is the sum of the last round, slot by slot, with its noise.
	Sum []*big.Int
	// Owners and Vectors count whose contributions are in it, and how many.
	Owners  uint32
	Vectors int
	// Noise is nil for an exact sum.
	Noise *analysis.NoiseReport
	// LeftOut says which delivered vectors could not be read, and why.
	LeftOut []string
	// Stuck says why there is less than was asked for; nil if there is not.
	Stuck error

	job types.Job
}

// Answer returns what the rounds have brought so far; after Follow, the answer.
func (r *Run) Answer() Answer {
	a := Answer{Sum: r.sum, Owners: r.owners, Stuck: r.stuck, job: r.job}
	if result, err := r.session.Result(); err == nil {
		a.Result, a.Vectors = &result, result.Contributions
	}
	if r.job.Id != "" && !r.job.IsSecure() {
		a.Sum, a.Owners, a.Vectors, a.LeftOut = r.direct.sum, r.job.DeliveredOwners, r.direct.vectors, r.direct.leftOut
	}
	a.Noise = noiseReport(r.job, a.Vectors)
	return a
}

// Err says why the answer is not all that was asked for: a *FailedError, Stuck, or
// vectors that were left out. It is nil if the answer is complete.
func (a Answer) Err() error {
	switch {
	case a.job.Id != "" && a.job.Status != types.JOB_STATUS_SETTLED:
		return &FailedError{a.job}
	case a.Stuck != nil:
		return a.Stuck
	case len(a.LeftOut) > 0:
		return fmt.Errorf("the answer lacks %d of %d delivered vectors", len(a.LeftOut), len(a.LeftOut)+a.Vectors)
	}
	return nil
}
