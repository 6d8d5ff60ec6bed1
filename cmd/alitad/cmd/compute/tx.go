// Package compute holds the commands of the compute module that are more than one
// message or query: storing a program from a file, and running one.
package compute

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/compute/types"
)

// NewTxCmd returns the transaction commands that are not generated.
func NewTxCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Transactions of programs and jobs",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(storeProgramCmd())
	return cmd
}
