package datapool

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	flagToReceive = "to-receive"
	flagExactOut  = "exact-out"
	flagTo        = "to"
)

func newSwapCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "swap POOL [AMOUNT]",
		Short: "Trade ALITA for the Data Token of a pool, or back, or for another Data Token",
		Long: `Trade ALITA for the Data Token of a pool, or back, or for another Data Token. The
pool is a number or a symbol.

AMOUNT is sold, whole, for as much of the other coin as the pool pays. With
--exact-out it is bought instead, for as little as the pool asks. With --to-receive
that amount is bought, and AMOUNT, if given, is the most to pay.

With --to, which is another pool, the Data Token of the first is traded for the Data
Token of the second, through ALITA, in one message with one bound.

The quote is printed first; the message carries it with the slippage as its bound,
and a deadline.`,
		Example: `  alitad tx datapool swap SPEED 10ALITA --from alice
  alitad tx datapool swap 1 2.5SPEED --slippage 1 --timeout 30s --from alice
  alitad tx datapool swap 1 100SPEED --exact-out --from alice
  alitad tx datapool swap 1 12ALITA --to-receive 100SPEED --from alice
  alitad tx datapool swap SPEED 100SPEED --to LIGHT --from alice
  alitad tx datapool swap SPEED --to LIGHT --to-receive 5LIGHT --from alice`,
		Args: cobra.RangeArgs(1, 2),
		RunE: trades(quoteSwap),
	}
	cmd.Flags().String(flagToReceive, "", "amount to buy exactly")
	cmd.Flags().Bool(flagExactOut, false, "AMOUNT is what to buy")
	cmd.Flags().String(flagTo, "", "pool of another Data Token to buy")
	addTradeFlags(cmd)
	return cmd
}

// swap is a swap as the arguments and flags describe it: an amount to sell, or one to buy and the most to pay for it.
type swap struct{ sell, buy, limit string }

func readSwap(cmd *cobra.Command, amounts []string) (swap, error) {
	receive, err := cmd.Flags().GetString(flagToReceive)
	if err != nil {
		return swap{}, err
	}
	exactOut, err := cmd.Flags().GetBool(flagExactOut)
	if err != nil {
		return swap{}, err
	}
	amount := ""
	if len(amounts) > 0 {
		amount = amounts[0]
	}
	switch {
	case exactOut && receive != "":
		return swap{}, errors.New("expected --exact-out or --to-receive, got both")
	case amount == "" && receive == "":
		return swap{}, errors.New("expected an AMOUNT such as 10ALITA, got none")
	case receive != "":
		return swap{buy: receive, limit: amount}, nil
	case exactOut:
		return swap{buy: amount}, nil
	}
	return swap{sell: amount}, nil
}

func quoteSwap(ctx context.Context, s *session, p types.Pool, args []string) (trader.Quote, error) {
	w, err := readSwap(s.cmd, args)
	if err != nil {
		return trader.Quote{}, err
	}
	to, err := s.cmd.Flags().GetString(flagTo)
	if err != nil {
		return trader.Quote{}, err
	}
	if to != "" {
		return quoteRoute(ctx, s, p, to, w)
	}
	units := trader.CoinUnits(p)
	if w.sell != "" {
		in, err := units.Parse(w.sell)
		if err != nil {
			return trader.Quote{}, err
		}
		return s.market.Sell(ctx, p, in)
	}
	out, err := units.Parse(w.buy)
	if err != nil {
		return trader.Quote{}, err
	}
	q, err := s.market.Buy(ctx, p, out)
	if err != nil {
		return q, err
	}
	return limited(q, w.limit, units.Parse)
}

// limited is a purchase with a limit, if there is one.
func limited(q trader.Quote, limit string, parse func(string) (sdk.Coin, error)) (trader.Quote, error) {
	if limit == "" {
		return q, nil
	}
	most, err := parse(limit)
	if err == nil {
		q, err = q.Limit(most)
	}
	if err != nil {
		return q, fmt.Errorf("AMOUNT, the most to pay: %w", err)
	}
	return q, nil
}
