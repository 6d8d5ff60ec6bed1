package publisher_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/x/metadata/types"
)

// A node that names another key of a worker than before gets nothing sealed to it.
func TestAttackNodeNamesTheWorkersKey(t *testing.T) {
	a, _ := newWorker(t, "me", "a")
	b, _ := newWorker(t, "me", "b")
	liars, _ := newWorker(t, "me", "a")
	liars.PublicKey = b.PublicKey
	pins := publisher.Pins{File: filepath.Join(t.TempDir(), "metadata", "workers.json")}
	fresh, err := pins.Check([]types.Worker{a})
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, fresh)
	_, err = pins.Check([]types.Worker{b, liars})
	require.ErrorIs(t, err, publisher.ErrWorkerKey)
	fresh, err = pins.Check([]types.Worker{a, b})
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, fresh)
	fresh, err = pins.Check([]types.Worker{b, a})
	require.NoError(t, err)
	require.Empty(t, fresh)
	info, err := os.Stat(pins.File)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.WriteFile(pins.File, []byte("{"), 0o600))
	_, err = pins.Check([]types.Worker{a})
	require.Error(t, err)
	// The worker's own file counts before what was seen.
	pins = publisher.Pins{File: filepath.Join(t.TempDir(), "workers.json"), Known: map[string][]byte{"a": a.PublicKey}}
	_, err = pins.Check([]types.Worker{liars})
	require.ErrorIs(t, err, publisher.ErrWorkerKey)
	require.NoFileExists(t, pins.File)
	fresh, err = pins.Check([]types.Worker{a, b})
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, fresh)
	_, err = publisher.Pins{File: pins.File}.Check([]types.Worker{liars})
	require.ErrorIs(t, err, publisher.ErrWorkerKey)
	fresh, err = publisher.Pins{}.Check([]types.Worker{liars})
	require.NoError(t, err)
	require.Empty(t, fresh)
}
