package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/types"
)

// InitGenesis sets the state. The coins of the pools come with the genesis of
// x/bank; Invariants tells whether both agree.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(); err != nil {
		return err
	}
	if err := gs.ValidateAddresses(k.addressCodec); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, gs.Params); err != nil {
		return err
	}
	if err := k.NextPoolID.Set(ctx, gs.NextPoolId); err != nil {
		return err
	}
	newest := make(map[uint64]int64, len(gs.Pools))
	for _, g := range gs.Observations {
		o, ok := types.ObservationFromProto(g.Observation)
		if !ok {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "pool %d: observation %d", g.PoolId, g.Number)
		}
		if err := k.Observations.Set(ctx, collections.Join(g.PoolId, g.Number), o); err != nil {
			return err
		}
		newest[g.PoolId] = o.Time
	}
	for _, p := range gs.Pools {
		record, market, ok := types.SplitPool(p, newest[p.Id])
		if !ok {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "pool %d: expected amounts from 0 to 2^256", p.Id)
		}
		if err := k.setNewPool(ctx, record, market); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis returns the state.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	next, err := k.NextPoolID.Peek(ctx)
	if err != nil {
		return nil, err
	}
	gs := &types.GenesisState{Params: params, NextPoolId: next}
	if err := k.Pools.Walk(ctx, nil, func(id uint64, p types.Pool) (bool, error) {
		m, err := k.market(ctx, id)
		if err != nil {
			return true, err
		}
		gs.Pools = append(gs.Pools, types.JoinPool(p, m))
		return false, nil
	}); err != nil {
		return nil, err
	}
	err = k.Observations.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], o types.Observation) (bool, error) {
		gs.Observations = append(gs.Observations, types.GenesisObservation{
			PoolId: key.K1(), Number: key.K2(), Observation: o.Proto(),
		})
		return false, nil
	})
	return gs, err
}

// setNewPool stores a pool and its indexes.
func (k *Keeper) setNewPool(ctx context.Context, p types.Pool, m types.Market) error {
	maker, err := k.account("maker", p.Maker)
	if err != nil {
		return err
	}
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return err
	}
	if err := k.Markets.Set(ctx, p.Id, m); err != nil {
		return err
	}
	if err := k.Makers.Set(ctx, collections.Join(maker, p.Id)); err != nil {
		return err
	}
	return k.Symbols.Set(ctx, p.Symbol, p.Id)
}
