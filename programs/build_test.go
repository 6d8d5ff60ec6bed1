package programs_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/terms"
)

// recorded reads the hashes that build.sh recorded, by file.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("SHA256SUMS")
	require.NoError(t, err)
	defer f.Close()
	sums := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		hash, file, ok := strings.Cut(s.Text(), "  ")
		require.True(t, ok, s.Text())
		sums[file] = hash
	}
	return sums
}

// TestHashes fails when a source or a module was changed without the other, toolchain or not.
func TestHashes(t *testing.T) {
	sums := recorded(t)
	all := slices.Concat(programs.All(), programs.Rows())
	require.Len(t, sums, 2*len(all))
	for file, want := range sums {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, want, terms.ProgramID(b), "%s; run programs/build.sh", file)
	}
	for _, p := range all {
		require.Equal(t, p.Hash, terms.ProgramID(p.Code), p.Name)
		require.Equal(t, p.Hash, sums["wasm/"+p.Name+".wasm"], p.Name)
		form, err := metering.Inspect(p.Code, metering.DefaultLimits())
		require.NoError(t, err, p.Name)
		require.Equal(t, p.Row, form != nil, p.Name)
	}
}

// TestRebuild builds the modules from their sources if the toolchain is installed.
func TestRebuild(t *testing.T) {
	tool, err := exec.LookPath("wat2wasm")
	if err != nil {
		t.Skip("wat2wasm (package wabt) is not installed; TestHashes still ties the modules to their sources")
	}
	for _, p := range slices.Concat(programs.All(), programs.Rows()) {
		out := filepath.Join(t.TempDir(), p.Name+".wasm")
		b, err := exec.CommandContext(t.Context(), tool, "src/"+p.Name+".wat", "-o", out).CombinedOutput()
		require.NoError(t, err, string(b))
		code, err := os.ReadFile(out)
		require.NoError(t, err)
		require.Equal(t, p.Hash, terms.ProgramID(code), p.Name)
	}
}
