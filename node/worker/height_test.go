package worker_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/worker"
)

// TestAttackSlowRowsAreNotLate: a run whose operations all take 8 times as long as the dearest that were measured, and 4 times as long again, has the
// time for that if it is in the first half of the window. Whether it is depends on the window and the runs before it alone.
func TestAttackSlowRowsAreNotLate(t *testing.T) {
	speed := worker.Speed{Operations: 1000, Cells: 1000, Code: 1000, Start: 250}
	rest := uint64(4 * (101 + 1 + 250)) // 100 cells, no code
	usual, wide := rest+4*(1000+1), rest+4*(8000+1)
	require.EqualValues(t, 33_412, wide)
	for name, tc := range map[string]struct {
		deadline int64
		free     uint64
		want     uint64
	}{
		"a window of 30 blocks":            {103 + 30, 0, usual},
		"half of 66 blocks":                {103 + 66, 0, usual},
		"half of 67 blocks":                {103 + 67, 0, wide},
		"a run before it":                  {103 + 67, 100_500, usual},
		"a run before it, but room":        {103 + 80, 103_000, wide},
		"runs before it beyond the window": {103 + 80, 1_000_000, usual},
		"no window":                        {90, 0, usual},
	} {
		require.Equal(t, tc.want, worker.SpanOf(speed, 100, 1000, 100, tc.deadline, tc.free), name)
	}
	// As many operations as there can be do not wrap.
	require.GreaterOrEqual(t, worker.SpanOf(worker.Speed{Operations: 1e6, Cells: 1e6, Code: 1e6}, 1, 1<<63, 100, 200, 0), uint64(1e12))
}
