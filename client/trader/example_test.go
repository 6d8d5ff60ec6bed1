package trader_test

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// shares are all shares of the pool.
const shares = 3_000_000_000

// node stands in for a node that knows one pool.
type node struct{ types.QueryClient }

func (node) PoolByDenom(context.Context, *types.QueryPoolByDenomRequest, ...grpc.CallOption) (*types.QueryPoolByDenomResponse, error) {
	return &types.QueryPoolByDenomResponse{Pool: speed()}, nil
}

func (node) QuoteSwapExactIn(
	_ context.Context, req *types.QueryQuoteSwapExactInRequest, _ ...grpc.CallOption,
) (*types.QueryQuoteSwapExactInResponse, error) {
	in, err := types.ParseCoin(req.TokenIn)
	if err != nil {
		return nil, err
	}
	var x, y, dx amm.Int
	reserves := speed().Reserves
	types.SetInt(&x, reserves.Alita)
	types.SetInt(&y, reserves.Data)
	types.SetInt(&dx, in.Amount)
	trade, err := amm.SwapExactIn(&x, &y, &dx, amm.Fees{Swap: speed().Fees.SwapFeePpm})
	if err != nil {
		return nil, err
	}
	return &types.QueryQuoteSwapExactInResponse{
		TokenOut: sdk.Coin{Denom: speed().DataDenom, Amount: types.MathInt(&trade.Out)}, PriceImpactPpm: trade.ImpactPPM,
	}, nil
}

func (node) QuoteAddLiquidity(
	_ context.Context, req *types.QueryQuoteAddLiquidityRequest, _ ...grpc.CallOption,
) (*types.QueryQuoteAddLiquidityResponse, error) {
	most := make([]amm.Int, 2)
	for i, text := range []string{req.MaxAlita, req.MaxData} {
		amount, err := types.ParseInt("amount", text)
		if err != nil {
			return nil, err
		}
		types.SetInt(&most[i], amount)
	}
	var x, y, total amm.Int
	reserves := speed().Reserves
	types.SetInt(&x, reserves.Alita)
	types.SetInt(&y, reserves.Data)
	types.SetInt(&total, math.NewInt(shares))
	c, err := amm.AddLiquidity(&x, &y, &total, &most[0], &most[1])
	if err != nil {
		return nil, err
	}
	used := types.Pair{Alita: c.X, Data: c.Y}
	return &types.QueryQuoteAddLiquidityResponse{
		Used: used.Amounts(), Shares: sdk.Coin{Denom: speed().ShareDenom, Amount: types.MathInt(&c.Shares)},
	}, nil
}

// A trader sells 100 ALITA for SPEED, and accepts half a percent less than the quote within the next minute. With a
// connection to a node, the market is trader.New(conn); client/tx sends the message.
func ExampleMarket_Sell() {
	ctx, now := context.Background(), time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	market := trader.Market{Pools: node{}}
	pool, err := market.Pool(ctx, "SPEED")
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := trader.CoinUnits(pool).Parse("100ALITA")
	if err != nil {
		fmt.Println(err)
		return
	}
	quote, err := market.Sell(ctx, pool, in)
	if err != nil {
		fmt.Println(err)
		return
	}
	order := quote.Order(trader.Terms{Sender: "alita1...", Tolerance: 5000, Deadline: now.Add(time.Minute)})
	fmt.Printf("%s for %s, at least %s\n", order.Format(in), order.Format(order.Get[0]), order.Format(order.Least[0]))
	paid, before := quote.Prices()
	fmt.Printf("%s ALITA for each, %s before the trade\n", paid.FloatString(6), before.FloatString(6))
	msg := order.Msg.(*types.MsgSwapExactIn)
	fmt.Printf("min_out %s until %s\n", msg.MinOut, msg.Deadline.Format(time.TimeOnly))
	// Output:
	// 100 ALITA for 906.610893 SPEED, at least 902.077838 SPEED
	// 0.110301 ALITA for each, 0.100000 before the trade
	// min_out 902077838 until 08:01:00
}

// A provider adds 10 ALITA with the SPEED that goes with it, and accepts half a percent more SPEED and half a percent
// fewer shares.
func ExampleMarket_Deposit() {
	ctx, now := context.Background(), time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	market := trader.Market{Pools: node{}}
	pool, err := market.Pool(ctx, "SPEED")
	if err != nil {
		fmt.Println(err)
		return
	}
	quote, err := market.Deposit(ctx, pool, sdk.NewInt64Coin("ualita", 10_000_000))
	if err != nil {
		fmt.Println(err)
		return
	}
	order := quote.Order(trader.Terms{Sender: "alita1...", Tolerance: 5000, Deadline: now.Add(time.Minute)})
	fmt.Printf("%s and %s for %s\n", order.Format(order.Give[0]), order.Format(order.Give[1]), order.Format(order.Get[0]))
	fmt.Printf("at most %s and %s, at least %s\n", order.Format(order.Most[0]), order.Format(order.Most[1]), order.Format(order.Least[0]))
	// Output:
	// 10 ALITA and 100 SPEED for 30 SPEED-SHARE
	// at most 10 ALITA and 100.500002 SPEED, at least 29.85 SPEED-SHARE
}

// A purchase is bounded from above: half a percent more than 12,345 base units, rounded up.
func ExampleTolerance() {
	tolerance, err := trader.ParseTolerance("0.5%")
	if err != nil {
		fmt.Println(err)
		return
	}
	quoted := sdk.NewInt64Coin("ualita", 12_345)
	fmt.Println(tolerance.AtLeast(quoted.Amount), tolerance.AtMost(quoted.Amount))
	// Output: 12283 12407
}
