package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// loadPanels loads the panels with their indexes, and the contents that give exact answers.
func (k *Keeper) loadPanels(ctx context.Context, gs types.GenesisState) error {
	for _, p := range gs.Panels {
		members := p.Members
		p.Members = nil
		if err := k.Panels.Set(ctx, p.Id, p); err != nil {
			return err
		}
		if err := k.PanelsByPool.Set(ctx, collections.Join(p.PoolId, p.Id)); err != nil {
			return err
		}
		for _, m := range members {
			if err := k.PanelMembers.Set(ctx, collections.Join(p.Id, m.RecordId), m); err != nil {
				return err
			}
			if p.Status != types.PANEL_STATUS_ACTIVE {
				continue
			}
			owner, _, err := k.account("owner", m.Owner)
			if err != nil {
				return err
			}
			if err := k.PanelOwners.Set(ctx, collections.Join(p.PoolId, owner), p.Id); err != nil {
				return err
			}
		}
	}
	for _, c := range gs.PanelContents {
		owner, _, err := k.account("owner", c.Owner)
		if err != nil {
			return err
		}
		if err := k.PanelContents.Set(ctx, collections.Join(owner, c.Root), c.PanelId); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) exportPanels(ctx context.Context, gs *types.GenesisState) error {
	if err := k.WalkPanels(ctx, func(p types.Panel) (bool, error) {
		whole, err := k.WholePanel(ctx, p.Id)
		gs.Panels = append(gs.Panels, whole)
		return err != nil, err
	}); err != nil {
		return err
	}
	return k.PanelContents.Walk(ctx, nil, func(key collections.Pair[sdk.AccAddress, []byte], panelID string) (bool, error) {
		owner, err := k.addressCodec.BytesToString(key.K1())
		gs.PanelContents = append(gs.PanelContents, types.PanelContent{Owner: owner, Root: key.K2(), PanelId: panelID})
		return err != nil, err
	})
}

// checkPanelIndexes checks that members and indexes are exactly those of the panels.
func (k *Keeper) checkPanelIndexes(ctx context.Context, gs *types.GenesisState) error {
	members, active := 0, 0
	for _, p := range gs.Panels {
		members += len(p.Members)
		if err := has(ctx, k.PanelsByPool, collections.Join(p.PoolId, p.Id), "panels by pool"); err != nil {
			return err
		}
		if p.Status != types.PANEL_STATUS_ACTIVE {
			continue
		}
		active += len(p.Members)
		for _, m := range p.Members {
			owner, _, err := k.account("owner", m.Owner)
			if err != nil {
				return err
			}
			if id, err := k.PanelOwners.Get(ctx, collections.Join(p.PoolId, owner)); err != nil || id != p.Id {
				return fmt.Errorf("owner %s: expected panel %s in pool %d, got %q (%w)", m.Owner, p.Id, p.PoolId, id, err)
			}
		}
	}
	stored, err := values(ctx, k.PanelMembers)
	if err != nil {
		return err
	}
	owners, err := values(ctx, k.PanelOwners)
	if err != nil {
		return err
	}
	byPool, err := count(ctx, k.PanelsByPool)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"panel members", len(stored), members}, {"panel owners", len(owners), active}, {"panels by pool", byPool, len(gs.Panels)},
	} {
		if c.got != c.want {
			return fmt.Errorf("%s: expected %d, got %d", c.name, c.want, c.got)
		}
	}
	return nil
}
