package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/compute/types"
)

// A job is stored in four parts: its terms, which never change; what its round asks, which is long and changes with the
// round; its seats; and its progress. A message pays for the parts that it reads and changes.

// Job returns a job without the keys of its seats, or ErrJobNotFound.
func (k *Keeper) Job(ctx context.Context, id string) (types.Job, error) {
	job, err := k.job(ctx, id)
	if err != nil {
		return types.Job{}, err
	}
	return k.withQuestion(ctx, job)
}

// WalkJobs gives every job, as Job does, in the order of their ids.
func (k *Keeper) WalkJobs(ctx context.Context, fn func(types.Job) (stop bool, err error)) error {
	return k.JobProgress.Walk(ctx, nil, func(id string, progress types.JobProgress) (bool, error) {
		job, err := k.joined(ctx, id, progress)
		if err == nil {
			job, err = k.withQuestion(ctx, job)
		}
		if err != nil {
			return true, err
		}
		return fn(job)
	})
}

// job is Job without the input and the reader's key, which few messages read.
func (k *Keeper) job(ctx context.Context, id string) (types.Job, error) {
	if err := types.ValidateJobID(id); err != nil {
		return types.Job{}, err
	}
	progress, err := k.JobProgress.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return types.Job{}, errorsmod.Wrapf(types.ErrJobNotFound, "job_id: expected a job, which the queries JobsByPool and JobsByConsumer list, got %s", id)
	}
	if err != nil {
		return types.Job{}, err
	}
	return k.joined(ctx, id, progress)
}

func (k *Keeper) joined(ctx context.Context, id string, progress types.JobProgress) (types.Job, error) {
	terms, err := k.JobTerms.Get(ctx, id)
	if err != nil {
		return types.Job{}, err
	}
	var seats types.JobSeats
	if terms.Spec.Delivery == types.DELIVERY_SECURE_SUM {
		if seats, err = k.JobSeats.Get(ctx, id); err != nil {
			return types.Job{}, err
		}
	}
	return types.JoinJob(id, terms, seats, progress), nil
}

// withQuestion fills in what job leaves out.
func (k *Keeper) withQuestion(ctx context.Context, job types.Job) (types.Job, error) {
	question, err := k.JobQuestions.Get(ctx, job.Id)
	if err != nil {
		return types.Job{}, err
	}
	return job.WithQuestion(question), nil
}

// setQuestion stores what the round of a whole job asks.
func (k *Keeper) setQuestion(ctx context.Context, job types.Job) error {
	return k.JobQuestions.Set(ctx, job.Id, job.Question())
}

// setJob stores what has changed of a job, its seats included, but not its question.
func (k *Keeper) setJob(ctx context.Context, job types.Job) error {
	if job.IsSecure() {
		if err := k.JobSeats.Set(ctx, job.Id, job.Seating()); err != nil {
			return err
		}
	}
	return k.setProgress(ctx, job)
}

// setProgress is setJob for a job whose seats are as they were.
func (k *Keeper) setProgress(ctx context.Context, job types.Job) error {
	return k.JobProgress.Set(ctx, job.Id, job.Progress())
}

// addJob writes a new, whole job with its indexes.
func (k *Keeper) addJob(ctx context.Context, job types.Job) error {
	consumer, err := k.address("consumer", job.Consumer)
	if err != nil {
		return err
	}
	if err := k.JobTerms.Set(ctx, job.Id, job.Terms()); err != nil {
		return err
	}
	if err := k.setQuestion(ctx, job); err != nil {
		return err
	}
	if err := k.setJob(ctx, job); err != nil {
		return err
	}
	if err := k.JobsByPool.Set(ctx, collections.Join3(job.Spec.PoolId, job.OpenedHeight, job.Id)); err != nil {
		return err
	}
	if err := k.JobsByConsumer.Set(ctx, collections.Join3([]byte(consumer), job.OpenedHeight, job.Id)); err != nil {
		return err
	}
	return k.JobsByStatus.Set(ctx, statusKey(job))
}

// setStatus moves a job, which the caller still has to store, in the index by status.
func (k *Keeper) setStatus(ctx context.Context, job *types.Job, status types.JobStatus) error {
	if err := k.JobsByStatus.Remove(ctx, statusKey(*job)); err != nil {
		return err
	}
	job.Status = status
	return k.JobsByStatus.Set(ctx, statusKey(*job))
}

func statusKey(job types.Job) collections.Quad[uint64, int32, int64, string] {
	return collections.Join4(job.Spec.PoolId, int32(job.Status), job.OpenedHeight, job.Id)
}
