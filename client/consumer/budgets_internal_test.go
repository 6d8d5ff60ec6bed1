package consumer

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// recordsOf answers for a pool's records, each of 10 rows more than the one before it, in pages of two.
type recordsOf struct {
	metadatatypes.QueryClient

	all []metadatatypes.Record
}

func (c recordsOf) RecordsByPool(_ context.Context, req *metadatatypes.QueryRecordsByPoolRequest, _ ...grpc.CallOption) (*metadatatypes.QueryRecordsByPoolResponse, error) {
	at := 0
	if len(req.Pagination.Key) > 0 {
		at = int(req.Pagination.Key[0])
	}
	res := &metadatatypes.QueryRecordsByPoolResponse{Records: c.all[at:min(at+2, len(c.all))], Pagination: &query.PageResponse{}}
	if at+2 < len(c.all) {
		res.Pagination.NextKey = []byte{byte(at + 2)}
	}
	return res, nil
}

func (c recordsOf) Record(_ context.Context, req *metadatatypes.QueryRecordRequest, _ ...grpc.CallOption) (*metadatatypes.QueryRecordResponse, error) {
	for i, r := range c.all {
		if r.Id == req.RecordId {
			res := &metadatatypes.QueryRecordResponse{Record: r}
			res.Version.Content.Commitment.Rows = uint64(10 * (i + 1))
			return res, nil
		}
	}
	return nil, fmt.Errorf("no record %s", req.RecordId)
}

// TestSpentBudgets: a record whose privacy budget has less left than a contribution is charged is in no quote. Rows are 10, 20, 30, 40 and 50; a run
// takes an operation a row.
func TestSpentBudgets(t *testing.T) {
	const charged = 100_000
	records := recordsOf{all: []metadatatypes.Record{
		{Id: "enough", PrivacyBudget: charged},
		{Id: "spent", PrivacyBudget: charged, PrivacySpent: 1},
		{Id: "reserved", PrivacyBudget: 3 * charged, PrivacySpent: charged, PrivacyReserved: charged + 1, PanelId: "a"},
		{Id: "none"},
		{Id: "in a panel", PrivacyBudget: charged, PanelId: "a"},
	}}
	program := types.Program{
		Row: true, Bits: 63, Shape: types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 2}, Cost: types.CostModel{PerRow: types.Cost{Constant: 1}},
	}
	d := &draft{spec: types.JobSpec{PoolId: 7, MinCohort: 2, Columns: []string{"x"}, Length: 2, Secure: &types.SecureSum{
		Seats: 3, Rounds: 1, MicroRho: charged, Ranges: []types.SlotRange{{Count: 1, High: 1, Variance: 101}, {Count: 1, High: 1, Variance: 101}},
	}}}
	spent, err := d.spentOf(t.Context(), records, program)
	require.NoError(t, err)
	require.Equal(t, Spent{Records: 3, Rows: 90, MicroRho: charged, Looked: 5, All: true, operations: 90}, spent)

	costs := spent.leftIn(types.QueryQuoteJobResponse{
		Records: 5, Rows: 150, Operations: 150, FeeAlita: math.NewInt(151), FeeData: math.NewInt(300),
	})
	require.EqualValues(t, 2, costs.Records)
	require.EqualValues(t, 60, costs.Rows)
	require.EqualValues(t, 60, costs.Operations)
	require.Equal(t, "61", costs.FeeAlita.String()) // 151 * 60 / 150 is 60.4
	require.Equal(t, "120", costs.FeeData.String())

	require.NoError(t, d.checkRecords(2, spent))
	d.spec.MinCohort = 3
	require.EqualError(t, d.checkRecords(2, spent), "min-cohort: expected at most 2, the records of pool 7, got 3; "+
		"3 more have less of their privacy budgets left than the 100000 millionths of rho that a contribution is charged")

	// A panel answers as a whole or not at all.
	d.spec.Panels = []string{"a"}
	spent, err = d.spentOf(t.Context(), records, program)
	require.NoError(t, err)
	require.EqualValues(t, 1, spent.Records)
	require.ErrorContains(t, d.checkRecords(1, spent), "panels: expected panels whose members can all answer, got 1 that can; 1 more")

	// Exact sums are charged nothing, and ask for nothing.
	d.spec.Secure.MicroRho = 0
	d.spec.Secure.Ranges = []types.SlotRange{{Count: 2, High: 1}}
	spent, err = d.spentOf(t.Context(), recordsOf{}, program)
	require.NoError(t, err)
	require.Equal(t, Spent{All: true}, spent)
}
