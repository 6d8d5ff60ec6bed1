package app_test

import (
	"math"
	"os"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/app"
)

func TestTuneCollector(t *testing.T) {
	keep := func(t *testing.T) {
		percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
		t.Cleanup(func() {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(limit)
		})
	}
	unset := func(t *testing.T, name string) {
		t.Setenv(name, "") // put back at the end
		require.NoError(t, os.Unsetenv(name))
	}
	t.Run("a node's", func(t *testing.T) {
		keep(t)
		unset(t, "GOGC")
		unset(t, "GOMEMLIMIT")
		require.NoError(t, app.TuneCollector())
		require.Equal(t, 300, debug.SetGCPercent(100))
		require.Less(t, debug.SetMemoryLimit(-1), int64(math.MaxInt64))
	})
	t.Run("the environment's", func(t *testing.T) {
		keep(t)
		t.Setenv("GOGC", "70")
		t.Setenv("GOMEMLIMIT", "3GiB")
		debug.SetGCPercent(70)
		debug.SetMemoryLimit(3 << 30)
		require.NoError(t, app.TuneCollector())
		require.Equal(t, 70, debug.SetGCPercent(100))
		require.Equal(t, int64(3<<30), debug.SetMemoryLimit(-1))
	})
}
