package rpcnode

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtbytes "github.com/cometbft/cometbft/libs/bytes"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/p2p"
	cmtcrypto "github.com/cometbft/cometbft/proto/tendermint/crypto"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"

	apptest "github.com/alita-network/alita/testutil/app"
)

// GasPrice is what the nodes ask for a unit of gas.
const GasPrice = "0.0025ualita"

// Node is a node of a network. It tells the truth unless Alter makes it lie.
type Node struct {
	// Address is tcp://host:port of its RPC.
	Address string
	// Name is its id.
	Name string

	net *Network

	mu    sync.Mutex
	lie   Lie
	asked map[string]int
}

// Lie changes an answer. method is the name of a query, such as Pool, or of the RPC: commit, validators, broadcast_tx_sync and
// store. answer is a pointer: a message of the query's response, *coretypes.ResultCommit, *coretypes.ResultValidators,
// *coretypes.ResultBroadcastTx or *abci.ResponseQuery. An error is the answer.
type Lie func(method string, answer any) error

// Node starts a node, which is stopped with the test.
func (n *Network) Node(t testing.TB, name string) *Node {
	t.Helper()
	node := &Node{Name: name, net: n, asked: map[string]int{}}
	mux := http.NewServeMux()
	rpcserver.RegisterRPCFuncs(mux, map[string]*rpcserver.RPCFunc{
		"abci_query":        rpcserver.NewRPCFunc(node.abciQuery, "path,data,height,prove"),
		"broadcast_tx_sync": rpcserver.NewRPCFunc(node.broadcastTxSync, "tx"),
		"commit":            rpcserver.NewRPCFunc(node.commit, "height"),
		"validators":        rpcserver.NewRPCFunc(node.validators, "height,page,per_page"),
	}, cmtlog.NewNopLogger())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: mux}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	})
	node.Address = "tcp://" + listener.Addr().String()
	return node
}

// Alter has the node lie from now on; nil ends it.
func (n *Node) Alter(lie Lie) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lie = lie
}

// Asked is how often each method was called.
func (n *Node) Asked(method string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.asked[method]
}

func (n *Node) altered(method string, answer any) error {
	n.mu.Lock()
	n.asked[method]++
	lie := n.lie
	n.mu.Unlock()
	if lie == nil {
		return nil
	}
	return lie(method, answer)
}

func (n *Node) commit(_ *rpctypes.Context, height *int64) (*coretypes.ResultCommit, error) {
	if height == nil {
		n.net.grow()
		height = new(int64)
	}
	block, err := n.block(*height)
	if err != nil {
		return nil, err
	}
	signed, err := cmttypes.SignedHeaderFromProto(block.SignedHeader)
	if err != nil {
		return nil, err
	}
	res := &coretypes.ResultCommit{SignedHeader: *signed, CanonicalCommit: true}
	return res, n.altered("commit", res)
}

// block is a block of the headers; 0 is the newest.
func (n *Node) block(height int64) (*cmtproto.LightBlock, error) {
	b, err := n.net.headers.Block(context.Background(), height, nil)
	if err != nil {
		return nil, err
	}
	var block cmtproto.LightBlock
	return &block, proto.Unmarshal(b.Encode(), &block)
}

func (n *Node) validators(_ *rpctypes.Context, height *int64, _, _ *int) (*coretypes.ResultValidators, error) {
	if height == nil {
		height = new(int64)
	}
	block, err := n.block(*height)
	if err != nil {
		return nil, err
	}
	res := &coretypes.ResultValidators{BlockHeight: *height}
	for _, v := range block.ValidatorSet.Validators {
		validator, err := cmttypes.ValidatorFromProto(v)
		if err != nil {
			return nil, err
		}
		res.Validators = append(res.Validators, validator)
	}
	res.Count, res.Total = len(res.Validators), len(res.Validators)
	return res, n.altered("validators", res)
}

// ErrDrop is the error of a lie that keeps a transaction from the chain and says that it is taken.
var ErrDrop = errors.New("dropped")

func (n *Node) broadcastTxSync(_ *rpctypes.Context, tx cmttypes.Tx) (*coretypes.ResultBroadcastTx, error) {
	res := &coretypes.ResultBroadcastTx{Hash: tx.Hash()}
	before := *res
	n.net.mu.Lock()
	n.net.sent = append(n.net.sent, tx)
	n.net.mu.Unlock()
	if err := n.altered("before broadcast", res); errors.Is(err, ErrDrop) {
		return &before, nil
	}
	n.net.mu.Lock()
	checked, err := n.net.app.App.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: abci.CheckTxType_New})
	if err == nil {
		res.Code, res.Codespace, res.Log = checked.Code, checked.Codespace, checked.Log
		hash := fmt.Sprintf("%X", sha256.Sum256(tx))
		if _, known := n.net.results[hash]; known {
			e := sdkerrors.ErrTxInMempoolCache
			res.Code, res.Codespace = e.ABCICode(), e.Codespace()
		} else if res.Code == 0 {
			executed := n.net.block(tx).TxResults[0]
			n.net.results[hash] = included{n.net.app.Height() - 1, executed}
			n.net.fast = true
		}
	}
	n.net.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return res, n.altered("broadcast_tx_sync", res)
}

func (n *Node) abciQuery(_ *rpctypes.Context, path string, data cmtbytes.HexBytes, height int64, prove bool) (*coretypes.ResultABCIQuery, error) {
	if strings.HasPrefix(path, "/store/") {
		store, _, _ := strings.Cut(strings.TrimPrefix(path, "/store/"), "/")
		n.net.mu.Lock()
		layers, err := n.net.headers.Prove(context.Background(), store, data, height)
		n.net.mu.Unlock()
		if err != nil {
			return nil, err
		}
		res := &abci.ResponseQuery{Height: height, ProofOps: &cmtcrypto.ProofOps{}}
		for _, l := range layers {
			res.ProofOps.Ops = append(res.ProofOps.Ops, cmtcrypto.ProofOp{Type: l.Type, Data: l.Data})
		}
		if err := n.altered("store", res); err != nil {
			return nil, err
		}
		return &coretypes.ResultABCIQuery{Response: *res}, nil
	}
	answer, err := n.query(path, data)
	if err != nil {
		res := sdkerrors.QueryResult(err, false)
		return &coretypes.ResultABCIQuery{Response: *res}, nil
	}
	if err := n.altered(path[strings.LastIndex(path, "/")+1:], answer); err != nil {
		return nil, err
	}
	value, err := proto.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &coretypes.ResultABCIQuery{Response: abci.ResponseQuery{Value: value, Height: n.net.headers.Height()}}, nil
}

// query answers a query of the node's own services, or of a module.
func (n *Node) query(path string, data []byte) (proto.Message, error) {
	n.net.mu.Lock()
	defer n.net.mu.Unlock()
	switch path {
	case "/cosmos.tx.v1beta1.Service/Simulate":
		var req txtypes.SimulateRequest
		if err := req.Unmarshal(data); err != nil {
			return nil, err
		}
		gas, result, err := n.net.app.App.Simulate(req.TxBytes)
		return &txtypes.SimulateResponse{GasInfo: &gas, Result: result}, err
	case "/cosmos.tx.v1beta1.Service/GetTx":
		var req txtypes.GetTxRequest
		if err := req.Unmarshal(data); err != nil {
			return nil, err
		}
		found, ok := n.net.results[req.Hash]
		if !ok {
			return nil, sdkerrors.ErrNotFound.Wrap("tx")
		}
		r := found.result
		return &txtypes.GetTxResponse{Tx: &txtypes.Tx{}, TxResponse: &sdk.TxResponse{
			TxHash: req.Hash, Height: found.height, Code: r.Code, Codespace: r.Codespace, RawLog: r.Log, Data: strings.ToUpper(hex.EncodeToString(r.Data)), GasUsed: r.GasUsed,
		}}, nil
	case "/cosmos.base.node.v1beta1.Service/Config":
		return &nodeservice.ConfigResponse{MinimumGasPrice: GasPrice}, nil
	case "/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo":
		return &cmtservice.GetNodeInfoResponse{DefaultNodeInfo: p2p.DefaultNodeInfo{Network: apptest.ChainID, DefaultNodeID: p2p.ID(n.Name)}.ToProto()}, nil
	}
	handle := n.net.app.App.GRPCQueryRouter().Route(path)
	if handle == nil {
		return nil, sdkerrors.ErrUnknownRequest.Wrap(path)
	}
	res, err := handle(n.net.app.Ctx(), &abci.RequestQuery{Path: path, Data: data})
	if err != nil {
		return nil, err
	}
	answer, err := responseOf(path)
	if err != nil {
		return nil, err
	}
	return answer, proto.Unmarshal(res.Value, answer)
}

// responseOf returns an empty response of a query, by the names that all of the chain's queries have.
func responseOf(path string) (proto.Message, error) {
	service, method, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name := service[:strings.LastIndex(service, ".")+1] + "Query" + method + "Response"
	kind := proto.MessageType(name)
	if kind == nil {
		return nil, fmt.Errorf("response: expected a message %s, got none", name)
	}
	return reflect.New(kind.Elem()).Interface().(proto.Message), nil
}
