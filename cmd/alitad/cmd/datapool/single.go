package datapool

import (
	"fmt"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// addSingle gives one coin alone.
func (t trade) addSingle(cmd *cobra.Command, p types.Pool, in sdk.Coin) error {
	q, err := t.query.QuoteAddLiquiditySingle(cmd.Context(), &types.QueryQuoteAddLiquiditySingleRequest{
		PoolId: p.Id, TokenIn: in.String(),
	})
	if err != nil {
		return err
	}
	minShares := t.atLeast(q.Shares.Amount)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Give     %s\n", format(in, p))
	fmt.Fprintf(w, "Swap     %s for %s\n", format(q.Swapped, p), otherCoin(p, q.Swapped.Denom))
	fmt.Fprintf(w, "For      %s, at least %s\n", format(q.Shares, p), format(sdk.Coin{Denom: p.ShareDenom, Amount: minShares}, p))
	fmt.Fprintf(w, "Fee      %s\n", feeText(q.Swapped.Denom, q.Fee, p))
	fmt.Fprintf(w, "Impact   %s%%, fee excluded\n", types.FormatPercent(q.PriceImpactPpm))
	return t.send(cmd, &types.MsgAddLiquiditySingle{
		Sender: t.sender, PoolId: p.Id, TokenIn: in, MinShares: minShares, Deadline: t.deadline,
	})
}

// removeSingle redeems shares for the coin of a name alone.
func (t trade) removeSingle(cmd *cobra.Command, p types.Pool, shares math.Int, name string) error {
	out, found := unitNamed(name, unitsOf(p)[:4])
	if !found {
		return fmt.Errorf("--%s: expected %s or %s, the coin to get; got %q", flagSingle, types.DisplaySymbol, p.Symbol, name)
	}
	q, err := t.query.QuoteRemoveLiquiditySingle(cmd.Context(), &types.QueryQuoteRemoveLiquiditySingleRequest{
		PoolId: p.Id, Shares: shares.String(), DenomOut: out.denom,
	})
	if err != nil {
		return err
	}
	minOut := t.atLeast(q.TokenOut.Amount)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Redeem   %s\n", format(sdk.Coin{Denom: p.ShareDenom, Amount: shares}, p))
	fmt.Fprintf(w, "Swap     %s for %s\n", format(q.Swapped, p), otherCoin(p, q.Swapped.Denom))
	fmt.Fprintf(w, "For      %s, at least %s\n", format(q.TokenOut, p), format(sdk.Coin{Denom: out.denom, Amount: minOut}, p))
	fmt.Fprintf(w, "Fee      %s\n", feeText(q.Swapped.Denom, q.Fee, p))
	fmt.Fprintf(w, "Impact   %s%%, fee excluded\n", types.FormatPercent(q.PriceImpactPpm))
	return t.send(cmd, &types.MsgRemoveLiquiditySingle{
		Sender: t.sender, PoolId: p.Id, Shares: shares, DenomOut: out.denom, MinOut: minOut, Deadline: t.deadline,
	})
}

// otherCoin names the coin of a pool that a denom is not.
func otherCoin(p types.Pool, denom string) string {
	if denom == types.BaseDenom {
		return p.Symbol
	}
	return types.DisplaySymbol
}
