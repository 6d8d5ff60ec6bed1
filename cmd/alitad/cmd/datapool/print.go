package datapool

import (
	"fmt"
	"io"
	"math/big"
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/datapool/types"
)

// printOrder writes what a trade gives and gets, within which bounds, and its price, fees and impact.
func printOrder(w io.Writer, o trader.Order) {
	amounts := func(all []sdk.Coin) string { return coins(o.Quote, all) }
	given, got := amounts(o.Give), amounts(o.Get)
	if o.Most != nil {
		given += ", at most " + amounts(o.Most)
	}
	if o.Least != nil {
		got += ", at least " + amounts(o.Least)
	}
	if o.Kind == trader.Purchase {
		given, got = got, given
	}
	verb := map[trader.Kind]string{trader.Sale: "Sell", trader.Purchase: "Buy", trader.Deposit: "Give", trader.Withdrawal: "Redeem"}[o.Kind]
	fmt.Fprintf(w, "%-8s %s\n", verb, given)
	if o.Swapped.Denom != "" {
		fmt.Fprintf(w, "Swap     %s for %s\n", o.Format(o.Swapped), otherCoin(o.Pools[0], o.Swapped.Denom))
	}
	fmt.Fprintf(w, "For      %s\n", got)
	if o.Through.Denom != "" {
		fmt.Fprintf(w, "Through  %s\n", o.Format(o.Through))
	}
	printPrice(w, o.Quote)
	title := "Fee"
	for _, f := range o.Fees {
		fmt.Fprintf(w, "%-8s %s\n", title, feeText(o.Format(f.Total()), f))
		title = ""
	}
	switch {
	case len(o.Fees) == 1:
		fmt.Fprintf(w, "Impact   %s%%, fee excluded\n", types.FormatPercent(o.ImpactPPM))
	case len(o.Fees) > 1:
		fmt.Fprintf(w, "Impact   %s%% of both pools, fees excluded\n", types.FormatPercent(o.ImpactPPM))
	}
}

// outcome is what a trade has really given and got, for programs.
type outcome struct {
	Give []sdk.Coin `json:"give"`
	Get  []sdk.Coin `json:"get"`
	// Price is ALITA for a Data Token, or Data Tokens of the first pool for one of the second; empty for other trades.
	Price string `json:"price,omitempty"`
	// PoolFees are the fees of the swaps in it.
	PoolFees []sdk.Coin `json:"pool_fees"`
	// TransactionFee is what the transaction cost.
	TransactionFee string `json:"transaction_fee"`
}

// told says what a settled trade has given and got.
func told(q trader.Quote, res *sdk.TxResponse) txflags.Told {
	o := outcome{Give: q.Give, Get: q.Get, PoolFees: []sdk.Coin{}, TransactionFee: tx.FeePaid(res)}
	if paid, _ := q.Prices(); paid != nil {
		o.Price = price(paid)
	}
	var b strings.Builder
	verb := map[trader.Kind]string{trader.Sale: "Sold", trader.Purchase: "Paid", trader.Deposit: "Gave", trader.Withdrawal: "Redeemed"}[q.Kind]
	fmt.Fprintf(&b, "%-8s %s\nReceived %s\n", verb, coins(q, q.Give), coins(q, q.Get))
	printPrice(&b, q)
	title := "Fee"
	for _, f := range q.Fees {
		o.PoolFees = append(o.PoolFees, f.Total())
		fmt.Fprintf(&b, "%-8s %s\n", title, q.Format(f.Total()))
		title = ""
	}
	return txflags.Told{Text: b.String(), Name: "trade", JSON: o}
}

// coins writes amounts in words.
func coins(q trader.Quote, all []sdk.Coin) string {
	words := make([]string, len(all))
	for i, c := range all {
		words[i] = q.Format(c)
	}
	return strings.Join(words, " and ")
}

// printPrice writes the price of a sale or purchase.
func printPrice(w io.Writer, q trader.Quote) {
	if q.Kind != trader.Sale && q.Kind != trader.Purchase {
		return
	}
	paid, before := q.Prices()
	if len(q.Pools) == 2 {
		fmt.Fprintf(w, "Price    %s %s per %s, fees included; %s before the trade\n",
			price(paid), q.Pools[0].Symbol, q.Pools[1].Symbol, price(before))
		return
	}
	fmt.Fprintf(w, "Price    %s ALITA per %s, fee included; %s before the trade\n", price(paid), q.Pools[0].Symbol, price(before))
}

// price writes a price with 9 decimals, rounded to the nearest.
func price(r *big.Rat) string {
	if r == nil {
		return "none"
	}
	return r.FloatString(9)
}

// feeText writes the fee of a swap and its parts.
func feeText(total string, f trader.Fee) string {
	part := func(v math.Int) string { return types.FormatUnits(v, types.Decimals) }
	return fmt.Sprintf("%s (%s%%): liquidity %s, maker %s, protocol %s, owners' rewards %s",
		total, types.FormatPercent(f.RatePPM), part(f.Split.Liquidity), part(f.Split.Maker), part(f.Split.Protocol), part(f.Split.Rewards))
}

// otherCoin names the coin of a pool that a denom is not.
func otherCoin(p types.Pool, denom string) string {
	if denom == types.BaseDenom {
		return p.Symbol
	}
	return types.DisplaySymbol
}
