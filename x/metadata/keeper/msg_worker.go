package keeper

import (
	"bytes"
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// RegisterWorker implements types.MsgServer: it registers a computing node of an owner.
func (k msgServer) RegisterWorker(ctx context.Context, msg *types.MsgRegisterWorker) (*types.MsgRegisterWorkerResponse, error) {
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	worker, workerText, err := k.account("worker", msg.Worker)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateWorker(msg.PublicKey, msg.Name); err != nil {
		return nil, err
	}
	known, err := k.Workers.Get(ctx, worker)
	if err == nil {
		return nil, errorsmod.Wrapf(types.ErrWorkerExists, "worker: expected an account that works for nobody yet, got %s, which works for %s; remove it first or make a new account", workerText, known.Owner)
	}
	if !errors.Is(err, collections.ErrNotFound) {
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	workers, err := k.ownerWorkers(ctx, owner)
	if err != nil {
		return nil, err
	}
	if len(workers) >= int(params.MaxWorkers) {
		return nil, errorsmod.Wrapf(types.ErrTooManyWorkers, "workers of %s: expected at most %d, got %d; remove one first", ownerText, params.MaxWorkers, len(workers)+1)
	}
	for _, w := range workers {
		if bytes.Equal(w.PublicKey, msg.PublicKey) {
			return nil, errorsmod.Wrapf(types.ErrWorkerExists, "public_key: expected one that no other worker of the owner has, got the key of %s", w.Address)
		}
	}
	if err := k.setWorker(ctx, owner, worker, types.Worker{
		Address: workerText, Owner: ownerText, PublicKey: msg.PublicKey, Name: msg.Name,
	}); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRegisterWorkerResponse{}, modulekit.Emit(ctx, &types.EventWorkerRegistered{Owner: ownerText, Worker: workerText}))
}

// RemoveWorker implements types.MsgServer: it removes a computing node; only its owner may.
// Locations that are sealed to it stay so.
func (k msgServer) RemoveWorker(ctx context.Context, msg *types.MsgRemoveWorker) (*types.MsgRemoveWorkerResponse, error) {
	owner, ownerText, err := k.account("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	worker, workerText, err := k.account("worker", msg.Worker)
	if err != nil {
		return nil, err
	}
	w, err := k.Worker(ctx, worker)
	if err != nil {
		return nil, err
	}
	if w.Owner != ownerText {
		return nil, errorsmod.Wrapf(types.ErrNotOwner, "worker %s: expected its owner %s, got %s", workerText, w.Owner, ownerText)
	}
	if err := k.Workers.Remove(ctx, worker); err != nil {
		return nil, err
	}
	if err := k.WorkersByOwner.Remove(ctx, collections.Join(owner, worker)); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgRemoveWorkerResponse{}, modulekit.Emit(ctx, &types.EventWorkerRemoved{Owner: ownerText, Worker: workerText}))
}
