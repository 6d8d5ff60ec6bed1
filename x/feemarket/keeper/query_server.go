package keeper

import (
	"context"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/feemarket/types"
)

type queryServer struct{ k *Keeper }

var _ types.QueryServer = queryServer{}

// NewQueryServer returns the Query service of the module.
func NewQueryServer(k *Keeper) types.QueryServer { return queryServer{k} }

// Params implements types.QueryServer.
func (q queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := q.k.Params.Get(ctx)
	return modulekit.Answer(&types.QueryParamsResponse{Params: params}, err)
}

// GasPrice implements types.QueryServer.
func (q queryServer) GasPrice(ctx context.Context, _ *types.QueryGasPriceRequest) (*types.QueryGasPriceResponse, error) {
	price, err := q.k.GasPrice.Get(ctx)
	return modulekit.Answer(&types.QueryGasPriceResponse{GasPrice: price}, err)
}
