package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

// InitGenesis loads the state. Indexes and the queue follow from it; the escrows
// must hold what the jobs say.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, gs.Params); err != nil {
		return err
	}
	for _, p := range gs.Programs {
		if err := k.Programs.Set(ctx, p.Program.Id, p.Program); err != nil {
			return err
		}
		if err := k.Code.Set(ctx, p.Program.Id, p.Code); err != nil {
			return err
		}
	}
	for _, job := range gs.Jobs {
		if err := k.loadJob(ctx, job); err != nil {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "job %s: %s", job.Id, err)
		}
	}
	for _, c := range gs.Contributions {
		if err := k.loadContribution(ctx, c); err != nil {
			return err
		}
	}
	if err := k.loadSecure(ctx, gs); err != nil {
		return err
	}
	return k.Invariants(ctx)
}

// heightsRestart reports whether the state is loaded at a chain's first block. Then the heights of an exported state mean
// nothing. A chain that goes on at the next height keeps every height that was promised.
func heightsRestart(ctx context.Context) bool {
	return sdk.UnwrapSDKContext(ctx).BlockHeight() <= 1
}

// loadJob loads a job. If heights restart, its window has its whole length from the first block on: a deadline of the old
// chain would be far away.
func (k *Keeper) loadJob(ctx context.Context, job types.Job) error {
	if _, err := deliveryOf(job.Spec.Delivery); err != nil {
		return err
	}
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	if heightsRestart(ctx) {
		deadline, err := k.deadline(ctx, job, job.Status)
		if err != nil {
			return err
		}
		job.DeadlineHeight, job.AskedHeight = min(job.DeadlineHeight, deadline), height
	}
	if err := k.loadSeatsOf(ctx, job); err != nil {
		return err
	}
	for i := range job.Seats {
		job.Seats[i].Key = nil
	}
	if err := k.addJob(ctx, job); err != nil {
		return err
	}
	if !job.Open() {
		return nil
	}
	due := job.DeadlineHeight
	if job.Complete() || due < height {
		due = height
	}
	return k.schedule(ctx, due, job.Id)
}

func (k *Keeper) loadContribution(ctx context.Context, gc types.GenesisContribution) error {
	c := gc.Contribution
	owner, err := k.address("owner", c.Owner)
	if err != nil {
		return err
	}
	key := collections.Join(c.Attestation.JobId, c.Attestation.RecordId)
	if err := k.Contributions.Set(ctx, key, c); err != nil {
		return err
	}
	if !c.Settled() {
		if err := k.Unsettled.Set(ctx, key); err != nil {
			return err
		}
		job, err := k.job(ctx, key.K1())
		if err != nil {
			return err
		}
		if err := k.countOwner(ctx, job, owner, c, nil); err != nil {
			return err
		}
	}
	if gc.Sealed != nil {
		if err := k.checkLoaded(ctx, c.Attestation, *gc.Sealed); err != nil {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "vector of record %s to job %s: %s", key.K2(), key.K1(), err)
		}
		if err := k.Deliveries.Set(ctx, key, *gc.Sealed); err != nil {
			return err
		}
	}
	if c.Attestation.Round > 0 {
		return k.loadShares(ctx, key, gc)
	}
	ownerKey := collections.Join(c.Attestation.JobId, []byte(owner))
	before, err := k.Owners.Get(ctx, ownerKey)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return err
	}
	return k.Owners.Set(ctx, ownerKey, before || gc.Sealed != nil)
}

// checkLoaded checks a vector as its delivery did.
func (k *Keeper) checkLoaded(ctx context.Context, a types.Attestation, sealed types.SealedVector) error {
	job, err := k.job(ctx, a.JobId)
	if err != nil {
		return err
	}
	way, err := deliveryOf(job.Spec.Delivery)
	if err != nil {
		return err
	}
	return way.check(job.Spec, a, sealed)
}

// ExportGenesis returns the state.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	gs := &types.GenesisState{Params: params}
	err = k.Programs.Walk(ctx, nil, func(id string, p types.Program) (bool, error) {
		code, err := k.Code.Get(ctx, id)
		gs.Programs = append(gs.Programs, types.GenesisProgram{Program: p, Code: code})
		return err != nil, err
	})
	if err != nil {
		return nil, err
	}
	err = k.WalkJobs(ctx, func(job types.Job) (bool, error) {
		job, err := k.withKeys(ctx, job)
		gs.Jobs = append(gs.Jobs, job)
		return err != nil, err
	})
	if err != nil {
		return nil, err
	}
	err = k.Contributions.Walk(ctx, nil, func(key collections.Pair[string, string], c types.Contribution) (bool, error) {
		gc := types.GenesisContribution{Contribution: c}
		sealed, err := k.Deliveries.Get(ctx, key)
		switch {
		case err == nil:
			gc.Sealed = &sealed
		case !errors.Is(err, collections.ErrNotFound):
			return true, err
		}
		err = k.exportShares(ctx, key, &gc)
		gs.Contributions = append(gs.Contributions, gc)
		return err != nil, err
	})
	if err != nil {
		return nil, err
	}
	return gs, k.exportSecure(ctx, gs)
}
