package keeper

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

type queryServer struct{ k *Keeper }

// NewQueryServer returns the Query service of the module.
func NewQueryServer(k *Keeper) types.QueryServer { return queryServer{k} }

var _ types.QueryServer = queryServer{}

// statusError gives an error the gRPC status code of its typed cause; one that is a status stays as it is, and any
// other is internal.
func statusError(err error) error {
	if _, is := status.FromError(err); is {
		return err
	}
	var typed *errorsmod.Error
	if errors.As(err, &typed) {
		return status.Error(typed.GRPCStatus().Code(), err.Error())
	}
	return status.Error(codes.Internal, err.Error())
}

var errEmptyRequest = status.Error(codes.InvalidArgument, "request: expected one, got none")

// Params implements types.QueryServer.
func (q queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := q.k.Params.Get(ctx)
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryParamsResponse{Params: params}, nil
}

// Record implements types.QueryServer.
func (q queryServer) Record(ctx context.Context, req *types.QueryRecordRequest) (*types.QueryRecordResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	record, version, err := q.current(ctx, req.RecordId)
	if err != nil {
		return nil, err
	}
	return &types.QueryRecordResponse{Record: record, Version: version}, nil
}

// current returns a record with its admitted version, or the newest if none is admitted.
func (q queryServer) current(ctx context.Context, recordID string) (types.Record, types.Version, error) {
	record, err := q.k.Record(ctx, recordID)
	if err != nil {
		return record, types.Version{}, statusError(err)
	}
	number := record.Admitted
	if number == 0 {
		number = record.Versions
	}
	version, err := q.k.Versions.Get(ctx, collections.Join(record.Id, number))
	if err != nil {
		return record, version, statusError(err)
	}
	return record, version, nil
}

// RecordsByPool implements types.QueryServer.
func (q queryServer) RecordsByPool(ctx context.Context, req *types.QueryRecordsByPoolRequest) (*types.QueryRecordsByPoolResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, known := types.RecordStatus_name[int32(req.Status)]; !known {
		return nil, status.Errorf(codes.InvalidArgument, "status: expected a known one, got %d", req.Status)
	}
	if _, err := q.k.Pool(ctx, req.PoolId); err != nil {
		return nil, statusError(err)
	}
	prefix := collections.TriplePrefix[uint64, int32, string](req.PoolId)
	if req.Status != types.RECORD_STATUS_UNSPECIFIED {
		prefix = collections.TripleSuperPrefix[uint64, int32, string](req.PoolId, int32(req.Status))
	}
	records, page, err := modulekit.Paginate(ctx, q.k.RecordsByPool, &prefix, req.Pagination,
		func(key collections.Triple[uint64, int32, string], _ collections.NoValue) (types.Record, error) {
			return q.k.Records.Get(ctx, key.K3())
		})
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryRecordsByPoolResponse{Records: records, Pagination: page}, nil
}

// RecordsByOwner implements types.QueryServer.
func (q queryServer) RecordsByOwner(ctx context.Context, req *types.QueryRecordsByOwnerRequest) (*types.QueryRecordsByOwnerResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	owner, _, err := q.k.account("owner", req.Owner)
	if err != nil {
		return nil, statusError(err)
	}
	records, page, err := modulekit.Paginate(ctx, q.k.RecordsByOwner, new(collections.PairPrefix[sdk.AccAddress, string](owner)), req.Pagination,
		func(key collections.Pair[sdk.AccAddress, string], _ collections.NoValue) (types.Record, error) {
			return q.k.Records.Get(ctx, key.K2())
		})
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryRecordsByOwnerResponse{Records: records, Pagination: page}, nil
}

// Version implements types.QueryServer.
func (q queryServer) Version(ctx context.Context, req *types.QueryVersionRequest) (*types.QueryVersionResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.k.Record(ctx, req.RecordId); err != nil {
		return nil, statusError(err)
	}
	version, err := q.k.Version(ctx, req.RecordId, req.Version)
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryVersionResponse{Version: version}, nil
}

// Versions implements types.QueryServer.
func (q queryServer) Versions(ctx context.Context, req *types.QueryVersionsRequest) (*types.QueryVersionsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.k.Record(ctx, req.RecordId); err != nil {
		return nil, statusError(err)
	}
	versions, page, err := modulekit.Paginate(ctx, q.k.Versions, new(collections.PairPrefix[string, uint32](req.RecordId)), req.Pagination,
		func(_ collections.Pair[string, uint32], v types.Version) (types.Version, error) { return v, nil })
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryVersionsResponse{Versions: versions, Pagination: page}, nil
}

// Worker implements types.QueryServer.
func (q queryServer) Worker(ctx context.Context, req *types.QueryWorkerRequest) (*types.QueryWorkerResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	address, _, err := q.k.account("address", req.Address)
	if err != nil {
		return nil, statusError(err)
	}
	worker, err := q.k.Worker(ctx, address)
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryWorkerResponse{Worker: worker}, nil
}

// WorkersByOwner implements types.QueryServer.
func (q queryServer) WorkersByOwner(ctx context.Context, req *types.QueryWorkersByOwnerRequest) (*types.QueryWorkersByOwnerResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	owner, _, err := q.k.account("owner", req.Owner)
	if err != nil {
		return nil, statusError(err)
	}
	workers, page, err := modulekit.Paginate(ctx, q.k.WorkersByOwner, new(collections.PairPrefix[sdk.AccAddress, sdk.AccAddress](owner)), req.Pagination,
		func(key collections.Pair[sdk.AccAddress, sdk.AccAddress], _ collections.NoValue) (types.Worker, error) {
			return q.k.Workers.Get(ctx, key.K2())
		})
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryWorkersByOwnerResponse{Workers: workers, Pagination: page}, nil
}

// Grant implements types.QueryServer.
func (q queryServer) Grant(ctx context.Context, req *types.QueryGrantRequest) (*types.QueryGrantResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.k.Record(ctx, req.RecordId); err != nil {
		return nil, statusError(err)
	}
	grant, err := q.k.RecordGrant(ctx, req.RecordId, req.GrantId)
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryGrantResponse{Grant: grant}, nil
}

// Grants implements types.QueryServer.
func (q queryServer) Grants(ctx context.Context, req *types.QueryGrantsRequest) (*types.QueryGrantsResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.k.Record(ctx, req.RecordId); err != nil {
		return nil, statusError(err)
	}
	grants, page, err := modulekit.Paginate(ctx, q.k.Grants, new(collections.PairPrefix[string, uint64](req.RecordId)), req.Pagination,
		func(_ collections.Pair[string, uint64], g types.Grant) (types.Grant, error) { return g, nil })
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryGrantsResponse{Grants: grants, Pagination: page}, nil
}

// Panel implements types.QueryServer.
func (q queryServer) Panel(ctx context.Context, req *types.QueryPanelRequest) (*types.QueryPanelResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	panel, err := q.k.WholePanel(ctx, req.PanelId)
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryPanelResponse{Panel: panel}, nil
}

// PanelsByPool implements types.QueryServer.
func (q queryServer) PanelsByPool(ctx context.Context, req *types.QueryPanelsByPoolRequest) (*types.QueryPanelsByPoolResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	if _, err := q.k.Pool(ctx, req.PoolId); err != nil {
		return nil, statusError(err)
	}
	panels, page, err := modulekit.Paginate(ctx, q.k.PanelsByPool, new(collections.PairPrefix[uint64, string](req.PoolId)), req.Pagination,
		func(key collections.Pair[uint64, string], _ collections.NoValue) (types.Panel, error) {
			return q.k.WholePanel(ctx, key.K2())
		})
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryPanelsByPoolResponse{Panels: panels, Pagination: page}, nil
}
