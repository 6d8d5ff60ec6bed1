package metadata

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/metadata/types"
)

// NewGrantCmd allows computing on a record, after it has checked the terms.
func NewGrantCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "grant [record-id] [terms]",
		Short: "Allow computing on a record",
		Long: `Allow computing on a record. The terms are JSON; all that they do not allow is denied, and what the
chain would refuse is not sent.

Sums with noise are served within the record's privacy budget ("alitad tx metadata
set-privacy-budget"). Exact sums are over panels, which ask no grant. With any_program anybody's
program runs, with noise alone: a program can copy rows into an answer. With individual_results the
payer reads the owner's own result; only for programs that the terms name.

min_price_per_mop and min_data_fee are the least for a million operations, in ualita and in units of
the pool's Data Token. The data fee follows the pool's price, which somebody who is alone in a pool can
push for a day: min_data_fee bounds what that saves.`,
		Example: `  alitad query compute programs    # the ids of programs
  alitad tx metadata grant 00112233445566778899aabbccddeeff '{"programs":["0f..1e"],"min_cohort":3,"min_price_per_mop":"5"}' --from owner
  alitad tx metadata grant 00112233445566778899aabbccddeeff '{"any_program":true,"min_price_per_mop":"5","min_data_fee":"40"}' --from owner`,
		Args: cobra.ExactArgs(2),
		RunE: runGrant,
	}
	txflags.AddFlags(cmd)
	return cmd
}

func runGrant(cmd *cobra.Command, args []string) error {
	if err := types.ValidateRecordID(args[0]); err != nil {
		return err
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	var terms types.GrantTerms
	if err := ctx.Codec.UnmarshalJSON([]byte(args[1]), &terms); err != nil {
		return fmt.Errorf("terms: expected JSON of the terms of a grant, got %.80q: %w", args[1], err)
	}
	terms = terms.Normalize()
	if err := terms.Validate(tx.AddressCodec()); err != nil {
		return err
	}
	return txflags.Submit(cmd, ctx, &types.MsgGrant{
		Owner: ctx.GetFromAddress().String(), RecordId: args[0], Terms: terms,
	})
}
