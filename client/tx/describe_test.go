package tx_test

import (
	"slices"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/datapool/types"
)

// emitted are events as a node tells them of a transaction's first message.
func emitted(t *testing.T, messages ...proto.Message) []abci.Event {
	t.Helper()
	var all sdk.Events
	for _, m := range messages {
		e, err := sdk.TypedEventToEvent(m)
		require.NoError(t, err)
		all = append(all, e.AppendAttributes(sdk.NewAttribute("msg_index", "0")))
	}
	return all.ToABCIEvents()
}

func legacy(eventType string, attributes ...string) abci.Event {
	e := abci.Event{Type: eventType}
	for i := 0; i < len(attributes); i += 2 {
		e.Attributes = append(e.Attributes, abci.EventAttribute{Key: attributes[i], Value: attributes[i+1]})
	}
	return e
}

func TestDescribe(t *testing.T) {
	node, _, _ := setup(t)
	fee := []abci.Event{
		legacy("transfer", "recipient", "collector", "sender", "ada", "amount", "376ualita"),
		legacy("tx", "fee", "376ualita", "fee_payer", "ada"),
	}
	swap := append(slices.Clone(fee), emitted(t, &types.EventSwap{
		PoolId: 1, Sender: "ada", TokenIn: sdk.NewInt64Coin("ualita", 10_000_000), TokenOut: sdk.NewInt64Coin("data/1", 976_059_452),
		Fee:      types.FeeSplit{Liquidity: math.NewInt(18_000), Maker: math.NewInt(6_000), Protocol: math.NewInt(3_000), Rewards: math.ZeroInt()},
		Reserves: types.Amounts{Alita: math.NewInt(5_058_503_394), Data: math.NewInt(1)}, Surcharge: "7",
	})...)
	swap = append(swap, legacy("transfer", "recipient", "ada", "sender", "pool", "amount", "976059452data/1", "msg_index", "0"))
	require.Equal(t, `Swap
  pool       1
  sender     ada
  token in   10 ALITA
  token out  976.059452 LIGHT
  fee        liquidity 0.018 ALITA, maker 0.006 ALITA, protocol 0.003 ALITA
  reserves   5058.503394 ALITA and 0.000001 LIGHT
  surcharge  0.000007 LIGHT
Done in block 12 for a fee of 0.000376 ALITA
Gas 31000 of 37600
Transaction AB
`, tx.Describe(t.Context(), node, &sdk.TxResponse{TxHash: "AB", Height: 12, GasUsed: 31_000, GasWanted: 37_600, Events: swap}))

	send := append(slices.Clone(fee), legacy("coin_spent", "spender", "ada", "amount", "5data/2", "msg_index", "0"),
		legacy("transfer", "recipient", "bob\x1b[2K", "sender", "ada", "amount", "5data/2,1500000ualita", "msg_index", "0"),
		legacy("message", "action", "/cosmos.bank.v1beta1.MsgSend", "msg_index", "0"))
	require.Equal(t, `Transfer
  recipient  bob [2K
  sender     ada
  amount     5 data/2 and 1.5 ALITA
Done in block 12 for a fee of 0.000376 ALITA
Transaction AB
`, tx.Describe(t.Context(), node, &sdk.TxResponse{TxHash: "AB", Height: 12, Events: send}), "the node does not know the units of data/2")

	require.Equal(t, "Pool paused\n  pool    3\n  paused  yes\nDone in block 1\nTransaction AB\n",
		tx.Describe(t.Context(), node, &sdk.TxResponse{TxHash: "AB", Height: 1, Events: emitted(t, &types.EventPoolPaused{PoolId: 3, Paused: true})}))
}
