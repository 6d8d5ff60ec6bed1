package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/programs"
)

func newPanelCommand(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "panel",
		Short: "Take part in panels: fixed groups of owners whose exact sums may be asked",
		Long: `A panel is a fixed group of owners' records over which exact sums are computed: over all of them or over none. It
hides each owner among as many as its threshold says. It hides no single row: exact answers to many questions pin down rows.

These commands look at a panel and at your rows where the rows are. They send nothing: the owner's account signs, and its key
lies elsewhere. Each prints the command that the owner then runs.`,
	}
	cmd.AddCommand(newPanelListCommand(o), newPanelShowCommand(o), newPanelSignCommand(o), newPanelStageCommand(o), newPanelLeaveCommand(o))
	return cmd
}

// panels opens a home, has f do something with panels, and closes it.
func (o *options) panels(cmd *cobra.Command, sign bool, f func(ctx context.Context, owner worker.PanelOwner) error) (err error) {
	owner, opened, err := worker.OpenPanels(cmd.Context(), o.worker(), sign, func() (string, error) { return o.passphrase(cmd.ErrOrStderr(), false) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return f(cmd.Context(), owner)
}

func newPanelListCommand(o *options) *cobra.Command {
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the panels with records of yours",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.panels(cmd, false, func(ctx context.Context, owner worker.PanelOwner) error {
				all, err := owner.List(ctx)
				if err != nil {
					return err
				}
				if output.json {
					return writeJSON(cmd.OutOrStdout(), all)
				}
				for _, p := range all {
					if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s  pool %d, %s, %s, %d owners, threshold %d, edition %d\n  record %s%s\n",
						p.Id, p.PoolId, statusOf(p), p.Class(), p.MemberCount, p.Terms.Threshold, p.Edition, p.Own.Record, nextStep(p)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	output.add(cmd.Flags())
	return cmd
}

func newPanelShowCommand(o *options) *cobra.Command {
	var output outputFlag
	cmd := &cobra.Command{
		Use:     "show PANEL",
		Short:   "Show what a panel answers, to whom, what it hides and what not",
		Example: "alita-worker panel show 00..ff",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.panels(cmd, false, func(ctx context.Context, owner worker.PanelOwner) error {
				p, err := owner.Show(ctx, args[0])
				if err != nil {
					return err
				}
				if output.json {
					return writeJSON(cmd.OutOrStdout(), p)
				}
				return writePanel(cmd.OutOrStdout(), p)
			})
		},
	}
	output.add(cmd.Flags())
	return cmd
}

func newPanelSignCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "sign PANEL",
		Short: "Check a proposed panel and your rows, and print the command that signs it",
		Long: `Sign compares the panel with its id and with your policy, and your rows with all that were in panels before: none may have
been in one with another record. It copies the record's file, so that what you do to the file later does not change the
panel's answers before its next edition. Then it prints the command that the owner runs to sign.

With the last signature the panel begins. From then on its terms allow exact sums over the whole panel, without a grant of
yours.`,
		Example: "alita-worker panel sign 00..ff",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.panels(cmd, true, func(ctx context.Context, owner worker.PanelOwner) error {
				p, command, err := owner.Sign(ctx, args[0])
				if err != nil {
					return err
				}
				if err := writePanel(cmd.OutOrStdout(), p); err != nil {
					return err
				}
				return writeCommand(cmd.OutOrStdout(), "Your rows were in no other panel. To sign, the owner now runs:", command)
			})
		},
	}
}

func newPanelStageCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "stage [RECORD]",
		Short: "Check new rows for the next edition of a panel, and print the command that stages them",
		Long: `Stage compares the rows of the record's newest admitted version with every earlier content of the record, from which it must
differ in at least one row, and with the rows of your other panels, of which it may hold none. It copies the file. The next
edition begins when as many members have staged as the panel's threshold says, and no job runs.`,
		Example: "alita-worker panel stage\nalita-worker panel stage 00112233445566778899aabbccddeeff",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.panels(cmd, true, func(ctx context.Context, owner worker.PanelOwner) error {
				record := ""
				if len(args) == 1 {
					record = args[0]
				}
				p, command, err := owner.Stage(ctx, record)
				if err != nil {
					return err
				}
				return writeCommand(cmd.OutOrStdout(), fmt.Sprintf("Panel %s, edition %d: %d of %d members have staged.\nThe rows are new. To stage them, the owner now runs:",
					p.Id, p.Edition, p.Staged, p.Terms.Threshold), command)
			})
		},
	}
}

func newPanelLeaveCommand(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "leave PANEL",
		Short:   "Print the command that dissolves a panel for good, or withdraws a proposed one",
		Example: "alita-worker panel leave 00..ff",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.panels(cmd, false, func(ctx context.Context, owner worker.PanelOwner) error {
				p, command, err := owner.Leave(ctx, args[0])
				if err != nil {
					return err
				}
				what := "Whoever leaves dissolves the panel, for all members and for good; the records of this one are never in another, and jobs that run over it fail. " +
					"To leave, the owner now runs:"
				if p.Status == chain.PanelProposed {
					what = "This withdraws the proposal. To do so, the owner now runs:"
				}
				return writeCommand(cmd.OutOrStdout(), what, command)
			})
		},
	}
}

func writeCommand(w io.Writer, what, command string) error {
	_, err := fmt.Fprintf(w, "\n%s\n\n  %s\n", what, command)
	return err
}

// statusOf is where a panel stands, in a word.
func statusOf(p worker.OwnPanel) string {
	return strings.ToLower(strings.TrimPrefix(p.Status.String(), "PANEL_STATUS_"))
}

// nextStep is what the owner may do next.
func nextStep(p worker.OwnPanel) string {
	switch {
	case p.Status == chain.PanelProposed && !p.Own.Signed:
		return "; to sign it: alita-worker panel sign " + p.Id
	case p.Status == chain.PanelProposed:
		return fmt.Sprintf(", signed; %d of %d have", p.Signed, p.MemberCount)
	case p.Status == chain.PanelDissolved:
		return ""
	case p.Lacks != "":
		return "; this worker answers nothing: policy: " + p.Lacks
	case p.Own.Staged > 0:
		return fmt.Sprintf(", staged; %d of %d have, for the next edition", p.Staged, p.Terms.Threshold)
	}
	return fmt.Sprintf(", answers; %d of %d slots are used", p.OpenedSlots, p.MaxSlots)
}

// writePanel says in plain words what a panel answers and what it hides.
func writePanel(w io.Writer, p worker.OwnPanel) error {
	var b strings.Builder
	fmt.Fprintf(&b, "panel    %s, pool %d, %s, edition %d\n", p.Id, p.PoolId, statusOf(p), p.Edition)
	b.WriteString(p.Terms.Text(len(p.Members), programs.NameOf))
	if p.MaxSlots > 0 {
		fmt.Fprintf(&b, "slots    %d of %d are used\n", p.OpenedSlots, p.MaxSlots)
	}
	for _, m := range p.Members {
		marks := ""
		for _, mark := range []struct {
			on   bool
			text string
		}{{m.Record == p.Own.Record, ", yours"}, {m.Signed, ", signed"}, {m.Staged > 0, ", staged"}} {
			if mark.on {
				marks += mark.text
			}
		}
		fmt.Fprintf(&b, "member   %s of %s%s\n", m.Record, m.Owner, marks)
	}
	if p.Lacks != "" {
		fmt.Fprintf(&b, "policy   does not allow it: %s\n", p.Lacks)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
