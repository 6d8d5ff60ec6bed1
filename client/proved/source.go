package proved

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"

	"github.com/alita-network/alita/internal/headers"
	"github.com/alita-network/alita/light"
)

// maxMessage bounds the message that holds a proof: it repeats the value, with some words around it.
const maxMessage = 2*light.MaxAnswerBytes + 64<<10

// Source asks a node for headers and proofs over its connection. Errors of the transport are told and not wrapped: "not found"
// is a node's word until it is proved.
type Source struct{ Conn grpc.ClientConnInterface }

var _ light.Source = Source{}

// Block implements light.Source.
func (s Source) Block(ctx context.Context, height int64, known []byte) (light.Block, error) {
	res, err := headers.NewQueryClient(s.Conn).Block(ctx, &headers.QueryBlockRequest{Height: height, KnownValidatorsHash: known},
		grpc.MaxCallRecvMsgSize(maxMessage))
	if err != nil {
		return light.Block{}, fmt.Errorf("header %d: %s", height, err.Error())
	}
	return light.DecodeBlock(res.Block)
}

// Prove implements light.Source.
func (s Source) Prove(ctx context.Context, store string, key []byte, height int64) ([]light.Layer, error) {
	res, err := cmtservice.NewServiceClient(s.Conn).ABCIQuery(ctx, &cmtservice.ABCIQueryRequest{
		Path: "/store/" + store + "/key", Data: key, Height: height, Prove: true,
	}, grpc.MaxCallRecvMsgSize(maxMessage))
	if err != nil {
		return nil, fmt.Errorf("proof of store %s: %s", store, err.Error())
	}
	if res.Code != 0 {
		return nil, fmt.Errorf("proof of store %s: expected an answer, got code %d: %.200q", store, res.Code, res.Log)
	}
	var layers []light.Layer
	if res.ProofOps != nil {
		for _, op := range res.ProofOps.Ops {
			layers = append(layers, light.Layer{Type: op.Type, Data: op.Data})
		}
	}
	return layers, nil
}
