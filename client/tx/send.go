// Package tx sends the transactions of commands that go on with what the
// chain answers: it signs, broadcasts, and waits for the block.
package tx

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/pflag"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
)

const (
	// pollEvery is the time between two looks at the chain.
	pollEvery = 500 * time.Millisecond
	// inclusionTimeout is how long a transaction may wait for its block.
	inclusionTimeout = 60 * time.Second
	// gasMargin is what is added to simulated gas: state may change in between.
	gasMargin = 1.5
)

var (
	// ErrPending means that a transaction may still come into a block.
	ErrPending = errors.New("the transaction may still come into a block")

	// ErrNoResponse means that a node has left out the answer to a message.
	ErrNoResponse = errors.New("the transaction succeeded, but the node returned no answer to its message")
)

// Send signs and broadcasts a message and waits for the block that holds it. Gas
// is simulated and the node's own gas price is paid unless the flags say otherwise.
// After an error other than ErrPending nothing has happened. With --generate-only or
// --dry-run the transaction is printed, nothing is sent, and the response is nil.
func Send(ctx context.Context, clientCtx client.Context, flagSet *pflag.FlagSet, msg sdk.Msg) (*sdk.TxResponse, error) {
	factory, err := tx.NewFactoryCLI(clientCtx, flagSet)
	if err != nil {
		return nil, err
	}
	if !flagSet.Changed(flags.FlagFees) && !flagSet.Changed(flags.FlagGasPrices) {
		res, err := nodeservice.NewServiceClient(clientCtx).Config(ctx, &nodeservice.ConfigRequest{})
		if err != nil {
			return nil, fmt.Errorf("gas price of the node: %w", err)
		}
		factory = factory.WithGasPrices(res.MinimumGasPrice)
	}
	if !flagSet.Changed(flags.FlagGasAdjustment) {
		factory = factory.WithGasAdjustment(gasMargin)
	}
	if clientCtx.GenerateOnly || clientCtx.Simulate || clientCtx.IsAux {
		return nil, tx.GenerateOrBroadcastTxWithFactory(clientCtx, factory, msg)
	}
	bz, err := sign(ctx, clientCtx, flagSet, factory, msg)
	if err != nil {
		return nil, err
	}
	res, err := clientCtx.BroadcastTxSync(bz)
	if err != nil {
		return nil, errors.Join(ErrPending, err)
	}
	if res.Code != 0 {
		return nil, fmt.Errorf("refused: %s (%s %d)", Refusal(res.RawLog), res.Codespace, res.Code)
	}
	return included(ctx, clientCtx, res.TxHash)
}

// sign makes the encoded transaction of a message.
func sign(ctx context.Context, clientCtx client.Context, flagSet *pflag.FlagSet, factory tx.Factory, msg sdk.Msg) ([]byte, error) {
	factory, err := factory.Prepare(clientCtx)
	if err != nil {
		return nil, err
	}
	if !flagSet.Changed(flags.FlagGas) || factory.SimulateAndExecute() {
		_, gas, err := tx.CalculateGas(clientCtx, factory, msg)
		if err != nil {
			return nil, fmt.Errorf("the chain would refuse it: %s", Refusal(err.Error()))
		}
		factory = factory.WithGas(gas)
	}
	builder, err := factory.BuildUnsignedTx(msg)
	if err != nil {
		return nil, err
	}
	if err := tx.Sign(ctx, factory, clientCtx.FromName, builder, true); err != nil {
		return nil, err
	}
	return clientCtx.TxConfig.TxEncoder()(builder.GetTx())
}

// included waits for the block with a transaction, which must have succeeded.
func included(ctx context.Context, clientCtx client.Context, hash string) (*sdk.TxResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, inclusionTimeout)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		res, err := authtx.QueryTx(clientCtx, hash)
		switch {
		case err == nil && res.Code != 0:
			return nil, fmt.Errorf("failed: %s (%s %d)", Refusal(res.RawLog), res.Codespace, res.Code)
		case err == nil:
			return res, nil
		case !strings.Contains(err.Error(), "not found"):
			return nil, fmt.Errorf("transaction %s: %w: %w", hash, ErrPending, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s: %w: %w", hash, ErrPending, ctx.Err())
		case <-ticker.C:
		}
	}
}

// DecodeResponse reads the answer to the only message of a transaction.
func DecodeResponse(res *sdk.TxResponse, into proto.Message) error {
	data, err := hex.DecodeString(res.Data)
	if err != nil {
		return fmt.Errorf("answer of transaction %s: %w", res.TxHash, err)
	}
	var all sdk.TxMsgData
	if err := proto.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("answer of transaction %s: %w", res.TxHash, err)
	}
	if len(all.MsgResponses) != 1 {
		return ErrNoResponse
	}
	return proto.Unmarshal(all.MsgResponses[0].Value, into)
}
