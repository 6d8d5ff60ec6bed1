package types_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestUnits(t *testing.T) {
	tests := []struct {
		text     string
		decimals int
		units    string
		canon    string
		err      error
	}{
		{text: "1.5", decimals: 6, units: "1500000"},
		{text: "0.3", decimals: 4, units: "3000"}, // not octal 3000
		{text: "007", decimals: 0, units: "7", canon: "7"},
		{text: "0", decimals: 6, units: "0"},
		{text: "0.000001", decimals: 6, units: "1"},
		{text: "1.50", decimals: 6, units: "1500000", canon: "1.5"},
		{text: "1000000", decimals: 6, units: "1000000000000"},
		{text: "0.0000001", decimals: 6, err: types.ErrInvalidAmount},
		{text: "", decimals: 6, err: types.ErrInvalidAmount},
		{text: ".5", decimals: 6, err: types.ErrInvalidAmount},
		{text: "5.", decimals: 6, err: types.ErrInvalidAmount},
		{text: "-5", decimals: 6, err: types.ErrInvalidAmount},
		{text: "1e6", decimals: 6, err: types.ErrInvalidAmount},
		{text: "0x10", decimals: 6, err: types.ErrInvalidAmount},
		{text: "1_000", decimals: 6, err: types.ErrInvalidAmount},
		{text: "1.2.3", decimals: 6, err: types.ErrInvalidAmount},
		{text: strings.Repeat("9", 78), decimals: 0, err: types.ErrTooLarge},
		{text: strings.Repeat("9", 500), decimals: 0, err: types.ErrInvalidAmount},
	}
	for _, tc := range tests {
		t.Run(tc.text, func(t *testing.T) {
			got, err := types.ParseUnits(tc.text, tc.decimals)
			require.ErrorIs(t, err, tc.err)
			if tc.err != nil {
				return
			}
			require.Equal(t, tc.units, got.String())
			canon := tc.canon
			if canon == "" {
				canon = tc.text
			}
			require.Equal(t, canon, types.FormatUnits(got, tc.decimals))
		})
	}
	require.Equal(t, "-0.05", types.FormatUnits(math.NewInt(-50_000), 6))
	require.Equal(t, "0", types.FormatUnits(math.Int{}, 6))
	require.Equal(t, "0.3", types.FormatPercent(3000))
	require.Equal(t, "100", types.FormatPercent(1_000_000))
}

func TestUnitsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "bytes"))
		v := math.NewIntFromBigInt(b)
		decimals := rapid.IntRange(0, 18).Draw(t, "decimals")
		got, err := types.ParseUnits(types.FormatUnits(v, decimals), decimals)
		require.NoError(t, err)
		require.Equal(t, v.String(), got.String())
	})
}

func TestPrices(t *testing.T) {
	var third, two amm.Int
	third.SetUint64(1)
	two.SetUint64(3)
	require.Equal(t, "0.333333333333333333", types.FormatRatio(&third, &two))
	require.Equal(t, "3", types.FormatRatio(&two, &third))
	require.Equal(t, "0", types.FormatRatio(&two, new(amm.Int)))
	p, err := amm.Price(&third, new(amm.Int).SetUint64(4))
	require.NoError(t, err)
	require.Equal(t, "0.25", types.FormatPrice(&p))
	var one, ten amm.Int
	one.SetUint64(1)
	ten.SetUint64(10)
	p, err = amm.Price(&one, &ten) // 64 bits hold 0.09999999999999999998
	require.NoError(t, err)
	require.Equal(t, "0.1", types.FormatPrice(&p))
	largest := amm.MaxReserve()
	require.NotPanics(t, func() { types.FormatRatio(&largest, &third) })
}

func TestParseCoin(t *testing.T) {
	for text, want := range map[string]string{"5data/1": "5data/1", "0010ualita": "10ualita", "0ualita": "0ualita"} {
		c, err := types.ParseCoin(text)
		require.NoError(t, err)
		require.Equal(t, want, c.String())
	}
	for _, text := range []string{"", "5", "ualita", "1.5ualita", "-5ualita", "5 ualita", "5ua,6ub", strings.Repeat("1", 79) + "ualita"} {
		_, err := types.ParseCoin(text)
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
	}
	_, err := types.ParseInt("shares", "010")
	require.NoError(t, err)
	v, _ := types.ParseInt("shares", "010")
	require.Equal(t, "10", v.String())
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.5", "007", "5data/1", "", "9999999999999999999999999999999999999999999999999999999999999999999999999999999ualita"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := types.ParseUnits(text, 6); err == nil {
			again, err := types.ParseUnits(types.FormatUnits(v, 6), 6)
			require.NoError(t, err)
			require.True(t, v.Equal(again))
		}
		if c, err := types.ParseCoin(text); err == nil {
			require.NoError(t, c.Validate())
		}
		_, _ = types.PoolIDOfDenom(text)
		_ = types.ValidateSymbol(text)
	})
}
