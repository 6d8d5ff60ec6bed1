package trader

import (
	"slices"

	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
)

// Settled is the quote of an order with what it really gave, got and paid as fees. It reads the answer to the order's
// message, which is alone in its transaction; an error wraps tx.ErrNoResponse if the node has left out some of it.
func (o Order) Settled(res *sdk.TxResponse) (Quote, error) {
	q := o.Quote
	q.Fees = slices.Clone(q.Fees)
	fees, err := q.settle(o.Msg, func(into proto.Message) error { return tx.DecodeResponse(res, into) })
	if err != nil {
		return Quote{}, err
	}
	for i := range fees {
		q.Fees[i].Split = fees[i]
	}
	return q, q.complete()
}

// settle takes over what the answer to a message says, and returns its fees in the order of the pools.
func (q *Quote) settle(msg sdk.Msg, answer func(proto.Message) error) (fees []types.FeeSplit, err error) {
	switch msg.(type) {
	case *types.MsgSwapExactIn:
		var r types.MsgSwapExactInResponse
		err = answer(&r)
		q.Get, fees = []sdk.Coin{r.TokenOut}, []types.FeeSplit{r.Fee}
	case *types.MsgSwapExactOut:
		var r types.MsgSwapExactOutResponse
		err = answer(&r)
		q.Give, fees = []sdk.Coin{r.TokenIn}, []types.FeeSplit{r.Fee}
	case *types.MsgSwapRouteExactIn:
		var r types.MsgSwapRouteExactInResponse
		err = answer(&r)
		q.Get, q.Through.Amount, fees = []sdk.Coin{r.TokenOut}, r.Alita, []types.FeeSplit{r.FeeIn, r.FeeOut}
	case *types.MsgSwapRouteExactOut:
		var r types.MsgSwapRouteExactOutResponse
		err = answer(&r)
		q.Give, q.Through.Amount, fees = []sdk.Coin{r.TokenIn}, r.Alita, []types.FeeSplit{r.FeeIn, r.FeeOut}
	case *types.MsgAddLiquidity:
		var r types.MsgAddLiquidityResponse
		err = answer(&r)
		q.Give, q.Get = bothCoins(q.Pools[0], r.Used), []sdk.Coin{r.Shares}
	case *types.MsgRemoveLiquidity:
		var r types.MsgRemoveLiquidityResponse
		err = answer(&r)
		q.Get = bothCoins(q.Pools[0], r.Paid)
	case *types.MsgAddLiquiditySingle:
		var r types.MsgAddLiquiditySingleResponse
		err = answer(&r)
		q.Get, q.Swapped, fees = []sdk.Coin{r.Shares}, r.Swapped, []types.FeeSplit{r.Fee}
	case *types.MsgRemoveLiquiditySingle:
		var r types.MsgRemoveLiquiditySingleResponse
		err = answer(&r)
		q.Get, q.Swapped, fees = []sdk.Coin{r.TokenOut}, r.Swapped, []types.FeeSplit{r.Fee}
	}
	return fees, err
}

// complete refuses amounts that a node has left out.
func (q *Quote) complete() error {
	for _, c := range append(slices.Clone(q.Give), q.Get...) {
		if c.Amount.IsNil() {
			return tx.ErrNoResponse
		}
	}
	if q.Through.Denom != "" && q.Through.Amount.IsNil() || q.Swapped.Denom != "" && q.Swapped.Amount.IsNil() {
		return tx.ErrNoResponse
	}
	for _, f := range q.Fees {
		if f.Split.Liquidity.IsNil() || f.Split.Maker.IsNil() || f.Split.Protocol.IsNil() || f.Split.Rewards.IsNil() {
			return tx.ErrNoResponse
		}
	}
	return nil
}
