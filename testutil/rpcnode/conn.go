package rpcnode

import (
	"context"

	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"

	"github.com/alita-network/alita/internal/headers"
)

// Conn is a connection to the node as its gRPC port would be, without a network.
func (n *Node) Conn() grpc.ClientConnInterface { return conn{n} }

type conn struct{ *Node }

// NewStream implements grpc.ClientConnInterface.
func (conn) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams")
}

// Invoke implements grpc.ClientConnInterface.
func (c conn) Invoke(ctx context.Context, method string, req, reply any, _ ...grpc.CallOption) error {
	if err := ctx.Err(); err != nil {
		return status.FromContextError(err).Err()
	}
	switch r := req.(type) {
	case *headers.QueryBlockRequest:
		return c.header(r, reply.(*headers.QueryBlockResponse))
	case *cmtservice.ABCIQueryRequest:
		res, err := c.abciQuery(nil, r.Path, r.Data, r.Height, r.Prove)
		if err != nil {
			return status.Error(codes.Unknown, err.Error())
		}
		out := &cmtservice.ProofOps{}
		for _, op := range res.Response.GetProofOps().GetOps() {
			out.Ops = append(out.Ops, cmtservice.ProofOp{Type: op.Type, Key: op.Key, Data: op.Data})
		}
		*reply.(*cmtservice.ABCIQueryResponse) = cmtservice.ABCIQueryResponse{Code: res.Response.Code, Log: res.Response.Log, ProofOps: out}
		return nil
	case *txtypes.BroadcastTxRequest:
		res, err := c.broadcastTxSync(nil, cmttypes.Tx(r.TxBytes))
		if err != nil {
			return status.Error(codes.Unknown, err.Error())
		}
		reply.(*txtypes.BroadcastTxResponse).TxResponse = &sdk.TxResponse{TxHash: res.Hash.String(), Code: res.Code, Codespace: res.Codespace, RawLog: res.Log}
		return nil
	}
	data, err := proto.Marshal(req.(proto.Message))
	if err != nil {
		return err
	}
	res, err := c.abciQuery(nil, method, data, 0, false)
	switch {
	case err != nil:
		return status.Error(codes.Unknown, err.Error())
	case res.Response.Code == sdkerrors.ErrNotFound.ABCICode() || res.Response.Code == sdkerrors.ErrKeyNotFound.ABCICode():
		return status.Error(codes.NotFound, res.Response.Log)
	case res.Response.Code != 0:
		return status.Error(codes.Unknown, res.Response.Log)
	}
	return proto.Unmarshal(res.Response.Value, reply.(proto.Message))
}

func (c conn) header(req *headers.QueryBlockRequest, reply *headers.QueryBlockResponse) error {
	var height *int64
	if req.Height > 0 {
		height = &req.Height
	}
	commit, err := c.commit(nil, height)
	if err != nil {
		return status.Error(codes.Unknown, err.Error())
	}
	block, err := c.block(commit.Height)
	if err != nil {
		return status.Error(codes.Unknown, err.Error())
	}
	block.SignedHeader = commit.SignedHeader.ToProto()
	reply.Block, err = proto.Marshal(block)
	return err
}
