package keeper

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/jsonld"
	"github.com/alita-network/alita/x/metadata/types"
)

// JSONLD implements types.QueryServer.
func (q queryServer) JSONLD(ctx context.Context, req *types.QueryJSONLDRequest) (*types.QueryJSONLDResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	record, version, err := q.current(ctx, req.RecordId)
	if err != nil {
		return nil, err
	}
	if req.Version != "" && req.Version != version.Content.Version {
		if version, err = q.k.Version(ctx, record.Id, req.Version); err != nil {
			return nil, statusError(err)
		}
	}
	params, err := q.k.Params.Get(ctx)
	if err != nil {
		return nil, statusError(err)
	}
	document, err := jsonld.Export(record, version, req.Profile, jsonld.Network{
		ChainID: sdk.UnwrapSDKContext(ctx).ChainID(), AccessBaseURL: params.AccessBaseUrl,
	})
	if errors.Is(err, jsonld.ErrProfile) {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if err != nil {
		return nil, statusError(err)
	}
	return &types.QueryJSONLDResponse{Document: string(document)}, nil
}
