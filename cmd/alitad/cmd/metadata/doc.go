// Package metadata holds the commands of the metadata module that do more than send one message: they read a document
// and the local file, and seal the file's location before anything leaves the machine.
package metadata

import (
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/metadata/types"
)

// NewTxCmd holds the transactions; those with plain arguments are generated.
func NewTxCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Register records, their versions, workers and grants",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(NewRegisterCmd(), NewAddVersionCmd())
	return cmd
}

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

// NewMetadataCmd holds what works without a network.
func NewMetadataCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Work with documents about data, without a network",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(NewCheckCmd())
	return cmd
}
