package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/alita-network/alita/app"
)

// initCommand writes the files of a new node. The SDK's command puts CometBFT's
// consensus parameters into genesis; the network's own replace them.
func initCommand(basics module.BasicManager) *cobra.Command {
	cmd := genutilcli.InitCmd(basics, app.DefaultNodeHome)
	initialize := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := initialize(cmd, args); err != nil {
			return err
		}
		file := server.GetServerContextFromCmd(cmd).Config.GenesisFile()
		genesis, err := genutiltypes.AppGenesisFromFile(file)
		if err != nil {
			return fmt.Errorf("read the new genesis: %w", err)
		}
		params := app.DefaultConsensusParams()
		params.Validator = genesis.Consensus.Params.Validator
		genesis.Consensus.Params = params
		return genutil.ExportGenesisFile(genesis, file)
	}
	return cmd
}
