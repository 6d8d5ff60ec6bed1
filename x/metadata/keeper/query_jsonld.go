package keeper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/alita-network/alita/x/metadata/types"
)

// JSONLD implements types.QueryServer.
func (queryServer) JSONLD(context.Context, *types.QueryJSONLDRequest) (*types.QueryJSONLDResponse, error) {
	return nil, status.Error(codes.Unimplemented, "no exporter")
}
