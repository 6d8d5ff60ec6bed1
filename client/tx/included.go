package tx

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/cosmos/gogoproto/proto"
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

// included waits for the block with a transaction, which must have succeeded.
func (c *Client) included(ctx context.Context, hash string) (*sdk.TxResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, inclusionTimeout)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	node := txtypes.NewServiceClient(c.Conn)
	for {
		res, err := node.GetTx(ctx, &txtypes.GetTxRequest{Hash: hash})
		switch {
		case err == nil && res.TxResponse == nil:
			return nil, fmt.Errorf("transaction %s: %w: expected its result, got none", hash, ErrPending)
		case err == nil && res.TxResponse.Code != 0:
			return nil, refused(Executed, res.TxResponse)
		case err == nil:
			return res.TxResponse, nil
		case status.Code(err) != codes.NotFound:
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
