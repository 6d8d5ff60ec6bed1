package metering_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
)

// buildGo compiles a program of testdata/go. It imports packages of the runtime only, so it takes seconds.
func buildGo(t testing.TB, name string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), name+".wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildmode=c-shared", "-o", out, "./testdata/go/"+name)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	b, err := cmd.CombinedOutput()
	require.NoError(t, err, string(b))
	code, err := os.ReadFile(out)
	require.NoError(t, err)
	return code
}

// TestGoModule runs a program compiled by Go in both engines. Its count depends on the version of Go, so it is compared between
// the engines and between runs; tests/oracle compares it with wasmtime.
func TestGoModule(t *testing.T) {
	code := buildGo(t, "sorted")
	require.NoError(t, metering.Check(code, metering.DefaultLimits()))
	var first sandbox.Result
	for _, engine := range []sandbox.Engine{sandbox.Interpreter, sandbox.Compiler} {
		box, err := sandbox.New(t.Context(), sandbox.Config{Engine: engine})
		require.NoError(t, err)
		defer box.Close(context.Background())
		p, err := box.Compile(t.Context(), code)
		require.NoError(t, err)
		for range 2 {
			r, err := box.Run(t.Context(), p, sandbox.Shape{Columns: 1, Length: 4}, nil, &counting{}, 1<<40)
			require.NoError(t, err)
			if first.Vector == nil {
				first = r
			}
			require.Equal(t, first, r)
		}
	}
	require.EqualValues(t, goldenRows, first.Vector[0])
	require.Greater(t, first.Operations, uint64(100_000))
	t.Logf("%d operations", first.Operations)
}
