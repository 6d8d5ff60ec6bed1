package metadata

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/publisher"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/trust"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/metadata/types"
)

const flagExample = "example"

// NewProposePanelCmd proposes a panel from a file.
func NewProposePanelCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "propose-panel FILE",
		Short: "Propose a panel of records from a JSON file; - reads the standard input",
		Long: `Propose a panel from a JSON file; - reads the standard input. A panel is a fixed group of owners'
records over which exact sums are computed: over all of them or over none. It begins when every
owner has signed it with sign-panel; nobody joins later, and one who leaves dissolves it.

A file with questions makes a panel that answers these, word for word. One with programs makes a
panel that answers these programs with whatever columns and inputs are asked: what a value singles
out, the sum tells.

No combination of exact answers is about fewer owners than the threshold. With a threshold of m, up
to m - 2 members may work together with the reader.

An example, printed alone by --example:

` + publisher.ExamplePanelFile,
		Example: `  alitad tx metadata propose-panel --example > panel.json
  alitad tx metadata propose-panel panel.json --from alice`,
		Args: cobra.MaximumNArgs(1),
		RunE: runProposePanel,
	}
	cmd.Flags().Bool(flagExample, false, "print an example of a file and end")
	txflags.AddFlags(cmd)
	return cmd
}

func runProposePanel(cmd *cobra.Command, args []string) error {
	if example, err := cmd.Flags().GetBool(flagExample); err != nil || example {
		if err == nil {
			_, err = fmt.Fprint(cmd.OutOrStdout(), publisher.ExamplePanelFile)
		}
		return err
	}
	if len(args) != 1 {
		return errors.New("expected a FILE, got none; --example prints one")
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	data, err := readPanelFile(cmd.InOrStdin(), args[0])
	if err != nil {
		return err
	}
	msg, err := publisher.ParsePanelFile(data, ctx.GetFromAddress().String())
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	id := types.PanelID(ctx.GetFromAddress(), msg.Salt, msg.PoolId, msg.RecordIds, msg.Terms)
	if _, err := fmt.Fprintf(cmd.ErrOrStderr(), "%spanel    %s\nEach owner signs it with: alitad tx metadata sign-panel %s RECORD\n", msg.Terms.Judged().Text(len(msg.RecordIds), programs.NameOf), id, id); err != nil {
		return err
	}
	return txflags.Submit(cmd, ctx, msg)
}

// readPanelFile reads a file, or the standard input for "-", that is no longer than a panel file may be.
func readPanelFile(stdin io.Reader, path string) ([]byte, error) {
	in := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	return io.ReadAll(io.LimitReader(in, publisher.MaxPanelFile+1))
}

// NewSignPanelCmd signs a panel, after it has shown what is signed.
func NewSignPanelCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sign-panel [panel-id] [record-id]",
		Short: "Sign a proposed panel for one of your records",
		Long: `Sign a proposed panel for one of your records. What you sign is shown first, and compared with the
panel's id: a node that shows another panel is found out.

With the last signature the panel begins. From then on its terms allow exact sums over the whole
panel, without a grant of yours; there is no direct delivery of the record any more, and no exact sum
over anything but the whole panel. You end that with leave-panel, for all members and for good.`,
		Example: "alitad tx metadata sign-panel 00..ff 00112233445566778899aabbccddeeff --from owner",
		Args:    cobra.ExactArgs(2),
		RunE:    runSignPanel,
	}
	txflags.AddFlags(cmd)
	trust.AddFlags(cmd)
	return cmd
}

func runSignPanel(cmd *cobra.Command, args []string) error {
	if err := types.CheckPanelID(args[0]); err != nil {
		return err
	}
	if err := types.ValidateRecordID(args[1]); err != nil {
		return err
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	owner := publisher.Publisher{Client: &tx.Client{Conn: txflags.Conn(ctx), ChainID: ctx.ChainID}}
	if err := trust.Believe(cmd, ctx, owner.Client); err != nil {
		return err
	}
	panel, err := owner.Panel(cmd.Context(), args[0])
	if err != nil {
		return err
	}
	w := cmd.ErrOrStderr()
	if _, err := fmt.Fprint(w, panel.Terms.Judged().Text(len(panel.Members), programs.NameOf)); err != nil {
		return err
	}
	for _, m := range panel.Members {
		signed := ""
		if m.Signed {
			signed = ", signed"
		}
		if _, err := fmt.Fprintf(w, "member   %s of %s%s\n", m.RecordId, m.Owner, signed); err != nil {
			return err
		}
	}
	owner.Client.SpareGas = publisher.SpareGas(panel)
	return txflags.Submit(cmd, ctx, &types.MsgSignPanel{
		Owner: ctx.GetFromAddress().String(), PanelId: args[0], RecordId: args[1],
	})
}
