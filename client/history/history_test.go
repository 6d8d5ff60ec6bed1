package history_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/client/history"
	"github.com/alita-network/alita/x/compute/types"
)

const id = "00112233445566778899aabbccddeeff"

// chain answers queries about one job; it has three contributions in pages of one, and sums of round 2.
type chain struct {
	types.QueryClient
}

func (chain) Job(_ context.Context, req *types.QueryJobRequest, _ ...grpc.CallOption) (*types.QueryJobResponse, error) {
	if req.JobId != id {
		return nil, status.Error(codes.NotFound, "job not found")
	}
	return &types.QueryJobResponse{Job: types.Job{
		Id: id, Round: 2, OpenedHeight: 7, DeadlineHeight: 40, Contributions: 3, Status: types.JOB_STATUS_READING,
		Spec:  types.JobSpec{PoolId: 1, Columns: []string{"speed"}, Purpose: "research", Budget: types.NewFunds(10, 20)},
		Seats: []types.JobSeat{{Operator: "operator 0", Status: types.SEAT_STATUS_SEATED, Prepared: 3}},
		Lost:  []types.LostSeat{{Operator: "operator 1", Round: 1, Attempt: 1}},
	}}, nil
}

func (chain) Contributions(_ context.Context, req *types.QueryContributionsRequest, _ ...grpc.CallOption) (*types.QueryContributionsResponse, error) {
	n := len(req.Pagination.Key)
	res := &types.QueryContributionsResponse{Pagination: &query.PageResponse{}, Contributions: []types.Contribution{{
		Attestation: types.Attestation{RecordId: fmt.Sprint("record ", n), Version: "1.0.0", Round: 2, Rows: 30},
		Height:      int64(20 + n), Prepared: 1, Refused: 4,
	}}}
	if n < 2 {
		res.Pagination.NextKey = make([]byte, n+1)
	}
	return res, nil
}

func (chain) Sums(_ context.Context, req *types.QuerySumsRequest, _ ...grpc.CallOption) (*types.QuerySumsResponse, error) {
	if req.Round != 2 {
		return nil, status.Error(codes.NotFound, "no sums")
	}
	return &types.QuerySumsResponse{Sums: types.RoundSums{Round: 2, Attempt: 1, Valid: 3, Owners: 3}}, nil
}

// node has events of two jobs in transactions of blocks 7 and 20, and at the end of block 25.
type node struct{ broken error }

func event(name, job string) abci.Event {
	return abci.Event{Type: "alita.compute.v1." + name, Attributes: []abci.EventAttribute{
		{Key: "job_id", Value: `"` + job + `"`}, {Key: "height", Value: "1"}, {Key: "msg_index", Value: "0"},
	}}
}

func (n node) TxSearch(_ context.Context, search string, _ bool, page, _ *int, _ string) (*coretypes.ResultTxSearch, error) {
	res := &coretypes.ResultTxSearch{}
	switch {
	case n.broken != nil:
		return nil, n.broken
	case search == `alita.compute.v1.EventJobOpened.job_id='"`+id+`"'`:
		res.Txs, res.TotalCount = []*coretypes.ResultTx{{Height: 7}}, 1
	case strings.HasPrefix(search, "alita.compute.v1.EventContributed."):
		// Two pages.
		res.Txs, res.TotalCount = []*coretypes.ResultTx{{Height: int64(19 + *page)}}, 2
	}
	return res, nil
}

func (node) BlockSearch(_ context.Context, search string, _, _ *int, _ string) (*coretypes.ResultBlockSearch, error) {
	res := &coretypes.ResultBlockSearch{}
	if strings.HasPrefix(search, "alita.compute.v1.EventJobAdvanced.") {
		res.Blocks, res.TotalCount = []*coretypes.ResultBlock{{Block: &cmttypes.Block{Header: cmttypes.Header{Height: 25}}}}, 1
	}
	return res, nil
}

func (node) BlockResults(_ context.Context, height *int64) (*coretypes.ResultBlockResults, error) {
	res := &coretypes.ResultBlockResults{Height: *height}
	switch *height {
	case 7:
		res.TxsResults = []*abci.ExecTxResult{{Events: []abci.Event{event("EventJobOpened", "another"), event("EventJobOpened", id)}}}
	case 20, 21:
		res.TxsResults = []*abci.ExecTxResult{{Events: []abci.Event{{Type: "transfer"}, event("EventContributed", id)}}}
	case 25:
		res.FinalizeBlockEvents = []abci.Event{event("EventJobAdvanced", id)}
	}
	return res, nil
}

func TestOf(t *testing.T) {
	h, err := history.Of(t.Context(), chain{}, node{}, id)
	require.NoError(t, err)
	require.Empty(t, h.Unindexed)
	var happened []string
	for _, e := range h.Events {
		happened = append(happened, fmt.Sprint(e.Height, " ", e.Name))
		require.Equal(t, []history.Attribute{{Key: "height", Value: "1"}}, e.Attributes)
	}
	require.Equal(t, []string{"7 EventJobOpened", "20 EventContributed", "21 EventContributed", "25 EventJobAdvanced"}, happened)
	require.Len(t, h.Contributions, 3)
	require.Len(t, h.Rounds, 1)

	var out strings.Builder
	require.NoError(t, h.Print(&out))
	for _, line := range []string{
		"opened at height 7\n",
		"        25  JobAdvanced height=1\n",
		"  lost operator 1: ",
		"record record 2 1.0.0, round 2",
		"prepared by seats 0, refused by seats 2\n",
		"  2, attempt 1: 3 valid of 3 owners, 0 sums\n",
		"now: JOB_STATUS_READING, ",
	} {
		require.Contains(t, out.String(), line)
	}
}

func TestWithoutAnIndex(t *testing.T) {
	h, err := history.Of(t.Context(), chain{}, node{broken: errors.New("transaction indexing is disabled")}, id)
	require.NoError(t, err)
	require.Empty(t, h.Events)
	var out strings.Builder
	require.NoError(t, h.Print(&out))
	require.Contains(t, out.String(), "not known: the node has no index of events: transaction indexing is disabled")
}

func TestNoSuchJob(t *testing.T) {
	_, err := history.Of(t.Context(), chain{}, node{}, "another")
	require.ErrorContains(t, err, "job not found")
}
