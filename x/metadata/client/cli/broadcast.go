package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
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

// broadcast signs and sends a message and waits for the block that holds it. Gas is simulated and the node's own gas
// price is paid unless the flags say otherwise. With --generate-only or --dry-run nothing is sent and the response is nil.
func broadcast(ctx context.Context, clientCtx client.Context, flagSet *pflag.FlagSet, msg sdk.Msg) (*sdk.TxResponse, error) {
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
	if factory, err = factory.Prepare(clientCtx); err != nil {
		return nil, err
	}
	if !flagSet.Changed(flags.FlagGas) || factory.SimulateAndExecute() {
		_, gas, err := tx.CalculateGas(clientCtx, factory, msg)
		if err != nil {
			return nil, fmt.Errorf("the chain would refuse it: %s", reason(err))
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
	bz, err := clientCtx.TxConfig.TxEncoder()(builder.GetTx())
	if err != nil {
		return nil, err
	}
	res, err := clientCtx.BroadcastTxSync(bz)
	if err != nil {
		return nil, err
	}
	if res.Code != 0 {
		return nil, fmt.Errorf("refused: %s (%s %d)", res.RawLog, res.Codespace, res.Code)
	}
	return included(ctx, clientCtx, res.TxHash)
}

// reason takes the module's own words out of what a simulation reports around them: the index of the message before
// and where in the program and after how much gas it ended.
func reason(err error) string {
	text := plain(err)
	if _, after, ok := strings.Cut(text, "message index: 0: "); ok {
		text = after
	}
	if i := strings.LastIndex(text, " with gas used: "); i >= 0 {
		text = text[:i]
		if j := strings.LastIndex(text, " [/"); j >= 0 && strings.HasSuffix(text, "]") {
			text = text[:j]
		}
	}
	return text
}

var rpcPrefix = regexp.MustCompile(`rpc error: code = \w+ desc = `)

// plain takes what the transport adds out of an error of a query.
func plain(err error) string { return rpcPrefix.ReplaceAllString(err.Error(), "") }

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
			return nil, fmt.Errorf("failed: %s (%s %d)", res.RawLog, res.Codespace, res.Code)
		case err == nil:
			return res, nil
		case !strings.Contains(err.Error(), "not found"):
			return nil, err
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, fmt.Errorf("transaction %s is in no block after %s", hash, inclusionTimeout)
			}
			return nil, ctx.Err()
		case <-ticker.C:
		}
	}
}

// decodeResponse reads the answer to the only message of a transaction.
func decodeResponse(res *sdk.TxResponse, into proto.Message) error {
	data, err := hex.DecodeString(res.Data)
	if err != nil {
		return fmt.Errorf("answer of transaction %s: %w", res.TxHash, err)
	}
	var all sdk.TxMsgData
	if err := proto.Unmarshal(data, &all); err != nil {
		return fmt.Errorf("answer of transaction %s: %w", res.TxHash, err)
	}
	if len(all.MsgResponses) != 1 {
		return errNoResponse
	}
	return proto.Unmarshal(all.MsgResponses[0].Value, into)
}
