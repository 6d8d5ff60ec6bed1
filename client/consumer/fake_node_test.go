package consumer_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/cometbft/cometbft/p2p"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

// noNode is a connection to nothing.
type noNode struct{}

func (noNode) Invoke(context.Context, string, any, any, ...grpc.CallOption) error {
	return status.Error(codes.Unavailable, "connection refused")
}

func (noNode) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams")
}

// fakeNode is a node with a chain behind it.
type fakeNode struct {
	noNode

	t       *testing.T
	id      string
	network string
	chain   *ownersChain
	// lie changes the answer to a query for the sums of a round, lieJob the job.
	lie    func(*types.RoundSums)
	lieJob func(*types.Job)
	// balance is what the consumer has of each coin.
	balance int64
	// opened is called with the message that opens a job.
	opened func(*types.MsgOpenJob)
	// simulated and checked refuse transactions; a refused one is taken nevertheless.
	simulated error
	checked   *sdk.TxResponse

	asked int // queries for sums
}

func newNode(t *testing.T, id string, c *ownersChain) (*fakeNode, consumer.Node) {
	t.Helper()
	n := &fakeNode{t: t, id: id, network: chainID, chain: c, balance: 1 << 40}
	return n, consumer.Node{Name: id, Conn: n}
}

// Invoke implements grpc.ClientConnInterface.
func (n *fakeNode) Invoke(ctx context.Context, _ string, req, reply any, _ ...grpc.CallOption) error {
	switch r := req.(type) {
	case *cmtservice.GetNodeInfoRequest:
		reply.(*cmtservice.GetNodeInfoResponse).DefaultNodeInfo = p2p.DefaultNodeInfo{DefaultNodeID: p2p.ID(n.id), Network: n.network}.ToProto()
	case *types.QueryJobRequest:
		job, _, err := n.chain.Job(ctx, r.JobId)
		if n.lieJob != nil {
			n.lieJob(&job)
		}
		reply.(*types.QueryJobResponse).Job = job
		return err
	case *types.QueryProgramRequest:
		reply.(*types.QueryProgramResponse).Program = n.chain.program
	case *types.QueryContributionsRequest:
		all, err := n.chain.Contributions(ctx, r.JobId)
		reply.(*types.QueryContributionsResponse).Contributions = all
		return err
	case *types.QuerySumsRequest:
		n.asked++
		sums, err := n.chain.Sums(ctx, r.JobId, r.Round)
		if n.lie != nil {
			n.lie(&sums)
		}
		reply.(*types.QuerySumsResponse).Sums = sums
		return err
	case *banktypes.QuerySpendableBalanceByDenomRequest:
		coin := sdk.NewInt64Coin(r.Denom, n.balance)
		reply.(*banktypes.QuerySpendableBalanceByDenomResponse).Balance = &coin
	default:
		return n.send(ctx, req, reply)
	}
	return nil
}

// send answers what a sender asks.
func (n *fakeNode) send(_ context.Context, req, reply any) error {
	switch r := req.(type) {
	case *authtypes.QueryAccountInfoRequest:
		reply.(*authtypes.QueryAccountInfoResponse).Info = &authtypes.BaseAccount{Address: r.Address}
	case *nodeservice.ConfigRequest:
		reply.(*nodeservice.ConfigResponse).MinimumGasPrice = "1ualita"
	case *txtypes.SimulateRequest:
		reply.(*txtypes.SimulateResponse).GasInfo = &sdk.GasInfo{GasUsed: 1}
		return n.simulated
	case *txtypes.BroadcastTxRequest:
		var sent txtypes.Tx
		require.NoError(n.t, sent.Unmarshal(r.TxBytes))
		var msg types.MsgOpenJob
		require.NoError(n.t, msg.Unmarshal(sent.Body.Messages[0].Value))
		n.opened(&msg)
		reply.(*txtypes.BroadcastTxResponse).TxResponse = &sdk.TxResponse{TxHash: "AB"}
		if n.checked != nil {
			reply.(*txtypes.BroadcastTxResponse).TxResponse = n.checked
		}
	case *txtypes.GetTxRequest:
		reply.(*txtypes.GetTxResponse).TxResponse = &sdk.TxResponse{TxHash: "AB", Height: 12}
	default:
		return status.Errorf(codes.Unimplemented, "%T", req)
	}
	return nil
}

// payerAt is a client of a node with others to compare it with.
func payerAt(t *testing.T, home string, node consumer.Node, others ...consumer.Node) *consumer.Client {
	t.Helper()
	key := secp256k1.GenPrivKeyFromSecret([]byte("consumer"))
	return &consumer.Client{
		Sender: &tx.Client{Conn: node.Conn, Signer: tx.FromKey(key), ChainID: chainID}, Home: home, Node: node.Name, CheckNodes: others,
	}
}

// behindNode asks a node for everything, and sends without one.
type behindNode struct {
	consumer.Chain
	to *ownersChain
}

func (c behindNode) Send(ctx context.Context, msg sdk.Msg) error { return c.to.Send(ctx, msg) }

// followAt follows a job at a node and compares it with others.
func followAt(t *testing.T, c *ownersChain, home string, run *consumer.SavedRun, node consumer.Node, others ...consumer.Node) (consumer.Answer, string, error) {
	t.Helper()
	r, err := consumer.NewRun(behindNode{consumer.NodeChain(node.Conn), c}, home, run)
	require.NoError(t, err)
	for _, o := range others {
		r.Witness(node.Name, o.Name, consumer.NodeChain(o.Conn))
	}
	var out bytes.Buffer
	_, err = r.Follow(t.Context(), writeEvents(&out))
	return r.Answer(), out.String(), err
}
