package metadata

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/metadata/types"
)

// NewTxCmd holds the transactions that need a file, or show or check what is signed; the others are generated.
func NewTxCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Register records, their versions, workers, grants and panels",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(NewRegisterCmd(), NewAddVersionCmd(), NewProposePanelCmd(), NewSignPanelCmd(), NewGrantCmd())
	return cmd
}
