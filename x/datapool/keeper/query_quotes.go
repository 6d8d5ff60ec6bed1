package keeper

import (
	"context"
	"errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// QuoteSwapExactIn implements types.QueryServer.
func (q queryServer) QuoteSwapExactIn(
	ctx context.Context, req *types.QueryQuoteSwapExactInRequest,
) (*types.QueryQuoteSwapExactInResponse, error) {
	in, err := types.ParseCoin(req.TokenIn)
	if err != nil {
		return nil, err
	}
	s, err := q.k.QuoteSwapExactIn(nextBlock(ctx), req.PoolId, in)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteSwapExactInResponse{TokenOut: s.TokenOut(), Fee: s.FeeSplit(), PriceImpactPpm: s.ImpactPPM}, nil
}

// QuoteSwapExactOut implements types.QueryServer.
func (q queryServer) QuoteSwapExactOut(
	ctx context.Context, req *types.QueryQuoteSwapExactOutRequest,
) (*types.QueryQuoteSwapExactOutResponse, error) {
	out, err := types.ParseCoin(req.TokenOut)
	if err != nil {
		return nil, err
	}
	s, err := q.k.QuoteSwapExactOut(nextBlock(ctx), req.PoolId, out)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteSwapExactOutResponse{TokenIn: s.TokenIn(), Fee: s.FeeSplit(), PriceImpactPpm: s.ImpactPPM}, nil
}

// QuoteAddLiquidity implements types.QueryServer.
func (q queryServer) QuoteAddLiquidity(
	ctx context.Context, req *types.QueryQuoteAddLiquidityRequest,
) (*types.QueryQuoteAddLiquidityResponse, error) {
	alita, err := types.ParseInt("max_alita", req.MaxAlita)
	if err != nil {
		return nil, err
	}
	data, err := types.ParseInt("max_data", req.MaxData)
	if err != nil {
		return nil, err
	}
	c, _, err := q.k.QuoteAddLiquidity(nextBlock(ctx), req.PoolId, alita, data)
	if err != nil {
		return nil, err
	}
	used := types.Pair{Alita: c.X, Data: c.Y}
	return &types.QueryQuoteAddLiquidityResponse{
		Used:   used.Amounts(),
		Shares: sdk.Coin{Denom: types.ShareDenom(req.PoolId), Amount: types.MathInt(&c.Shares)},
	}, nil
}

// QuoteRemoveLiquidity implements types.QueryServer.
func (q queryServer) QuoteRemoveLiquidity(
	ctx context.Context, req *types.QueryQuoteRemoveLiquidityRequest,
) (*types.QueryQuoteRemoveLiquidityResponse, error) {
	shares, err := types.ParseInt("shares", req.Shares)
	if err != nil {
		return nil, err
	}
	c, _, err := q.k.QuoteRemoveLiquidity(nextBlock(ctx), req.PoolId, shares)
	if err != nil {
		return nil, err
	}
	paid := types.Pair{Alita: c.X, Data: c.Y}
	return &types.QueryQuoteRemoveLiquidityResponse{Paid: paid.Amounts()}, nil
}

// QuoteAddLiquiditySingle implements types.QueryServer.
func (q queryServer) QuoteAddLiquiditySingle(
	ctx context.Context, req *types.QueryQuoteAddLiquiditySingleRequest,
) (*types.QueryQuoteAddLiquiditySingleResponse, error) {
	in, err := types.ParseCoin(req.TokenIn)
	if err != nil {
		return nil, err
	}
	s, err := q.k.QuoteAddLiquiditySingle(nextBlock(ctx), req.PoolId, in)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteAddLiquiditySingleResponse{
		Shares: s.Shares(), Swapped: s.TokenIn(), Fee: s.FeeSplit(), PriceImpactPpm: s.ImpactPPM,
	}, nil
}

// QuoteRemoveLiquiditySingle implements types.QueryServer.
func (q queryServer) QuoteRemoveLiquiditySingle(
	ctx context.Context, req *types.QueryQuoteRemoveLiquiditySingleRequest,
) (*types.QueryQuoteRemoveLiquiditySingleResponse, error) {
	shares, err := types.ParseInt("shares", req.Shares)
	if err != nil {
		return nil, err
	}
	s, err := q.k.QuoteRemoveLiquiditySingle(nextBlock(ctx), req.PoolId, shares, req.DenomOut)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteRemoveLiquiditySingleResponse{
		TokenOut: s.Paid(), Swapped: s.TokenIn(), Fee: s.FeeSplit(), PriceImpactPpm: s.ImpactPPM,
	}, nil
}

// QuoteSwapRouteExactIn implements types.QueryServer.
func (q queryServer) QuoteSwapRouteExactIn(
	ctx context.Context, req *types.QueryQuoteSwapRouteExactInRequest,
) (*types.QueryQuoteSwapRouteExactInResponse, error) {
	in, err := types.ParseCoin(req.TokenIn)
	if err != nil {
		return nil, err
	}
	r, err := q.k.QuoteSwapRouteExactIn(nextBlock(ctx), in, req.DenomOut)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteSwapRouteExactInResponse{
		TokenOut: r.Second.TokenOut(), Alita: r.Second.In.Dec(),
		FeeIn: r.First.FeeSplit(), FeeOut: r.Second.FeeSplit(), PriceImpactPpm: r.ImpactPPM(),
	}, nil
}

// QuoteSwapRouteExactOut implements types.QueryServer.
func (q queryServer) QuoteSwapRouteExactOut(
	ctx context.Context, req *types.QueryQuoteSwapRouteExactOutRequest,
) (*types.QueryQuoteSwapRouteExactOutResponse, error) {
	out, err := types.ParseCoin(req.TokenOut)
	if err != nil {
		return nil, err
	}
	r, err := q.k.QuoteSwapRouteExactOut(nextBlock(ctx), req.DenomIn, out)
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteSwapRouteExactOutResponse{
		TokenIn: r.First.TokenIn(), Alita: r.Second.In.Dec(),
		FeeIn: r.First.FeeSplit(), FeeOut: r.Second.FeeSplit(), PriceImpactPpm: r.ImpactPPM(),
	}, nil
}

// Twap implements types.QueryServer.
func (q queryServer) Twap(ctx context.Context, req *types.QueryTwapRequest) (*types.QueryTwapResponse, error) {
	t, err := q.k.TWAP(ctx, req.PoolId, req.Window)
	if err != nil {
		return nil, err
	}
	means, err := q.k.Means(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	res := &types.QueryTwapResponse{
		AlitaPerData: types.FormatPrice(&t.AlitaPerData),
		DataPerAlita: types.FormatPrice(&t.DataPerAlita),
		Window:       t.Window,
		Means:        make([]types.PriceMean, len(means)),
	}
	for i := range means {
		res.Means[i] = types.PriceMean{Window: means[i].Window, DataPerAlita: types.FormatPrice(&means[i].DataPerAlita)}
	}
	switch price, err := q.k.DataPerAlita(ctx, req.PoolId); {
	case err == nil:
		var most amm.Int
		types.SetInt(&most, price)
		res.JobDataPerAlita = types.FormatPrice(&most)
	case !errors.Is(err, types.ErrNoPrice):
		return nil, err
	}
	return res, nil
}
