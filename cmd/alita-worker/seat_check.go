package main

import (
	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/seat"
)

func newSeatCheckCommand(o *options) *cobra.Command {
	var offline bool
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say whether the seat is ready: folder, configuration, key, journal, node, clock, fees, registration, bond, jobs",
		Long: `Check prints one line for each thing that it looked at, with what to do if one is not right, and exits with status 1
then. It changes nothing and sends nothing, and can be run while the seat runs.`,
		Example: "alita-worker seat check\nalita-worker seat check --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			passphrase, err := o.passphrase(cmd.ErrOrStderr(), false)
			if err != nil {
				return err
			}
			findings, err := seat.Check(cmd.Context(), o.seat(), passphrase, offline)
			if err != nil {
				return err
			}
			return writeFindings(cmd.OutOrStdout(), output, findings)
		},
	}
	cmd.Flags().BoolVar(&offline, "offline", false, "look only at what lies on this machine")
	output.add(cmd.Flags())
	return cmd
}
