package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestQuotesAreWhatMessagesDo: for random trades the quote and the message agree to
// the unit, in the answer as in the error.
func TestQuotesAreWhatMessagesDo(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 1_000_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000000ualita"))
	require.NoError(t, err)
	rapid.Check(t, func(r *rapid.T) {
		ctx := f.Ctx
		f.Ctx, _ = ctx.CacheContext()
		defer func() { f.Ctx = ctx }()
		denom := rapid.SampledFrom([]string{types.BaseDenom, "data/1"}).Draw(r, "denom")
		c := sdk.NewInt64Coin(denom, rapid.Int64Range(1, 4_000_000_000).Draw(r, "amount"))
		switch rapid.IntRange(0, 3).Draw(r, "what") {
		case 0:
			q, qerr := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: c.String()})
			m, merr := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, c.String()))
			requireSame(r, qerr, merr)
			if qerr == nil && merr == nil {
				require.Equal(r, m.TokenOut, q.TokenOut)
				require.Equal(r, m.Fee, q.Fee)
			}
		case 1:
			q, qerr := f.Query.QuoteSwapExactOut(f.Ctx, &types.QueryQuoteSwapExactOutRequest{PoolId: id, TokenOut: c.String()})
			m, merr := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{Sender: text, PoolId: id, TokenOut: c, MaxIn: two255, Deadline: f.Deadline()})
			requireSame(r, qerr, merr)
			if qerr == nil && merr == nil {
				require.Equal(r, m.TokenIn, q.TokenIn)
				require.Equal(r, m.Fee, q.Fee)
			}
		case 2:
			other := rapid.Int64Range(1, 4_000_000_000).Draw(r, "other")
			q, qerr := f.Query.QuoteAddLiquidity(f.Ctx, &types.QueryQuoteAddLiquidityRequest{PoolId: id, MaxAlita: c.Amount.String(), MaxData: fmt.Sprint(other)})
			m, merr := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
				Sender: text, PoolId: id, MaxAlita: c.Amount, MaxData: math.NewInt(other), MinShares: math.OneInt(), Deadline: f.Deadline(),
			})
			requireSame(r, qerr, merr)
			if qerr == nil && merr == nil {
				require.Equal(r, m.Used, q.Used)
				require.Equal(r, m.Shares, q.Shares)
			}
		case 3:
			_, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
				Sender: text, PoolId: id, MaxAlita: math.NewInt(1_000_000_000), MaxData: math.NewInt(1_000_000_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
			})
			require.NoError(r, err)
			q, qerr := f.Query.QuoteRemoveLiquidity(f.Ctx, &types.QueryQuoteRemoveLiquidityRequest{PoolId: id, Shares: c.Amount.String()})
			m, merr := f.Msg.RemoveLiquidity(f.Ctx, &types.MsgRemoveLiquidity{
				Sender: text, PoolId: id, Shares: c.Amount, MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
			})
			requireSame(r, qerr, merr)
			if qerr == nil && merr == nil {
				require.Equal(r, m.Paid, q.Paid)
			}
		}
	})
}

// requireSame: the quote refuses what the message refuses; only the trader's own
// funds are not the quote's to know.
func requireSame(t require.TestingT, quote, message error) {
	if quote != nil {
		require.EqualError(t, message, quote.Error())
	} else if message != nil {
		require.ErrorContains(t, message, "insufficient funds")
	}
}

func TestListings(t *testing.T) {
	f := testutil.New(t)
	for i := range 25 {
		f.CreatePool(t, uint64(1+i%2), fmt.Sprintf("POOL%02d", i), nil)
	}
	var ids []uint64
	page := &query.PageRequest{Limit: 10}
	for page != nil {
		res, err := f.Query.Pools(f.Ctx, &types.QueryPoolsRequest{Pagination: page})
		require.NoError(t, err)
		for _, p := range res.Pools {
			want, err := f.Keeper.Pool(f.Ctx, p.Id)
			require.NoError(t, err)
			require.Equal(t, want, p)
			ids = append(ids, p.Id)
		}
		page = nil
		if res.Pagination.NextKey != nil {
			page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 10}
		}
	}
	require.Len(t, ids, 25)
	require.IsIncreasing(t, ids)

	maker := f.Text(testutil.Account(2))
	res, err := f.Query.PoolsByMaker(f.Ctx, &types.QueryPoolsByMakerRequest{Maker: maker, Pagination: &query.PageRequest{Limit: 5, CountTotal: true}})
	require.NoError(t, err)
	require.Len(t, res.Pools, 5)
	require.Equal(t, uint64(12), res.Pagination.Total)
	for _, p := range res.Pools {
		require.Equal(t, maker, p.Maker)
	}
	res, err = f.Query.PoolsByMaker(f.Ctx, &types.QueryPoolsByMakerRequest{Maker: f.Text(testutil.Account(9))})
	require.NoError(t, err)
	require.Empty(t, res.Pools)

	_, err = f.Query.Pools(f.Ctx, &types.QueryPoolsRequest{Pagination: &query.PageRequest{Limit: 1001}})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = f.Query.PoolsByMaker(f.Ctx, &types.QueryPoolsByMakerRequest{Maker: "nobody"})
	require.ErrorIs(t, err, types.ErrInvalidAddress)
}

func TestPoolByDenom(t *testing.T) {
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", nil)
	f.CreatePool(t, 1, "LIGHT", nil)
	tests := []struct {
		denom string
		id    uint64
		err   error
	}{
		{denom: "data/2", id: 2},
		{denom: "share/1", id: 1},
		{denom: "LIGHT", id: 2},
		{denom: "data/3", err: types.ErrPoolNotFound},
		{denom: "OTHER", err: types.ErrPoolNotFound},
		{denom: "data/01", err: types.ErrInvalidDenom},
		{denom: "data/-1", err: types.ErrInvalidDenom},
		{denom: "data/18446744073709551616", err: types.ErrInvalidDenom},
		{denom: "ualita", err: types.ErrInvalidDenom},
		{denom: "", err: types.ErrInvalidDenom},
	}
	for _, tc := range tests {
		t.Run(tc.denom, func(t *testing.T) {
			res, err := f.Query.PoolByDenom(f.Ctx, &types.QueryPoolByDenomRequest{Denom: tc.denom})
			require.ErrorIs(t, err, tc.err)
			if tc.err == nil {
				require.Equal(t, tc.id, res.Pool.Id)
			}
		})
	}
	_, err := f.Query.Pool(f.Ctx, &types.QueryPoolRequest{PoolId: 3})
	require.ErrorIs(t, err, types.ErrPoolNotFound)
	require.Equal(t, codes.NotFound, status.Code(err), "REST answers 404")
}

func TestPoolStats(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 100_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	res, err := f.Query.PoolStats(f.Ctx, &types.QueryPoolStatsRequest{PoolId: id})
	require.NoError(t, err)
	require.Equal(t, &types.QueryPoolStatsResponse{
		Symbol:       "SPEED",
		Price:        "0.120954793318292785", // 1099889000/9093389107
		ReserveAlita: "1099.889", ReserveData: "9093.389107", DataSupply: "11500",
		MarketCap:   "1390.980123", // 11500 * 1099.88/9093.389107
		VolumeAlita: "100", VolumeData: "906.610893", Swaps: 1, FeePercent: "0.3",
		RewardsAlita: "0.027", RewardsData: "1000",
		LiquidityLockedUntil: testutil.Start.Add(2_000_000_000_000),
	}, res)
}

func TestQuotesRefuseTexts(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	for _, text := range []string{"", "5", "ualita", "1.5ualita", "-5ualita", "5 ualita", "5ualita,5data/1"} {
		_, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: text})
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
		_, err = f.Query.QuoteSwapExactOut(f.Ctx, &types.QueryQuoteSwapExactOutRequest{PoolId: id, TokenOut: text})
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
	}
	for _, text := range []string{"", "-1", "1.5", "x", "0x10"} {
		_, err := f.Query.QuoteRemoveLiquidity(f.Ctx, &types.QueryQuoteRemoveLiquidityRequest{PoolId: id, Shares: text})
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
		_, err = f.Query.QuoteAddLiquidity(f.Ctx, &types.QueryQuoteAddLiquidityRequest{PoolId: id, MaxAlita: "5", MaxData: text})
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
		_, err = f.Query.QuoteAddLiquidity(f.Ctx, &types.QueryQuoteAddLiquidityRequest{PoolId: id, MaxAlita: text, MaxData: "5"})
		require.ErrorIs(t, err, types.ErrInvalidAmount, text)
	}
}
