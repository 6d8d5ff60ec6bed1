package trader_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/trader"
)

func TestParseTolerance(t *testing.T) {
	for text, want := range map[string]trader.Tolerance{"0": 0, "0.5": 5000, "0.5%": 5000, "1": 10_000, "0.0001": 1, "99.9999%": 999_999} {
		got, err := trader.ParseTolerance(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "%", "100", "100%", "-1", "0.00001", "1e3", "half"} {
		_, err := trader.ParseTolerance(text)
		require.ErrorContains(t, err, "expected percent from 0 to below 100", text)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		tolerance             trader.Tolerance
		quoted, least, atMost int64
	}{
		{0, 7, 7, 7},
		{5000, 1000, 995, 1005},
		// 994.005 down, 1003.995 up
		{5000, 999, 994, 1004},
		// 902,077,838.5 down, 911,143,947.5 up
		{5000, 906_610_893, 902_077_838, 911_143_948},
		// 0.001 is no bound, so 1
		{999_999, 1000, 1, 2000},
		{5000, 0, 1, 0},
		{1, 1, 1, 2},
	} {
		quoted := math.NewInt(c.quoted)
		require.Equal(t, c.least, c.tolerance.AtLeast(quoted).Int64(), "%+v", c)
		require.Equal(t, c.atMost, c.tolerance.AtMost(quoted).Int64(), "%+v", c)
	}
}

// TestBoundsEncloseTheQuote: a bound is never stricter than the tolerance, and laxer by less than one unit.
func TestBoundsEncloseTheQuote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tolerance := trader.Tolerance(rapid.Uint32Range(0, 999_999).Draw(t, "tolerance"))
		quoted := math.NewInt(rapid.Int64Range(1, 1<<62).Draw(t, "quoted"))
		least, most := tolerance.AtLeast(quoted), tolerance.AtMost(quoted)
		million := math.NewInt(1_000_000)
		below := quoted.Mul(million).Sub(quoted.MulRaw(int64(tolerance))) // millionths of the exact bound
		if least.GT(math.OneInt()) {
			require.True(t, least.Mul(million).LTE(below) && least.AddRaw(1).Mul(million).GT(below))
		}
		above := quoted.Mul(million).Add(quoted.MulRaw(int64(tolerance)))
		require.True(t, most.Mul(million).GTE(above) && most.SubRaw(1).Mul(million).LT(above))
	})
}
