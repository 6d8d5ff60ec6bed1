package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/x/metadata/types"
)

// PoolTotals returns what the active records of a pool add up to.
func (k *Keeper) PoolTotals(ctx context.Context, poolID uint64) (types.PoolTotals, error) {
	totals, err := k.Totals.Get(ctx, poolID)
	if errors.Is(err, collections.ErrNotFound) {
		return types.NoTotals(), nil
	}
	return totals, err
}

// changeTotals takes a record out of its pool's totals, or puts one in, or both if a record has another version.
// A number of rows of 0 is no record.
func (k *Keeper) changeTotals(ctx context.Context, poolID, rowsOut, rowsIn uint64) error {
	if rowsOut == rowsIn {
		return nil
	}
	totals, err := k.PoolTotals(ctx, poolID)
	if err != nil {
		return err
	}
	if rowsOut > 0 {
		if totals, err = totals.Remove(rowsOut); err != nil {
			return err
		}
	}
	if rowsIn > 0 {
		totals = totals.Add(rowsIn)
	}
	if totals.Records == 0 {
		return k.Totals.Remove(ctx, poolID)
	}
	return k.Totals.Set(ctx, poolID, totals)
}

// checkTotals reports whether the stored totals are the sums over the active records, which it walks over.
func (k *Keeper) checkTotals(ctx context.Context, gs *types.GenesisState) error {
	want := types.CountTotals(gs.Records, gs.Versions)
	stored := 0
	err := k.Totals.Walk(ctx, nil, func(poolID uint64, got types.PoolTotals) (bool, error) {
		stored++
		if counted, found := want[poolID]; !found || !counted.Equal(got) {
			return true, types.ErrInvariant.Wrapf("totals of pool %d: expected %s, got %s", poolID, &counted, &got)
		}
		return false, nil
	})
	if err == nil && stored != len(want) {
		err = types.ErrInvariant.Wrapf("totals: expected %d pools, got %d", len(want), stored)
	}
	return err
}
