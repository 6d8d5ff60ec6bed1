package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/internal/version"
)

func newVersionCommand() *cobra.Command {
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info := version.Of(cmd.Root().Name())
			if output.json {
				return writeJSON(cmd.OutOrStdout(), info)
			}
			_, err := fmt.Fprint(cmd.OutOrStdout(), info.Text())
			return err
		},
	}
	output.add(cmd.Flags())
	return cmd
}
