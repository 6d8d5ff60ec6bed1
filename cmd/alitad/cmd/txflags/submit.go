package txflags

import (
	"bufio"
	"bytes"
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

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
)

// flagAsync is of the commands that wait for their block otherwise.
const flagAsync = "async"

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
	if f := cmd.Flags(); f.Lookup(flags.FlagBroadcastMode) != nil && f.Lookup(flagAsync) == nil {
		f.Bool(flagAsync, false, "do not wait for the block: print the name of the transaction once a node has taken it")
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
// --async returns before the block, and so does --broadcast-mode, with the answer of the
// node.
func Submit(cmd *cobra.Command, clientCtx client.Context, msgs ...sdk.Msg) error {
	return SubmitTelling(cmd, clientCtx, nil, msgs...)
}

// Told is what a command says of its own about a transaction in a block.
type Told struct {
	// Text comes before what Submit prints.
	Text string
	// Name and JSON are a member that is added to the node's answer.
	Name string
	JSON any
}

// SubmitTelling is Submit for a command that says more than the events of its
// transaction do.
func SubmitTelling(cmd *cobra.Command, clientCtx client.Context, tell func(*sdk.TxResponse) (Told, error), msgs ...sdk.Msg) error {
	if Prints(clientCtx) || cmd.Flags().Changed(flags.FlagBroadcastMode) {
		return plain(clienttx.GenerateOrBroadcastTxCLI(clientCtx, cmd.Flags(), msgs...))
	}
	c, signed, err := sign(cmd, clientCtx, msgs...)
	if err != nil {
		return err
	}
	if !clientCtx.SkipConfirm {
		if err := confirm(cmd, clientCtx, msgs, signed); err != nil {
			return err
		}
	}
	if async(cmd) {
		return post(cmd, clientCtx, c, signed)
	}
	res, err := deliver(cmd, clientCtx, c, signed)
	if err != nil {
		return err
	}
	return report(cmd, clientCtx, res, tell)
}

func async(cmd *cobra.Command) bool {
	on, err := cmd.Flags().GetBool(flagAsync)
	return err == nil && on
}

// post sends a signed transaction and does not wait for its block.
func post(cmd *cobra.Command, clientCtx client.Context, c *tx.Client, signed []byte) error {
	if err := c.Post(cmd.Context(), signed); err != nil {
		return hinted(err)
	}
	if clientCtx.OutputFormat == flags.OutputFormatJSON {
		return printResponse(cmd, clientCtx, &sdk.TxResponse{TxHash: tx.Hash(signed)})
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "Sent, and not in a block yet: `alitad query wait-tx %s` says what becomes of it\n", tx.Hash(signed))
	return err
}

// Send signs and broadcasts messages in one transaction and waits for the block that
// holds it. If the flags ask for it to be printed, it is, and the response is nil. An
// error says what to do next.
func Send(cmd *cobra.Command, clientCtx client.Context, msgs ...sdk.Msg) (*sdk.TxResponse, error) {
	if Prints(clientCtx) {
		return nil, Print(cmd.Context(), clientCtx, cmd.Flags(), msgs...)
	}
	if async(cmd) {
		return nil, fmt.Errorf("--%s: expected none, got it: `%s` goes on after its block", flagAsync, cmd.CommandPath())
	}
	c, signed, err := sign(cmd, clientCtx, msgs...)
	if err != nil {
		return nil, err
	}
	return deliver(cmd, clientCtx, c, signed)
}

// sign signs messages as the flags say.
func sign(cmd *cobra.Command, clientCtx client.Context, msgs ...sdk.Msg) (*tx.Client, []byte, error) {
	c, err := Client(clientCtx, cmd.Flags())
	if err != nil {
		return nil, nil, err
	}
	believe(cmd, c)
	c.Sending = SaysFee(cmd)
	if f := cmd.Flags().Lookup(flags.FlagSequence); f != nil && f.Changed {
		if c.Sequence, err = cmd.Flags().GetUint64(flags.FlagSequence); err != nil {
			return nil, nil, err
		}
	}
	signed, err := c.Sign(cmd.Context(), msgs...)
	return c, signed, hinted(err)
}

// Broadcast is Submit for a transaction that is signed already.
func Broadcast(cmd *cobra.Command, clientCtx client.Context, signed []byte) error {
	c := &tx.Client{Conn: Conn(clientCtx), Sending: SaysFee(cmd)}
	if async(cmd) {
		return post(cmd, clientCtx, c, signed)
	}
	res, err := deliver(cmd, clientCtx, c, signed)
	if err != nil {
		return err
	}
	return report(cmd, clientCtx, res, nil)
}

// deliver broadcasts a signed transaction and waits for its block. With --output json
// the answer of a node that refuses it is printed, too.
func deliver(cmd *cobra.Command, clientCtx client.Context, c *tx.Client, signed []byte) (*sdk.TxResponse, error) {
	res, err := c.Broadcast(cmd.Context(), signed)
	var refused *tx.RefusedError
	if errors.As(err, &refused) && refused.Response != nil && clientCtx.OutputFormat == flags.OutputFormatJSON {
		if err := printResponse(cmd, clientCtx, refused.Response); err != nil {
			return nil, err
		}
	}
	return res, hinted(err)
}

// SaysFee says what a transaction pays before it is sent.
func SaysFee(cmd *cobra.Command) func(string, sdk.Coins, uint64) {
	return func(hash string, fee sdk.Coins, gas uint64) {
		cmd.PrintErrf("sending transaction %s for a fee of %s, for at most %d gas\n", hash, feeText(fee), gas)
	}
}

func feeText(fee sdk.Coins) string {
	if fee.IsZero() {
		return "nothing"
	}
	all := make([]string, len(fee))
	for i, c := range fee {
		all[i] = trader.AlitaUnits().Format(c)
	}
	return strings.Join(all, " and ")
}

// confirm asks whether a signed transaction with messages is to be sent. A no is an error: nothing was sent.
func confirm(cmd *cobra.Command, clientCtx client.Context, msgs []sdk.Msg, signed []byte) error {
	fee, gas, err := tx.FeeIn(signed)
	if err != nil {
		return err
	}
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
	ok, err := input.GetConfirmation(fmt.Sprintf("send it for a fee of %s, for at most %d gas", feeText(fee), gas), buffered(clientCtx, cmd), cmd.ErrOrStderr())
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

// report prints what a transaction in a block has done. What the command cannot tell is left out: the transaction has been paid.
func report(cmd *cobra.Command, clientCtx client.Context, res *sdk.TxResponse, tell func(*sdk.TxResponse) (Told, error)) error {
	var told Told
	if tell != nil {
		var err error
		if told, err = tell(res); err != nil {
			cmd.PrintErrf("what the node says of transaction %s: %v\n", res.TxHash, plain(err))
		}
	}
	if clientCtx.OutputFormat != flags.OutputFormatJSON {
		_, err := fmt.Fprint(cmd.OutOrStdout(), told.Text, tx.Describe(cmd.Context(), Conn(clientCtx), res))
		return err
	}
	if told.Name == "" {
		return printResponse(cmd, clientCtx, res)
	}
	answer, err := clientCtx.Codec.MarshalJSON(res)
	if err != nil {
		return err
	}
	if answer, err = Joined(answer, told.Name, told.JSON); err != nil {
		return err
	}
	return clientCtx.WithOutput(cmd.OutOrStdout()).PrintRaw(answer)
}

// Joined adds a member to a JSON object that has some.
func Joined(object []byte, name string, value any) ([]byte, error) {
	more, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return nil, err
	}
	return append(append(bytes.Clone(object[:len(object)-1]), ','), more[1:]...), nil
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
