package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/metadata/types"
)

// A panel is stored without its members: a contribution to one of its jobs reads the panel and one member.

// Panel returns a panel without its members, or ErrPanelNotFound.
func (k *Keeper) Panel(ctx context.Context, id string) (types.Panel, error) {
	if err := types.CheckPanelID(id); err != nil {
		return types.Panel{}, errorsmod.Wrap(types.ErrPanelNotFound, err.Error())
	}
	p, err := k.Panels.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return p, errorsmod.Wrapf(types.ErrPanelNotFound, "%s", id)
	}
	return p, err
}

// WholePanel returns a panel with its members, or ErrPanelNotFound.
func (k *Keeper) WholePanel(ctx context.Context, id string) (types.Panel, error) {
	p, err := k.Panel(ctx, id)
	if err == nil {
		p.Members, err = k.members(ctx, id)
	}
	return p, err
}

// WalkPanels calls fn with every panel, by id and without its members, until it stops or fails. The work grows with the chain, so no
// message calls it: it is for invariants and simulations.
func (k *Keeper) WalkPanels(ctx context.Context, fn func(types.Panel) (stop bool, err error)) error {
	return k.Panels.Walk(ctx, nil, func(_ string, p types.Panel) (bool, error) { return fn(p) })
}

// WalkPanel calls fn with each member's content in the present edition of an active panel, by record, until it fails. It reads at
// most max_panel_members contents.
func (k *Keeper) WalkPanel(ctx context.Context, id string, fn func(recordID string, c types.Contributable) error) error {
	members, err := k.members(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range members {
		record, err := k.Record(ctx, m.RecordId)
		if err != nil {
			return err
		}
		c, err := k.contributableVersion(ctx, record, m.Version)
		if err != nil {
			return err
		}
		if err := fn(m.RecordId, c); err != nil {
			return err
		}
	}
	return nil
}

// PanelContributable returns a record's content in the present edition of its panel, which must be one of those named: not the
// version that is admitted by now. The errors are ErrRecordNotFound, ErrNotMember, ErrPanelStatus and those of Contributable.
func (k *Keeper) PanelContributable(ctx context.Context, panels []string, recordID string) (types.Contributable, error) {
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return types.Contributable{}, err
	}
	named := false
	for _, id := range panels {
		named = named || id == record.PanelId
	}
	if record.PanelId == "" || !named {
		return types.Contributable{}, errorsmod.Wrapf(types.ErrNotMember, "record %s: expected a member of the job's panels", recordID)
	}
	p, err := k.Panel(ctx, record.PanelId)
	if err != nil {
		return types.Contributable{}, err
	}
	if p.Status != types.PANEL_STATUS_ACTIVE {
		return types.Contributable{}, errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: expected %s, got %s", p.Id, types.PANEL_STATUS_ACTIVE, p.Status)
	}
	m, err := k.PanelMembers.Get(ctx, collections.Join(p.Id, recordID))
	if err != nil {
		return types.Contributable{}, err
	}
	return k.contributableVersion(ctx, record, m.Version)
}

// BeginPanelJob counts a job that runs over a panel: no edition begins until it ends. The caller has checked that the panel answers.
func (k *Keeper) BeginPanelJob(ctx context.Context, id string) error {
	p, err := k.Panel(ctx, id)
	if err != nil {
		return err
	}
	p.Jobs++
	return k.Panels.Set(ctx, id, p)
}

// EndPanelJob counts the end of a job. With the last one an edition begins that has waited for it.
func (k *Keeper) EndPanelJob(ctx context.Context, id string) error {
	p, err := k.Panel(ctx, id)
	if err != nil {
		return err
	}
	if p.Jobs == 0 {
		return types.ErrInvariant.Wrapf("panel %s: expected a job to end, got none that runs", id)
	}
	p.Jobs--
	return k.settleEdition(ctx, p)
}

// OpenPanelSlots counts slots of an exact answer over the present edition whose opening begins. ErrPanelStatus says that the panel is
// no more, or that so many are not left.
func (k *Keeper) OpenPanelSlots(ctx context.Context, id string, slots uint64) error {
	p, err := k.Panel(ctx, id)
	if err != nil {
		return err
	}
	if p.Status != types.PANEL_STATUS_ACTIVE {
		return errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: expected %s, got %s", id, types.PANEL_STATUS_ACTIVE, p.Status)
	}
	if err := terms.PanelSlotsLeft(p.OpenedSlots, p.MaxSlots, slots); err != nil {
		return errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: %s", id, err)
	}
	p.OpenedSlots += slots
	if err := k.Panels.Set(ctx, id, p); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPanelSlots{
		PanelId: id, Edition: p.Edition, Slots: slots, OpenedSlots: p.OpenedSlots, MaxSlots: p.MaxSlots,
	})
}

// members returns the members of a panel, by record.
func (k *Keeper) members(ctx context.Context, id string) ([]types.PanelMember, error) {
	var members []types.PanelMember
	err := k.PanelMembers.Walk(ctx, collections.NewPrefixedPairRange[string, string](id),
		func(_ collections.Pair[string, string], m types.PanelMember) (bool, error) {
			members = append(members, m)
			return false, nil
		})
	return members, err
}

// settleEdition stores a panel, and begins its next edition if that is due and no job runs over the present one.
func (k *Keeper) settleEdition(ctx context.Context, p types.Panel) error {
	if !p.Due() || p.Jobs > 0 {
		return k.Panels.Set(ctx, p.Id, p)
	}
	members, err := k.members(ctx, p.Id)
	if err != nil {
		return err
	}
	return k.beginEdition(ctx, p, members)
}

// beginEdition makes what the members have staged their contents, and stores the panel and the members.
func (k *Keeper) beginEdition(ctx context.Context, p types.Panel, members []types.PanelMember) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	for i := range members {
		m := &members[i]
		if m.Staged == 0 {
			continue
		}
		v, err := k.Versions.Get(ctx, collections.Join(m.RecordId, m.Staged))
		if err != nil {
			return err
		}
		m.Version, m.Staged = m.Staged, 0
		m.Rows, m.Columns = v.Content.Commitment.Rows, uint32(len(v.Content.Dataset.Columns))
		if err := k.PanelMembers.Set(ctx, collections.Join(p.Id, m.RecordId), *m); err != nil {
			return err
		}
	}
	p.Edition++
	// Most rows of an edition are the rows of the one before: what was opened over them stays counted.
	p.Staged, p.MaxSlots = 0, types.EditionSlots(members, params.PanelSlotsPpm)
	if err := k.Panels.Set(ctx, p.Id, p); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventEditionBegan{PanelId: p.Id, Edition: p.Edition, MaxSlots: p.MaxSlots})
}

// dissolve ends a panel for good. Its records stay marked: none is in a panel again. Jobs that run over it find it dissolved.
func (k *Keeper) dissolve(ctx context.Context, p types.Panel, by string) error {
	if p.Status == types.PANEL_STATUS_ACTIVE {
		members, err := k.members(ctx, p.Id)
		if err != nil {
			return err
		}
		for _, m := range members {
			owner, _, err := k.account("owner", m.Owner)
			if err != nil {
				return err
			}
			if err := k.PanelOwners.Remove(ctx, collections.Join(p.PoolId, owner)); err != nil {
				return err
			}
		}
	}
	p.Status = types.PANEL_STATUS_DISSOLVED
	if err := k.Panels.Set(ctx, p.Id, p); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventPanelDissolved{PanelId: p.Id, By: by})
}

// dissolveOf dissolves the panel that a record is in.
func (k *Keeper) dissolveOf(ctx context.Context, record types.Record) error {
	if record.PanelId == "" {
		return nil
	}
	p, err := k.Panel(ctx, record.PanelId)
	if err != nil || p.Status != types.PANEL_STATUS_ACTIVE {
		return err
	}
	return k.dissolve(ctx, p, record.Owner)
}

// contentPanel returns the panel that a content of an owner belongs to, "" if it was delivered directly, and false if it gave no exact answer
// yet.
func (k *Keeper) contentPanel(ctx context.Context, owner sdk.AccAddress, root []byte) (string, bool, error) {
	panel, err := k.PanelContents.Get(ctx, collections.Join(owner, root))
	if errors.Is(err, collections.ErrNotFound) {
		return "", false, nil
	}
	return panel, err == nil, err
}

// checkContentUnused refuses a version whose rows gave exact answers before, or were staged (ErrContentUsed).
func (k *Keeper) checkContentUnused(ctx context.Context, owner sdk.AccAddress, v types.Version) error {
	panel, used, err := k.contentPanel(ctx, owner, v.Content.Commitment.Root)
	if err != nil || !used {
		return err
	}
	where := "delivered directly"
	if panel != "" {
		where = "in panel " + panel
	}
	return errorsmod.Wrapf(types.ErrContentUsed, "record %s: rows of version %s: expected new ones, got such as were %s", v.RecordId, v.Content.Version, where)
}

// claimContent gives a version's content to a panel.
func (k *Keeper) claimContent(ctx context.Context, owner sdk.AccAddress, panelID string, v types.Version) error {
	return k.PanelContents.Set(ctx, collections.Join(owner, v.Content.Commitment.Root), panelID)
}

// CheckOutside refuses an answer outside of panels. Direct delivery is refused to a record that is or was in a panel, and to the rows of
// one; a sum with noise only to a record whose panel protects its owner as a whole. The error is ErrInPanel.
func (k *Keeper) CheckOutside(ctx context.Context, recordID string, c types.Contributable, direct bool) error {
	if c.PanelID != "" {
		p, err := k.Panel(ctx, c.PanelID)
		if err != nil {
			return err
		}
		if direct || p.Terms.OwnerUnit {
			return errorsmod.Wrapf(types.ErrInPanel, "record %s: expected a job over panel %s", recordID, c.PanelID)
		}
	}
	if !direct {
		return nil
	}
	panel, _, err := k.contentPanel(ctx, c.Owner, c.RowRoot)
	if err == nil && panel != "" {
		err = errorsmod.Wrapf(types.ErrInPanel, "record %s: rows: expected such as were in no panel, got such as were in panel %s", recordID, panel)
	}
	return err
}

// NoteDelivered notes that a content is delivered directly, which CheckOutside has allowed: it is never in a panel.
func (k *Keeper) NoteDelivered(ctx context.Context, c types.Contributable) error {
	_, noted, err := k.contentPanel(ctx, c.Owner, c.RowRoot)
	if err != nil || noted {
		return err
	}
	return k.PanelContents.Set(ctx, collections.Join(c.Owner, c.RowRoot), "")
}
