package datapool_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// TestRouteCommand: pools 1 and 2 hold 1,000 ALITA and 10,000 tokens each. 100 SPEED
// bring 9.87158 ALITA, which bring 97.46045 LIGHT.
func TestRouteCommand(t *testing.T) {
	f, ctx, from := setup(t)
	f.CreatePool(t, 1, "LIGHT", nil)
	speed, light := func(n int64) sdk.Coin { return sdk.NewInt64Coin("data/1", n) }, func(n int64) sdk.Coin { return sdk.NewInt64Coin("data/2", n) }
	tests := []struct {
		name string
		args []string
		want sdk.Msg // without the deadline
		says []string
		err  string
	}{
		{
			name: "sell", args: []string{"SPEED", "100SPEED", "--to", "LIGHT"},
			want: &types.MsgSwapRouteExactIn{Sender: from, TokenIn: speed(100_000_000), DenomOut: "data/2", MinOut: math.NewInt(96_973_147)},
			says: []string{
				"Sell     100 SPEED\n", "For      97.46045 LIGHT, at least 96.973147 LIGHT\n", "Through  9.87158 ALITA\n",
				"Price    1.026057237 SPEED per LIGHT, fees included; 1.000000000 before the trade\n",
				"Fee      0.3 SPEED (0.3%): liquidity 0.189, maker 0.054, protocol 0.03, owners' rewards 0.027\n" +
					"         0.029614 ALITA (0.3%): liquidity 0.018658, maker 0.00533, protocol 0.002961, owners' rewards 0.002665\n",
				// 1 - (1-0.009872)*(1-0.009747), each impact and the whole rounded up
				"Impact   1.9523% of both pools, fees excluded\n",
			},
		},
		{
			name: "buy", args: []string{"1", "--to", "2", "--to-receive", "98LIGHT"},
			want: &types.MsgSwapRouteExactOut{Sender: from, DenomIn: "data/1", TokenOut: light(98_000_000), MaxIn: math.NewInt(101_067_516)},
			says: []string{"Buy      98 LIGHT\n", "For      100.564692 SPEED, at most 101.067516 SPEED\n", "Through  9.926771 ALITA\n"},
		},
		{
			name: "buy with a limit", args: []string{"SPEED", "101SPEED", "--to", "data/2", "--to-receive", "98000000data/2"},
			want: &types.MsgSwapRouteExactOut{Sender: from, DenomIn: "data/1", TokenOut: light(98_000_000), MaxIn: math.NewInt(101_000_000)},
		},
		{
			name: "buy, in the other words", args: []string{"SPEED", "98LIGHT", "--to", "LIGHT", "--exact-out", "--slippage", "0"},
			want: &types.MsgSwapRouteExactOut{Sender: from, DenomIn: "data/1", TokenOut: light(98_000_000), MaxIn: math.NewInt(100_564_692)},
		},
		{name: "limit too low", args: []string{"1", "100SPEED", "--to", "2", "--to-receive", "98LIGHT"}, err: "the most to pay: expected at least 100.564692 SPEED, which is asked, got 100 SPEED"},
		{name: "limit in the wrong coin", args: []string{"1", "100LIGHT", "--to", "2", "--to-receive", "98LIGHT"}, err: "the most to pay: expected a unit of SPEED, data/1"},
		{name: "to itself", args: []string{"1", "100SPEED", "--to", "SPEED"}, err: "--to: expected another Data Token than SPEED"},
		{name: "to ALITA", args: []string{"1", "100SPEED", "--to", "alita"}, err: "without --to tokens are sold for ALITA"},
		{name: "from ALITA", args: []string{"1", "100ALITA", "--to", "2"}, err: "to buy LIGHT with ALITA: swap LIGHT 100ALITA"},
		{name: "to nothing known", args: []string{"1", "100SPEED", "--to", "OTHER"}, err: "the pools are listed by: alitad query datapool pools"},
		{name: "no amount", args: []string{"1", "--to", "2"}, err: "expected an AMOUNT"},
		{name: "too much", args: []string{"1", "--to", "2", "--to-receive", "10000LIGHT"}, err: "pool does not hold that much"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			start := time.Now()
			msg, said, err := run(t, ctx, append([]string{"swap", "--generate-only", "--from", from}, tc.args...)...)
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				require.NotContains(t, err.Error(), "rpc error")
				return
			}
			require.NoError(t, err)
			requireOrder(t, tc.want, msg, start)
			for _, s := range tc.says {
				require.Contains(t, said, s)
			}
		})
	}
}
