package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/x/compute/types"
)

const (
	// pollEvery is the time between two looks at the chain.
	pollEvery = 500 * time.Millisecond
	// maxFailures is how many looks at the node may fail in a row: half a minute.
	maxFailures = 60
)

// waitForEnd shows how a job goes until it has ended.
func waitForEnd(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, jobID string) (types.Job, error) {
	queries := types.NewQueryClient(clientCtx)
	show := newProgress(cmd.ErrOrStderr())
	defer show.end()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	failures := 0
	for {
		job, height, err := look(ctx, clientCtx, queries, jobID)
		switch {
		case err == nil:
			failures = 0
			show.job(job, height)
			if !job.Open() {
				return job, nil
			}
		case isNotFound(err):
			return types.Job{}, err
		default:
			if failures++; failures > maxFailures {
				return types.Job{}, fmt.Errorf("the node does not answer: %w", err)
			}
		}
		select {
		case <-ctx.Done():
			return types.Job{}, fmt.Errorf("interrupted; go on with `alitad compute result %s`", jobID)
		case <-ticker.C:
		}
	}
}

func look(ctx context.Context, clientCtx client.Context, queries types.QueryClient, jobID string) (types.Job, int64, error) {
	res, err := queries.Job(ctx, &types.QueryJobRequest{JobId: jobID})
	if err != nil {
		return types.Job{}, 0, err
	}
	node, err := clientCtx.Client.Status(ctx)
	if err != nil {
		return types.Job{}, 0, err
	}
	return res.Job, node.SyncInfo.LatestBlockHeight, nil
}

// progress is one line that is rewritten on a terminal, and a line for each
// change elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	last     string
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) job(job types.Job, height int64) {
	line := phaseLine(job)
	if p.terminal {
		if left := job.DeadlineHeight - height; job.Open() && left >= 0 {
			line += fmt.Sprintf(", %d blocks left", left)
		}
		if line != p.last {
			fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		}
	} else if line != p.last {
		fmt.Fprintln(p.out, line)
	}
	p.last = line
}

func (p *progress) end() {
	if p.terminal && p.last != "" {
		fmt.Fprintln(p.out)
	}
}

func phaseLine(job types.Job) string {
	switch job.Status {
	case types.JOB_STATUS_CONTRIBUTING:
		return fmt.Sprintf("contributing: %d owners of %d to %d, until block %d", job.Owners, job.Spec.MinCohort, job.Spec.MaxCohort, job.DeadlineHeight)
	case types.JOB_STATUS_DELIVERING:
		return fmt.Sprintf("delivering: %d of %d vectors, until block %d", job.Delivered, job.Contributions, job.DeadlineHeight)
	case types.JOB_STATUS_SETTLING:
		return "settling"
	case types.JOB_STATUS_SETTLED:
		return "settled"
	default:
		return "failed: " + failureText(job)
	}
}

// failureText tells in words why a job failed.
func failureText(job types.Job) string {
	switch job.Failure {
	case types.FAILURE_REASON_COHORT:
		return fmt.Sprintf("%d owners contributed, %d were needed; the whole budget has returned", job.Owners, job.Spec.MinCohort)
	case types.FAILURE_REASON_DELIVERY:
		return fmt.Sprintf("%d owners delivered, %d were needed; those were paid, the rest of the budget has returned", job.DeliveredOwners, job.Spec.MinCohort)
	case types.FAILURE_REASON_CANCELLED:
		return "it was cancelled; the whole budget has returned"
	default:
		return job.Failure.String()
	}
}

func isNotFound(err error) bool {
	return errors.Is(err, types.ErrJobNotFound) || status.Code(err) == codes.NotFound
}
