// Package datapool holds the commands that do more than one message: they quote first,
// show what will happen in the units that people use, and send with a bound and a
// deadline. The plain messages and queries have generated commands.
package datapool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	flagSlippage  = "slippage"
	flagTimeout   = "timeout"
	flagQuoteOnly = "quote-only"
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
// to what the module said.
func plainly(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := run(cmd, args)
		if err != nil && strings.Contains(err.Error(), "rpc error: ") {
			return errors.New(tx.Refusal(err.Error()))
		}
		return err
	}
}

// addTradeFlags adds what every command has that sends a bound and a deadline.
func addTradeFlags(cmd *cobra.Command) {
	cmd.Flags().String(flagSlippage, "0.5", "most that the result may be worse than the quote, in percent")
	cmd.Flags().Duration(flagTimeout, time.Minute, "time after which the message is no longer valid")
	cmd.Flags().Bool(flagQuoteOnly, false, "print the quote and send nothing")
	flags.AddTxFlagsToCmd(cmd)
}

// trade is what the flags of a command say.
type trade struct {
	client.Context

	query     types.QueryClient
	sender    string
	slippage  uint32
	deadline  time.Time
	quoteOnly bool
}

func readTrade(cmd *cobra.Command) (trade, error) {
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return trade{}, err
	}
	t := trade{Context: ctx, query: types.NewQueryClient(ctx), sender: ctx.GetFromAddress().String()}
	text, err := cmd.Flags().GetString(flagSlippage)
	if err != nil {
		return t, err
	}
	if t.slippage, err = parsePercent(text); err != nil {
		return t, fmt.Errorf("--%s: %w", flagSlippage, err)
	}
	timeout, err := cmd.Flags().GetDuration(flagTimeout)
	if err != nil {
		return t, err
	}
	if timeout <= 0 {
		return t, fmt.Errorf("--%s: expected a positive time such as 1m, got %s", flagTimeout, timeout)
	}
	t.deadline = time.Now().Add(timeout).UTC()
	t.quoteOnly, err = cmd.Flags().GetBool(flagQuoteOnly)
	return t, err
}

// send signs and broadcasts a message; nothing where only a quote was asked.
func (t trade) send(cmd *cobra.Command, msg sdk.Msg) error {
	if t.quoteOnly {
		return nil
	}
	return clienttx.GenerateOrBroadcastTxCLI(t.Context, cmd.Flags(), msg)
}

// atLeast returns what is acceptable of a quoted output: less the slippage, rounded
// down, and at least 1, since a bound of zero is none.
func (t trade) atLeast(quoted math.Int) math.Int {
	return math.MaxInt(math.OneInt(), quoted.MulRaw(int64(types.PPM-t.slippage)).QuoRaw(types.PPM))
}

// atMost returns what is acceptable of a quoted input: with the slippage, rounded up.
func (t trade) atMost(quoted math.Int) math.Int {
	return quoted.MulRaw(int64(types.PPM + t.slippage)).AddRaw(types.PPM - 1).QuoRaw(types.PPM)
}

// pool finds a pool by its number, a denom or its symbol.
func (t trade) pool(ctx context.Context, ref string) (types.Pool, error) {
	return findPool(ctx, t.query, ref)
}
