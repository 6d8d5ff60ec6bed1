package keeper

import (
	"context"

	"github.com/alita-network/alita/x/compute/types"
)

// endRound ends a round whose contributions are paid: the next one may come, or the job is over.
func (k *Keeper) endRound(ctx context.Context, job types.Job) error {
	// What invalid contributions had reserved is free again.
	job.Reserved, job.Settled, job.SettledOperations = job.Paid, job.Paid, job.Operations
	if job.Failure != types.FAILURE_REASON_UNSPECIFIED || job.Round >= job.Spec.Secure.Rounds {
		_, err := k.closeJob(ctx, job)
		return err
	}
	return k.enter(ctx, job, types.JOB_STATUS_WAITING, int64(job.Spec.Secure.NextBlocks))
}
