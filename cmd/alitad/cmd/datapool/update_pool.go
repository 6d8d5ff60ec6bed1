package datapool

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

func newUpdatePoolCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "update-pool POOL FILE",
		Short: "Change description, requirements and rewards of one's pool by a JSON file; - reads the standard input",
		Long: `Change description, requirements and rewards of one's pool by a JSON file; - reads
the standard input. The pool is a number or a symbol.

The fields are those of create-pool: description, reward_per_record, reward_per_row,
max_reward_per_record, match, rewards_per_day, max_rewards_per_day and requirements.
What the file leaves out stays as it is; requirements.columns, if given, replaces the
whole list. Rewards may rise only, and wait a week before they do; rewards_per_day may
be lowered at once, max_rewards_per_day may only be. New requirements hold for records
that are admitted from then on.

An example, printed alone by --example:

` + trader.ExampleUpdateFile,
		Example: `  alitad tx datapool update-pool --example > update.json
  alitad tx datapool update-pool SPEED update.json --from alice`,
		Args: cobra.MaximumNArgs(2),
		RunE: plainly(runUpdatePool),
	}
	addExampleFlag(cmd)
	txflags.AddFlags(cmd)
	trust.AddFlags(cmd)
	return cmd
}

func runUpdatePool(cmd *cobra.Command, args []string) error {
	if example, err := cmd.Flags().GetBool(flagExample); err != nil || example {
		return printExample(cmd, trader.ExampleUpdateFile, err)
	}
	if len(args) != 2 {
		return fmt.Errorf("expected a POOL and a FILE, got %d arguments; --example prints a file", len(args))
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	data, err := readPoolFile(cmd.InOrStdin(), args[1])
	if err != nil {
		return err
	}
	// What the file does not name stays as the pool has it, so that must be the truth.
	market, err := provedMarket(cmd, ctx)
	if err != nil {
		return err
	}
	p, err := findPool(cmd.Context(), market, args[0])
	if err != nil {
		return err
	}
	msg, err := trader.ParseUpdateFile(data, p, ctx.GetFromAddress().String())
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Pool     %s, revision %d becomes %d\n", p.Symbol, p.Revision, p.Revision+1)
	fmt.Fprintf(w, "Changes  %s\n", strings.Join(trader.Changes(p, msg), ", "))
	fmt.Fprintf(w, "Rewards  %s\n", trader.RewardsText(msg.RewardPolicy, p.Symbol))
	return txflags.Submit(cmd, ctx, msg)
}
