package datapool

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	flagSlippage  = "slippage"
	flagTimeout   = "timeout"
	flagQuoteOnly = "quote-only"
	flagMaxImpact = "max-impact"
)

// warnImpactPPM is the impact from which on a trade is worth a word.
const warnImpactPPM = 30_000

// addTradeFlags adds the flags that every command has that sends a bound and a deadline.
func addTradeFlags(cmd *cobra.Command) {
	cmd.Flags().String(flagSlippage, "0.5", "most that the result may be worse than the quote, in percent")
	cmd.Flags().Duration(flagTimeout, time.Minute, "time after which the message is no longer valid")
	cmd.Flags().String(flagMaxImpact, "10", "impact in percent from which on a trade is refused; from 3 % on there is a warning")
	cmd.Flags().Bool(flagQuoteOnly, false, "print the quote and send nothing")
	txflags.AddFlags(cmd)
	trust.AddFlags(cmd)
}

// session is the run of a command that trades: the market, and what the flags say.
type session struct {
	client.Context

	cmd       *cobra.Command
	market    trader.Market
	terms     trader.Terms
	maxImpact trader.Tolerance
	quoteOnly bool
}

func newSession(cmd *cobra.Command) (*session, error) {
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return nil, err
	}
	market, err := provedMarket(cmd, ctx)
	if err != nil {
		return nil, err
	}
	s := &session{Context: ctx, cmd: cmd, market: market}
	s.terms.Sender = ctx.GetFromAddress().String()
	text, err := cmd.Flags().GetString(flagSlippage)
	if err != nil {
		return nil, err
	}
	if s.terms.Tolerance, err = trader.ParseTolerance(text); err != nil {
		return nil, fmt.Errorf("--%s: %w", flagSlippage, err)
	}
	if text, err = cmd.Flags().GetString(flagMaxImpact); err != nil {
		return nil, err
	}
	if s.maxImpact, err = trader.ParseTolerance(text); err != nil {
		return nil, fmt.Errorf("--%s: %w", flagMaxImpact, err)
	}
	timeout, err := cmd.Flags().GetDuration(flagTimeout)
	if err != nil {
		return nil, err
	}
	if timeout <= 0 {
		return nil, fmt.Errorf("--%s: expected a positive time such as 1m, got %s", flagTimeout, timeout)
	}
	s.terms.Deadline = time.Now().Add(timeout).UTC()
	s.quoteOnly, err = cmd.Flags().GetBool(flagQuoteOnly)
	return s, err
}

// provedMarket is the market as the chain proves it at one height: bounds follow from it.
func provedMarket(cmd *cobra.Command, ctx client.Context) (trader.Market, error) {
	asks := &tx.Client{Conn: txflags.Conn(ctx), ChainID: ctx.ChainID}
	if ctx.Offline {
		return trader.New(asks.Conn), nil
	}
	if err := trust.Believe(cmd, ctx, asks); err != nil {
		return trader.Market{}, err
	}
	state, _, err := asks.At(cmd.Context())
	return trader.New(state), err
}

// pool finds a pool by its number, a denom or its symbol.
func (s *session) pool(ref string) (types.Pool, error) {
	return findPool(s.cmd.Context(), s.market, ref)
}

// settle prints a quote with its bounds and sends the message, unless only the quote was asked for.
func (s *session) settle(q trader.Quote) error {
	order := q.Order(s.terms)
	printOrder(s.cmd.ErrOrStderr(), order)
	impact := types.FormatPercent(q.ImpactPPM)
	refused := q.ImpactPPM > 0 && q.ImpactPPM >= uint32(s.maxImpact)
	if q.ImpactPPM >= warnImpactPPM && !refused {
		s.cmd.PrintErrf("WARNING  the trade itself moves the price: it is %s%% worse than a small one, fee excluded\n", impact)
	}
	switch {
	case s.quoteOnly:
		return nil
	case refused:
		return fmt.Errorf("impact: expected less than %s%%, got %s%%: trade less at once, or allow more with --%s", types.FormatPercent(uint32(s.maxImpact)), impact, flagMaxImpact)
	}
	return txflags.SubmitTelling(s.cmd, s.Context, func(res *sdk.TxResponse) (txflags.Told, error) {
		settled, err := order.Settled(res)
		if err != nil {
			return txflags.Told{}, err
		}
		return told(settled, res), nil
	}, order.Msg)
}

// trades returns a command that finds the pool of its first argument, quotes a trade in it, and settles that.
func trades(quote func(ctx context.Context, s *session, p types.Pool, args []string) (trader.Quote, error)) func(*cobra.Command, []string) error {
	return plainly(func(cmd *cobra.Command, args []string) error {
		s, err := newSession(cmd)
		if err != nil {
			return err
		}
		p, err := s.pool(args[0])
		if err != nil {
			return err
		}
		q, err := quote(cmd.Context(), s, p, args[1:])
		if err != nil {
			return err
		}
		return s.settle(q)
	})
}
