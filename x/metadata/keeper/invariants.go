package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/x/metadata/types"
)

// Invariants reports whether the whole state is consistent: its export is a valid genesis, and the
// indexes hold exactly what the records, versions and workers say. For tests and simulations; it reads everything.
func (k *Keeper) Invariants(ctx context.Context) error {
	gs, err := k.ExportGenesis(ctx)
	if err != nil {
		return err
	}
	if err := gs.Validate(k.addressCodec); err != nil {
		return err
	}
	for _, r := range gs.Records {
		owner, _, err := k.account("owner", r.Owner)
		if err != nil {
			return err
		}
		if err := has(ctx, k.RecordsByPool, collections.Join3(r.PoolId, int32(r.Status), r.Id), "records by pool"); err != nil {
			return err
		}
		if err := has(ctx, k.RecordsByOwner, collections.Join(owner, r.Id), "records by owner"); err != nil {
			return err
		}
	}
	for _, v := range gs.Versions {
		n, err := k.VersionNumbers.Get(ctx, collections.Join(v.RecordId, v.Content.Version))
		if err != nil {
			return fmt.Errorf("record %s version %s: expected number %d in the index, got none: %w", v.RecordId, v.Content.Version, v.Number, err)
		}
		if n != v.Number {
			return fmt.Errorf("record %s version %s: expected number %d in the index, got %d", v.RecordId, v.Content.Version, v.Number, n)
		}
	}
	for _, w := range gs.Workers {
		owner, _, err := k.account("owner", w.Owner)
		if err != nil {
			return err
		}
		worker, _, err := k.account("worker", w.Address)
		if err != nil {
			return err
		}
		if err := has(ctx, k.WorkersByOwner, collections.Join(owner, worker), "workers by owner"); err != nil {
			return err
		}
	}
	if err := k.checkPanelIndexes(ctx, gs); err != nil {
		return err
	}
	if err := k.checkTotals(ctx, gs); err != nil {
		return err
	}
	return k.checkIndexSizes(ctx, gs)
}

// checkIndexSizes finds index entries that belong to nothing. No entry is missing when it runs, so the counts decide.
func (k *Keeper) checkIndexSizes(ctx context.Context, gs *types.GenesisState) error {
	numbers, err := values(ctx, k.VersionNumbers)
	if err != nil {
		return err
	}
	byPool, err := count(ctx, k.RecordsByPool)
	if err != nil {
		return err
	}
	byOwner, err := count(ctx, k.RecordsByOwner)
	if err != nil {
		return err
	}
	workers, err := count(ctx, k.WorkersByOwner)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"version numbers", len(numbers), len(gs.Versions)},
		{"records by pool", byPool, len(gs.Records)},
		{"records by owner", byOwner, len(gs.Records)},
		{"workers by owner", workers, len(gs.Workers)},
	} {
		if c.got != c.want {
			return fmt.Errorf("index %s: expected %d entries, got %d", c.name, c.want, c.got)
		}
	}
	return nil
}

func has[K any](ctx context.Context, set collections.KeySet[K], key K, name string) error {
	found, err := set.Has(ctx, key)
	if err == nil && !found {
		err = fmt.Errorf("index %s: expected %v, got none", name, key)
	}
	return err
}

func count[K any](ctx context.Context, set collections.KeySet[K]) (int, error) {
	n := 0
	err := set.Walk(ctx, nil, func(K) (bool, error) {
		n++
		return false, nil
	})
	return n, err
}
