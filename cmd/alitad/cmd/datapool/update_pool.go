package datapool

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"

	"github.com/alita-network/alita/x/datapool/types"
)

// UpdateFile is the form in which people write what changes of a pool, with the fields
// of a PoolFile. What is absent stays as it is.
type UpdateFile struct {
	Description *string `json:"description,omitempty"`
	rewardFields
	Requirements requirementsFile `json:"requirements"`
}

const exampleUpdate = `{
  "description": "Determinations of the speed of light in air, in km/s.",
  "reward_per_record": "12SPEED",
  "rewards_per_day": "1.728SPEED",
  "requirements": {"min_rows": 10}
}
`

func newUpdatePoolCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "update-pool POOL FILE",
		Short: "Change description, requirements and rewards of one's pool by a JSON file; - reads the standard input",
		Long: `Change description, requirements and rewards of one's pool by a JSON file; - reads
the standard input. The pool is a number or a symbol.

The fields are those of create-pool: description, reward_per_record, reward_per_row,
max_reward_per_record, rewards_per_day and requirements. What the file leaves out
stays as it is; requirements.columns, where given, replaces the whole list. Rewards
may rise only. New requirements hold for records that are admitted from then on.

An example, printed alone by --example:

` + exampleUpdate,
		Example: `  alitad tx datapool update-pool --example > update.json
  alitad tx datapool update-pool SPEED update.json --from alice`,
		Args: cobra.MaximumNArgs(2),
		RunE: plainly(runUpdatePool),
	}
	cmd.Flags().Bool("example", false, "print an example file and send nothing")
	flags.AddTxFlagsToCmd(cmd)
	return cmd
}

func runUpdatePool(cmd *cobra.Command, args []string) error {
	if example, err := cmd.Flags().GetBool("example"); err != nil || example {
		if err == nil {
			_, err = io.WriteString(cmd.OutOrStdout(), exampleUpdate)
		}
		return err
	}
	if len(args) != 2 {
		return errors.New("expected a POOL and a FILE; --example prints one")
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	data, err := readPoolFile(cmd.InOrStdin(), args[1])
	if err != nil {
		return err
	}
	t := trade{Context: ctx, query: types.NewQueryClient(ctx)}
	p, err := t.pool(cmd.Context(), args[0])
	if err != nil {
		return err
	}
	msg, err := ParseUpdateFile(data, p)
	if err != nil {
		return fmt.Errorf("%s: %w", args[1], err)
	}
	w := cmd.ErrOrStderr()
	fmt.Fprintf(w, "Pool     %s, revision %d becomes %d\n", p.Symbol, p.Revision, p.Revision+1)
	fmt.Fprintf(w, "Changes  %s\n", strings.Join(changes(p, msg), ", "))
	fmt.Fprintf(w, "Rewards  %s\n", describeRewards(msg.RewardPolicy, p.Symbol))
	msg.Maker = ctx.GetFromAddress().String()
	return clienttx.GenerateOrBroadcastTxCLI(ctx, cmd.Flags(), msg)
}

// ParseUpdateFile reads a file as a message that changes a pool; the maker is left
// out. Fields that it does not know, lower rewards, and a file without a change are
// refused.
func ParseUpdateFile(data []byte, p types.Pool) (*types.MsgUpdatePool, error) {
	var f UpdateFile
	if err := decodeFile(data, &f); err != nil {
		return nil, err
	}
	msg := &types.MsgUpdatePool{
		PoolId: p.Id, Description: p.Description, Requirements: p.Requirements, RewardPolicy: p.RewardPolicy,
	}
	if f.Description != nil {
		msg.Description = *f.Description
	}
	if err := f.rewardFields.apply(&msg.RewardPolicy, ownUnits(p.Symbol)); err != nil {
		return nil, err
	}
	if err := f.Requirements.apply(&msg.Requirements); err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.Validate(); err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.CheckRaised(p.RewardPolicy); err != nil {
		return nil, err
	}
	if len(changes(p, msg)) == 0 {
		return nil, fmt.Errorf("expected a change; pool %d has all of it already", p.Id)
	}
	return msg, nil
}

// changes names what a message changes of a pool.
func changes(p types.Pool, msg *types.MsgUpdatePool) []string {
	var all []string
	for _, c := range []struct {
		name          string
		before, after string
	}{
		{"description", p.Description, msg.Description},
		{"requirements", p.Requirements.String(), msg.Requirements.String()},
		{"rewards", p.RewardPolicy.String(), msg.RewardPolicy.String()},
	} {
		if c.before != c.after {
			all = append(all, c.name)
		}
	}
	return all
}
