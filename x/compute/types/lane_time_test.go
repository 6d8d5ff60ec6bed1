package types_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// Answers of many jobs find room one after the other, without waste between them.
func TestLaneTime(t *testing.T) {
	const lane = 24_000_000
	for _, tc := range []struct {
		busy, height int64 // in blocks
		gas          []uint64
		want         int64
	}{
		{0, 100, nil, 100},
		{0, 100, []uint64{1}, 101},
		{0, 100, []uint64{lane}, 101},
		{0, 100, []uint64{lane + 1}, 102},
		{90, 100, []uint64{lane}, 101},
		{110, 100, []uint64{lane}, 111},
		{0, 100, []uint64{lane / 4, lane / 4, lane / 4, lane / 4}, 101},
		{0, 100, []uint64{lane / 4, lane / 4, lane / 4, lane / 2}, 102},
		{0, 100, []uint64{426_000_000}, 118}, // three seats about 1,000 contributions: 17.75 blocks
	} {
		until := types.LaneTimeAfter(uint64(tc.busy)<<20, tc.height, 0, lane)
		for _, gas := range tc.gas {
			until = types.LaneTimeAfter(until, tc.height, gas, lane)
		}
		require.Equal(t, tc.want, types.LaneHeight(until), "%+v", tc)
	}
	for _, gas := range []uint64{1 << 43, math.MaxUint64} {
		for _, lane := range []uint64{1, 24_000_000} {
			until := types.LaneTimeAfter(1<<62, math.MaxInt64, gas, lane)
			require.EqualValues(t, uint64(1<<63-1), until, "it ends at the last height")
			require.Positive(t, types.LaneHeight(until))
		}
	}
}
