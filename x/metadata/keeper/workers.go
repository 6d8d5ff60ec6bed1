package keeper

import (
	"bytes"
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// Worker returns a worker by its account, or ErrWorkerNotFound.
func (k *Keeper) Worker(ctx context.Context, worker sdk.AccAddress) (types.Worker, error) {
	w, err := k.Workers.Get(ctx, worker)
	if errors.Is(err, collections.ErrNotFound) {
		text, err := k.addressCodec.BytesToString(worker)
		if err != nil {
			return w, errorsmod.Wrap(types.ErrInvalidAddress, err.Error())
		}
		return w, errorsmod.Wrapf(types.ErrWorkerNotFound, "worker: expected a registered account, got %s", text)
	}
	return w, err
}

// IsWorkerOf reports whether worker is a registered worker of owner. An owner is not its own worker unless registered.
func (k *Keeper) IsWorkerOf(ctx context.Context, owner, worker sdk.AccAddress) (bool, error) {
	return k.WorkersByOwner.Has(ctx, collections.Join(owner, worker))
}

// setWorker stores a worker and its index entry.
func (k *Keeper) setWorker(ctx context.Context, owner, worker sdk.AccAddress, w types.Worker) error {
	if err := k.Workers.Set(ctx, worker, w); err != nil {
		return err
	}
	return k.WorkersByOwner.Set(ctx, collections.Join(owner, worker))
}

// ownerWorkers returns the workers of an owner, at most max_workers.
func (k *Keeper) ownerWorkers(ctx context.Context, owner sdk.AccAddress) ([]types.Worker, error) {
	var workers []types.Worker
	rng := collections.NewPrefixedPairRange[sdk.AccAddress, sdk.AccAddress](owner)
	err := k.WorkersByOwner.Walk(ctx, rng, func(key collections.Pair[sdk.AccAddress, sdk.AccAddress]) (bool, error) {
		w, err := k.Workers.Get(ctx, key.K2())
		workers = append(workers, w)
		return false, err
	})
	return workers, err
}

// checkRecipients reports whether every stanza of a location is for a worker of the owner.
func (k *Keeper) checkRecipients(ctx context.Context, owner sdk.AccAddress, location types.SealedLocation) error {
	workers, err := k.ownerWorkers(ctx, owner)
	if err != nil {
		return err
	}
	ids := make([][]byte, len(workers))
	for i, w := range workers {
		ids[i] = types.WorkerKeyID(w.PublicKey)
	}
	for i, s := range location.Stanzas {
		known := false
		for _, id := range ids {
			known = known || bytes.Equal(id, s.KeyId)
		}
		if !known {
			return errorsmod.Wrapf(types.ErrNotRecipient,
				"location.stanzas[%d]: expected the key of one of the owner's %d workers, got %x; register that worker first or seal to the registered ones", i, len(workers), s.KeyId)
		}
	}
	return nil
}
