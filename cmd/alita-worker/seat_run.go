package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/seat"
)

func newSeatRunCommand(o *options) *cobra.Command {
	var loop loopFlags
	var cpus int
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Sit in jobs until interrupted",
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
			cfg, opened, err := seat.Open(o.seat(), passphrase)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, opened.Close()) }()
			cfg.Log, cfg.Poll, cfg.Health = log, loop.poll, loop.health
			if cpus > 0 {
				cfg.CPUs = cpus
			}
			return seat.New(cfg).Run(cmd.Context())
		},
	}
	loop.add(cmd.Flags())
	cmd.Flags().IntVar(&cpus, "cpus", 0, "how many contributions are judged at a time; 0: as the configuration file says")
	return cmd
}
