package keeper

import (
	"bytes"
	"context"
	"errors"

	"github.com/cosmos/gogoproto/proto"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// RegisterWorker registers a computing node of an owner.
func (k *Keeper) RegisterWorker(ctx context.Context, msg *types.MsgRegisterWorker) error {
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return err
	}
	worker, workerText, err := k.account("worker", msg.Worker)
	if err != nil {
		return err
	}
	if err := types.ValidateWorker(msg.PublicKey, msg.Name); err != nil {
		return err
	}
	known, err := k.Workers.Get(ctx, worker)
	if err == nil {
		return errorsmod.Wrapf(types.ErrWorkerExists, "%s works for %s; remove it first or make a new account", workerText, known.Owner)
	}
	if !errors.Is(err, collections.ErrNotFound) {
		return err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	workers, err := k.ownerWorkers(ctx, owner)
	if err != nil {
		return err
	}
	if len(workers) >= int(params.MaxWorkers) {
		return errorsmod.Wrapf(types.ErrTooManyWorkers, "%s has %d, expected at most %d; remove one first", ownerText, len(workers), params.MaxWorkers)
	}
	for _, w := range workers {
		if bytes.Equal(w.PublicKey, msg.PublicKey) {
			return errorsmod.Wrapf(types.ErrWorkerExists, "worker %s has this public key; give each worker its own", w.Address)
		}
	}
	if err := k.setWorker(ctx, owner, worker, types.Worker{
		Address: workerText, Owner: ownerText, PublicKey: msg.PublicKey, Name: msg.Name,
	}); err != nil {
		return err
	}
	return emit(ctx, &types.EventWorkerRegistered{Owner: ownerText, Worker: workerText})
}

// RemoveWorker removes a computing node; only its owner may. Locations that are sealed to it stay so.
func (k *Keeper) RemoveWorker(ctx context.Context, msg *types.MsgRemoveWorker) error {
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return err
	}
	worker, workerText, err := k.account("worker", msg.Worker)
	if err != nil {
		return err
	}
	w, err := k.Worker(ctx, worker)
	if err != nil {
		return err
	}
	if w.Owner != ownerText {
		return errorsmod.Wrapf(types.ErrNotOwner, "worker %s works for %s, got %s", workerText, w.Owner, ownerText)
	}
	if err := k.Workers.Remove(ctx, worker); err != nil {
		return err
	}
	if err := k.WorkersByOwner.Remove(ctx, collections.Join(owner, worker)); err != nil {
		return err
	}
	return emit(ctx, &types.EventWorkerRemoved{Owner: ownerText, Worker: workerText})
}

// Worker returns a worker by its account, or ErrWorkerNotFound.
func (k *Keeper) Worker(ctx context.Context, worker sdk.AccAddress) (types.Worker, error) {
	w, err := k.Workers.Get(ctx, worker)
	if errors.Is(err, collections.ErrNotFound) {
		text, err := k.addressCodec.BytesToString(worker)
		if err != nil {
			return w, errorsmod.Wrap(types.ErrInvalidAddress, err.Error())
		}
		return w, errorsmod.Wrapf(types.ErrWorkerNotFound, "%s is not registered", text)
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
				"stanza %d names key %x; the owner has %d workers, register this one first or seal to those", i, s.KeyId, len(workers))
		}
	}
	return nil
}

// emit emits a typed event.
func emit(ctx context.Context, event proto.Message) error {
	return sdk.UnwrapSDKContext(ctx).EventManager().EmitTypedEvent(event)
}
