package tx

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// State is what the chain proves: a *proved.Chain of package client/proved.
type State interface {
	// At returns a connection that answers the queries of the modules as of one block, and the block's height.
	At(ctx context.Context) (grpc.ClientConnInterface, int64, error)
}

// At returns what answers queries, all of them as of one block, and the block's height: the proved state, or the node if there
// is none. Then the height is 0.
func (c *Client) At(ctx context.Context) (grpc.ClientConnInterface, int64, error) {
	if c.State == nil {
		return c.Conn, 0, nil
	}
	return c.State.At(ctx)
}

// nodes are all nodes that take transactions.
func (c *Client) nodes() []grpc.ClientConnInterface {
	return append([]grpc.ClientConnInterface{c.Conn}, c.Others...)
}

// sequenceTimeout is how long a node's higher sequence is waited for: two blocks and more.
const sequenceTimeout = 15 * time.Second

// accountInfo returns the number and the sequence of the account. With a State they are proved, which takes a block: so a
// higher sequence of the node is waited for, a while. Nothing is ever signed for a sequence that is only a node's word, since a
// transaction for a later sequence would come into effect with the next one.
func (c *Client) accountInfo(ctx context.Context, address string) (*authtypes.BaseAccount, error) {
	ask := func(conn grpc.ClientConnInterface) (*authtypes.BaseAccount, error) {
		res, err := authtypes.NewQueryClient(conn).AccountInfo(ctx, &authtypes.QueryAccountInfoRequest{Address: address})
		if err != nil {
			return nil, err
		}
		if res.Info == nil {
			return nil, errors.New("expected its number and sequence, got none")
		}
		return res.Info, nil
	}
	if c.State == nil {
		return ask(c.Conn)
	}
	said, until := c.used, time.Now().Add(sequenceTimeout)
	hint, err := ask(c.Conn)
	exists := err == nil
	if exists {
		said = max(said, hint.Sequence)
	}
	var last int64
	for blocks := 0; ; {
		state, height, err := c.State.At(ctx)
		if err != nil {
			return nil, err
		}
		info, err := ask(state)
		if height > last {
			last, blocks = height, blocks+1
		}
		absent := status.Code(err) == codes.NotFound
		switch {
		case err == nil && info.Sequence >= said, absent && !exists, err != nil && !absent:
			return info, err
		case blocks > 3, time.Now().After(until):
			return info, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}
