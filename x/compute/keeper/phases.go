package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// RetryBlocks is after how many blocks a job is looked at again whose step has failed.
const RetryBlocks = 64

// EndBlock moves the jobs that are due, a bounded number of them and with a
// bounded number of payments. A job whose step fails stays as it was and is
// tried again later; it stops no other.
func (k *Keeper) EndBlock(ctx context.Context) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	height := sdkCtx.BlockHeight()
	due, err := k.due(ctx, height, params.MaxJobsPerBlock)
	if err != nil {
		return err
	}
	payments := int(params.MaxPaymentsPerBlock)
	for _, key := range due {
		err := isolated(ctx, func(ctx context.Context) error { return k.advance(ctx, key, &payments) })
		if err == nil {
			continue
		}
		sdkCtx.Logger().Error("a job could not be advanced", "module", types.ModuleName, "job", key.K2(), "err", err)
		if err := k.reschedule(ctx, key.K1(), height+RetryBlocks, key.K2()); err != nil {
			return err
		}
	}
	return nil
}

// advance takes a due job as far as this block allows.
func (k *Keeper) advance(ctx context.Context, key collections.Pair[int64, string], payments *int) error {
	if err := k.Queue.Remove(ctx, key); err != nil {
		return err
	}
	job, err := k.Job(ctx, key.K2())
	if err != nil {
		return err
	}
	switch job.Status {
	case types.JOB_STATUS_CONTRIBUTING:
		if job.Owners >= job.Spec.MinCohort {
			return k.startDelivering(ctx, job)
		}
		job.Failure = types.FAILURE_REASON_COHORT
	case types.JOB_STATUS_DELIVERING:
		if job.DeliveredOwners < job.Spec.MinCohort {
			job.Failure = types.FAILURE_REASON_DELIVERY
		}
	case types.JOB_STATUS_SETTLING:
		return k.settle(ctx, job, payments)
	default:
		return fmt.Errorf("job %s is due and %s: expected an open job", job.Id, job.Status)
	}
	if err := k.setStatus(ctx, &job, types.JOB_STATUS_SETTLING); err != nil {
		return err
	}
	job.DeadlineHeight = 0
	if err := emitAdvanced(ctx, job); err != nil {
		return err
	}
	return k.settle(ctx, job, payments)
}

// startDelivering opens the window for deliveries.
func (k *Keeper) startDelivering(ctx context.Context, job types.Job) error {
	if err := k.setStatus(ctx, &job, types.JOB_STATUS_DELIVERING); err != nil {
		return err
	}
	job.DeadlineHeight = sdk.UnwrapSDKContext(ctx).BlockHeight() + int64(job.Spec.DeliverBlocks)
	if err := k.Jobs.Set(ctx, job.Id, job); err != nil {
		return err
	}
	if err := k.schedule(ctx, job.DeadlineHeight, job.Id); err != nil {
		return err
	}
	return emitAdvanced(ctx, job)
}

func emitAdvanced(ctx context.Context, job types.Job) error {
	return emit(ctx, &types.EventJobAdvanced{
		JobId: job.Id, Status: job.Status, Failure: job.Failure, DeadlineHeight: job.DeadlineHeight,
	})
}

// isolated runs fn so that it changes the state wholly or not at all, and turns
// a panic into an error.
func isolated(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	cached, write := sdk.UnwrapSDKContext(ctx).CacheContext()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if err := fn(cached); err != nil {
		return err
	}
	write()
	return nil
}
