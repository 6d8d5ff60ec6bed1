package keeper

import (
	"context"

	"github.com/alita-network/alita/x/clock/types"
)

type queryServer struct{ k *Keeper }

// NewQueryServer returns the server of queries.
func NewQueryServer(k *Keeper) types.QueryServer { return queryServer{k} }

// Clock implements types.QueryServer.
func (q queryServer) Clock(ctx context.Context, _ *types.QueryClockRequest) (*types.QueryClockResponse, error) {
	c, err := q.k.Now(ctx)
	return &types.QueryClockResponse{Clock: c}, err
}
