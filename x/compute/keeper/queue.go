package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// schedule makes a job due at the end of a block.
func (k *Keeper) schedule(ctx context.Context, height int64, jobID string) error {
	return k.Queue.Set(ctx, collections.Join(height, jobID))
}

// reschedule moves a job from one height to another.
func (k *Keeper) reschedule(ctx context.Context, from, to int64, jobID string) error {
	if err := k.Queue.Remove(ctx, collections.Join(from, jobID)); err != nil {
		return err
	}
	return k.schedule(ctx, to, jobID)
}

// endPhase makes a job due in this very block, which becomes its deadline: the queue has a job at its deadline.
func (k *Keeper) endPhase(ctx context.Context, job types.Job) error {
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	if err := k.reschedule(ctx, job.DeadlineHeight, height, job.Id); err != nil {
		return err
	}
	job.DeadlineHeight = height
	return k.setProgress(ctx, job)
}

// unschedule takes an open job out of the queue.
func (k *Keeper) unschedule(ctx context.Context, job types.Job) error {
	return k.Queue.Remove(ctx, collections.Join(job.DeadlineHeight, job.Id))
}

// due returns at most limit jobs that are due at height, the longest due first.
func (k *Keeper) due(ctx context.Context, height int64, limit uint32) ([]collections.Pair[int64, string], error) {
	it, err := k.Queue.Iterate(ctx, collections.NewPrefixUntilPairRange[int64, string](height))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var keys []collections.Pair[int64, string]
	for ; it.Valid() && uint32(len(keys)) < limit; it.Next() {
		key, err := it.Key()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}
