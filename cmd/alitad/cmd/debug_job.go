package cmd

import (
	"encoding/json"

	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/debug"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/history"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

// debugCommand holds the commands for debugging: the SDK's and ours.
func debugCommand() *cobra.Command {
	cmd := debug.Cmd()
	cmd.AddCommand(debugJobCommand())
	return cmd
}

func debugJobCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "job ID",
		Short: "Print everything that the chain knows of a job, in order",
		Long: "Print what a job asks, what happened to it at which height, its seats, contributions and rounds, and how it stands.\n" +
			"What happened is known by nodes that index events. --output json prints it for programs.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, err := client.GetClientQueryContext(cmd)
			if err != nil {
				return err
			}
			node, err := ctx.GetNode()
			if err != nil {
				return err
			}
			h, err := history.Of(cmd.Context(), computetypes.NewQueryClient(ctx), node, args[0])
			if err != nil {
				return err
			}
			if ctx.OutputFormat == flags.OutputFormatJSON {
				return printHistory(ctx, h)
			}
			return h.Print(cmd.OutOrStdout())
		},
	}
	flags.AddQueryFlagsToCmd(cmd)
	return cmd
}

// printHistory prints a history as JSON, messages in the form of the chain's queries.
func printHistory(ctx client.Context, h history.Job) error {
	var failed error
	message := func(m proto.Message) json.RawMessage {
		bz, err := ctx.Codec.MarshalJSON(m)
		if err != nil {
			failed = err
		}
		return bz
	}
	out := struct {
		Job           json.RawMessage   `json:"job"`
		Events        []history.Event   `json:"events"`
		Unindexed     string            `json:"unindexed,omitempty"`
		Contributions []json.RawMessage `json:"contributions"`
		Rounds        []json.RawMessage `json:"rounds"`
	}{Job: message(&h.Job), Events: h.Events, Unindexed: h.Unindexed}
	for i := range h.Contributions {
		out.Contributions = append(out.Contributions, message(&h.Contributions[i]))
	}
	for i := range h.Rounds {
		out.Rounds = append(out.Rounds, message(&h.Rounds[i]))
	}
	if failed != nil {
		return failed
	}
	bz, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return ctx.PrintRaw(bz)
}
