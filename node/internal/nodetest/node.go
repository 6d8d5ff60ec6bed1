package nodetest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	cmtv1beta1 "cosmossdk.io/api/cosmos/base/tendermint/v1beta1"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	headersv1 "github.com/alita-network/alita/api/headers/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/light/lighttest"
)

// Node is a node over gRPC: it serves headers and proofs of a chain, and answers the queries of the modules from a state.
type Node struct {
	// Address is host:port of its gRPC server.
	Address string
	// Looked is called for each question for a header; may be nil.
	Looked func()

	chain *lighttest.Chain
	code  map[string][]byte // of programs

	mu    sync.Mutex
	state lighttest.State
	alter func(method string, req, res proto.Message) error
	asked map[string]int
}

// NewNode starts a node of a chain, which is stopped with the test. code holds the programs by their ids.
func NewNode(t testing.TB, chain *lighttest.Chain, code map[string][]byte) *Node {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &Node{Address: listener.Addr().String(), chain: chain, code: code, asked: map[string]int{}}
	server := grpc.NewServer(grpc.UnaryInterceptor(n.intercept))
	headersv1.RegisterQueryServer(server, headersServer{n: n})
	cmtv1beta1.RegisterServiceServer(server, cometServer{n: n})
	computev1.RegisterQueryServer(server, computeServer{n: n})
	metadatav1.RegisterQueryServer(server, metadataServer{n: n})
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-served)
	})
	return n
}

// Show sets the state from which the node answers queries without proofs.
func (n *Node) Show(s lighttest.State) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state = s
}

// Alter changes every answer from now on: it is called with the method's name, the question and the answer. An error is
// the answer. nil ends it.
func (n *Node) Alter(f func(method string, req, res proto.Message) error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.alter = f
}

// Asked is how often each method was called.
func (n *Node) Asked() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]int{}
	for k, v := range n.asked {
		out[k] = v
	}
	return out
}

func (n *Node) intercept(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	method := info.FullMethod[strings.LastIndex(info.FullMethod, "/")+1:]
	n.mu.Lock()
	n.asked[method]++
	alter := n.alter
	n.mu.Unlock()
	res, err := handle(ctx, req)
	if err == nil && alter != nil {
		if err := alter(method, req.(proto.Message), res.(proto.Message)); err != nil {
			return nil, err
		}
	}
	return res, err
}

// read decodes what a key of the state holds.
func read[M any, P interface {
	*M
	proto.Message
}](n *Node, store string, key []byte) (P, error) {
	n.mu.Lock()
	value, ok := n.state[store][string(key)]
	n.mu.Unlock()
	if !ok {
		return nil, status.Error(codes.NotFound, "not found")
	}
	m := P(new(M))
	return m, proto.Unmarshal(value, m)
}

// under are the rests of the keys that begin with a prefix, in their order.
func (n *Node) under(store string, prefix []byte) (rests []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for key := range n.state[store] {
		if rest, ok := bytes.CutPrefix([]byte(key), prefix); ok {
			rests = append(rests, string(rest))
		}
	}
	slices.Sort(rests)
	return rests
}

type headersServer struct {
	headersv1.UnimplementedQueryServer
	n *Node
}

func (s headersServer) Block(ctx context.Context, req *headersv1.QueryBlockRequest) (*headersv1.QueryBlockResponse, error) {
	if s.n.Looked != nil {
		s.n.Looked()
	}
	b, err := s.n.chain.Block(ctx, req.Height, req.KnownValidatorsHash)
	if err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	return &headersv1.QueryBlockResponse{Block: b.Encode()}, nil
}

type cometServer struct {
	cmtv1beta1.UnimplementedServiceServer
	n *Node
}

func (s cometServer) ABCIQuery(ctx context.Context, req *cmtv1beta1.ABCIQueryRequest) (*cmtv1beta1.ABCIQueryResponse, error) {
	store, ok := strings.CutSuffix(strings.TrimPrefix(req.Path, "/store/"), "/key")
	if !ok || !req.Prove {
		return nil, status.Error(codes.InvalidArgument, "path")
	}
	layers, err := s.n.chain.Prove(ctx, store, req.Data, req.Height)
	if err != nil {
		return &cmtv1beta1.ABCIQueryResponse{Code: 1, Log: err.Error()}, nil
	}
	return &cmtv1beta1.ABCIQueryResponse{ProofOps: proofOps(layers)}, nil
}

func proofOps(layers []light.Layer) *cmtv1beta1.ProofOps {
	out := &cmtv1beta1.ProofOps{}
	for _, l := range layers {
		out.Ops = append(out.Ops, &cmtv1beta1.ProofOp{Type_: l.Type, Data: l.Data})
	}
	return out
}

func (s cometServer) GetNodeInfo(context.Context, *cmtv1beta1.GetNodeInfoRequest) (*cmtv1beta1.GetNodeInfoResponse, error) {
	return nil, status.Error(codes.Unavailable, fmt.Sprintf("chain %s", s.n.chain.ID))
}

type computeServer struct {
	computev1.UnimplementedQueryServer
	n *Node
}

// job joins the parts of a job.
func (s computeServer) job(id string) (*computev1.Job, error) {
	progress, err := read[computev1.JobProgress](s.n, keys.Compute, keys.Progress(id))
	if err != nil {
		return nil, err
	}
	terms, err := read[computev1.JobTerms](s.n, keys.Compute, keys.Terms(id))
	if err != nil {
		return nil, err
	}
	question, err := read[computev1.JobQuestion](s.n, keys.Compute, keys.Question(id))
	if err != nil {
		return nil, err
	}
	seats, err := read[computev1.JobSeats](s.n, keys.Compute, keys.Seats(id))
	if err != nil && status.Code(err) != codes.NotFound {
		return nil, err
	}
	terms.Spec.Input, terms.Spec.ReaderKey = question.Input, question.ReaderKey
	return &computev1.Job{
		Id: id, Consumer: terms.Consumer, Spec: terms.Spec, Status: progress.Status, Failure: progress.Failure, DeadlineHeight: progress.DeadlineHeight,
		DataPerAlita: terms.DataPerAlita, Owners: progress.Owners, Reserved: progress.Reserved, StakersFeePpm: terms.StakersFeePpm,
		Round: progress.Round, Attempt: progress.Attempt, Seats: seats.GetSeats(), VerifyKey: seats.GetVerifyKey(), Contributions: progress.Contributions,
		Valid: seats.GetValid(), MicroRho: terms.MicroRho, Vdaf: terms.Vdaf, OpenedAttempts: seats.GetOpenedAttempts(),
	}, nil
}

func (s computeServer) jobs(wanted func(*computev1.Job) bool) (out []*computev1.Job, err error) {
	for _, id := range s.n.under(keys.Compute, keys.Progress("")) {
		j, err := s.job(id)
		if err != nil {
			return nil, err
		}
		if wanted(j) {
			out = append(out, j)
		}
	}
	return out, nil
}

func (s computeServer) JobsByPool(_ context.Context, req *computev1.QueryJobsByPoolRequest) (*computev1.QueryJobsByPoolResponse, error) {
	jobs, err := s.jobs(func(j *computev1.Job) bool { return j.Spec.PoolId == req.PoolId && j.Status == req.Status })
	return &computev1.QueryJobsByPoolResponse{Jobs: jobs}, err
}

func (s computeServer) JobsBySeat(_ context.Context, req *computev1.QueryJobsBySeatRequest) (*computev1.QueryJobsBySeatResponse, error) {
	jobs, err := s.jobs(func(j *computev1.Job) bool {
		return slices.ContainsFunc(j.Seats, func(seat *computev1.JobSeat) bool { return seat.Account == req.Account })
	})
	return &computev1.QueryJobsBySeatResponse{Jobs: jobs}, err
}

func (s computeServer) ProgramCode(_ context.Context, req *computev1.QueryProgramCodeRequest) (*computev1.QueryProgramCodeResponse, error) {
	code, ok := s.n.code[req.ProgramId]
	if !ok {
		return nil, status.Error(codes.NotFound, "not found")
	}
	return &computev1.QueryProgramCodeResponse{Code: bytes.Clone(code)}, nil
}

func (s computeServer) Contributions(_ context.Context, req *computev1.QueryContributionsRequest) (*computev1.QueryContributionsResponse, error) {
	res := &computev1.QueryContributionsResponse{}
	for _, record := range s.n.under(keys.Compute, keys.Contribution(req.JobId, "")) {
		c, err := read[computev1.Contribution](s.n, keys.Compute, keys.Contribution(req.JobId, record))
		if err != nil {
			return nil, err
		}
		res.Contributions = append(res.Contributions, c)
	}
	return res, nil
}

func (s computeServer) Shares(_ context.Context, req *computev1.QuerySharesRequest) (*computev1.QuerySharesResponse, error) {
	shared, err := read[computev1.SharedVector](s.n, keys.Compute, keys.Shares(req.JobId, req.RecordId))
	return &computev1.QuerySharesResponse{Shared: shared}, err
}

type metadataServer struct {
	metadatav1.UnimplementedQueryServer
	n *Node
}

func (s metadataServer) RecordsByOwner(_ context.Context, req *metadatav1.QueryRecordsByOwnerRequest) (*metadatav1.QueryRecordsByOwnerResponse, error) {
	res := &metadatav1.QueryRecordsByOwnerResponse{}
	for _, id := range s.n.under(keys.Metadata, keys.Record("")) {
		r, err := read[metadatav1.Record](s.n, keys.Metadata, keys.Record(id))
		if err != nil {
			return nil, err
		}
		if r.Owner == req.Owner {
			res.Records = append(res.Records, r)
		}
	}
	return res, nil
}

func (s metadataServer) Grants(_ context.Context, req *metadatav1.QueryGrantsRequest) (*metadatav1.QueryGrantsResponse, error) {
	res := &metadatav1.QueryGrantsResponse{}
	prefix := keys.Grant(req.RecordId, 0)
	prefix = prefix[:len(prefix)-8]
	for _, id := range s.n.under(keys.Metadata, prefix) {
		g, err := read[metadatav1.Grant](s.n, keys.Metadata, append(bytes.Clone(prefix), id...))
		if err != nil {
			return nil, err
		}
		res.Grants = append(res.Grants, g)
	}
	return res, nil
}

// panel is a panel with its members.
func (s metadataServer) panel(id string) (*metadatav1.Panel, error) {
	p, err := read[metadatav1.Panel](s.n, keys.Metadata, keys.Panel(id))
	if err != nil {
		return nil, err
	}
	for _, record := range s.n.under(keys.Metadata, keys.PanelMember(id, "")) {
		m, err := read[metadatav1.PanelMember](s.n, keys.Metadata, keys.PanelMember(id, record))
		if err != nil {
			return nil, err
		}
		p.Members = append(p.Members, m)
	}
	return p, nil
}

func (s metadataServer) Panel(_ context.Context, req *metadatav1.QueryPanelRequest) (*metadatav1.QueryPanelResponse, error) {
	p, err := s.panel(req.PanelId)
	return &metadatav1.QueryPanelResponse{Panel: p}, err
}

func (s metadataServer) PanelsByPool(_ context.Context, req *metadatav1.QueryPanelsByPoolRequest) (*metadatav1.QueryPanelsByPoolResponse, error) {
	res := &metadatav1.QueryPanelsByPoolResponse{}
	for _, id := range s.n.under(keys.Metadata, keys.Panel("")) {
		p, err := s.panel(id)
		if err != nil {
			return nil, err
		}
		if p.PoolId == req.PoolId {
			res.Panels = append(res.Panels, p)
		}
	}
	return res, nil
}

func (s metadataServer) Versions(_ context.Context, req *metadatav1.QueryVersionsRequest) (*metadatav1.QueryVersionsResponse, error) {
	res := &metadatav1.QueryVersionsResponse{}
	prefix := keys.Version(req.RecordId, 0)
	prefix = prefix[:len(prefix)-4]
	for _, number := range s.n.under(keys.Metadata, prefix) {
		v, err := read[metadatav1.Version](s.n, keys.Metadata, append(bytes.Clone(prefix), number...))
		if err != nil {
			return nil, err
		}
		res.Versions = append(res.Versions, v)
	}
	return res, nil
}
