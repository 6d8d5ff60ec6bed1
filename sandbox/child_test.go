package sandbox_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// TestCacheIsPruned: the oldest compiled programs go first, one that is gone is compiled by a child again, and the newest stays.
func TestCacheIsPruned(t *testing.T) {
	dir := t.TempDir()
	s := withChild(t, dir, "child")
	compile(t, s)
	var file string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			file = path
		}
		return err
	}))
	begin := time.Now()
	require.NoError(t, os.Chtimes(file, begin, begin))
	other := func(name string, age time.Duration) string {
		path := filepath.Join(filepath.Dir(file), name)
		require.NoError(t, os.WriteFile(path, make([]byte, 1000), 0o600))
		require.NoError(t, os.Chtimes(path, begin.Add(-age), begin.Add(-age)))
		return path
	}
	oldest, old := other("c", 2*time.Hour), other("b", time.Hour)
	size := int64(0)
	for _, f := range []string{file, old, oldest} {
		info, err := os.Stat(f)
		require.NoError(t, err)
		size += info.Size()
	}
	s.Prune(size)
	require.FileExists(t, oldest)
	s.Prune(size - 1)
	require.NoFileExists(t, oldest)
	require.FileExists(t, old)
	s.Prune(0)
	require.NoFileExists(t, old)
	require.FileExists(t, file, "the newest")

	other("a", -time.Hour)
	s.Prune(1000)
	require.NoFileExists(t, file)
	compile(t, s)
	require.FileExists(t, file, "compiled by a child again")

	_, err := sandbox.New(t.Context(), sandbox.Config{CacheDir: filepath.Join(dir, "new")})
	require.NoError(t, err)
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
