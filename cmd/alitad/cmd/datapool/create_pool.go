package datapool

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

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
together at most max_reward_per_record. rewards_per_day are streamed to the owners of
active records by the contributions that they served. block_guard, on unless it is
false, lets nobody trade at better than a block's opening price.

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
	fmt.Fprintf(w, "Rewards  %s\n", describeRewards(msg.RewardPolicy, msg.Symbol))
	return txflags.Submit(cmd, ctx, msg)
}

// describeRewards says what the owners of records earn.
func describeRewards(p types.RewardPolicy, symbol string) string {
	if p.IsZero() {
		return "none"
	}
	amount := func(v math.Int) string { return types.FormatUnits(v, types.Decimals) + " " + symbol }
	var parts []string
	if p.PerRecord.IsPositive() {
		parts = append(parts, amount(p.PerRecord)+" for each record")
	}
	if p.PerRow.IsPositive() {
		parts = append(parts, amount(p.PerRow)+" for each row")
	}
	if p.MaxPerRecord.IsPositive() && len(parts) > 0 {
		parts[len(parts)-1] += ", at most " + amount(p.MaxPerRecord) + " for a record"
	}
	if p.PerSecond.IsPositive() {
		parts = append(parts, amount(p.PerSecond.MulRaw(24*3600))+" a day for answers")
	}
	return strings.Join(parts, "; ")
}
