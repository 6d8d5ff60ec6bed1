package keeper

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

type queryServer struct{ *Keeper }

// NewQueryServer returns the Query service of the module.
func NewQueryServer(k *Keeper) types.QueryServer { return queryServer{k} }

var _ types.QueryServer = queryServer{}

var errEmptyRequest = status.Error(codes.InvalidArgument, "request: expected one, got none")

// Params implements types.QueryServer.
func (q queryServer) Params(ctx context.Context, req *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	params, err := q.Keeper.Params.Get(ctx)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QueryParamsResponse{Params: params}, nil
}

// Program implements types.QueryServer.
func (q queryServer) Program(ctx context.Context, req *types.QueryProgramRequest) (*types.QueryProgramResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	program, err := q.Keeper.Program(ctx, req.ProgramId)
	if err != nil {
		return nil, err
	}
	return &types.QueryProgramResponse{Program: program}, nil
}

// ProgramCode implements types.QueryServer.
func (q queryServer) ProgramCode(ctx context.Context, req *types.QueryProgramCodeRequest) (*types.QueryProgramCodeResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.Keeper.Program(ctx, req.ProgramId); err != nil {
		return nil, err
	}
	code, err := q.Code.Get(ctx, req.ProgramId)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QueryProgramCodeResponse{Code: code}, nil
}

// Programs implements types.QueryServer.
func (q queryServer) Programs(ctx context.Context, req *types.QueryProgramsRequest) (*types.QueryProgramsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	programs, page, err := modulekit.Paginate(ctx, q.Keeper.Programs, nil, req.Pagination,
		func(_ string, p types.Program) (types.Program, error) { return p, nil })
	if err != nil {
		return nil, err
	}
	return &types.QueryProgramsResponse{Programs: programs, Pagination: page}, nil
}

// Job implements types.QueryServer.
func (q queryServer) Job(ctx context.Context, req *types.QueryJobRequest) (*types.QueryJobResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	job, err := q.Keeper.Job(ctx, req.JobId)
	if err != nil {
		return nil, err
	}
	if job, err = q.withKeys(ctx, job); err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QueryJobResponse{Job: job}, nil
}

// JobsByPool implements types.QueryServer.
func (q queryServer) JobsByPool(ctx context.Context, req *types.QueryJobsByPoolRequest) (*types.QueryJobsByPoolResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	var (
		jobs []types.Job
		page *query.PageResponse
		err  error
	)
	if req.Status == types.JOB_STATUS_UNSPECIFIED {
		jobs, page, err = modulekit.Paginate(ctx, q.Keeper.JobsByPool,
			new(collections.TriplePrefix[uint64, int64, string](req.PoolId)), req.Pagination,
			func(key collections.Triple[uint64, int64, string], _ collections.NoValue) (types.Job, error) {
				return q.Keeper.Job(ctx, key.K3())
			})
	} else {
		jobs, page, err = modulekit.Paginate(ctx, q.JobsByStatus,
			new(collections.QuadSuperPrefix[uint64, int32, int64, string](req.PoolId, int32(req.Status))), req.Pagination,
			func(key collections.Quad[uint64, int32, int64, string], _ collections.NoValue) (types.Job, error) {
				return q.Keeper.Job(ctx, key.K4())
			})
	}
	if err != nil {
		return nil, err
	}
	return &types.QueryJobsByPoolResponse{Jobs: jobs, Pagination: page}, nil
}

// JobsByConsumer implements types.QueryServer.
func (q queryServer) JobsByConsumer(ctx context.Context, req *types.QueryJobsByConsumerRequest) (*types.QueryJobsByConsumerResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	consumer, err := q.address("consumer", req.Consumer)
	if err != nil {
		return nil, err
	}
	jobs, page, err := modulekit.Paginate(ctx, q.Keeper.JobsByConsumer,
		new(collections.TriplePrefix[[]byte, int64, string](consumer)), req.Pagination,
		func(key collections.Triple[[]byte, int64, string], _ collections.NoValue) (types.Job, error) {
			return q.Keeper.Job(ctx, key.K3())
		})
	if err != nil {
		return nil, err
	}
	return &types.QueryJobsByConsumerResponse{Jobs: jobs, Pagination: page}, nil
}

// Contribution implements types.QueryServer.
func (q queryServer) Contribution(ctx context.Context, req *types.QueryContributionRequest) (*types.QueryContributionResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	c, err := q.Keeper.Contribution(ctx, req.JobId, req.RecordId)
	if err != nil {
		return nil, err
	}
	return &types.QueryContributionResponse{Contribution: c}, nil
}

// Contributions implements types.QueryServer.
func (q queryServer) Contributions(ctx context.Context, req *types.QueryContributionsRequest) (*types.QueryContributionsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.job(ctx, req.JobId); err != nil {
		return nil, err
	}
	contributions, page, err := modulekit.Paginate(ctx, q.Keeper.Contributions,
		new(collections.PairPrefix[string, string](req.JobId)), req.Pagination,
		func(_ collections.Pair[string, string], c types.Contribution) (types.Contribution, error) {
			return c, nil
		})
	if err != nil {
		return nil, err
	}
	return &types.QueryContributionsResponse{Contributions: contributions, Pagination: page}, nil
}

// Delivery implements types.QueryServer.
func (q queryServer) Delivery(ctx context.Context, req *types.QueryDeliveryRequest) (*types.QueryDeliveryResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	sealed, err := q.Deliveries.Get(ctx, collections.Join(req.JobId, req.RecordId))
	if errors.Is(err, collections.ErrNotFound) {
		return nil, types.ErrDeliveryNotFound.Wrapf("record_id: expected a record whose vector was delivered to job %.80q, got %.80q", req.JobId, req.RecordId)
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QueryDeliveryResponse{Sealed: sealed}, nil
}
