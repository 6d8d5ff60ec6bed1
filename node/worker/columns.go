package worker

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/source"
)

// forgetColumns drops the columns that are kept of jobs that are over. It asks for the jobs that columns may be kept for: for which they
// are kept depends on the files.
func forgetColumns(ctx context.Context, c Chain, columns *source.Cache, jobs map[string]bool) error {
	for _, id := range slices.Sorted(maps.Keys(jobs)) {
		job, err := c.Job(ctx, id)
		switch {
		case errors.Is(err, chain.ErrNotFound):
		case err != nil:
			return err
		case job.Status != chain.JobSettled && job.Status != chain.JobFailed:
			continue
		}
		columns.Forget(id)
		delete(jobs, id)
	}
	return nil
}
