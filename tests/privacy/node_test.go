package privacy_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/timestamppb"

	nodev1beta1 "cosmossdk.io/api/cosmos/base/node/v1beta1"
	cmtv1beta1 "cosmossdk.io/api/cosmos/base/tendermint/v1beta1"
	"cosmossdk.io/api/tendermint/p2p"

	sdk "github.com/cosmos/cosmos-sdk/types"

	headersv1 "github.com/alita-network/alita/api/headers/v1"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/lighttest"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/lies"
)

// frame is a message of gRPC as bytes.
type frame struct{ bytes []byte }

// frames passes messages on as bytes.
type frames struct{}

// Name implements encoding.Codec.
func (frames) Name() string { return "proto" }

// Marshal implements encoding.Codec.
func (frames) Marshal(v any) ([]byte, error) { return v.(*frame).bytes, nil }

// Unmarshal implements encoding.Codec.
func (frames) Unmarshal(data []byte, v any) error {
	v.(*frame).bytes = append([]byte(nil), data...)
	return nil
}

// node is the node of an owner: it answers from the state of the application, and takes note of what it is asked.
type node struct {
	address string
	x       *exchange

	// headers are the blocks of the chain if the node proves what it says.
	headers *headers
	// lie changes the answers if it is not nil.
	lie lies.Lie

	mu    sync.Mutex
	asked []string // since the last block
	at    sdk.Context
	state sync.Mutex // of at
}

func newNode(t testing.TB, x *exchange) *node {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &node{address: listener.Addr().String(), x: x}
	server := grpc.NewServer(grpc.ForceServerCodec(frames{}), grpc.UnknownServiceHandler(n.serve))
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-served)
	})
	return n
}

func (n *node) serve(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var question frame
	if err := stream.RecvMsg(&question); err != nil {
		return err
	}
	n.mu.Lock()
	n.asked = append(n.asked, fmt.Sprintf("%s %x", method[strings.LastIndex(method, "/")+1:], question.bytes))
	n.mu.Unlock()
	answer, err := n.answer(stream.Context(), method, question.bytes)
	if err == nil && n.lie != nil {
		answer, err = altered(n.lie, method, question.bytes, answer)
	}
	if err != nil {
		return err
	}
	return stream.SendMsg(&frame{answer})
}

// altered is an answer with a lie.
func altered(lie lies.Lie, method string, question, answer []byte) ([]byte, error) {
	service, name, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return nil, err
	}
	m := d.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	decode := func(of protoreflect.MessageDescriptor, raw []byte) (proto.Message, error) {
		t, err := protoregistry.GlobalTypes.FindMessageByName(of.FullName())
		if err != nil {
			return nil, err
		}
		msg := t.New().Interface()
		return msg, proto.Unmarshal(raw, msg)
	}
	req, err := decode(m.Input(), question)
	if err != nil {
		return nil, err
	}
	res, err := decode(m.Output(), answer)
	if err != nil {
		return nil, err
	}
	if err := lie(name, req, res); err != nil {
		return nil, err
	}
	return proto.Marshal(res)
}

func (n *node) answer(ctx context.Context, method string, question []byte) ([]byte, error) {
	switch method {
	case nodev1beta1.Service_Status_FullMethodName:
		return proto.Marshal(&nodev1beta1.StatusResponse{
			Height: uint64(n.x.Height() - 1), Timestamp: timestamppb.New(n.x.Time().Add(-apptest.BlockTime)),
		})
	case cmtv1beta1.Service_GetNodeInfo_FullMethodName:
		return proto.Marshal(&cmtv1beta1.GetNodeInfoResponse{DefaultNodeInfo: &p2p.DefaultNodeInfo{Network: apptest.ChainID}})
	}
	if n.headers != nil {
		switch method {
		case headersv1.Query_Block_FullMethodName:
			var q headersv1.QueryBlockRequest
			if err := proto.Unmarshal(question, &q); err != nil {
				return nil, err
			}
			b, err := n.headers.Block(ctx, q.Height, q.KnownValidatorsHash)
			if err != nil {
				return nil, status.Error(codes.NotFound, err.Error())
			}
			return proto.Marshal(&headersv1.QueryBlockResponse{Block: b.Encode()})
		case cmtv1beta1.Service_ABCIQuery_FullMethodName:
			var q cmtv1beta1.ABCIQueryRequest
			if err := proto.Unmarshal(question, &q); err != nil {
				return nil, err
			}
			store, _ := strings.CutSuffix(strings.TrimPrefix(q.Path, "/store/"), "/key")
			layers, err := n.headers.Prove(ctx, store, q.Data, q.Height)
			if err != nil {
				return proto.Marshal(&cmtv1beta1.ABCIQueryResponse{Code: 1, Log: err.Error()})
			}
			res := &cmtv1beta1.ABCIQueryResponse{ProofOps: &cmtv1beta1.ProofOps{}}
			for _, l := range layers {
				res.ProofOps.Ops = append(res.ProofOps.Ops, &cmtv1beta1.ProofOp{Type_: l.Type, Data: l.Data})
			}
			return proto.Marshal(res)
		}
	}
	handle := n.x.App.GRPCQueryRouter().Route(method)
	if handle == nil {
		return nil, status.Errorf(codes.Unimplemented, "%s", method)
	}
	n.state.Lock()
	defer n.state.Unlock()
	if n.at.BlockHeight() != n.x.Height()-1 {
		n.at = n.x.Ctx()
	}
	res, err := handle(n.at, &abci.RequestQuery{Path: method, Data: question})
	if err != nil {
		return nil, err
	}
	return res.Value, nil
}

// take is what was asked since it was called last.
func (n *node) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	asked := n.asked
	n.asked = nil
	return asked
}

// headers are signed headers of the application's blocks, and proofs of its state: a light.Source.
type headers struct {
	x *exchange

	mu     sync.Mutex
	first  int64
	blocks []light.Block
	set    []light.Validator
	keys   []ed25519.PrivateKey
	app    []byte // the root of the state after the last block
}

// newHeaders begins at the application's last block.
func newHeaders(x *exchange) *headers {
	h := &headers{x: x}
	for i := range 4 {
		key := lighttest.Key(fmt.Sprint("validator ", i))
		h.keys = append(h.keys, key)
		h.set = append(h.set, light.Validator{Key: key.Public().(ed25519.PublicKey), Power: 1_000})
	}
	h.add()
	return h
}

// add adds the header of the application's last block.
func (h *headers) add() {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, now := h.x.Ctx(), time.Now().Add(-10*time.Millisecond)
	if n := len(h.blocks); n > 0 && !now.After(h.blocks[n-1].Header.Time) {
		now = h.blocks[n-1].Header.Time.Add(time.Millisecond)
	}
	head := light.Header{
		BlockVersion: 11, ChainID: apptest.ChainID, Height: at.BlockHeight(), Time: now.UTC(),
		ValidatorsHash: light.ValidatorsHash(h.set), NextValidatorsHash: light.ValidatorsHash(h.set), AppHash: h.app, Proposer: h.set[0].Address(),
	}
	if n := len(h.blocks); n > 0 {
		head.Last = h.blocks[n-1].Commit.Block
	} else {
		h.first, head.AppHash = at.BlockHeight(), make([]byte, 32)
	}
	h.blocks = append(h.blocks, lighttest.Sign(head, h.set, h.keys))
	h.app = h.x.App.LastCommitID().Hash
}

// root is a trust root.
func (h *headers) root() light.Root {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := h.blocks[len(h.blocks)-1]
	return light.Root{Height: b.Header.Height, Hash: b.Header.Hash()}
}

// Block implements light.Source.
func (h *headers) Block(_ context.Context, height int64, known []byte) (light.Block, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := height - h.first
	if height == 0 {
		i = int64(len(h.blocks)) - 1
	}
	if i < 0 || i >= int64(len(h.blocks)) {
		return light.Block{}, fmt.Errorf("%w: %d", lighttest.ErrNoBlock, height)
	}
	b := h.blocks[i]
	if string(b.Header.ValidatorsHash) == string(known) {
		b.Validators = nil
	}
	return b, nil
}

// Prove implements light.Source.
func (h *headers) Prove(ctx context.Context, store string, key []byte, height int64) ([]light.Layer, error) {
	res, err := h.x.App.Query(ctx, &abci.RequestQuery{Path: "/store/" + store + "/key", Data: key, Height: height, Prove: true})
	if err != nil {
		return nil, err
	}
	if res.Code != 0 {
		return nil, fmt.Errorf("proof: %s", res.Log)
	}
	var layers []light.Layer
	for _, op := range res.ProofOps.Ops {
		layers = append(layers, light.Layer{Type: op.Type, Data: op.Data})
	}
	return layers, nil
}
