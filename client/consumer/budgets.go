package consumer

import (
	"context"
	"fmt"
	"slices"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// budgetsLookedAt is how many records of a pool are asked what is left of their privacy budgets. Further ones count as if they could answer.
const budgetsLookedAt = 2_000

// Spent are the records that a job with noise leaves out: less is left of their privacy budgets than a contribution is charged.
type Spent struct {
	// Records and Rows count them.
	Records uint32
	Rows    uint64
	// MicroRho is what a contribution is charged in each round, in millionths of rho; 0 for a job without noise, which leaves nothing out.
	MicroRho uint64
	// Looked is how many of the pool's records were looked at, All whether these are all.
	Looked int
	All    bool

	operations uint64
}

// spentOf looks at the privacy budgets of the records that a job asks: the active ones of its pool, or the members of its panels.
func (d *draft) spentOf(ctx context.Context, records metadatatypes.QueryClient, program types.Program) (Spent, error) {
	charged, err := types.MicroRho(d.spec, program)
	if err != nil || charged == 0 {
		return Spent{All: true}, err
	}
	s, page := Spent{MicroRho: charged}, &query.PageRequest{Limit: 100}
	for !s.All && s.Looked < budgetsLookedAt {
		res, err := records.RecordsByPool(ctx, &metadatatypes.QueryRecordsByPoolRequest{
			PoolId: d.spec.PoolId, Status: metadatatypes.RECORD_STATUS_ACTIVE, Pagination: page,
		})
		if err != nil {
			return s, fmt.Errorf("records of pool %d: %w", d.spec.PoolId, err)
		}
		for _, r := range res.Records {
			s.Looked++
			if len(d.spec.Panels) > 0 && !slices.Contains(d.spec.Panels, r.PanelId) {
				continue
			}
			if _, err := terms.ReservePrivacy(r.PrivacyBudget, r.PrivacySpent, r.PrivacyReserved, charged); err == nil {
				continue
			}
			if err := s.leaveOut(ctx, records, d.spec, program, r.Id); err != nil {
				return s, err
			}
		}
		page.Key = res.Pagination.GetNextKey()
		s.All = len(page.Key) == 0
	}
	return s, nil
}

// leaveOut counts a record that cannot answer.
func (s *Spent) leaveOut(ctx context.Context, records metadatatypes.QueryClient, spec types.JobSpec, program types.Program, id string) error {
	res, err := records.Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: id})
	if err != nil {
		return fmt.Errorf("record %s: %w", id, err)
	}
	rows := res.Version.Content.Commitment.Rows
	operations, err := program.Cost.Operations(rows, uint32(len(spec.Columns)), spec.Length)
	if err != nil {
		return err
	}
	s.Records, s.Rows, s.operations = s.Records+1, s.Rows+rows, s.operations+operations
	return nil
}

// checkRecords refuses a job that cannot have its cohort. The error is a *FieldError.
func (d *draft) checkRecords(records uint32, s Spent) error {
	why := ""
	if s.Records > 0 {
		why = fmt.Sprintf("; %d more have less of their privacy budgets left than the %d millionths of rho that a contribution is charged", s.Records, s.MicroRho)
	}
	switch {
	case len(d.spec.Panels) > 0 && s.Records > 0:
		return fieldError("panels", "expected panels whose members can all answer, got %d that can%s", records, why)
	case records < d.spec.MinCohort:
		return fieldError("min-cohort", "expected at most %d, the records of pool %d, got %d%s", records, d.spec.PoolId, d.spec.MinCohort, why)
	}
	return nil
}

// leftIn is a quote without the records that cannot answer. Fees are rounded up.
func (s Spent) leftIn(costs types.QueryQuoteJobResponse) types.QueryQuoteJobResponse {
	if s.Records == 0 || costs.Operations == 0 {
		return costs
	}
	all := costs.Operations
	costs.Records -= min(costs.Records, s.Records)
	costs.Rows -= min(costs.Rows, s.Rows)
	costs.Operations -= min(all, s.operations)
	part := func(fee math.Int) math.Int {
		whole := math.NewIntFromUint64(all)
		return fee.Mul(math.NewIntFromUint64(costs.Operations)).Add(whole).SubRaw(1).Quo(whole)
	}
	costs.FeeAlita, costs.FeeData = part(costs.FeeAlita), part(costs.FeeData)
	return costs
}
