package compute

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
)

// finish sees a job through, and shows its answer and its bill. The keys are deleted
// once the answer is out.
func finish(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, r *consumer.Run, file string) error {
	show := newProgress(cmd.ErrOrStderr())
	job, err := r.Follow(ctx, show.event)
	show.end()
	if err != nil {
		return hinted(err)
	}
	answer := r.Answer()
	for _, why := range answer.LeftOut {
		cmd.PrintErrf("left out: %s\n", why)
	}
	report, err := newReport(ctx, txflags.Conn(clientCtx), job, r.Bill(), answer)
	if err != nil {
		return err
	}
	if err := report.print(cmd, clientCtx.OutputFormat); err != nil {
		return err
	}
	if err := plot(cmd, file, answer); err != nil {
		return err
	}
	kept, err := r.Forget()
	if err != nil {
		return fmt.Errorf("delete the reader's key: %w", err)
	}
	if kept != "" {
		cmd.PrintErrf("the key of the job is kept in %s: nothing has proved that the job is over; delete it if you do not need it\n", kept)
	}
	return hinted(answer.Err())
}

// showAnswered shows the public answer that another job has, with that job's bill.
func showAnswered(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, payer *consumer.Client, r request, e *consumer.AnsweredError) error {
	cmd.PrintErrf("job %s has the public answer to this question, in round %d: nothing is paid again\n", e.JobID, e.Round)
	run, job, err := payer.Answered(ctx, r.Question, e)
	if err != nil {
		return hinted(err)
	}
	report, err := newReport(ctx, txflags.Conn(clientCtx), job, run.Bill(), run.Answer())
	if err != nil {
		return err
	}
	if err := report.print(cmd, clientCtx.OutputFormat); err != nil {
		return err
	}
	file, _ := cmd.Flags().GetString(flagPlot)
	return plot(cmd, file, run.Answer())
}

// plot draws the answer to a file, if one was asked for.
func plot(cmd *cobra.Command, file string, a consumer.Answer) error {
	if file == "" || a.Result == nil {
		return nil
	}
	svg, err := a.Result.SVG()
	if errors.Is(err, analysis.ErrNoPlot) {
		cmd.PrintErrf("--%s: nothing is drawn: %s\n", flagPlot, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("--%s: %w", flagPlot, err)
	}
	if err := os.WriteFile(file, svg, 0o600); err != nil {
		return fmt.Errorf("--%s: %w", flagPlot, err)
	}
	cmd.PrintErrf("drawn to %s\n", file)
	return nil
}
