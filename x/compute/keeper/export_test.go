package keeper

import (
	"context"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/x/compute/types"
)

// JudgeAll stands in for the seats' proofs, which tests of thousands of sums have no time for: it judges every contribution to the
// present attempt of a job that is verified, and goes on as the last of them does.
func (k *Keeper) JudgeAll(ctx context.Context, jobID string, valid func(recordID string) bool) error {
	job, err := k.job(ctx, jobID)
	if err != nil {
		return err
	}
	if err := k.unschedule(ctx, job); err != nil {
		return err
	}
	var records []string
	err = k.Contributions.Walk(ctx, collections.NewPrefixedPairRange[string, string](jobID),
		func(key collections.Pair[string, string], c types.Contribution) (bool, error) {
			if job.Current(c) {
				records = append(records, key.K2())
			}
			return false, nil
		})
	if err != nil {
		return err
	}
	for _, record := range records {
		key := collections.Join(jobID, record)
		c, err := k.Contributions.Get(ctx, key)
		if err != nil {
			return err
		}
		job.Judged++
		c.Prepared, c.Status = 1<<len(job.Seats)-1, types.CONTRIBUTION_STATUS_INVALID
		for i := range job.Seats {
			job.Seats[i].Prepared++
		}
		if valid(record) {
			shared, err := k.Shares.Get(ctx, key)
			if err != nil {
				return err
			}
			if err := k.addValid(ctx, &job, &c, shared.Commitments, []byte("message")); err != nil {
				return err
			}
		}
		if err := k.Contributions.Set(ctx, key, c); err != nil {
			return err
		}
	}
	return k.startAggregating(ctx, job)
}

// FailJob ends a job that waits for something, as if its seats could not be replaced any more.
func (k *Keeper) FailJob(ctx context.Context, jobID string) error {
	job, err := k.job(ctx, jobID)
	if err != nil || !job.Open() {
		return err
	}
	if err := k.unschedule(ctx, job); err != nil {
		return err
	}
	return k.fail(ctx, job, types.FAILURE_REASON_SEATS)
}
