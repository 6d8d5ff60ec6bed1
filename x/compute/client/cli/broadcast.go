package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

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

// errPending means that a transaction may still come into a block.
var errPending = errors.New("the transaction may still come into a block")

// send signs and broadcasts a message and waits for the block that holds it. Gas
// is simulated and the node's own gas price is paid unless the flags say otherwise.
// After an error other than errPending nothing has happened.
func send(ctx context.Context, clientCtx client.Context, flagSet *pflag.FlagSet, msg sdk.Msg) (*sdk.TxResponse, error) {
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
	if factory, err = factory.Prepare(clientCtx); err != nil {
		return nil, err
	}
	if !flagSet.Changed(flags.FlagGas) || factory.SimulateAndExecute() {
		if !flagSet.Changed(flags.FlagGasAdjustment) {
			factory = factory.WithGasAdjustment(gasMargin)
		}
		_, gas, err := tx.CalculateGas(clientCtx, factory, msg)
		if err != nil {
			return nil, fmt.Errorf("the chain would refuse it: %s", refusal(err.Error()))
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
		return nil, errors.Join(errPending, err)
	}
	if res.Code != 0 {
		return nil, fmt.Errorf("refused: %s (%s %d)", refusal(res.RawLog), res.Codespace, res.Code)
	}
	return included(ctx, clientCtx, res.TxHash)
}

// inMessage finds what a module said within what the node wraps around it.
var inMessage = regexp.MustCompile(`message index: \d+: (.*?)(?: \[[^\]]*:\d+\])?(?: with gas used.*)?$`)

// refusal is the reason for which the chain refused a transaction.
func refusal(log string) string {
	if m := inMessage.FindStringSubmatch(log); m != nil {
		return m[1]
	}
	return log
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
			return nil, fmt.Errorf("failed: %s (%s %d)", refusal(res.RawLog), res.Codespace, res.Code)
		case err == nil:
			return res, nil
		case !strings.Contains(err.Error(), "not found"):
			return nil, fmt.Errorf("transaction %s: %w: %w", hash, errPending, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s: %w: %w", hash, errPending, ctx.Err())
		case <-ticker.C:
		}
	}
}
