package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/worker"
)

const (
	envHome       = "ALITA_WORKER_HOME"
	envPassphrase = "ALITA_WORKER_PASSPHRASE" //nolint:gosec // the name of a variable
)

// options are the flags that all commands share.
type options struct {
	home           string
	passphraseFile string
}

func (o *options) worker() worker.Home { return worker.Home(o.home) }

func newRootCommand() *cobra.Command {
	o := &options{}
	root := &cobra.Command{
		Use:   "alita-worker",
		Short: "Run programs on your own data for the Alita network",
		Long: `alita-worker is the computing node of a data owner. It lies next to the data, watches the chain for jobs on
the owner's records, runs their programs in a sandbox on the local files and contributes what they give, sealed to the
payer. The rows never leave the machine.

Begin with "alita-worker init", then have the owner run the commands that it prints.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&o.home, "home", defaultHome(), "folder of the worker (or "+envHome+")")
	root.PersistentFlags().StringVar(&o.passphraseFile, "passphrase-file", "",
		"file with the passphrase of the key file; else "+envPassphrase+", else it is asked for")
	root.AddCommand(newInitCommand(o), newRunCommand(o), newCheckCommand(o), newPanelCommand(o), newKeyCommand(o), newTrustCommand(func() trustedHome { return o.worker() }), newSeatCommand(o), newSimulateCommand(), newCompileCommand(), newVersionCommand())
	return root
}

func defaultHome() string {
	if home := os.Getenv(envHome); home != "" {
		return home
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ".alita-worker"
	}
	return filepath.Join(home, ".alita-worker")
}
