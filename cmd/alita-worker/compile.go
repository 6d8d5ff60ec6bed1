package main

import (
	"context"
	"errors"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/sandbox"
)

const compileName = "compile-program"

// newCompileCommand is the process that "run", "check" and "simulate" start to compile a program.
func newCompileCommand() *cobra.Command {
	return &cobra.Command{
		Use:    compileName + " FOLDER",
		Short:  "Compile a program into a folder; run, check and simulate start it",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return sandbox.CompileChild(cmd.Context(), args[0], cmd.InOrStdin())
		},
	}
}

// compileChild is the command that starts newCompileCommand of this very binary, also if its file has been replaced since.
func compileChild() ([]string, error) {
	if runtime.GOOS == "linux" || runtime.GOOS == "android" {
		return []string{"/proc/self/exe", compileName}, nil
	}
	exe, err := os.Executable()
	return []string{exe, compileName}, err
}

// withSandbox calls f with a sandbox that compiles in a process of its own, into a folder that is removed afterwards. The programs that
// authors try are not known to compile well, either.
func withSandbox(ctx context.Context, f func(*sandbox.Sandbox) error) (err error) {
	compiler, err := compileChild()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "alita-compiled-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	box, err := sandbox.New(ctx, sandbox.Config{CacheDir: dir, Child: compiler})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close(context.WithoutCancel(ctx))) }()
	return f(box)
}
