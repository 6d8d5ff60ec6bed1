package datapool

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/types"
)

const flagSingle = "single"

func newLiquidityCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "liquidity",
		Short: "Give liquidity to a pool and take it back",
		RunE:  client.ValidateCmd,
	}
	add := &cobra.Command{
		Use:   "add POOL AMOUNT",
		Short: "Give both coins in the pool's proportion, or one alone; AMOUNT is of either coin",
		Long: `Give both coins in the pool's proportion and get shares for them.

AMOUNT, of ALITA or of the Data Token, decides how much; what goes with it of the
other coin is read from the pool. No more than AMOUNT is taken of the first coin, and
of the other no more than the quote and the slippage.

With --single AMOUNT is given alone and whole: a part of it is swapped for the other
coin, with the fee and the impact of a swap.`,
		Example: `  alitad tx datapool liquidity add SPEED 100ALITA --from alice
  alitad tx datapool liquidity add SPEED 5ALITA --single --from alice`,
		Args: cobra.ExactArgs(2),
		RunE: trades(quoteDeposit),
	}
	remove := &cobra.Command{
		Use:   "remove POOL SHARES",
		Short: "Redeem shares, an amount or a percentage of one's own, for both coins or one",
		Long: `Redeem shares, an amount or a percentage of one's own, for both coins.

With --single, which names a coin, the other one is swapped for it, with the fee and
the impact of a swap.`,
		Example: `  alitad tx datapool liquidity remove SPEED 50% --from alice
  alitad tx datapool liquidity remove 1 1.5SPEED-SHARE --from alice
  alitad tx datapool liquidity remove SPEED 50% --single ALITA --from alice`,
		Args: cobra.ExactArgs(2),
		RunE: trades(quoteWithdrawal),
	}
	add.Flags().Bool(flagSingle, false, "give AMOUNT alone")
	remove.Flags().String(flagSingle, "", "get this coin alone: ALITA or the pool's symbol")
	addTradeFlags(add)
	addTradeFlags(remove)
	cmd.AddCommand(add, remove)
	return cmd
}

func quoteDeposit(ctx context.Context, s *session, p types.Pool, args []string) (trader.Quote, error) {
	given, err := trader.CoinUnits(p).Parse(args[0])
	if err != nil {
		return trader.Quote{}, err
	}
	single, err := s.cmd.Flags().GetBool(flagSingle)
	switch {
	case err != nil:
		return trader.Quote{}, err
	case single:
		return s.market.DepositSingle(ctx, p, given)
	}
	return s.market.Deposit(ctx, p, given)
}

func quoteWithdrawal(ctx context.Context, s *session, p types.Pool, args []string) (trader.Quote, error) {
	single, err := s.cmd.Flags().GetString(flagSingle)
	if err != nil {
		return trader.Quote{}, err
	}
	shares, err := s.market.Shares(ctx, p, s.terms.Sender, args[0])
	if err != nil {
		return trader.Quote{}, err
	}
	if single == "" {
		return s.market.Withdraw(ctx, p, shares)
	}
	coin, ok := trader.CoinUnits(p).Named(single)
	if !ok {
		return trader.Quote{}, fmt.Errorf("--%s: expected %s or %s, the coin to get, got %q", flagSingle, types.DisplaySymbol, p.Symbol, single)
	}
	return s.market.WithdrawSingle(ctx, p, shares, coin.Denom)
}
