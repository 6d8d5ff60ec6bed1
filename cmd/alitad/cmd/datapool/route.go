package datapool

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// route is a trade of one Data Token for another, through ALITA.
type route struct {
	trade
	from, to types.Pool
}

// route finds the second pool of a route.
func (t trade) route(cmd *cobra.Command, from types.Pool, ref string) (route, error) {
	if _, found := unitNamed(ref, unitsOf(from)[:2]); found {
		return route{}, fmt.Errorf("--%s: expected another Data Token, got %s; without --%s tokens are sold for ALITA", flagTo, ref, flagTo)
	}
	to, err := t.pool(cmd.Context(), ref)
	if err != nil {
		return route{}, fmt.Errorf("--%s: %w", flagTo, err)
	}
	if to.Id == from.Id {
		return route{}, fmt.Errorf("--%s: expected another Data Token than %s; without --%s it is sold for ALITA", flagTo, from.Symbol, flagTo)
	}
	return route{t, from, to}, nil
}

// amountOf reads an amount of the Data Token of one of the two pools.
func (r route) amountOf(p types.Pool, text string) (sdk.Coin, error) {
	c, err := parseAmount(text, unitsOf(p)[2:4])
	if err == nil {
		return c, nil
	}
	if in, alita := parseAmount(text, unitsOf(p)[:2]); alita == nil {
		return c, fmt.Errorf("expected an amount of %s, got %s; to buy %s with ALITA: swap %s %s",
			p.Symbol, format(in, p), r.to.Symbol, r.to.Symbol, text)
	}
	return c, err
}

// sell trades an exact input.
func (r route) sell(cmd *cobra.Command, text string) error {
	in, err := r.amountOf(r.from, text)
	if err != nil {
		return err
	}
	q, err := r.query.QuoteSwapRouteExactIn(cmd.Context(), &types.QueryQuoteSwapRouteExactInRequest{
		TokenIn: in.String(), DenomOut: r.to.DataDenom,
	})
	if err != nil {
		return err
	}
	minOut := r.atLeast(q.TokenOut.Amount)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Sell     %s\n", format(in, r.from))
	fmt.Fprintf(w, "For      %s, at least %s\n", format(q.TokenOut, r.to), format(sdk.Coin{Denom: r.to.DataDenom, Amount: minOut}, r.to))
	if err := r.printTerms(w, in, q.TokenOut, q.Alita, q.FeeIn, q.FeeOut, q.PriceImpactPpm); err != nil {
		return err
	}
	return r.send(cmd, &types.MsgSwapRouteExactIn{
		Sender: r.sender, TokenIn: in, DenomOut: r.to.DataDenom, MinOut: minOut, Deadline: r.deadline,
	})
}

// buy trades for an exact output; limit, where it is not empty, is the most to pay.
func (r route) buy(cmd *cobra.Command, text, limit string) error {
	out, err := r.amountOf(r.to, text)
	if err != nil {
		return err
	}
	q, err := r.query.QuoteSwapRouteExactOut(cmd.Context(), &types.QueryQuoteSwapRouteExactOutRequest{
		DenomIn: r.from.DataDenom, TokenOut: out.String(),
	})
	if err != nil {
		return err
	}
	maxIn := r.atMost(q.TokenIn.Amount)
	if limit != "" {
		most, err := r.amountOf(r.from, limit)
		if err != nil {
			return fmt.Errorf("AMOUNT, the most to pay: %w", err)
		}
		if q.TokenIn.Amount.GT(most.Amount) {
			return fmt.Errorf("the pools ask %s, more than %s", format(q.TokenIn, r.from), format(most, r.from))
		}
		maxIn = math.MinInt(maxIn, most.Amount)
	}
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Buy      %s\n", format(out, r.to))
	fmt.Fprintf(w, "For      %s, at most %s\n", format(q.TokenIn, r.from), format(sdk.Coin{Denom: r.from.DataDenom, Amount: maxIn}, r.from))
	if err := r.printTerms(w, q.TokenIn, out, q.Alita, q.FeeIn, q.FeeOut, q.PriceImpactPpm); err != nil {
		return err
	}
	return r.send(cmd, &types.MsgSwapRouteExactOut{
		Sender: r.sender, DenomIn: r.from.DataDenom, TokenOut: out, MaxIn: maxIn, Deadline: r.deadline,
	})
}

// printTerms writes what goes between the pools, price, both fees and impact.
func (r route) printTerms(w io.Writer, in, out sdk.Coin, alitaText string, feeIn, feeOut types.FeeSplit, impact uint32) error {
	through, err := types.ParseInt("alita", alitaText)
	if err != nil {
		return err
	}
	alita := sdk.Coin{Denom: types.BaseDenom, Amount: through}
	// The price of both pools as they stand: (alita/out) / (alita/in).
	fmt.Fprintf(w, "Through  %s\n", format(alita, r.from))
	fmt.Fprintf(w, "Price    %s %s per %s, fees included; %s before the trade\n", price(in.Amount, out.Amount), r.from.Symbol, r.to.Symbol,
		price(r.to.Reserves.Alita.Mul(r.from.Reserves.Data), r.to.Reserves.Data.Mul(r.from.Reserves.Alita)))
	fmt.Fprintf(w, "Fee      %s\n", feeText(in.Denom, feeIn, r.from))
	fmt.Fprintf(w, "         %s\n", feeText(types.BaseDenom, feeOut, r.to))
	fmt.Fprintf(w, "Impact   %s%% of both pools, fees excluded\n", types.FormatPercent(impact))
	return nil
}
