package metadata

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/metadata/types"
)

// NewQueryCmd holds the queries whose answer is a document; the others are generated.
func NewQueryCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Query records, their versions, workers and grants",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(NewJSONLDCmd())
	return cmd
}
