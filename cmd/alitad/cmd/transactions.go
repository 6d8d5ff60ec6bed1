package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	authclient "github.com/cosmos/cosmos-sdk/x/auth/client"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"

	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

// submitModuleCommands makes the transaction commands of all modules wait for the block and say what
// has happened. The commands next to the modules' own, such as sign, send nothing.
func submitModuleCommands(root *cobra.Command) error {
	tx, _, err := root.Find([]string{"tx"})
	if err != nil {
		return fmt.Errorf("transaction commands: %w", err)
	}
	for _, module := range tx.Commands() {
		txflags.SubmitGenerated(module)
	}
	return nil
}

// broadcastCommand sends a transaction that is signed already, and waits for its block as the modules'
// commands do.
func broadcastCommand() *cobra.Command {
	cmd := authcmd.GetBroadcastCommand()
	broadcast := cmd.RunE
	txflags.Mark(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		clientCtx, err := client.GetClientTxContext(cmd)
		if err != nil {
			return err
		}
		if clientCtx.Offline || cmd.Flags().Changed(flags.FlagBroadcastMode) {
			return broadcast(cmd, args)
		}
		tx, err := authclient.ReadTxFromFile(clientCtx, args[0])
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		signed, err := clientCtx.TxConfig.TxEncoder()(tx)
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		return txflags.Broadcast(cmd, clientCtx, signed)
	}
	return cmd
}
