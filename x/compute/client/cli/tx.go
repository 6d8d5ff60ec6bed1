// Package cli holds the commands of the compute module that are more than one
// message or query: storing a program from a file, and running one.
package cli

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/compute/types"
)

// GetTxCmd returns the transaction commands that are not generated.
func GetTxCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Transactions of programs and jobs",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(storeProgramCmd())
	return cmd
}
