package datapool

import (
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

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
that amount is bought, and AMOUNT, where given, is the most to pay.

With --to, which is another pool, the Data Token of the first is traded for that of the
second, through ALITA, in one message with one bound.

The quote is printed first; the message carries it with the slippage as its bound,
and a deadline.`,
		Example: `  alitad tx datapool swap SPEED 10ALITA --from alice
  alitad tx datapool swap 1 2.5SPEED --slippage 1 --timeout 30s --from alice
  alitad tx datapool swap 1 100SPEED --exact-out --from alice
  alitad tx datapool swap 1 12ALITA --to-receive 100SPEED --from alice
  alitad tx datapool swap SPEED 100SPEED --to LIGHT --from alice
  alitad tx datapool swap SPEED --to LIGHT --to-receive 5LIGHT --from alice`,
		Args: cobra.RangeArgs(1, 2),
		RunE: plainly(runSwap),
	}
	cmd.Flags().String(flagToReceive, "", "amount to buy exactly")
	cmd.Flags().Bool(flagExactOut, false, "AMOUNT is what to buy")
	cmd.Flags().String(flagTo, "", "pool of another Data Token to buy")
	addTradeFlags(cmd)
	return cmd
}

func runSwap(cmd *cobra.Command, args []string) error {
	t, err := readTrade(cmd)
	if err != nil {
		return err
	}
	receive, err := cmd.Flags().GetString(flagToReceive)
	if err != nil {
		return err
	}
	exactOut, err := cmd.Flags().GetBool(flagExactOut)
	if err != nil {
		return err
	}
	if exactOut && receive != "" {
		return errors.New("expected --exact-out or --to-receive, got both")
	}
	if len(args) < 2 && receive == "" {
		return errors.New("expected an AMOUNT such as 10ALITA")
	}
	p, err := t.pool(cmd.Context(), args[0])
	if err != nil {
		return err
	}
	to, err := cmd.Flags().GetString(flagTo)
	if err != nil {
		return err
	}
	if to != "" {
		r, err := t.route(cmd, p, to)
		switch {
		case err != nil:
			return err
		case receive != "":
			limit := ""
			if len(args) == 2 {
				limit = args[1]
			}
			return r.buy(cmd, receive, limit)
		case exactOut:
			return r.buy(cmd, args[1], "")
		}
		return r.sell(cmd, args[1])
	}
	var amount sdk.Coin
	if len(args) == 2 {
		if amount, err = parseAmount(args[1], unitsOf(p)[:4]); err != nil {
			return err
		}
	}
	switch {
	case receive != "":
		buy, err := parseAmount(receive, unitsOf(p)[:4])
		if err != nil {
			return fmt.Errorf("--%s: %w", flagToReceive, err)
		}
		return t.buy(cmd, p, buy, amount)
	case exactOut:
		return t.buy(cmd, p, amount, sdk.Coin{})
	}
	return t.sell(cmd, p, amount)
}

// sell trades an exact input.
func (t trade) sell(cmd *cobra.Command, p types.Pool, in sdk.Coin) error {
	q, err := t.query.QuoteSwapExactIn(cmd.Context(), &types.QueryQuoteSwapExactInRequest{PoolId: p.Id, TokenIn: in.String()})
	if err != nil {
		return err
	}
	minOut := t.atLeast(q.TokenOut.Amount)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Sell     %s\n", format(in, p))
	fmt.Fprintf(w, "For      %s, at least %s\n", format(q.TokenOut, p), format(sdk.Coin{Denom: q.TokenOut.Denom, Amount: minOut}, p))
	printTerms(w, p, in, q.TokenOut, q.Fee, q.PriceImpactPpm)
	return t.send(cmd, &types.MsgSwapExactIn{
		Sender: t.sender, PoolId: p.Id, TokenIn: in, MinOut: minOut, Deadline: t.deadline,
	})
}

// buy trades for an exact output; limit is the most to pay where it has a denom.
func (t trade) buy(cmd *cobra.Command, p types.Pool, out, limit sdk.Coin) error {
	q, err := t.query.QuoteSwapExactOut(cmd.Context(), &types.QueryQuoteSwapExactOutRequest{PoolId: p.Id, TokenOut: out.String()})
	if err != nil {
		return err
	}
	maxIn := t.atMost(q.TokenIn.Amount)
	if limit.Denom != "" {
		if limit.Denom != q.TokenIn.Denom {
			return fmt.Errorf("AMOUNT: expected what to pay at most in %s, got %s", format(q.TokenIn, p), format(limit, p))
		}
		if q.TokenIn.Amount.GT(limit.Amount) {
			return fmt.Errorf("the pool asks %s, more than %s", format(q.TokenIn, p), format(limit, p))
		}
		maxIn = math.MinInt(maxIn, limit.Amount)
	}
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Buy      %s\n", format(out, p))
	fmt.Fprintf(w, "For      %s, at most %s\n", format(q.TokenIn, p), format(sdk.Coin{Denom: q.TokenIn.Denom, Amount: maxIn}, p))
	printTerms(w, p, q.TokenIn, out, q.Fee, q.PriceImpactPpm)
	return t.send(cmd, &types.MsgSwapExactOut{
		Sender: t.sender, PoolId: p.Id, TokenOut: out, MaxIn: maxIn, Deadline: t.deadline,
	})
}

// printTerms writes price, fee and impact of a quoted trade.
func printTerms(w io.Writer, p types.Pool, in, out sdk.Coin, fee types.FeeSplit, impact uint32) {
	alita, data := in, out
	if in.Denom != types.BaseDenom {
		alita, data = out, in
	}
	fmt.Fprintf(w, "Price    %s ALITA per %s, fee included; %s before the trade\n",
		price(alita.Amount, data.Amount), p.Symbol, price(p.Reserves.Alita, p.Reserves.Data))
	fmt.Fprintf(w, "Fee      %s\n", feeText(in.Denom, fee, p))
	fmt.Fprintf(w, "Impact   %s%%, fee excluded\n", types.FormatPercent(impact))
}

// feeText writes the fee of a swap in a pool, in the coin that is sold, and its parts.
func feeText(denom string, fee types.FeeSplit, p types.Pool) string {
	part := func(v math.Int) string { return types.FormatUnits(v, types.Decimals) }
	total := fee.Liquidity.Add(fee.Maker).Add(fee.Protocol).Add(fee.Rewards)
	return fmt.Sprintf("%s (%s%%): liquidity %s, maker %s, protocol %s, owners' rewards %s",
		format(sdk.Coin{Denom: denom, Amount: total}, p), types.FormatPercent(p.Fees.SwapFeePpm),
		part(fee.Liquidity), part(fee.Maker), part(fee.Protocol), part(fee.Rewards))
}

// price writes a ratio with 9 decimals, rounded to the nearest.
func price(num, den math.Int) string {
	if !den.IsPositive() {
		return "none"
	}
	return new(big.Rat).SetFrac(num.BigInt(), den.BigInt()).FloatString(9)
}
