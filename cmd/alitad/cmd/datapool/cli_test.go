package datapool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"

	"github.com/alita-network/alita/cmd/alitad/cmd/datapool"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestMain(m *testing.M) {
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(testutil.Prefix, testutil.Prefix+"pub")
	os.Exit(m.Run())
}

// node returns the context of a client of a node that serves the fixture.
func node(t *testing.T, f *testutil.Fixture) client.Context {
	t.Helper()
	ring := keyring.NewInMemory(f.Codec)
	return client.Context{}.WithCodec(f.Codec).WithInterfaceRegistry(f.Codec.InterfaceRegistry()).WithKeyring(ring).
		WithTxConfig(authtx.NewTxConfig(f.Codec, authtx.DefaultSignModes)).WithGRPCClient(f.Serve(t)).WithChainID("test").WithOffline(false)
}

// run executes a command that prints its unsigned transaction and returns the only
// message in it and what was said besides.
func run(t *testing.T, ctx client.Context, args ...string) (sdk.Msg, string, error) {
	t.Helper()
	var out, said bytes.Buffer
	cmd := &cobra.Command{Use: "tx", SilenceErrors: true, SilenceUsage: true}
	cmd.AddCommand(datapool.NewTxCmd())
	full := append([]string{"datapool"}, args...)
	// The fixture has no headers: it is believed.
	if command, _, err := cmd.Find(full); err == nil && command.Flags().Lookup("trust") != nil {
		full = append(full, "--trust", "node")
	}
	cmd.SetArgs(full)
	cmd.SetOut(&out)
	cmd.SetErr(&said)
	ctx = ctx.WithOutput(&out)
	err := cmd.ExecuteContext(context.WithValue(t.Context(), client.ClientContextKey, &ctx))
	if err != nil || out.Len() == 0 {
		return nil, said.String(), err
	}
	var unsigned struct {
		Body struct {
			Messages []json.RawMessage `json:"messages"`
		} `json:"body"`
	}
	if json.Unmarshal(out.Bytes(), &unsigned) != nil || len(unsigned.Body.Messages) != 1 {
		return nil, out.String(), nil
	}
	var msg sdk.Msg
	require.NoError(t, ctx.Codec.UnmarshalInterfaceJSON(unsigned.Body.Messages[0], &msg))
	return msg, said.String(), nil
}

func setup(t *testing.T) (*testutil.Fixture, client.Context, string) {
	t.Helper()
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 100_000_000_000)
	return f, node(t, f), text
}

func TestSwapCommand(t *testing.T) {
	f, ctx, from := setup(t)
	base := []string{"--generate-only", "--from", from}
	tests := []struct {
		name string
		args []string
		want sdk.Msg // without the deadline
		says []string
		err  string
	}{
		{
			name: "sell ALITA", args: []string{"swap", "SPEED", "100ALITA"},
			// 906.610893 quoted; less half a percent, rounded down.
			want: &types.MsgSwapExactIn{Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 100_000_000), MinOut: math.NewInt(902_077_838)},
			says: []string{
				"For      906.610893 SPEED, at least 902.077838 SPEED", "0.110300903 ALITA per SPEED", "0.100000000 before",
				"Fee      0.3 ALITA (0.3%): liquidity 0.189, maker 0.054, protocol 0.03, owners' rewards 0.027", "Impact   9.0662%",
			},
		},
		{
			name: "sell tokens, base units", args: []string{"swap", "1", "1000000data/1", "--slippage", "1"},
			want: &types.MsgSwapExactIn{Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("data/1", 1_000_000), MinOut: math.NewInt(98_693)},
			says: []string{"Sell     1 SPEED"},
		},
		{
			name: "exact out", args: []string{"swap", "data/1", "906.610893SPEED", "--exact-out"},
			want: &types.MsgSwapExactOut{Sender: from, PoolId: 1, TokenOut: sdk.NewInt64Coin("data/1", 906_610_893), MaxIn: math.NewInt(100_500_000)},
			says: []string{"Buy      906.610893 SPEED", "For      100 ALITA, at most 100.5 ALITA"},
		},
		{
			name: "to receive, with a limit", args: []string{"swap", "1", "100.1alita", "--to-receive", "906.610893speed"},
			want: &types.MsgSwapExactOut{Sender: from, PoolId: 1, TokenOut: sdk.NewInt64Coin("data/1", 906_610_893), MaxIn: math.NewInt(100_100_000)},
		},
		{
			name: "symbol in any case, 3 percent", args: []string{"swap", "speed", "32ALITA"},
			want: &types.MsgSwapExactIn{Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 32_000_000), MinOut: math.NewInt(307_630_166)},
			says: []string{"WARNING  the trade itself moves the price: it is 3.0918% worse than a small one, fee excluded\n"},
		},
		{name: "10 percent", args: []string{"swap", "1", "112ALITA"}, err: "impact: expected less than 10%, got 10.0448%: trade less at once, or allow more with --max-impact"},
		{
			name: "10 percent, allowed", args: []string{"swap", "1", "112ALITA", "--max-impact", "10.1%"},
			want: &types.MsgSwapExactIn{Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 112_000_000), MinOut: math.NewInt(999_453_791)},
			says: []string{"WARNING  "},
		},
		{name: "less allowed", args: []string{"swap", "1", "5ALITA", "--max-impact", "0.4"}, err: "impact: expected less than 0.4%"},
		{name: "no impact", args: []string{"swap", "1", "5ALITA", "--max-impact", "100"}, err: "--max-impact: expected percent from 0 to below 100"},
		{name: "limit too low", args: []string{"swap", "1", "99ALITA", "--to-receive", "906.610893SPEED"}, err: "AMOUNT, the most to pay: expected at least 100 ALITA, which is asked, got 99 ALITA"},
		{name: "limit in the wrong coin", args: []string{"swap", "1", "99SPEED", "--to-receive", "9SPEED"}, err: "AMOUNT, the most to pay: expected a limit in the coin of 0.903522 ALITA, which is asked, got 99 SPEED"},
		{name: "both ways", args: []string{"swap", "1", "9SPEED", "--to-receive", "9SPEED", "--exact-out"}, err: "got both"},
		{name: "no amount", args: []string{"swap", "1"}, err: "expected an AMOUNT"},
		{name: "unknown unit", args: []string{"swap", "1", "5BTC"}, err: "expected a unit of ALITA, ualita, SPEED, data/1"},
		{name: "shares", args: []string{"swap", "1", "5SPEED-SHARE"}, err: "expected a unit of"},
		{name: "no unit", args: []string{"swap", "1", "5"}, err: "a number and a unit"},
		{name: "too fine", args: []string{"swap", "1", "0.0000001ALITA"}, err: "at most 6 decimals"},
		{name: "all slippage", args: []string{"swap", "1", "5ALITA", "--slippage", "100"}, err: "percent from 0 to below 100"},
		{name: "no time", args: []string{"swap", "1", "5ALITA", "--timeout", "0s"}, err: "a positive time"},
		{name: "unknown pool", args: []string{"swap", "9", "5ALITA"}, err: "pool not found"},
		{name: "unknown symbol", args: []string{"swap", "LIGHT", "5ALITA"}, err: "pool not found"},
		{name: "dust", args: []string{"swap", "1", "1data/1"}, err: "at least 1 unit"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			start := time.Now()
			msg, said, err := run(t, ctx, append(tc.args, base...)...)
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			requireOrder(t, tc.want, msg, start)
			for _, s := range tc.says {
				require.Contains(t, said, s)
			}
		})
	}
	t.Run("quote only", func(t *testing.T) {
		msg, said, err := run(t, ctx, "swap", "1", "1ALITA", "--quote-only", "--from", from, "--generate-only")
		require.NoError(t, err)
		require.Nil(t, msg)
		require.Contains(t, said, "Sell     1 ALITA")
	})
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// requireOrder compares a swap with the wanted one, which has no deadline: the message's is a minute after it was made.
func requireOrder(t *testing.T, want, msg sdk.Msg, start time.Time) {
	t.Helper()
	var deadline time.Time
	switch m := msg.(type) {
	case *types.MsgSwapExactIn:
		deadline, m.Deadline = m.Deadline, time.Time{}
	case *types.MsgSwapExactOut:
		deadline, m.Deadline = m.Deadline, time.Time{}
	case *types.MsgSwapRouteExactIn:
		deadline, m.Deadline = m.Deadline, time.Time{}
	case *types.MsgSwapRouteExactOut:
		deadline, m.Deadline = m.Deadline, time.Time{}
	}
	require.Equal(t, want, msg)
	require.WithinRange(t, deadline, start.Add(time.Minute-time.Second), time.Now().Add(time.Minute))
}

// TestLiquidityCommands sends what the commands make.
func TestLiquidityCommands(t *testing.T) {
	f, ctx, from := setup(t)
	_, err := f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{
		Sender: from, PoolId: 1, TokenIn: sdk.NewInt64Coin("ualita", 100_000_000), MinOut: math.OneInt(), Deadline: f.Deadline(),
	})
	require.NoError(t, err)

	msg, said, err := run(t, ctx, "liquidity", "add", "SPEED", "5ALITA", "--generate-only", "--from", from)
	require.NoError(t, err)
	add := msg.(*types.MsgAddLiquidity)
	add.Deadline = f.Deadline()
	res, err := f.Msg.AddLiquidity(f.Ctx, add)
	require.NoError(t, err)
	require.Equal(t, "5000000", res.Used.Alita.String(), "all of what was named is used")
	require.Contains(t, said, "Give     5 ALITA and")

	msg, said, err = run(t, ctx, "liquidity", "remove", "1", "100%", "--generate-only", "--from", from)
	require.NoError(t, err)
	remove := msg.(*types.MsgRemoveLiquidity)
	require.Equal(t, res.Shares.Amount, remove.Shares)
	remove.Deadline = f.Deadline()
	_, err = f.Msg.RemoveLiquidity(f.Ctx, remove)
	require.NoError(t, err)
	require.Contains(t, said, "SPEED-SHARE")

	msg, _, err = run(t, ctx, "liquidity", "add", "1", "10SPEED", "--generate-only", "--from", from)
	require.NoError(t, err)
	add = msg.(*types.MsgAddLiquidity)
	add.Deadline = f.Deadline()
	res, err = f.Msg.AddLiquidity(f.Ctx, add)
	require.NoError(t, err)
	require.True(t, res.Used.Data.GTE(math.NewInt(9_999_990)), res.Used.Data)

	msg, _, err = run(t, ctx, "liquidity", "remove", "1", "0.5speed-share", "--generate-only", "--from", from)
	require.NoError(t, err)
	require.Equal(t, "500000", msg.(*types.MsgRemoveLiquidity).Shares.String())
	for _, bad := range []string{"101%", "5ALITA", "x%"} {
		_, _, err = run(t, ctx, "liquidity", "remove", "1", bad, "--generate-only", "--from", from)
		require.Error(t, err, bad)
	}
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}

// TestCreatePoolCommand creates a pool of the example that the command prints.
func TestCreatePoolCommand(t *testing.T) {
	f := testutil.New(t)
	_, from := f.Funded(t, 2, 2_000_000_000)
	ctx := node(t, f)
	_, example, err := run(t, ctx, "create-pool", "--example")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "pool.json")
	require.NoError(t, os.WriteFile(file, []byte(example), 0o600))
	msg, said, err := run(t, ctx, "create-pool", file, "--generate-only", "--from", from)
	require.NoError(t, err)
	require.Contains(t, said, "Supply   11500 SPEED for ever")
	create := msg.(*types.MsgCreatePool)
	require.Equal(t, types.FeePolicy{SwapFeePpm: 3000, MakerPpm: 200_000, RewardsPpm: 100_000}, create.Fees)
	require.Equal(t, uint64(365*24*3600), create.VestingSeconds)
	require.Equal(t, types.RewardPolicy{
		PerRecord: math.NewInt(10_000_000), PerRow: math.NewInt(10_000), MaxPerRecord: math.NewInt(50_000_000), MatchPpm: 500_000,
		PerDay: math.NewInt(20_000_000), MaxPerDay: math.NewInt(50_000_000),
	}, create.RewardPolicy)
	require.True(t, create.BlockGuard)
	require.Contains(t, said, "Rewards  10 SPEED for each record; 0.01 SPEED for each row, at most 50 SPEED for a record; 50% of what the payer of an answer loses by it; no more than 20 SPEED a day, or 50 SPEED after raises\n")
	require.Equal(t, []types.RequiredColumn{{Name: "speed", Type: types.COLUMN_TYPE_DECIMAL}}, create.Requirements.Columns)
	_, err = f.Msg.CreatePool(f.Ctx, create)
	require.NoError(t, err)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	_, _, err = run(t, ctx, "create-pool", "--from", from, "--generate-only")
	require.ErrorContains(t, err, "expected a FILE")
	_, _, err = run(t, ctx, "create-pool", filepath.Join(t.TempDir(), "none.json"), "--from", from, "--generate-only")
	require.ErrorIs(t, err, os.ErrNotExist)
}
