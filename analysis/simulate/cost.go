package simulate

import (
	"context"
	"fmt"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// CostModel returns the cost model that the runs of a session must keep to: the program's own if the program ships here, else one
// that is measured on made-up rows in the shape of the job. A program without a cost model gives an error of package costcheck.
func CostModel(ctx context.Context, box *sandbox.Sandbox, session analysis.Session) (terms.CostModel, error) {
	program, job := session.Program(), session.Job()
	if program.Cost != (terms.CostModel{}) {
		return program.Cost, nil
	}
	trial := costcheck.Trial{Columns: len(job.Columns), Length: job.Length, Input: job.Input}
	report, err := costcheck.Measure(ctx, box, program.Code, []costcheck.Trial{trial}, costcheck.Options{Rows: costcheck.MinRows, Seeds: 1})
	return report.Model, err
}

// Fees returns the fee of each owner in ualita, at a price of a million operations in ualita.
func (o Outcome) Fees(pricePerMop math.Int) ([]math.Int, error) {
	fees := make([]math.Int, len(o.Owners))
	for i, owner := range o.Owners {
		var err error
		if fees[i], err = terms.ComputationFee(owner.Operations, pricePerMop); err != nil {
			return nil, fmt.Errorf("%s: %w", owner.File, err)
		}
	}
	return fees, nil
}
