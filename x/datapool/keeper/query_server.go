package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// queryServer is the Query service.
type queryServer struct{ k *Keeper }

var _ types.QueryServer = queryServer{}

// NewQueryServer returns the Query service of the module.
func NewQueryServer(k *Keeper) types.QueryServer { return queryServer{k} }

// Params implements types.QueryServer.
func (q queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := q.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	return &types.QueryParamsResponse{Params: params}, nil
}

// Pool implements types.QueryServer.
func (q queryServer) Pool(ctx context.Context, req *types.QueryPoolRequest) (*types.QueryPoolResponse, error) {
	p, err := q.k.Pool(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	return &types.QueryPoolResponse{Pool: p}, nil
}

// Pools implements types.QueryServer.
func (q queryServer) Pools(ctx context.Context, req *types.QueryPoolsRequest) (*types.QueryPoolsResponse, error) {
	pools, page, err := modulekit.Paginate(ctx, q.k.Pools, nil, req.Pagination,
		func(_ uint64, p types.Pool) (types.Pool, error) {
			return q.k.withMarket(ctx, p)
		})
	if err != nil {
		return nil, err
	}
	return &types.QueryPoolsResponse{Pools: pools, Pagination: page}, nil
}

// PoolsByMaker implements types.QueryServer.
func (q queryServer) PoolsByMaker(
	ctx context.Context, req *types.QueryPoolsByMakerRequest,
) (*types.QueryPoolsByMakerResponse, error) {
	maker, err := q.k.address("maker", req.Maker)
	if err != nil {
		return nil, err
	}
	pools, page, err := modulekit.Paginate(ctx, q.k.Makers, new(collections.PairPrefix[sdk.AccAddress, uint64](maker)), req.Pagination,
		func(key collections.Pair[sdk.AccAddress, uint64], _ collections.NoValue) (types.Pool, error) {
			return q.k.Pool(ctx, key.K2())
		})
	if err != nil {
		return nil, err
	}
	return &types.QueryPoolsByMakerResponse{Pools: pools, Pagination: page}, nil
}

// PoolByDenom implements types.QueryServer.
func (q queryServer) PoolByDenom(
	ctx context.Context, req *types.QueryPoolByDenomRequest,
) (*types.QueryPoolByDenomResponse, error) {
	id, ok := types.PoolIDOfDenom(req.Denom)
	if !ok {
		if err := types.ValidateSymbol(req.Denom); err != nil {
			return nil, errorsmod.Wrapf(types.ErrInvalidDenom, "denom: expected data/<id>, share/<id> or a symbol, got %.80q", req.Denom)
		}
		holder, found, err := q.k.symbolHolder(ctx, req.Denom)
		if err != nil {
			return nil, err
		}
		if !found || holder.Symbol != req.Denom {
			return nil, errorsmod.Wrapf(types.ErrPoolNotFound, "denom: expected the symbol of a pool, got %s", req.Denom)
		}
		id = holder.Id
	}
	p, err := q.k.Pool(ctx, id)
	if err != nil {
		return nil, err
	}
	return &types.QueryPoolByDenomResponse{Pool: p}, nil
}

// PoolStats implements types.QueryServer.
func (q queryServer) PoolStats(
	ctx context.Context, req *types.QueryPoolStatsRequest,
) (*types.QueryPoolStatsResponse, error) {
	p, err := q.k.Pool(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	m, err := q.k.market(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	// Price and supply have the same number of decimals, so units divide out.
	marketCap := p.DataSupply.Mul(p.Reserves.Alita).Quo(p.Reserves.Data)
	return &types.QueryPoolStatsResponse{
		Symbol:               p.Symbol,
		Price:                types.FormatRatio(&m.Reserves.Alita, &m.Reserves.Data),
		ReserveAlita:         types.FormatUnits(p.Reserves.Alita, types.Decimals),
		ReserveData:          types.FormatUnits(p.Reserves.Data, types.Decimals),
		DataSupply:           types.FormatUnits(p.DataSupply, types.Decimals),
		MarketCap:            types.FormatUnits(marketCap, types.Decimals),
		VolumeAlita:          types.FormatUnits(p.Volume.Alita, types.Decimals),
		VolumeData:           types.FormatUnits(p.Volume.Data, types.Decimals),
		Swaps:                p.Swaps,
		FeePercent:           types.FormatPercent(p.Fees.SwapFeePpm),
		RewardsAlita:         types.FormatUnits(p.Rewards.Alita, types.Decimals),
		RewardsData:          types.FormatUnits(p.Rewards.Data, types.Decimals),
		LiquidityLockedUntil: p.LockedShares.Until,
	}, nil
}
