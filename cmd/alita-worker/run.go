package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/worker"
)

func newRunCommand(o *options) *cobra.Command {
	var loop loopFlags
	var maxRun time.Duration
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Watch the chain and work until interrupted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			log, err := loop.logger(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			compiler, err := compileChild()
			if err != nil {
				return err
			}
			cfg, opened, err := worker.Open(cmd.Context(), o.worker(), passphrase, compiler)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, opened.Close()) }()
			cfg.Log, cfg.Poll, cfg.Health, cfg.MaxRun = log, loop.poll, loop.health, maxRun
			return worker.New(cfg).Run(cmd.Context())
		},
	}
	loop.add(cmd.Flags())
	cmd.Flags().DurationVar(&maxRun, "max-run", 10*time.Minute, "how long one run of a program may take")
	return cmd
}
