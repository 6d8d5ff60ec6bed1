package worker_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/worker"
)

// TestAttackSlowRowsAreNotLate: a run whose operations all take 8 times as long as the dearest that were measured, and 4 times as long again, has the
// time for that, whatever the window.
func TestAttackSlowRowsAreNotLate(t *testing.T) {
	speed := worker.Speed{Operations: 1000, Cells: 1000, Code: 1000, Start: 250}
	// 100 cells, no code, and 1,000 operations.
	require.EqualValues(t, 4*(101+1+250)+4*(8000+1), worker.SpanOf(speed, 100, 1000))
	// As many operations as there can be do not wrap.
	require.GreaterOrEqual(t, worker.SpanOf(worker.Speed{Operations: 1e6, Cells: 1e6, Code: 1e6}, 1, 1<<63), uint64(1e12))
}
