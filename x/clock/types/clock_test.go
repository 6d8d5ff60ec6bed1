package types_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/clock/types"
)

var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func TestTick(t *testing.T) {
	var c types.Clock
	for _, tc := range []struct {
		after        time.Duration // since the start
		active, step time.Duration
	}{
		{0, 0, 0}, // the first block
		{650 * time.Millisecond, 650 * time.Millisecond, 650 * time.Millisecond},
		{650 * time.Millisecond, 650 * time.Millisecond, 0},
		{5650 * time.Millisecond, 5650 * time.Millisecond, 5 * time.Second},
		{3 * time.Hour, 10650 * time.Millisecond, 5 * time.Second},                    // a halt
		{2 * time.Hour, 10650 * time.Millisecond, 0},                                  // time goes back
		{2*time.Hour + time.Nanosecond, 10650*time.Millisecond + time.Nanosecond, 1},  // and on
		{9000 * time.Hour, 15650*time.Millisecond + time.Nanosecond, 5 * time.Second}, // a year
		{9000*time.Hour + time.Second, 16650*time.Millisecond + time.Nanosecond, time.Second},
	} {
		c = c.Tick(start.Add(tc.after))
		require.Equal(t, tc.active, c.Active, tc.after)
		require.Equal(t, tc.step, c.Step, tc.after)
		require.Equal(t, start.Add(tc.after), *c.BlockTime)
		require.NoError(t, types.GenesisState{Clock: c}.Validate())
	}
}

// Between two blocks less than five seconds after each other, times in between change nothing: the steps add up.
func TestStepsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var some, all types.Clock
		now := start
		some, all = some.Tick(now), all.Tick(now)
		for range rapid.IntRange(1, 50).Draw(r, "blocks") {
			gap := rapid.Int64Range(0, int64(types.MaxStep)).Draw(r, "gap")
			all = all.Tick(now.Add(time.Duration(rapid.Int64Range(0, gap).Draw(r, "between"))))
			now = now.Add(time.Duration(gap))
			some, all = some.Tick(now), all.Tick(now)
		}
		require.Equal(r, some.Active, all.Active)
		require.Equal(r, now.Sub(start), some.Active)
	})
}

func TestValidateGenesis(t *testing.T) {
	at := start
	require.NoError(t, types.DefaultGenesis().Validate())
	for _, tc := range []struct {
		clock types.Clock
		err   string
	}{
		{types.Clock{Active: -1, BlockTime: &at}, "active: expected at least 0, got -1ns"},
		{types.Clock{Active: 1, Step: 2, BlockTime: &at}, "step: expected 0 to 1ns, got 2ns"},
		{types.Clock{Active: time.Minute, Step: -1, BlockTime: &at}, "step: expected 0 to 5s, got -1ns"},
		{types.Clock{Active: time.Minute, Step: 6 * time.Second, BlockTime: &at}, "step: expected 0 to 5s, got 6s"},
		{types.Clock{Active: time.Minute}, "block_time: expected one with an active time of 1m0s, got none"},
		{types.Clock{BlockTime: new(time.Time)}, "block_time: expected a time after 1970, got 0001-01-01 00:00:00 +0000 UTC"},
	} {
		require.EqualError(t, types.GenesisState{Clock: tc.clock}.Validate(), tc.err)
	}
}
