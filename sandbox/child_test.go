package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/sandbox"
)

// TestMain is also the process that compiles, in several ways to behave.
func TestMain(m *testing.M) {
	if len(os.Args) < 3 {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case "child":
		if err := sandbox.CompileChild(context.Background(), os.Args[2], os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if len(os.Environ()) > 0 {
			os.Exit(3)
		}
		os.Exit(0)
	case "late":
		time.Sleep(time.Hour)
	case "killed":
		p, _ := os.FindProcess(os.Getpid())
		_ = p.Kill()
		time.Sleep(time.Hour)
	case "hungry":
		if sandbox.LimitChild() != nil {
			os.Exit(0)
		}
		b := make([]byte, 2*sandbox.ChildMemory)
		runtime.KeepAlive(b)
		os.Exit(0) // the memory was granted
	}
	os.Exit(m.Run())
}

func withChild(t *testing.T, dir, how string) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler, CacheDir: dir, Child: []string{os.Args[0], how}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s
}

// TestChildCompiles: the folder holds the program after it, and this process only loads it.
func TestChildCompiles(t *testing.T) {
	dir := t.TempDir()
	s := withChild(t, dir, "child")
	for range 2 {
		r, err := s.Run(t.Context(), compile(t, s), shape, []byte{well}, &rows{n: 10}, 1<<20)
		require.NoError(t, err)
		require.EqualValues(t, 10, r.Vector[2])
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, entries)
}

// TestAttackCompilerDies: a compiler that is killed, runs out of memory, or does not end in time leaves this process as it was, with a
// reason that is always the same.
func TestAttackCompilerDies(t *testing.T) {
	for _, how := range []string{"killed", "hungry"} {
		if how == "hungry" && runtime.GOOS != "linux" && runtime.GOOS != "android" {
			continue // memory is not limited there
		}
		_, err := withChild(t, t.TempDir(), how).Compile(t.Context(), behave)
		require.ErrorIs(t, err, sandbox.ErrCompile, how)
		require.EqualError(t, err, "program too hard to compile: expected at most 1024 MiB, 2m0s of the processor and 5m0s in all, got more")
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := withChild(t, t.TempDir(), "late")
	done := make(chan error, 2)
	for range 2 { // one waits for the child, one for its turn
		go func() {
			_, err := s.Compile(ctx, behave)
			done <- err
		}()
	}
	cancel()
	for range 2 {
		require.ErrorIs(t, <-done, context.Canceled)
	}
}

func TestChildRefuses(t *testing.T) {
	s := withChild(t, t.TempDir(), "child")
	_, err := s.Compile(t.Context(), []byte("no module"))
	require.ErrorIs(t, err, metering.ErrMalformed) // found here, before a process is started

	_, err = sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler, Child: []string{os.Args[0], "child"}})
	require.ErrorContains(t, err, "folder of compiled programs: expected one, as a process of its own compiles, got none")

	s, err = sandbox.New(t.Context(), sandbox.Config{Engine: sandbox.Compiler, CacheDir: t.TempDir(), Child: []string{"/nothing/here"}})
	require.NoError(t, err)
	defer s.Close(context.Background())
	_, err = s.Compile(t.Context(), behave)
	require.ErrorIs(t, err, sandbox.ErrEngine)
}
