package datapool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/cmd/alitad/cmd/datapool"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// ask executes a query command and reads its JSON answer.
func ask(t *testing.T, ctx client.Context, into proto.Message, args ...string) error {
	t.Helper()
	var out bytes.Buffer
	cmd := &cobra.Command{Use: "query", SilenceErrors: true, SilenceUsage: true}
	cmd.AddCommand(datapool.NewQueryCmd())
	cmd.SetArgs(append(append([]string{"datapool"}, args...), "--output", "json"))
	cmd.SetOut(&out)
	ctx = ctx.WithOutput(&out)
	if err := cmd.ExecuteContext(context.WithValue(t.Context(), client.ClientContextKey, &ctx)); err != nil {
		return err
	}
	require.True(t, json.Valid(out.Bytes()), out.String())
	require.NoError(t, ctx.Codec.UnmarshalJSON(out.Bytes(), into))
	return nil
}

// TestPoolQueries: each command answers what the service does, for a number as for a
// symbol, with the flags that it has.
func TestPoolQueries(t *testing.T) {
	f, ctx, from := setup(t)
	_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
		Sender: from, PoolId: 1, TokenOut: sdk.NewInt64Coin("data/1", 1_000_000), MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	owner := testutil.Account(5)
	_, _, err = f.Keeper.PayReward(f.Ctx, 1, owner, 1)
	require.NoError(t, err)
	f.NextBlock(3600)
	for _, ref := range []string{"1", "SPEED", "data/1"} {
		var pool types.QueryPoolResponse
		require.NoError(t, ask(t, ctx, &pool, "pool", ref))
		require.Equal(t, "SPEED", pool.Pool.Symbol)
		var stats types.QueryPoolStatsResponse
		require.NoError(t, ask(t, ctx, &stats, "stats", ref))
		require.EqualValues(t, 1, stats.Swaps)
		var safety types.QuerySafetyResponse
		require.NoError(t, ask(t, ctx, &safety, "safety", ref))
		require.EqualValues(t, 2, safety.Tokens.Holders)
		require.Len(t, safety.Takes, 3)
		var claimable types.QueryClaimableResponse
		require.NoError(t, ask(t, ctx, &claimable, "claimable", ref, "--owner", f.Text(owner)))
		require.Equal(t, "500000000", claimable.MakerVested)
		require.NotEqual(t, "0", claimable.Owed)
		var candles types.QueryCandlesResponse
		require.NoError(t, ask(t, ctx, &candles, "candles", ref, "--limit", "1"))
		require.Len(t, candles.Candles, 1)
		require.Equal(t, "0.1", candles.Candles[0].Open)
		require.NoError(t, ask(t, ctx, &candles, "candles", ref, "--interval", "day"))
		require.Equal(t, testutil.Start.Truncate(24*time.Hour), candles.Candles[0].Time)
		require.NoError(t, ask(t, ctx, &candles, "candles", ref, "--before", "1"))
		require.Empty(t, candles.Candles)
		var twap types.QueryTwapResponse
		require.NoError(t, ask(t, ctx, &twap, "twap", ref, "--window", "60"))
		require.EqualValues(t, 60, twap.Window)
		require.Len(t, twap.Means, 3)
		require.NotEmpty(t, twap.JobDataPerAlita)
	}
	for _, tc := range []struct {
		args []string
		err  string
	}{
		{[]string{"safety", "OTHER"}, "expected the symbol of a pool, got OTHER"},
		{[]string{"safety", "9"}, "the pools are listed by: alitad query datapool pools"},
		{[]string{"safety", "data/x"}, "the pools are listed by: alitad query datapool pools"},
		{[]string{"candles", "1", "--interval", "week"}, `--interval: expected hour or day, got "week"`},
		{[]string{"candles", "1", "--limit", "721"}, "limit: expected at most 720, got 721"},
		{[]string{"claimable", "1", "--owner", "nobody"}, "owner: "},
		{[]string{"twap"}, "accepts 1 arg"},
	} {
		err := ask(t, ctx, nil, tc.args...)
		require.ErrorContains(t, err, tc.err)
		require.NotContains(t, err.Error(), "rpc error")
	}
}

// TestQueriesHaveWords: each command has a text and an example of itself.
func TestQueriesHaveWords(t *testing.T) {
	for _, c := range datapool.NewQueryCmd().Commands() {
		require.NotEmpty(t, c.Short)
		require.Contains(t, c.Example, "alitad query datapool "+c.Name()+" ")
	}
}
