package oracle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGoModules compares programs compiled by the Go at hand, whose counts therefore are not golden values.
func TestGoModules(t *testing.T) {
	boxes := sandboxes(t)
	for _, name := range []string{"sorted", "words"} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), name+".wasm")
			cmd := exec.CommandContext(t.Context(), "go", "build", "-buildmode=c-shared", "-o", out, "../../metering/testdata/go/"+name+"/main.go")
			cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
			b, err := cmd.CombinedOutput()
			require.NoError(t, err, string(b))
			code, err := os.ReadFile(out)
			require.NoError(t, err)
			g := compare(t, boxes, name, code, limit)
			require.Equal(t, "ok", g.Outcome)
			t.Logf("%s: %d fuel, %d operations, vector %v", name, g.Fuel, g.Operations, g.Vector)
		})
	}
}
