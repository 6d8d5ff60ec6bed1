package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestCandlesRefuses(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	tests := []struct {
		name string
		req  types.QueryCandlesRequest
		code codes.Code
		text string
	}{
		{"too many", types.QueryCandlesRequest{PoolId: id, Limit: 721}, codes.InvalidArgument, "limit: expected at most 720, got 721"},
		{"before 1970", types.QueryCandlesRequest{PoolId: id, Before: -1}, codes.InvalidArgument, "before: expected a Unix time of at least 0, got -1"},
		{"another interval", types.QueryCandlesRequest{PoolId: id, Interval: 7}, codes.InvalidArgument, "interval: expected an hour or a day, got 7"},
		{"no pool", types.QueryCandlesRequest{PoolId: 9}, codes.NotFound, "expected the id of a pool, got 9"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			_, err := f.Query.Candles(f.Ctx, &tc.req)
			require.ErrorContains(t, err, tc.text)
			require.Equal(t, tc.code, status.Code(err))
		})
	}
	_, err := f.Query.Candles(f.Ctx, &types.QueryCandlesRequest{PoolId: id, Limit: 720, Before: 1<<63 - 1, Interval: types.CANDLE_INTERVAL_DAY})
	require.NoError(t, err)
}
