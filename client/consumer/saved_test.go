package consumer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// The reader's key lies in a file that only its user can read, and is deleted when the answer was shown.
func TestSavedRun(t *testing.T) {
	home := t.TempDir()
	key, err := seal.GenerateKey()
	require.NoError(t, err)
	seed, err := key.Bytes()
	require.NoError(t, err)
	id := strings.Repeat("0a", 16)
	run := consumer.SavedRun{Saved: consumer.Saved{ChainID: "alita-1", JobID: id, From: "consumer"}, ReaderKeys: [][]byte{seed}}
	require.NoError(t, run.Create(home))
	for path, mode := range map[string]os.FileMode{consumer.RunFile(home, id): 0o600, filepath.Join(home, "compute"): 0o700 | os.ModeDir} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode())
	}
	require.ErrorIs(t, run.Create(home), os.ErrExist)

	got, err := consumer.LoadRun(home, id)
	require.NoError(t, err)
	require.Equal(t, run, got)

	// Keys are added, none is lost.
	_, err = got.AddKey()
	require.NoError(t, err)
	require.NoError(t, got.Save(home))
	again, err := consumer.LoadRun(home, id)
	require.NoError(t, err)
	require.Len(t, again.ReaderKeys, 2)
	require.Equal(t, seed, again.ReaderKeys[0])
	info, err := os.Stat(consumer.RunFile(home, id))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	entries, err := os.ReadDir(filepath.Join(home, "compute"))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing half written stays")

	require.NoError(t, consumer.ForgetRun(home, id))
	_, err = consumer.LoadRun(home, id)
	require.ErrorContains(t, err, "not found in")
	_, err = consumer.LoadRun(home, "../../secret")
	require.ErrorIs(t, err, types.ErrInvalidJob)
	require.NoError(t, os.WriteFile(consumer.RunFile(home, id), []byte(`{"job_id":"x"}`), 0o600))
	_, err = consumer.LoadRun(home, id)
	require.ErrorContains(t, err, "damaged")
}

// The second nodes are kept for who resumes the run.
func TestCheckNodesAreKept(t *testing.T) {
	home, run, _ := newRun(t, moments, 1, false)
	run.CheckNodes = []string{"tcp://a:26657", "tcp://b:26657"}
	require.NoError(t, run.Save(home))
	again, err := consumer.LoadRun(home, jobID)
	require.NoError(t, err)
	require.Equal(t, run.CheckNodes, again.CheckNodes)
}
