package keeper

import (
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// swapEventType is the full name of the event's message.
const swapEventType = "alita.datapool.v1.EventSwap"

// swapEvent returns what EmitTypedEvent would emit, byte for byte (a test compares
// them). The general way marshals by reflection, parses the result and sorts it:
// 190 of a swap's allocations. Everything in here is a number, an address or a
// denom, so nothing needs escaping.
func swapEvent(e *types.EventSwap) sdk.Event {
	return sdk.Event{Type: swapEventType, Attributes: []abci.EventAttribute{
		{Key: "fee", Value: `{"liquidity":"` + e.Fee.Liquidity.String() +
			`","maker":"` + e.Fee.Maker.String() +
			`","protocol":"` + e.Fee.Protocol.String() +
			`","rewards":"` + e.Fee.Rewards.String() + `"}`},
		{Key: "pool_id", Value: `"` + strconv.FormatUint(e.PoolId, 10) + `"`},
		{Key: "reserves", Value: `{"alita":"` + e.Reserves.Alita.String() + `","data":"` + e.Reserves.Data.String() + `"}`},
		{Key: "sender", Value: `"` + e.Sender + `"`},
		{Key: "surcharge", Value: `"` + e.Surcharge + `"`},
		{Key: "token_in", Value: coinJSON(e.TokenIn)},
		{Key: "token_out", Value: coinJSON(e.TokenOut)},
	}}
}

func coinJSON(c sdk.Coin) string {
	return `{"denom":"` + c.Denom + `","amount":"` + c.Amount.String() + `"}`
}
