package trader_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

func speed() types.Pool {
	return types.Pool{
		Id: 1, Symbol: "SPEED", DataDenom: "data/1", ShareDenom: "share/1", Fees: types.FeePolicy{SwapFeePpm: 3000},
		Reserves: types.Amounts{Alita: math.NewInt(1_000_000_000), Data: math.NewInt(10_000_000_000)},
	}
}

func TestParse(t *testing.T) {
	p := speed()
	most := types.MaxAmount().String()
	for _, c := range []struct {
		units      trader.Units
		text, want string // coin, or part of the error
	}{
		{trader.CoinUnits(p), "1.5ALITA", "1500000ualita"},
		{trader.CoinUnits(p), "1.5 alita", "1500000ualita"},
		{trader.CoinUnits(p), "7ualita", "7ualita"},
		{trader.CoinUnits(p), "0.000001SPEED", "1data/1"},
		{trader.CoinUnits(p), "20data/1", "20data/1"},
		{trader.CoinUnits(p), most + "data/1", most + "data/1"},
		{trader.ShareUnits(p), "2speed-share", "2000000share/1"},
		{trader.AlitaUnits(), "1SPEED", `expected a unit of ALITA, ualita, got "SPEED"`},
		{trader.DataUnits(p), "1ALITA", `expected a unit of SPEED, data/1, got "ALITA"`},
		{trader.CoinUnits(p), "1SPEED-SHARE", `expected a unit of ALITA, ualita, SPEED, data/1, got "SPEED-SHARE"`},
		{trader.CoinUnits(p), "5", `expected a number and a unit such as 10ALITA, got "5"`},
		{trader.CoinUnits(p), "ALITA", `expected a number and a unit such as 10ALITA, got "ALITA"`},
		{trader.CoinUnits(p), "", `expected a number and a unit such as 10ALITA, got ""`},
		{trader.CoinUnits(p), "-5ALITA", `expected a number and a unit such as 10ALITA, got "-5ALITA"`},
		{trader.CoinUnits(p), "0.0000001ALITA", "expected a number with at most 6 decimals"},
		{trader.CoinUnits(p), "1.5ualita", "expected a number with at most 0 decimals"},
		{trader.CoinUnits(p), most + "0data/1", "expected at most " + most + "data/1"},
	} {
		got, err := c.units.Parse(c.text)
		if err != nil {
			require.ErrorContains(t, err, c.want, c.text)
			continue
		}
		require.Equal(t, c.want, got.String(), c.text)
	}
}

func TestFormat(t *testing.T) {
	units := trader.CoinUnits(speed())
	require.Equal(t, "1.5 ALITA", units.Format(sdk.NewInt64Coin("ualita", 1_500_000)))
	require.Equal(t, "0.000001 SPEED", units.Format(sdk.NewInt64Coin("data/1", 1)))
	require.Equal(t, "5data/2", units.Format(sdk.NewInt64Coin("data/2", 5)))
}

// TestFormatParses: what is written is read as the same amount.
func TestFormatParses(t *testing.T) {
	p := speed()
	units := append(trader.CoinUnits(p), trader.ShareUnits(p)...)
	rapid.Check(t, func(t *rapid.T) {
		c := sdk.NewInt64Coin(rapid.SampledFrom([]string{"ualita", "data/1", "share/1"}).Draw(t, "denom"), rapid.Int64Min(0).Draw(t, "amount"))
		got, err := units.Parse(units.Format(c))
		require.NoError(t, err)
		require.Equal(t, c, got)
	})
}
