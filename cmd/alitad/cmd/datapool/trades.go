package datapool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	// defaultTrades and maxTrades are how many trades are shown.
	defaultTrades, maxTrades = 20, 1000
	// maxPositionTrades is how many trades make a position at most.
	maxPositionTrades = 10_000
)

func newTradesCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trades POOL|ACCOUNT",
		Short: "Query the newest swaps, deposits and withdrawals of a pool or an account",
		Long: `Query the newest swaps, deposits and withdrawals of a pool or an account, the newest
first. The pool is a number, a symbol or a denom. A deposit or withdrawal of one coin is
shown as its swap and what follows it. Nodes that index events know them.`,
		Example: `  alitad query datapool trades SPEED
  alitad query datapool trades alita1... --limit 100`,
		Args: cobra.ExactArgs(1),
		RunE: plainly(runTrades),
	}
	cmd.Flags().Int(flagLimit, defaultTrades, fmt.Sprintf("number of trades; at most %d", maxTrades))
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

func newPositionCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "position POOL ACCOUNT",
		Short: "Query what the trades of an account in a pool have come to: profit or loss",
		Long: `Query what the trades of an account in a pool have come to: what it got in swaps,
deposits and withdrawals less what it gave, and what that is worth at the price now. Data
Tokens that came otherwise, as rewards or from somebody, and were sold count as worth the
price now. Fees of transactions are not in it. Nodes that index events know the trades.`,
		Example: "  alitad query datapool position SPEED alita1...",
		Args:    cobra.ExactArgs(2),
		RunE:    plainly(runPosition),
	}
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

// searched is what a search for trades needs.
func searched(cmd *cobra.Command) (client.Context, trader.Market, trader.Index, error) {
	ctx, err := client.GetClientQueryContext(cmd)
	if err != nil {
		return ctx, trader.Market{}, nil, err
	}
	node, err := ctx.GetNode()
	return ctx, trader.New(txflags.Conn(ctx)), node, err
}

func runTrades(cmd *cobra.Command, args []string) error {
	limit, err := cmd.Flags().GetInt(flagLimit)
	if err != nil {
		return err
	}
	if limit < 1 || limit > maxTrades {
		return fmt.Errorf("--%s: expected 1 to %d, got %d", flagLimit, maxTrades, limit)
	}
	ctx, market, node, err := searched(cmd)
	if err != nil {
		return err
	}
	var of trader.TradesOf
	if _, err := tx.AddressCodec().StringToBytes(args[0]); err == nil {
		of.Account = args[0]
	} else {
		p, err := findPool(cmd.Context(), market, args[0])
		if err != nil {
			return err
		}
		of.PoolID = p.Id
	}
	trades, more, err := trader.Trades(cmd.Context(), node, of, limit)
	if err != nil {
		return err
	}
	if ctx.OutputFormat == flags.OutputFormatJSON {
		return printJSON(ctx, struct {
			Trades []trader.Trade `json:"trades"`
			More   bool           `json:"more"`
		}{append([]trader.Trade{}, trades...), more})
	}
	if err := printTrades(cmd.Context(), cmd.OutOrStdout(), market, trades); err != nil {
		return err
	}
	if more {
		cmd.PrintErrf("there are more: --%s\n", flagLimit)
	}
	return nil
}

// printTrades writes trades one on a line.
func printTrades(ctx context.Context, out io.Writer, market trader.Market, trades []trader.Trade) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "block\ttime\tpool\taccount\ttrade\tprice")
	pools := map[uint64]types.Pool{}
	for _, t := range trades {
		p, ok := pools[t.PoolID]
		if !ok {
			var err error
			if p, err = market.Pool(ctx, fmt.Sprint(t.PoolID)); err != nil {
				return err
			}
			pools[t.PoolID] = p
		}
		units := append(trader.CoinUnits(p), trader.ShareUnits(p)...)
		words := func(coins []sdk.Coin) string {
			all := make([]string, len(coins))
			for i, c := range coins {
				all[i] = units.Format(c)
			}
			return strings.Join(all, " and ")
		}
		paid := ""
		if t.Kind == "swap" {
			alita, data := t.Give[0], t.Get[0]
			if alita.Denom != types.BaseDenom {
				alita, data = data, alita
			}
			paid = price(trader.Ratio(alita.Amount, data.Amount))
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s for %s\t%s\n", t.Height, t.Time.UTC().Format(time.RFC3339), p.Symbol, t.Account, words(t.Give), words(t.Get), paid)
	}
	return w.Flush()
}

func runPosition(cmd *cobra.Command, args []string) error {
	if _, err := tx.AddressCodec().StringToBytes(args[1]); err != nil {
		return fmt.Errorf("ACCOUNT: expected an address such as alita1..., got %q: %w", args[1], err)
	}
	ctx, market, node, err := searched(cmd)
	if err != nil {
		return err
	}
	p, err := findPool(cmd.Context(), market, args[0])
	if err != nil {
		return err
	}
	trades, more, err := trader.Trades(cmd.Context(), node, trader.TradesOf{PoolID: p.Id, Account: args[1]}, maxPositionTrades)
	if err != nil {
		return err
	}
	if more {
		return errors.New("trades: expected fewer than the node's index has: a part of them would be no position")
	}
	at, err := trader.PositionIn(p, trades)
	if err != nil {
		return err
	}
	if ctx.OutputFormat == flags.OutputFormatJSON {
		return printJSON(ctx, at)
	}
	amount := func(v math.Int, symbol string) string {
		return types.FormatUnits(v.Abs(), types.Decimals) + " " + symbol
	}
	change := func(v math.Int, symbol string) string {
		if v.IsNegative() {
			return "gave " + amount(v, symbol)
		}
		return "got " + amount(v, symbol)
	}
	word := "Profit"
	if at.Profit.IsNegative() {
		word = "Loss"
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Trades   %d\nNet      %s, %s, %s\nWorth    %s%s now, at %s ALITA per %s, without fee and impact\n%-8s %s\n",
		at.Trades, change(at.Alita, types.DisplaySymbol), change(at.Data, p.Symbol), change(at.Shares, types.ShareSymbol(p.Symbol)),
		map[bool]string{true: "-"}[at.Worth.IsNegative()], amount(at.Worth, types.DisplaySymbol), price(trader.Ratio(p.Reserves.Alita, p.Reserves.Data)), p.Symbol,
		word, amount(at.Profit, types.DisplaySymbol))
	return err
}

func printJSON(ctx client.Context, v any) error {
	bz, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return ctx.PrintRaw(bz)
}
