package metadata

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/metadata/types"
)

// NewMetadataCmd holds the commands that work without a network.
func NewMetadataCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Work with documents about data, without a network",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(NewCheckCmd())
	return cmd
}
