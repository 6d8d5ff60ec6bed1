package datapool

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/datapool/types"
)

func newCreatePoolCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create-pool FILE",
		Short: "Create a pool from a JSON file; - reads the standard input",
		Long: `Create a pool from a JSON file; - reads the standard input.

Amounts are a number and a unit: 1000ALITA or 1000000000ualita, and for the pool's
own token its symbol (10000SPEED) or base units (10000000000units), of which a token
has 1,000,000. The ratio of both liquidities is the first price; liquidity_data +
reward_budget + maker_allotment is the supply for ever. Lengths of time are written
90d, 12h, 30m or 3600s. Column types are any, integer, decimal, text, category,
boolean and datetime.

Each admitted record earns reward_per_record and reward_per_row for each of its rows,
together at most max_reward_per_record. match is what a paid answer of an active
record earns, as a part of what its payer lost by it to stakers and by burned fees.
No more than rewards_per_day leave the budget in a day, and than half a per cent of
the pool's tokens; max_rewards_per_day bounds what update-pool may ever raise it to.
block_guard, on unless it is false, lets nobody trade at better than a block's
opening price.

An example, printed alone by --example:

` + trader.ExamplePoolFile,
		Example: `  alitad tx datapool create-pool --example > pool.json
  alitad tx datapool create-pool pool.json --from alice`,
		Args: cobra.MaximumNArgs(1),
		RunE: plainly(runCreatePool),
	}
	addExampleFlag(cmd)
	txflags.AddFlags(cmd)
	return cmd
}

func runCreatePool(cmd *cobra.Command, args []string) error {
	if example, err := cmd.Flags().GetBool(flagExample); err != nil || example {
		return printExample(cmd, trader.ExamplePoolFile, err)
	}
	if len(args) != 1 {
		return errors.New("expected a FILE, got none; --example prints one")
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	data, err := readPoolFile(cmd.InOrStdin(), args[0])
	if err != nil {
		return err
	}
	msg, err := trader.ParsePoolFile(data, ctx.GetFromAddress().String())
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	supply := msg.LiquidityData.Add(msg.RewardBudget).Add(msg.MakerAllotment)
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Pool     %s, %s\nSupply   %s %s for ever\nPrice    %s ALITA per %s to begin with\n",
		msg.Symbol, msg.Name, types.FormatUnits(supply, types.Decimals), msg.Symbol,
		price(trader.Ratio(msg.LiquidityAlita.Amount, msg.LiquidityData)), msg.Symbol)
	fmt.Fprintf(w, "Rewards  %s\n", trader.RewardsText(msg.RewardPolicy, msg.Symbol))
	return txflags.Submit(cmd, ctx, msg)
}
