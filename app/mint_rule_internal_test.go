package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
)

// The rate moves in a year by (1 - bonded/goal) * change, in however many steps.
func TestRateMovesByTime(t *testing.T) {
	params := minttypes.DefaultParams()
	params.InflationMin, params.InflationMax = math.LegacyNewDecWithPrec(4, 2), math.LegacyNewDecWithPrec(10, 2)
	params.InflationRateChange, params.GoalBonded = math.LegacyNewDecWithPrec(6, 2), math.LegacyNewDecWithPrec(67, 2)
	half := math.LegacyNewDecWithPrec(335, 3) // half of the goal: by 3 % a year
	for _, steps := range []int64{1, 12, 5000} {
		rate := math.LegacyNewDecWithPrec(5, 2)
		for range steps {
			rate = nextInflation(rate, params, half, year/time.Duration(steps))
		}
		require.InDelta(t, 0.08, rate.MustFloat64(), 1e-9, steps)
	}
	require.Equal(t, params.InflationMax, nextInflation(params.InflationMax, params, math.LegacyZeroDec(), year))
	require.Equal(t, params.InflationMin, nextInflation(params.InflationMin, params, math.LegacyOneDec(), year))
}
