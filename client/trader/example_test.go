package trader_test

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

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
