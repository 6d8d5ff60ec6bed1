package datapool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/cmd/alitad/cmd/datapool"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// ask executes a query command and reads its JSON answer.
func ask(t *testing.T, ctx client.Context, into proto.Message, args ...string) error {
	t.Helper()
	out, err := answer(t, ctx, args...)
	if err != nil {
		return err
	}
	require.NoError(t, ctx.Codec.UnmarshalJSON(out, into))
	return nil
}

// answer executes a query command and returns its JSON.
func answer(t *testing.T, ctx client.Context, args ...string) ([]byte, error) {
	t.Helper()
	out, err := words(t, ctx, append(args, "--output", "json")...)
	if err == nil {
		require.True(t, json.Valid(out), string(out))
	}
	return out, err
}

// words executes a query command and returns what it prints.
func words(t *testing.T, ctx client.Context, args ...string) ([]byte, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := &cobra.Command{Use: "query", SilenceErrors: true, SilenceUsage: true}
	cmd.AddCommand(datapool.NewQueryCmd())
	cmd.SetArgs(append([]string{"datapool"}, args...))
	cmd.SetOut(&out)
	ctx = ctx.WithOutput(&out)
	if err := cmd.ExecuteContext(context.WithValue(t.Context(), client.ClientContextKey, &ctx)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
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
		var stats struct {
			types.QueryPoolStatsResponse
			Swaps string     `json:"swaps"`
			Day   trader.Day `json:"day"`
		}
		out, err := answer(t, ctx, "stats", ref)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(out, &stats))
		require.NotEmpty(t, stats.Day.ChangePercent)
		require.Equal(t, "1", stats.Swaps)
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

// events is a node's index with the events of one block.
type events struct {
	client.CometRPC
	abci []abci.Event
}

func (e events) TxSearch(_ context.Context, query string, _ bool, _, _ *int, _ string) (*coretypes.ResultTxSearch, error) {
	res := &coretypes.ResultTxSearch{}
	if strings.HasPrefix(query, "alita.datapool.v1.EventSwap.") {
		res.Txs, res.TotalCount = []*coretypes.ResultTx{{Height: 7, Hash: []byte{0xab}, TxResult: abci.ExecTxResult{Events: e.abci}}}, 1
	}
	return res, nil
}

func (events) Commit(context.Context, *int64) (*coretypes.ResultCommit, error) {
	return &coretypes.ResultCommit{SignedHeader: cmttypes.SignedHeader{Header: &cmttypes.Header{Time: testutil.Start}}}, nil
}

// TestTradesQueries: trades of a pool and of an account, and what they come to, in words and as JSON.
func TestTradesQueries(t *testing.T) {
	f, ctx, from := setup(t)
	_, err := f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
		Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 100_000_000), MinOut: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	ctx = ctx.WithClient(events{abci: f.Ctx.EventManager().ABCIEvents()})
	for _, of := range []string{"speed", "1", from} {
		var got struct {
			Trades []trader.Trade `json:"trades"`
			More   bool           `json:"more"`
		}
		out, err := answer(t, ctx, "trades", of)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(out, &got))
		require.False(t, got.More)
		require.Len(t, got.Trades, 1)
		require.Equal(t, "AB", got.Trades[0].TxHash)
		require.Equal(t, "906610893data/1", got.Trades[0].Get[0].String())
		out, err = words(t, ctx, "trades", of)
		require.NoError(t, err)
		require.Regexp(t, `(?m)^block +time +pool +account +trade +price\n7 +2027-01-15T08:00:00Z +SPEED +`+from+` +100 ALITA for 906\.610893 SPEED +0\.110300903$`, string(out))
	}
	var at trader.Position
	out, err := answer(t, ctx, "position", "SPEED", from)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &at))
	require.Equal(t, "-100000000", at.Alita.String())
	require.Equal(t, "906610893", at.Data.String())
	require.True(t, at.Profit.IsPositive(), "its own trade has moved the price")
	out, err = words(t, ctx, "position", "SPEED", from)
	require.NoError(t, err)
	require.Contains(t, string(out), "Net      gave 100 ALITA, got 906.610893 SPEED, got 0 SPEED-SHARE\nWorth    109.")
	for want, args := range map[string][]string{
		"--limit: expected 1 to 1000, got 0":                      {"trades", "SPEED", "--limit", "0"},
		"the pools are listed by: alitad query datapool pools":    {"trades", "OTHER"},
		`ACCOUNT: expected an address such as alita1..., got "x"`: {"position", "SPEED", "x"},
	} {
		_, err := answer(t, ctx, args...)
		require.ErrorContains(t, err, want)
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
