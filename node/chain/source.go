package chain

import (
	"context"
	"fmt"

	"google.golang.org/grpc"

	cmtv1beta1 "cosmossdk.io/api/cosmos/base/tendermint/v1beta1"

	headersv1 "github.com/alita-network/alita/api/headers/v1"
	"github.com/alita-network/alita/light"
)

var _ light.Source = (*Client)(nil)

// maxProofMessage bounds the message that holds a proof: it repeats the value, with some words around it.
const maxProofMessage = 2*light.MaxAnswerBytes + 64<<10

// Block implements light.Source.
func (c *Client) Block(ctx context.Context, height int64, known []byte) (light.Block, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.headers.Block(ctx, &headersv1.QueryBlockRequest{Height: height, KnownValidatorsHash: known},
		grpc.MaxCallRecvMsgSize(maxProofMessage))
	if err != nil {
		return light.Block{}, describe(fmt.Sprintf("header %d", height), err)
	}
	return light.DecodeBlock(res.GetBlock())
}

// Prove implements light.Source.
func (c *Client) Prove(ctx context.Context, store string, key []byte, height int64) ([]light.Layer, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.comet.ABCIQuery(ctx, &cmtv1beta1.ABCIQueryRequest{
		Path: "/store/" + store + "/key", Data: key, Height: height, Prove: true,
	}, grpc.MaxCallRecvMsgSize(maxProofMessage))
	if err != nil {
		return nil, fmt.Errorf("proof of store %s: %w", store, err)
	}
	if res.GetCode() != 0 {
		return nil, fmt.Errorf("proof of store %s: expected an answer, got code %d: %.200q", store, res.GetCode(), res.GetLog())
	}
	var layers []light.Layer
	for _, op := range res.GetProofOps().GetOps() {
		layers = append(layers, light.Layer{Type: op.GetType_(), Data: op.GetData()})
	}
	return layers, nil
}
