package chain_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	nodetypes "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"

	"github.com/alita-network/alita/node/chain"
	computetypes "github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// node is a gRPC server with the services that a sender uses, and the sequence rule of a chain. It takes
// transactions into a block at once, or holds them back.
type node struct {
	mu       sync.Mutex
	height   uint64
	sequence uint64
	txs      map[string]*sdk.TxResponse
	seen     []*txtypes.Tx // all that were broadcast

	raced    int    // as many times another transaction of the account comes in between
	rising   int    // how many transactions pay too little for the price by then
	busy     int    // how many simulations find no place
	refusal  string // what the simulation says
	withhold bool   // nothing gets into a block
	least    int64  // the least fee that gets into a block
	failing  *sdk.TxResponse
	records  int

	job          computetypes.Job
	program      computetypes.Program
	contribution computetypes.Contribution
	record       metadatatypes.Record
	version      metadatatypes.Version
	grants       []metadatatypes.Grant
	seats        []computetypes.Seat
	balance      string
	granters     []string
}

// Each service has a type of its own, since their methods have names in common.
type (
	nodeService struct {
		*nodetypes.UnimplementedServiceServer
		*node
	}
	authService struct {
		*authtypes.UnimplementedQueryServer
		*node
	}
	txService struct {
		*txtypes.UnimplementedServiceServer
		*node
	}
	metadataService struct {
		*metadatatypes.UnimplementedQueryServer
		*node
	}
	bankService struct {
		*banktypes.UnimplementedQueryServer
		*node
	}
	grantService struct {
		*feegrant.UnimplementedQueryServer
		*node
	}
	computeService struct {
		*computetypes.UnimplementedQueryServer
		*node
	}
	feemarketService struct {
		*feemarkettypes.UnimplementedQueryServer
		*node
	}
)

func (n nodeService) Status(context.Context, *nodetypes.StatusRequest) (*nodetypes.StatusResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.height++
	now := time.Unix(int64(n.height), 0)
	return &nodetypes.StatusResponse{Height: n.height, Timestamp: &now}, nil
}

func (n nodeService) Config(context.Context, *nodetypes.ConfigRequest) (*nodetypes.ConfigResponse, error) {
	return &nodetypes.ConfigResponse{MinimumGasPrice: "0.01ualita"}, nil
}

func (n feemarketService) Params(context.Context, *feemarkettypes.QueryParamsRequest) (*feemarkettypes.QueryParamsResponse, error) {
	return &feemarkettypes.QueryParamsResponse{Params: feemarkettypes.Params{MinGasPrice: 2_500_000}}, nil
}

func (n feemarketService) GasPrice(context.Context, *feemarkettypes.QueryGasPriceRequest) (*feemarkettypes.QueryGasPriceResponse, error) {
	return &feemarkettypes.QueryGasPriceResponse{GasPrice: feemarkettypes.GasPrice{ContributionsNext: 1_500_000}}, nil
}

func (n authService) AccountInfo(_ context.Context, r *authtypes.QueryAccountInfoRequest) (*authtypes.QueryAccountInfoResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.records < 0 {
		return nil, status.Error(codes.NotFound, "account not found")
	}
	return &authtypes.QueryAccountInfoResponse{Info: &authtypes.BaseAccount{Address: r.Address, AccountNumber: 7, Sequence: n.sequence}}, nil
}

func decode(raw []byte) *txtypes.Tx {
	var t txtypes.TxRaw
	var body txtypes.TxBody
	var auth txtypes.AuthInfo
	if t.Unmarshal(raw) != nil || body.Unmarshal(t.BodyBytes) != nil || auth.Unmarshal(t.AuthInfoBytes) != nil {
		return nil
	}
	return &txtypes.Tx{Body: &body, AuthInfo: &auth, Signatures: t.Signatures}
}

func (n txService) Simulate(_ context.Context, r *txtypes.SimulateRequest) (*txtypes.SimulateResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := decode(r.TxBytes)
	switch {
	case t == nil:
		return nil, status.Error(codes.InvalidArgument, "not a transaction")
	case n.busy > 0:
		n.busy--
		return nil, status.Error(codes.ResourceExhausted, "simulations: expected a free place on this node, got none")
	case n.refusal != "":
		return nil, status.Error(codes.Unknown, n.refusal)
	case t.AuthInfo.SignerInfos[0].Sequence != n.sequence:
		return nil, status.Error(codes.Unknown, "account sequence mismatch, expected 5, got 4: incorrect account sequence")
	}
	return &txtypes.SimulateResponse{GasInfo: &sdk.GasInfo{GasUsed: 100_000}}, nil
}

func (n txService) BroadcastTx(_ context.Context, r *txtypes.BroadcastTxRequest) (*txtypes.BroadcastTxResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := decode(r.TxBytes)
	n.seen = append(n.seen, t)
	if n.raced > 0 {
		n.raced--
		n.sequence++
	}
	sum := sha256.Sum256(r.TxBytes)
	res := &sdk.TxResponse{TxHash: strings.ToUpper(hex.EncodeToString(sum[:])), Height: int64(n.height) + 1, GasUsed: 90_000}
	if t.AuthInfo.SignerInfos[0].Sequence != n.sequence {
		return &txtypes.BroadcastTxResponse{TxResponse: &sdk.TxResponse{Codespace: "sdk", Code: 32, RawLog: "incorrect account sequence"}}, nil
	}
	if n.rising > 0 {
		n.rising--
		return &txtypes.BroadcastTxResponse{TxResponse: &sdk.TxResponse{Codespace: "feemarket", Code: 5, RawLog: "fee: expected more"}}, nil
	}
	if n.withhold || !t.AuthInfo.Fee.Amount.AmountOf("ualita").GTE(math.NewInt(n.least)) {
		return &txtypes.BroadcastTxResponse{TxResponse: &sdk.TxResponse{}}, nil
	}
	n.sequence++
	if n.failing != nil {
		res.Codespace, res.Code, res.RawLog = n.failing.Codespace, n.failing.Code, n.failing.RawLog
	}
	n.txs[res.TxHash] = res
	return &txtypes.BroadcastTxResponse{TxResponse: &sdk.TxResponse{}}, nil
}

func (n txService) GetTx(_ context.Context, r *txtypes.GetTxRequest) (*txtypes.GetTxResponse, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	res, ok := n.txs[r.Hash]
	if !ok {
		return nil, status.Error(codes.NotFound, "tx not found")
	}
	return &txtypes.GetTxResponse{TxResponse: res}, nil
}

// RecordsByOwner hands out n.records records in pages, whatever limit is asked for.
func (n metadataService) RecordsByOwner(_ context.Context, r *metadatatypes.QueryRecordsByOwnerRequest) (*metadatatypes.QueryRecordsByOwnerResponse, error) {
	start := 0
	if len(r.Pagination.Key) > 0 {
		start = int(r.Pagination.Key[0])
	}
	out := &metadatatypes.QueryRecordsByOwnerResponse{Pagination: &query.PageResponse{}}
	for i := start; i < n.records; i++ {
		if i == start+7 {
			out.Pagination.NextKey = []byte{byte(i)}
			break
		}
		out.Records = append(out.Records, metadatatypes.Record{Id: string(rune('a' + i)), Owner: r.Owner})
	}
	return out, nil
}

func (n metadataService) Worker(context.Context, *metadatatypes.QueryWorkerRequest) (*metadatatypes.QueryWorkerResponse, error) {
	return nil, status.Error(codes.NotFound, "no such worker")
}

func (n metadataService) Record(context.Context, *metadatatypes.QueryRecordRequest) (*metadatatypes.QueryRecordResponse, error) {
	return &metadatatypes.QueryRecordResponse{Record: n.record, Version: n.version}, nil
}

func (n metadataService) Grants(context.Context, *metadatatypes.QueryGrantsRequest) (*metadatatypes.QueryGrantsResponse, error) {
	return &metadatatypes.QueryGrantsResponse{Grants: n.grants}, nil
}

func (n computeService) Job(context.Context, *computetypes.QueryJobRequest) (*computetypes.QueryJobResponse, error) {
	return &computetypes.QueryJobResponse{Job: n.job}, nil
}

func (n computeService) JobsByPool(_ context.Context, r *computetypes.QueryJobsByPoolRequest) (*computetypes.QueryJobsByPoolResponse, error) {
	if r.PoolId != n.job.Spec.PoolId || r.Status != n.job.Status {
		return &computetypes.QueryJobsByPoolResponse{}, nil
	}
	return &computetypes.QueryJobsByPoolResponse{Jobs: []computetypes.Job{n.job}}, nil
}

func (n computeService) Program(context.Context, *computetypes.QueryProgramRequest) (*computetypes.QueryProgramResponse, error) {
	return &computetypes.QueryProgramResponse{Program: n.program}, nil
}

func (n computeService) Contribution(context.Context, *computetypes.QueryContributionRequest) (*computetypes.QueryContributionResponse, error) {
	return &computetypes.QueryContributionResponse{Contribution: n.contribution}, nil
}

// Seats hands out one seat on a page.
func (n computeService) Seats(_ context.Context, r *computetypes.QuerySeatsRequest) (*computetypes.QuerySeatsResponse, error) {
	at := 0
	if len(r.Pagination.Key) > 0 {
		at = int(r.Pagination.Key[0])
	}
	if at >= len(n.seats) {
		return &computetypes.QuerySeatsResponse{}, nil
	}
	return &computetypes.QuerySeatsResponse{Seats: n.seats[at : at+1], Pagination: &query.PageResponse{NextKey: []byte{byte(at + 1)}}}, nil
}

func (n computeService) Params(context.Context, *computetypes.QueryParamsRequest) (*computetypes.QueryParamsResponse, error) {
	return &computetypes.QueryParamsResponse{Params: computetypes.DefaultParams()}, nil
}

func (n bankService) SpendableBalanceByDenom(_ context.Context, r *banktypes.QuerySpendableBalanceByDenomRequest) (*banktypes.QuerySpendableBalanceByDenomResponse, error) {
	amount, _ := math.NewIntFromString(n.balance)
	return &banktypes.QuerySpendableBalanceByDenomResponse{Balance: &sdk.Coin{Denom: r.Denom, Amount: amount}}, nil
}

func (n grantService) Allowances(_ context.Context, r *feegrant.QueryAllowancesRequest) (*feegrant.QueryAllowancesResponse, error) {
	out := &feegrant.QueryAllowancesResponse{}
	for _, g := range n.granters {
		out.Allowances = append(out.Allowances, &feegrant.Grant{Granter: g, Grantee: r.Grantee})
	}
	return out, nil
}

// serve starts the node on a free port and returns a client of it.
func serve(t testing.TB) (*node, *chain.Client) {
	t.Helper()
	n := &node{height: 100, sequence: 4, txs: map[string]*sdk.TxResponse{}}
	registry := codectypes.NewInterfaceRegistry()
	server := grpc.NewServer(grpc.ForceServerCodec(codec.NewProtoCodec(registry).GRPCCodec()))
	nodetypes.RegisterServiceServer(server, nodeService{node: n})
	authtypes.RegisterQueryServer(server, authService{node: n})
	txtypes.RegisterServiceServer(server, txService{node: n})
	computetypes.RegisterQueryServer(server, computeService{node: n})
	feemarkettypes.RegisterQueryServer(server, feemarketService{node: n})
	metadatatypes.RegisterQueryServer(server, metadataService{node: n})
	banktypes.RegisterQueryServer(server, bankService{node: n})
	feegrant.RegisterQueryServer(server, grantService{node: n})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	client, err := chain.Dial(listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return n, client
}
