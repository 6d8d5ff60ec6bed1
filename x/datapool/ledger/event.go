package ledger

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// The events are x/bank's, since indexers follow balances by them. Addresses and
// amounts are written once for all of them.

func event(kind, key, address, amount string) sdk.Event {
	return sdk.Event{Type: kind, Attributes: []abci.EventAttribute{
		{Key: key, Value: address},
		{Key: sdk.AttributeKeyAmount, Value: amount},
	}}
}

func spent(address, amount string) sdk.Event {
	return event(banktypes.EventTypeCoinSpent, banktypes.AttributeKeySpender, address, amount)
}

func received(address, amount string) sdk.Event {
	return event(banktypes.EventTypeCoinReceived, banktypes.AttributeKeyReceiver, address, amount)
}

func transfer(from, to, amount string) sdk.Event {
	return sdk.Event{Type: banktypes.EventTypeTransfer, Attributes: []abci.EventAttribute{
		{Key: banktypes.AttributeKeyRecipient, Value: to},
		{Key: banktypes.AttributeKeySender, Value: from},
		{Key: sdk.AttributeKeyAmount, Value: amount},
	}}
}

func message(sender string) sdk.Event {
	return sdk.Event{Type: sdk.EventTypeMessage, Attributes: []abci.EventAttribute{
		{Key: sdk.AttributeKeySender, Value: sender},
	}}
}

// format writes coins as sdk.Coins does.
func format(coins []sdk.Coin) string {
	text := ""
	for i, c := range coins {
		if i > 0 {
			text += ","
		}
		text += c.Amount.String() + c.Denom
	}
	return text
}
