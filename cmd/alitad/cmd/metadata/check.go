package metadata

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/publisher"
)

// NewCheckCmd says offline what registering a document would find. Its error is publisher.ErrRefused exactly if the
// record would be refused.
func NewCheckCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [document.jsonld]",
		Short: "Say whether a document would be accepted as a record, without a network",
		Long: `Read a schema.org or Croissant document, map it to a record and list by JSON path everything that a record
cannot carry, that was changed on the way, or that refuses the record. Nothing is sent. With --file the columns and
the checksum of the local file are checked, too, and of each column it says how jobs read its cells: numbers, texts,
missing values. These numbers are for you; no record holds them.

The exit status is 0 for a record that would be accepted and 1 for one that would be refused.`,
		Example: "alitad metadata check record.jsonld --file data.csv --license CC-BY-4.0",
		Args:    cobra.ExactArgs(1),
		RunE:    runCheck,
	}
	addDocumentFlags(cmd.Flags())
	cmd.Flags().StringP(flags.FlagOutput, "o", flags.OutputFormatText, "text or json")
	return cmd
}

func runCheck(cmd *cobra.Command, args []string) error {
	format, err := cmd.Flags().GetString(flags.FlagOutput)
	if err != nil {
		return err
	}
	if format != flags.OutputFormatText && format != flags.OutputFormatJSON {
		return fmt.Errorf("--%s: expected text or json, got %q", flags.FlagOutput, format)
	}
	in, err := readInput(cmd.Flags(), args[0])
	if err != nil {
		return err
	}
	v := newVerdict(publisher.Check(in.document, in.options, in.file, nil))
	if format == flags.OutputFormatJSON {
		if err := v.printJSON(cmd.OutOrStdout()); err != nil {
			return err
		}
		return v.refusal
	}
	if in.file != nil {
		if err := printColumns(cmd.OutOrStdout(), in.file); err != nil {
			return err
		}
	}
	if err := printFindings(cmd.OutOrStdout(), v.Findings); err != nil {
		return err
	}
	if v.Accepted {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "accepted: version %s\n", v.Version)
		return err
	}
	return v.refusal
}
