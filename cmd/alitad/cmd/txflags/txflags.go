// Package txflags sends the transactions of commands, as the flags say that every such
// command has: it makes a client/tx.Client of them, waits for the block, and prints what
// has happened in words. The commands that are generated send by it, too.
package txflags

import (
	"context"
	"errors"
	"fmt"

	rpcclient "github.com/cometbft/cometbft/rpc/client"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/internal/headers"
)

// Conn is the connection of a command's context. Its calls end with the context
// that they are made with.
func Conn(clientCtx client.Context) grpc.ClientConnInterface { return conn{clientCtx} }

type conn struct{ client.Context }

// Invoke implements grpc.ClientConnInterface. Over the RPC of a node, headers and proofs are asked there: the node's own services
// would ask its RPC in turn, which the question keeps busy.
func (c conn) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	if c.GRPCClient == nil {
		switch r := req.(type) {
		case *headers.QueryBlockRequest:
			res, err := headers.NewServer(c.Context).Block(ctx, r)
			if err == nil {
				*reply.(*headers.QueryBlockResponse) = *res
			}
			return err
		case *cmtservice.ABCIQueryRequest:
			return c.abciQuery(ctx, r, reply.(*cmtservice.ABCIQueryResponse))
		}
	}
	return c.WithCmdContext(ctx).Invoke(ctx, method, req, reply, opts...)
}

func (c conn) abciQuery(ctx context.Context, req *cmtservice.ABCIQueryRequest, reply *cmtservice.ABCIQueryResponse) error {
	node, err := c.GetNode()
	if err != nil {
		return err
	}
	res, err := node.ABCIQueryWithOptions(ctx, req.Path, req.Data, rpcclient.ABCIQueryOptions{Height: req.Height, Prove: req.Prove})
	if err != nil {
		return err
	}
	r := res.Response
	*reply = cmtservice.ABCIQueryResponse{Code: r.Code, Log: r.Log, Key: r.Key, Value: r.Value, Height: r.Height, Codespace: r.Codespace}
	if r.ProofOps != nil {
		reply.ProofOps = &cmtservice.ProofOps{}
		for _, op := range r.ProofOps.Ops {
			reply.ProofOps.Ops = append(reply.ProofOps.Ops, cmtservice.ProofOp{Type: op.Type, Key: op.Key, Data: op.Data})
		}
	}
	return nil
}

type believedKey struct{}

// Believe has what a command sends go to the nodes of a client, too, for an account that its State proves.
func Believe(cmd *cobra.Command, c *tx.Client) {
	cmd.SetContext(context.WithValue(cmd.Context(), believedKey{}, c))
}

// believe takes over what Believe has set, and the gas to spare.
func believe(cmd *cobra.Command, c *tx.Client) {
	if b, ok := cmd.Context().Value(believedKey{}).(*tx.Client); ok {
		c.State, c.Others, c.SpareGas = b.State, b.Others, b.SpareGas
	}
}

// Client sends as --from, with the gas, the fee and the limits that the flags say.
func Client(clientCtx client.Context, flagSet *pflag.FlagSet) (*tx.Client, error) {
	factory, err := clienttx.NewFactoryCLI(clientCtx, flagSet)
	if err != nil {
		return nil, err
	}
	if clientCtx.Offline {
		return nil, fmt.Errorf("--%s: expected --%s with it, got none", flags.FlagOffline, flags.FlagGenerateOnly)
	}
	c := &tx.Client{
		Conn: Conn(clientCtx), ChainID: clientCtx.ChainID,
		GasPrices: factory.GasPrices(), Fees: factory.Fees(), FeeGranter: clientCtx.FeeGranter.String(), FeePayer: clientCtx.FeePayer.String(),
		Memo: factory.Memo(), TimeoutHeight: factory.TimeoutHeight(), TimeoutTimestamp: factory.TimeoutTimestamp(), Unordered: factory.Unordered(),
	}
	if flagSet.Changed(flags.FlagGas) && !factory.SimulateAndExecute() {
		c.Gas = factory.Gas()
	}
	if flagSet.Changed(flags.FlagGasAdjustment) {
		c.GasAdjustment = factory.GasAdjustment()
	}
	if c.MaxFee, err = maxFee(flagSet); err != nil {
		return nil, err
	}
	c.Signer, err = signer(clientCtx)
	return c, err
}

// signer is the key that --from names, in the form that --sign-mode names.
func signer(clientCtx client.Context) (tx.Signer, error) {
	if clientCtx.Keyring == nil || clientCtx.FromName == "" {
		return nil, fmt.Errorf("--%s: expected a key of the keyring, got none: list them with `alitad keys list`", flags.FlagFrom)
	}
	mode, known := map[string]signing.SignMode{
		"":                            signing.SignMode_SIGN_MODE_UNSPECIFIED,
		flags.SignModeDirect:          signing.SignMode_SIGN_MODE_DIRECT,
		flags.SignModeLegacyAminoJSON: signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON,
	}[clientCtx.SignModeStr]
	if !known {
		return nil, fmt.Errorf("--%s: expected %q or %q, got %q", flags.FlagSignMode, flags.SignModeDirect, flags.SignModeLegacyAminoJSON, clientCtx.SignModeStr)
	}
	return tx.FromKeyringWithMode(clientCtx.Keyring, clientCtx.FromName, mode)
}

// NameSender lets --dry-run take the name of a key as --from: the SDK wants its address
// there, and leaves the keyring closed. What is no name of a key is left to the command.
func NameSender(cmd *cobra.Command) error {
	clientCtx := client.GetClientContextFromCmd(cmd)
	from, err := cmd.Flags().GetString(flags.FlagFrom)
	if err != nil || from == "" || !clientCtx.Simulate {
		return nil
	}
	backend, err := cmd.Flags().GetString(flags.FlagKeyringBackend)
	if err != nil {
		return nil
	}
	if !cmd.Flags().Changed(flags.FlagKeyringBackend) {
		backend = clientCtx.Viper.GetString(flags.FlagKeyringBackend) // of client.toml
	}
	keys, err := client.NewKeyringFromBackend(clientCtx.WithSimulation(false), backend)
	if err != nil {
		return fmt.Errorf("--%s: %w", flags.FlagKeyringBackend, err)
	}
	key, err := keys.Key(from)
	if err != nil {
		return nil
	}
	address, err := key.GetAddress()
	if err != nil {
		return fmt.Errorf("--%s: key %q: %w", flags.FlagFrom, from, err)
	}
	return cmd.Flags().Set(flags.FlagFrom, address.String())
}

// Prints reports whether the flags ask for transactions to be printed, not sent:
// --generate-only, --dry-run or --aux.
func Prints(clientCtx client.Context) bool {
	return clientCtx.GenerateOnly || clientCtx.Simulate || clientCtx.IsAux
}

// Print writes a transaction in place of sending it. It asks the node for its gas
// price as Send does.
func Print(ctx context.Context, clientCtx client.Context, flagSet *pflag.FlagSet, msgs ...sdk.Msg) error {
	if !Prints(clientCtx) {
		return errors.New("print: expected --generate-only, --dry-run or --aux, got none")
	}
	factory, err := clienttx.NewFactoryCLI(clientCtx, flagSet)
	if err != nil {
		return err
	}
	if !flagSet.Changed(flags.FlagFees) && !flagSet.Changed(flags.FlagGasPrices) {
		prices, err := tx.NodeGasPrices(ctx, Conn(clientCtx))
		if err != nil {
			return err
		}
		factory = factory.WithGasPrices(prices.String())
	}
	if !flagSet.Changed(flags.FlagGasAdjustment) {
		factory = factory.WithGasAdjustment(tx.DefaultGasAdjustment)
	}
	return clienttx.GenerateOrBroadcastTxWithFactory(clientCtx, factory, msgs...)
}
