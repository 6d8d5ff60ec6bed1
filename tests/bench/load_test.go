package bench_test

import (
	"fmt"
	"math/rand"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// gasLimit is what a wallet would ask for a swap or a send with some room.
const gasLimit = 200_000

// load makes the transactions of a block: one of each trader.
type load struct {
	market
	// sends are bank sends to accounts of which each receives one; else swaps.
	sends     bool
	receivers []sdk.AccAddress
	r         *rand.Rand
	round     int
}

func newLoad(m market, sends bool) *load {
	l := &load{market: m, sends: sends, r: rand.New(rand.NewSource(1))}
	if sends {
		for i := range m.traders {
			l.receivers = append(l.receivers, apptest.NamedAccount(fmt.Sprintf("receiver%d", i)).Address())
		}
	}
	return l
}

func (l *load) String() string {
	if l.sends {
		return fmt.Sprintf("%d sends", len(l.traders))
	}
	return fmt.Sprintf("%d swaps over %s", len(l.traders), plural(len(l.traded), "pool"))
}

// sign returns the next block's transactions, signed and with the fee that a new
// node asks, in random order. Half of the swaps sell ALITA, half sell tokens.
func (l *load) sign(c *apptest.Chain) [][]byte {
	txs := make([][]byte, len(l.traders))
	fee := sdk.NewCoins(sdk.NewCoin(app.BaseDenom, minFee()))
	for i, trader := range l.traders {
		var msg sdk.Msg
		if amount := 1 + l.r.Int63n(whole); l.sends {
			msg = banktypes.NewMsgSend(trader.Address(), l.receivers[i], sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount)))
		} else {
			msg = l.swap(i, trader, (i/len(l.traded)+l.round)%2 == 0, 1_000+amount, c.Time())
		}
		txs[i] = c.SignWithFee(trader, gasLimit, fee, msg)
	}
	l.r.Shuffle(len(txs), func(i, j int) { txs[i], txs[j] = txs[j], txs[i] })
	l.round++
	return txs
}

// minFee is the default price of gasLimit.
func minFee() math.Int {
	price, err := sdk.ParseDecCoin(app.DefaultMinGasPrice)
	if err != nil {
		panic(err)
	}
	return price.Amount.MulInt64(gasLimit).Ceil().TruncateInt()
}
