// Package headers serves the chain's headers with their commits and validators over the node's gRPC port, for those who believe
// no other answer of a node (package light). What it serves is what CometBFT's RPC serves under commit and validators.
package headers

import (
	"bytes"
	"context"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/gogoproto/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client"
)

const (
	// perPage is how many validators CometBFT gives at once, maxPages how often it is asked: light takes a thousand.
	perPage  = 100
	maxPages = 10
)

type server struct{ node client.Context }

var _ QueryServer = server{}

// NewServer returns the service over the RPC of a node that ctx leads to, which may be another machine's.
func NewServer(ctx client.Context) QueryServer { return server{ctx} }

// Register registers the service. ctx leads to the node's own RPC.
func Register(router grpc.Server, ctx client.Context) { RegisterQueryServer(router, server{ctx}) }

// Block implements QueryServer.
func (s server) Block(ctx context.Context, req *QueryBlockRequest) (*QueryBlockResponse, error) {
	if req == nil || req.Height < 0 {
		return nil, status.Error(codes.InvalidArgument, "height: expected 0 or more")
	}
	node, err := s.node.GetNode()
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	var height *int64
	if req.Height > 0 {
		height = &req.Height
	}
	commit, err := node.Commit(ctx, height)
	if err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	block := cmtproto.LightBlock{SignedHeader: commit.SignedHeader.ToProto()}
	if !bytes.Equal(commit.ValidatorsHash, req.KnownValidatorsHash) {
		if block.ValidatorSet, err = validators(ctx, node, commit.Height); err != nil {
			return nil, status.Error(codes.NotFound, err.Error())
		}
	}
	encoded, err := block.Marshal()
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &QueryBlockResponse{Block: encoded}, nil
}

func validators(ctx context.Context, node client.CometRPC, height int64) (*cmtproto.ValidatorSet, error) {
	set := &cmtproto.ValidatorSet{}
	limit := perPage
	for page := 1; page <= maxPages; page++ {
		res, err := node.Validators(ctx, &height, &page, &limit)
		if err != nil {
			return nil, err
		}
		for _, v := range res.Validators {
			validator, err := v.ToProto()
			if err != nil {
				return nil, err
			}
			set.Validators = append(set.Validators, validator)
		}
		if len(set.Validators) >= res.Total || len(res.Validators) == 0 {
			break
		}
	}
	return set, nil
}
