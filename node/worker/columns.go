package worker

import (
	"context"
	"errors"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/source"
)

// forgetColumns drops the columns that are kept of jobs that are over.
func forgetColumns(ctx context.Context, c Chain, columns *source.Cache) error {
	for _, id := range columns.Jobs() {
		job, err := c.Job(ctx, id)
		switch {
		case errors.Is(err, chain.ErrNotFound):
		case err != nil:
			return err
		case job.Status != chain.JobSettled && job.Status != chain.JobFailed:
			continue
		}
		columns.Forget(id)
	}
	return nil
}
