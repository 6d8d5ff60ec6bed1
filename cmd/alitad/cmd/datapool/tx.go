// Package datapool holds the commands of the market that do more than send one message: they quote first, show what
// will happen in the units that people use, and send with a bound and a deadline. Package client/trader does the work.
// The plain messages and queries have generated commands.
package datapool

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
)

// NewTxCmd returns the transaction commands of the module.
func NewTxCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   types.ModuleName,
		Short: "Create and update pools of data collections, trade their tokens and give liquidity",
		RunE:  client.ValidateCmd,
	}
	cmd.AddCommand(newSwapCmd(), newLiquidityCmd(), newCreatePoolCmd(), newUpdatePoolCmd())
	return cmd
}

// plainly returns a command whose errors leave out what the transport and the node add
// to the module's own error.
func plainly(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := run(cmd, args)
		if err != nil && strings.Contains(err.Error(), "rpc error: ") {
			return errors.New(tx.Refusal(err.Error()))
		}
		return err
	}
}
