package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// InitGenesis checks a genesis state and sets it, with all indexes. The pools must be there already.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(k.addressCodec); err != nil {
		return err
	}
	for _, r := range gs.Records {
		if _, err := k.Pool(ctx, r.PoolId); err != nil {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "record %s: %s", r.Id, err)
		}
	}
	if err := k.Params.Set(ctx, gs.Params); err != nil {
		return err
	}
	active := make(map[string]uint64, len(gs.Records)) // the pools of active records
	for _, r := range gs.Records {
		if r.Status == types.RECORD_STATUS_ACTIVE {
			active[r.Id] = r.PoolId
		}
		owner, _, err := k.account("owner", r.Owner)
		if err != nil {
			return err
		}
		if err := k.RecordsByOwner.Set(ctx, collections.Join(owner, r.Id)); err != nil {
			return err
		}
		if err := k.setRecord(ctx, r, types.RECORD_STATUS_UNSPECIFIED); err != nil {
			return err
		}
	}
	for _, v := range gs.Versions {
		if err := k.Versions.Set(ctx, collections.Join(v.RecordId, v.Number), v); err != nil {
			return err
		}
		if err := k.VersionNumbers.Set(ctx, collections.Join(v.RecordId, v.Content.Version), v.Number); err != nil {
			return err
		}
		if pool, found := active[v.RecordId]; found && v.Status == types.VERSION_STATUS_ADMITTED {
			if err := k.changeTotals(ctx, pool, 0, v.Content.Commitment.Rows); err != nil {
				return err
			}
		}
	}
	for _, w := range gs.Workers {
		worker, _, err := k.account("worker", w.Address)
		if err != nil {
			return err
		}
		owner, _, err := k.account("owner", w.Owner)
		if err != nil {
			return err
		}
		if err := k.setWorker(ctx, owner, worker, w); err != nil {
			return err
		}
	}
	for _, g := range gs.Grants {
		if err := k.Grants.Set(ctx, collections.Join(g.RecordId, g.Id), g); err != nil {
			return err
		}
	}
	for _, c := range gs.Rewarded {
		owner, _, err := k.account("owner", c.Owner)
		if err != nil {
			return err
		}
		if err := k.Rewarded.Set(ctx, collections.Join3(c.PoolId, owner, c.Sha256)); err != nil {
			return err
		}
	}
	return k.loadPanels(ctx, gs)
}

// ExportGenesis returns the whole state, in the order of its keys.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	gs := &types.GenesisState{Params: params}
	if gs.Records, err = values(ctx, k.Records); err != nil {
		return nil, err
	}
	if gs.Versions, err = values(ctx, k.Versions); err != nil {
		return nil, err
	}
	if gs.Workers, err = values(ctx, k.Workers); err != nil {
		return nil, err
	}
	if gs.Grants, err = values(ctx, k.Grants); err != nil {
		return nil, err
	}
	err = k.Rewarded.Walk(ctx, nil, func(key collections.Triple[uint64, sdk.AccAddress, []byte]) (bool, error) {
		owner, err := k.addressCodec.BytesToString(key.K2())
		gs.Rewarded = append(gs.Rewarded, types.RewardedContent{PoolId: key.K1(), Owner: owner, Sha256: key.K3()})
		return false, err
	})
	if err != nil {
		return nil, err
	}
	return gs, k.exportPanels(ctx, gs)
}

// values returns all values of a map in the order of its keys.
func values[K, V any](ctx context.Context, m collections.Map[K, V]) ([]V, error) {
	var all []V
	err := m.Walk(ctx, nil, func(_ K, v V) (bool, error) {
		all = append(all, v)
		return false, nil
	})
	return all, err
}
