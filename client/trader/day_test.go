package trader_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestDay(t *testing.T) {
	f, m, sender := setup(t)
	day := func() trader.Day {
		t.Helper()
		d, err := m.Day(t.Context(), pool(t, m, "SPEED"), f.Ctx.BlockTime())
		require.NoError(t, err)
		return d
	}
	sell := func(coin string, amount int64) {
		t.Helper()
		in := alita(amount)
		if coin != "ualita" {
			in = data1(amount)
		}
		_, err := f.Msg.SwapExactIn(f.Ctx, &types.MsgSwapExactIn{Sender: sender, PoolId: 1, TokenIn: in, MinOut: math.OneInt(), Deadline: f.Deadline()})
		require.NoError(t, err)
	}
	require.Equal(t, trader.Day{ChangePercent: "0.00", VolumeAlita: "0", VolumeData: "0"}, day())
	sell("ualita", 100_000_000)
	f.NextBlock(3600)
	got := day()
	require.Equal(t, trader.Day{ChangePercent: "20.95", VolumeAlita: "100", VolumeData: "906.610893", Swaps: 1}, got)
	require.Equal(t, "24 hours  +20.95%, 100 ALITA and 906.610893 SPEED traded in 1 swaps\n", got.Text("SPEED"))

	f.NextBlock(26 * 3600)
	sell("data/1", 100_000_000)
	got = day()
	require.EqualValues(t, 1, got.Swaps, "that of the day before does not count")
	require.Equal(t, "100", got.VolumeData)
	require.Regexp(t, `^-2\.`, got.ChangePercent)
	require.Contains(t, got.Text("SPEED"), "24 hours  -2.")
}
