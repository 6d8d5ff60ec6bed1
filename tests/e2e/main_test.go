// Package e2e_test drives real processes as their users do: alitad and
// alita-worker, through the command line, gRPC and REST.
package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/devnet/localnet"
)

// full reports whether the slow tests run, too.
var full = os.Getenv("ALITA_E2E") == "full"

// binaries is where alitad and alita-worker lie, tools where the programs lie that only tests need.
var binaries, tools string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

// buildAndRun builds the programs once, with the flags of the environment, as `make build` does. ALITA_BINARIES names the folder of
// alitad and alita-worker where they have just been built.
func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "alita-e2e-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	packages := []string{"./liar"}
	if binaries = os.Getenv("ALITA_BINARIES"); binaries == "" {
		binaries, packages = dir, append(packages, "../../cmd/...")
	}
	for _, program := range []string{alitad(), alitaWorker()} {
		if _, err := os.Stat(program); err != nil && binaries != dir {
			panic(err)
		}
	}
	build := exec.Command("go", append([]string{"build", "-ldflags", "-w -s", "-o", dir}, packages...)...)
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	tools, localnet.Tied = dir, true
	app.Configure()
	return m.Run()
}

func alitad() string      { return filepath.Join(binaries, "alitad") }
func alitaWorker() string { return filepath.Join(binaries, "alita-worker") }
func liar() string        { return filepath.Join(tools, "liar") }

// testContext ends with the test, and a little before go test would kill it.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-30*time.Second))
		t.Cleanup(cancel)
	}
	return ctx
}

// testData is the path of a file that the project ships.
func testData(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata", "data", name))
	require.NoError(t, err)
	return path
}
