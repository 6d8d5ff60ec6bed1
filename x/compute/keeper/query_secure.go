package keeper

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
)

// withKeys fills in the keys of a job's seats.
func (k *Keeper) withKeys(ctx context.Context, job types.Job) (types.Job, error) {
	for i, s := range job.Seats {
		key, err := k.SeatKeys.Get(ctx, collections.Join(job.Id, s.Operator))
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return job, err
		}
		job.Seats[i].Key = key
	}
	return job, nil
}

// Shares implements types.QueryServer.
func (q queryServer) Shares(ctx context.Context, req *types.QuerySharesRequest) (*types.QuerySharesResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	shared, err := q.Keeper.Shares.Get(ctx, collections.Join(req.JobId, req.RecordId))
	if errors.Is(err, collections.ErrNotFound) {
		return nil, types.ErrContributionNotFound.Wrapf("record_id: expected a record whose contribution to job %.80q waits for settlement, got %.80q", req.JobId, req.RecordId)
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QuerySharesResponse{Shared: shared}, nil
}

// Preparations implements types.QueryServer.
func (q queryServer) Preparations(ctx context.Context, req *types.QueryPreparationsRequest) (*types.QueryPreparationsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	job, err := q.job(ctx, req.JobId)
	if err != nil {
		return nil, err
	}
	if _, found := job.SeatNamed(req.RecordId); !found {
		if _, err := q.Keeper.Contribution(ctx, req.JobId, req.RecordId); err != nil {
			return nil, err
		}
	}
	shares, err := q.preparations(ctx, job, req.RecordId)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	message, err := q.Messages.Get(ctx, collections.Join(req.JobId, req.RecordId))
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QueryPreparationsResponse{Shares: shares, Message: message}, nil
}

// Sums implements types.QueryServer.
func (q queryServer) Sums(ctx context.Context, req *types.QuerySumsRequest) (*types.QuerySumsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	job, err := q.job(ctx, req.JobId)
	if err != nil {
		return nil, err
	}
	round := req.Round
	if round == 0 {
		round = job.Round
	}
	sums, err := q.Rounds.Get(ctx, collections.Join(job.Id, uint64(round)))
	if errors.Is(err, collections.ErrNotFound) && req.Round == 0 && round > 1 {
		sums, err = q.Rounds.Get(ctx, collections.Join(job.Id, uint64(round-1)))
	}
	if errors.Is(err, collections.ErrNotFound) {
		return nil, types.ErrDeliveryNotFound.Wrapf("sums of round %d of job %s: expected the sums of all seats, got fewer; they are there after %s", round, job.Id, types.JOB_STATUS_AGGREGATING)
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &types.QuerySumsResponse{Sums: sums}, nil
}

// Seats implements types.QueryServer.
func (q queryServer) Seats(ctx context.Context, req *types.QuerySeatsRequest) (*types.QuerySeatsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	seats, page, err := modulekit.Paginate(ctx, q.Keeper.Seats, nil, req.Pagination,
		func(_ []byte, s types.Seat) (types.Seat, error) { return s, nil })
	if err != nil {
		return nil, err
	}
	return &types.QuerySeatsResponse{Seats: seats, Pagination: page}, nil
}

// JobsBySeat implements types.QueryServer.
func (q queryServer) JobsBySeat(ctx context.Context, req *types.QueryJobsBySeatRequest) (*types.QueryJobsBySeatResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	account, err := q.address("account", req.Account)
	if err != nil {
		return nil, err
	}
	operator, err := q.SeatAccounts.Get(ctx, account)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, types.ErrSeatNotFound.Wrapf("account: expected one that signs for a seat, which the query Seats lists, got %s", req.Account)
	}
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	jobs, page, err := modulekit.Paginate(ctx, q.SeatJobs, new(collections.PairPrefix[[]byte, string](operator)), req.Pagination,
		func(key collections.Pair[[]byte, string], _ collections.NoValue) (types.Job, error) {
			return q.Keeper.Job(ctx, key.K2())
		})
	if err != nil {
		return nil, err
	}
	return &types.QueryJobsBySeatResponse{Jobs: jobs, Pagination: page}, nil
}
