package main

import (
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/sandbox"
)

const compileName = "compile-program"

// newCompileCommand is the process that "run" starts to compile a program.
func newCompileCommand() *cobra.Command {
	return &cobra.Command{
		Use:    compileName + " FOLDER",
		Short:  "Compile a program into a folder; run starts it",
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
