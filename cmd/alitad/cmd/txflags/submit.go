package txflags

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/input"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
)

// submits marks the commands that send their transactions by this package.
const submits = "submits"

// AddFlags adds the flags of a command that sends a transaction by Submit or Send.
func AddFlags(cmd *cobra.Command) {
	flags.AddTxFlagsToCmd(cmd)
	Mark(cmd)
}

// Mark marks a command that sends by this package, and says in its help what the
// flags do here.
func Mark(cmd *cobra.Command) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[submits] = ""
	if f := cmd.Flags().Lookup(flags.FlagOutput); f != nil {
		f.DefValue = flags.OutputFormatText
		_ = f.Value.Set(flags.OutputFormatText)
	}
	for name, help := range map[string]struct{ usage, byDefault string }{
		flags.FlagBroadcastMode: {"do not wait for the block: sync returns when the node has checked the transaction, async at once", ""},
		flags.FlagGas:           {"gas limit of the transaction; by default it is measured first", ""},
		flags.FlagGasAdjustment: {"factor of the measured gas", fmt.Sprint(tx.DefaultGasAdjustment)},
		flags.FlagGasPrices:     {"price of a unit of gas, as in 0.0025ualita; by default the node's own", ""},
	} {
		if f := cmd.Flags().Lookup(name); f != nil {
			f.Usage, f.DefValue = help.usage, help.byDefault
		}
	}
}

// Submits reports whether a command sends its transactions by this package.
func Submits(cmd *cobra.Command) bool {
	_, ok := cmd.Annotations[submits]
	return ok
}

// Submit sends messages in one transaction, waits for the block that holds it and
// prints what has happened: in words, or the node's answer with --output json. What
// failed is an error, which says what to do next.
//
// --generate-only, --dry-run and --aux print the transaction in place of sending it.
// --broadcast-mode returns before the block, with the answer of the node.
func Submit(cmd *cobra.Command, clientCtx client.Context, msgs ...sdk.Msg) error {
	if Prints(clientCtx) || cmd.Flags().Changed(flags.FlagBroadcastMode) {
		return plain(clienttx.GenerateOrBroadcastTxCLI(clientCtx, cmd.Flags(), msgs...))
	}
	if !clientCtx.SkipConfirm {
		if err := confirm(cmd, clientCtx, msgs); err != nil {
			return err
		}
	}
	res, err := Send(cmd, clientCtx, msgs...)
	if err != nil {
		return err
	}
	return report(cmd, clientCtx, res)
}

// Send signs and broadcasts messages in one transaction and waits for the block that
// holds it. If the flags ask for it to be printed, it is, and the response is nil. An
// error says what to do next.
func Send(cmd *cobra.Command, clientCtx client.Context, msgs ...sdk.Msg) (*sdk.TxResponse, error) {
	if Prints(clientCtx) {
		return nil, Print(cmd.Context(), clientCtx, cmd.Flags(), msgs...)
	}
	c, err := Client(clientCtx, cmd.Flags())
	if err != nil {
		return nil, err
	}
	believe(cmd, c)
	if f := cmd.Flags().Lookup(flags.FlagSequence); f != nil && f.Changed {
		if c.Sequence, err = cmd.Flags().GetUint64(flags.FlagSequence); err != nil {
			return nil, err
		}
	}
	signed, err := c.Sign(cmd.Context(), msgs...)
	if err != nil {
		return nil, hinted(err)
	}
	return deliver(cmd, clientCtx, c, signed)
}

// Broadcast is Submit for a transaction that is signed already.
func Broadcast(cmd *cobra.Command, clientCtx client.Context, signed []byte) error {
	res, err := deliver(cmd, clientCtx, &tx.Client{Conn: Conn(clientCtx)}, signed)
	if err != nil {
		return err
	}
	return report(cmd, clientCtx, res)
}

// deliver broadcasts a signed transaction and waits for its block. With --output json
// the answer of a node that refuses it is printed, too.
func deliver(cmd *cobra.Command, clientCtx client.Context, c *tx.Client, signed []byte) (*sdk.TxResponse, error) {
	cmd.PrintErrf("sending transaction %s and waiting for its block\n", tx.Hash(signed))
	res, err := c.Broadcast(cmd.Context(), signed)
	var refused *tx.RefusedError
	if errors.As(err, &refused) && refused.Response != nil && clientCtx.OutputFormat == flags.OutputFormatJSON {
		if err := printResponse(cmd, clientCtx, refused.Response); err != nil {
			return nil, err
		}
	}
	return res, hinted(err)
}

// confirm asks whether messages are to be sent. A no is an error: nothing was sent.
func confirm(cmd *cobra.Command, clientCtx client.Context, msgs []sdk.Msg) error {
	shown := clientCtx.WithOutput(cmd.ErrOrStderr())
	for _, msg := range msgs {
		bz, err := clientCtx.Codec.MarshalInterfaceJSON(msg)
		if err != nil {
			return err
		}
		if err := shown.PrintRaw(json.RawMessage(bz)); err != nil {
			return err
		}
	}
	ok, err := input.GetConfirmation("confirm transaction before signing and broadcasting", buffered(clientCtx, cmd), cmd.ErrOrStderr())
	if err != nil {
		return fmt.Errorf("confirmation: expected y or N, got none: --%s confirms: %w", flags.FlagSkipConfirmation, err)
	}
	if !ok {
		return errors.New("not confirmed: nothing was sent")
	}
	return nil
}

// buffered is the input of a command; the keyring reads its passphrase from the same one.
func buffered(clientCtx client.Context, cmd *cobra.Command) *bufio.Reader {
	if r, ok := clientCtx.Input.(*bufio.Reader); ok {
		return r
	}
	return bufio.NewReader(cmd.InOrStdin())
}

// report prints what a transaction in a block has done.
func report(cmd *cobra.Command, clientCtx client.Context, res *sdk.TxResponse) error {
	if clientCtx.OutputFormat == flags.OutputFormatJSON {
		return printResponse(cmd, clientCtx, res)
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), tx.Describe(cmd.Context(), Conn(clientCtx), res))
	return err
}

func printResponse(cmd *cobra.Command, clientCtx client.Context, res *sdk.TxResponse) error {
	return clientCtx.WithOutput(cmd.OutOrStdout()).PrintProto(res)
}

// plain is an error without what the transport adds to it.
func plain(err error) error {
	if err != nil && strings.Contains(err.Error(), "rpc error: ") {
		return errors.New(tx.Plain(err))
	}
	return err
}
