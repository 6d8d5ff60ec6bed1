package tx

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
)

const (
	// pollEvery is the time between two looks at the chain.
	pollEvery = 500 * time.Millisecond
	// inclusionTimeout is how long a transaction may wait for its block.
	inclusionTimeout = 2 * time.Minute
)

// othersTimeout is how long another node may take to show success after one showed a failure.
const othersTimeout = 10 * time.Second

// included waits for the block with a transaction, which must have succeeded. What a block says of a transaction is a node's
// word: a failure counts only if no other node shows a success.
func (c *Client) included(ctx context.Context, hash string) (*sdk.TxResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, inclusionTimeout)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	nodes := c.nodes()
	failed := make([]error, len(nodes))
	var since time.Time // of the first failure
	for {
		var lost error
		failures, silent := 0, 0
		for i, node := range nodes {
			if failed[i] == nil {
				res, err := result(ctx, node, hash)
				switch {
				case err == nil:
					return res, nil
				case errors.As(err, new(*RefusedError)):
					failed[i] = err
				case status.Code(err) != codes.NotFound:
					silent, lost = silent+1, fmt.Errorf("transaction %s: %w: %w", hash, ErrPending, err)
				}
			}
			if failed[i] != nil {
				failures++
			}
		}
		if failures > 0 && since.IsZero() {
			since = time.Now()
		}
		switch {
		case failures == len(nodes), failures > 0 && time.Since(since) > othersTimeout:
			return nil, cmp.Or(failed...)
		case silent == len(nodes):
			return nil, lost
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s: %w: %w", hash, ErrPending, ctx.Err())
		case <-ticker.C:
		}
	}
}

// result is what a node says became of a transaction. The error is a *RefusedError if it failed in its block.
func result(ctx context.Context, node grpc.ClientConnInterface, hash string) (*sdk.TxResponse, error) {
	res, err := txtypes.NewServiceClient(node).GetTx(ctx, &txtypes.GetTxRequest{Hash: hash})
	if err != nil {
		return nil, err
	}
	r := res.TxResponse
	if r == nil {
		return nil, errors.New("expected its result, got none")
	}
	if r.Code != 0 {
		return nil, refused(Executed, r)
	}
	return r, nil
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
