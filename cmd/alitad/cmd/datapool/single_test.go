package datapool_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSingleCommands sends what the commands make: the message does what was quoted.
func TestSingleCommands(t *testing.T) {
	f, ctx, from := setup(t)
	base := []string{"--generate-only", "--from", from}
	for _, amount := range []string{"5ALITA", "7000000ualita"} {
		msg, said, err := run(t, ctx, append([]string{"liquidity", "add", "SPEED", amount, "--single"}, base...)...)
		require.NoError(t, err)
		add := msg.(*types.MsgAddLiquiditySingle)
		add.Deadline = f.Deadline()
		res, err := f.Msg.AddLiquiditySingle(f.Ctx, add)
		require.NoError(t, err)
		require.Contains(t, said, "Swap     "+types.FormatUnits(res.Swapped.Amount, 6)+" ALITA for SPEED\n")
		require.Contains(t, said, "For      "+types.FormatUnits(res.Shares.Amount, 6)+" SPEED-SHARE, at least "+types.FormatUnits(add.MinShares, 6)+" SPEED-SHARE\n")
		require.Contains(t, said, "ALITA (0.3%): liquidity ")
		require.Contains(t, said, "Impact   0.")
		require.Equal(t, res.Shares.Amount.MulRaw(995_000).QuoRaw(1_000_000), add.MinShares)
	}
	held := f.Balance(testutil.Account(2), "share/1")
	for _, tc := range []struct{ shares, coin, denom, unit, sold string }{
		{"25%", "ALITA", "ualita", "ALITA", "SPEED"},
		{"50%", "speed", "data/1", "SPEED", "ALITA"},
	} {
		msg, said, err := run(t, ctx, append([]string{"liquidity", "remove", "1", tc.shares, "--single", tc.coin}, base...)...)
		require.NoError(t, err)
		remove := msg.(*types.MsgRemoveLiquiditySingle)
		require.Equal(t, tc.denom, remove.DenomOut)
		remove.Deadline = f.Deadline()
		res, err := f.Msg.RemoveLiquiditySingle(f.Ctx, remove)
		require.NoError(t, err)
		require.Contains(t, said, "Swap     "+types.FormatUnits(res.Swapped.Amount, 6)+" "+tc.sold+" for "+tc.unit+"\n")
		require.Contains(t, said, "For      "+types.FormatUnits(res.TokenOut.Amount, 6)+" "+tc.unit+", at least "+types.FormatUnits(remove.MinOut, 6)+" "+tc.unit+"\n")
	}
	left := f.Balance(testutil.Account(2), "share/1")
	quarter := held.QuoRaw(4)
	require.Equal(t, held.Sub(quarter).Sub(held.Sub(quarter).QuoRaw(2)).String(), left.String())

	_, _, err := run(t, ctx, append([]string{"liquidity", "remove", "1", "50%", "--single", "LIGHT"}, base...)...)
	require.ErrorContains(t, err, `--single: expected ALITA or SPEED, the coin to get, got "LIGHT"`)
	_, _, err = run(t, ctx, append([]string{"liquidity", "add", "1", "0.000001ALITA", "--single"}, base...)...)
	require.ErrorContains(t, err, "too small")
	_, none := f.Funded(t, 8, 1)
	_, _, err = run(t, ctx, "liquidity", "remove", "1", "50%", "--generate-only", "--from", none)
	require.ErrorContains(t, err, "with none of share/1")
	require.True(t, left.GT(math.ZeroInt()))
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
