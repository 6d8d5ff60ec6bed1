package home_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/home"
)

func TestSetMember(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(path, []byte("# first\na: 1\n\n# my words\ntrust: node\nlist:\n  - x\n"), 0o600))
	require.NoError(t, home.SetMember(path, "trust", `{height: 5, hash: "AB"}`))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "# first\na: 1\n\n# my words\ntrust: {height: 5, hash: \"AB\"}\nlist:\n  - x\n", string(got))
	require.NoError(t, os.WriteFile(path, []byte("trust:\n  height: 5\n  hash: AB\nlist: [x]"), 0o600))
	require.NoError(t, home.SetMember(path, "trust", "node"))
	require.NoError(t, home.SetMember(path, "new", "node"))
	got, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "trust: node\nlist: [x]\nnew: node\n", string(got))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.WriteFile(path, []byte("- a list\n"), 0o600))
	require.Error(t, home.SetMember(path, "trust", "node"))
}
