package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// ProposePanel implements types.MsgServer: it proposes a panel of records; anybody may. Nothing happens
// to the records until all of their owners have signed.
func (k msgServer) ProposePanel(ctx context.Context, msg *types.MsgProposePanel) (*types.MsgProposePanelResponse, error) {
	proposer, proposerText, err := k.account("proposer", msg.Proposer)
	if err != nil {
		return nil, err
	}
	if err := types.ValidateSalt(msg.Salt); err != nil {
		return nil, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	terms := msg.Terms.Normalize()
	if err := types.ValidatePanelRecords(msg.RecordIds, terms.Threshold, params.MaxPanelMembers); err != nil {
		return nil, err
	}
	if err := terms.Validate(params.MinPanelThreshold, uint32(len(msg.RecordIds))); err != nil {
		return nil, err
	}
	if _, err := k.Pool(ctx, msg.PoolId); err != nil {
		return nil, err
	}
	id := types.PanelID(proposer, msg.Salt, msg.PoolId, msg.RecordIds, terms)
	exists, err := k.Panels.Has(ctx, id)
	if err != nil {
		return nil, err
	}
	if exists {
		return nil, errorsmod.Wrapf(types.ErrPanelExists, "%s: expected a new salt", id)
	}
	members := make([]types.PanelMember, len(msg.RecordIds))
	owners := make(map[string]string, len(members)) // for look-ups only
	for i, recordID := range msg.RecordIds {
		record, err := k.panelRecord(ctx, msg.PoolId, recordID)
		if err != nil {
			return nil, err
		}
		if other, twice := owners[record.Owner]; twice {
			return nil, errorsmod.Wrapf(types.ErrInvalidPanel, "record_ids: expected each of another owner, got %s and %s of %s", other, recordID, record.Owner)
		}
		owners[record.Owner] = recordID
		members[i] = types.PanelMember{RecordId: recordID, Owner: record.Owner}
	}
	for _, m := range members {
		if err := k.PanelMembers.Set(ctx, collections.Join(id, m.RecordId), m); err != nil {
			return nil, err
		}
	}
	if err := k.PanelsByPool.Set(ctx, collections.Join(msg.PoolId, id)); err != nil {
		return nil, err
	}
	if err := k.Panels.Set(ctx, id, types.Panel{
		Id: id, Proposer: proposerText, Salt: msg.Salt, PoolId: msg.PoolId, Terms: terms,
		Status: types.PANEL_STATUS_PROPOSED, MemberCount: uint32(len(members)),
	}); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgProposePanelResponse{PanelId: id}, modulekit.Emit(ctx, &types.EventPanelProposed{
		PanelId: id, Proposer: proposerText, PoolId: msg.PoolId, Members: uint32(len(members)),
	}))
}

// SignPanel implements types.MsgServer: it signs a proposed panel for a record; only its owner may.
// With the last signature the panel is active, and its first edition are the versions that were
// signed for, all of them still admitted.
func (k msgServer) SignPanel(ctx context.Context, msg *types.MsgSignPanel) (*types.MsgSignPanelResponse, error) {
	panel, err := k.Panel(ctx, msg.PanelId)
	if err != nil {
		return nil, err
	}
	if panel.Status != types.PANEL_STATUS_PROPOSED {
		return nil, errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: expected %s, got %s", panel.Id, types.PANEL_STATUS_PROPOSED, panel.Status)
	}
	record, _, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	key := collections.Join(panel.Id, record.Id)
	member, err := k.PanelMembers.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, errorsmod.Wrapf(types.ErrNotMember, "record %s: expected a member of panel %s", record.Id, panel.Id)
	} else if err != nil {
		return nil, err
	}
	if member.Signed && member.Version == record.Admitted {
		return nil, errorsmod.Wrapf(types.ErrPanelStatus, "record %s: expected no signature yet, got one", record.Id)
	}
	if !member.Signed {
		panel.Signed++
	}
	// Signed is the content, too: its owner has looked at these rows.
	member.Signed, member.Version = true, record.Admitted
	joining := []types.PanelMember{member}
	if panel.Signed == panel.MemberCount {
		if joining, err = k.members(ctx, panel.Id); err != nil {
			return nil, err
		}
	}
	for _, m := range joining {
		if m.RecordId == record.Id {
			m = member
		}
		if err := k.checkJoins(ctx, panel.PoolId, m); err != nil {
			return nil, err
		}
	}
	if err := k.PanelMembers.Set(ctx, key, member); err != nil {
		return nil, err
	}
	if err := modulekit.Emit(ctx, &types.EventPanelSigned{
		PanelId: panel.Id, RecordId: record.Id, Owner: record.Owner, Missing: panel.MemberCount - panel.Signed,
	}); err != nil {
		return nil, err
	}
	if panel.Signed < panel.MemberCount {
		return modulekit.Answer(&types.MsgSignPanelResponse{Status: panel.Status}, k.Panels.Set(ctx, panel.Id, panel))
	}
	panel.Status = types.PANEL_STATUS_ACTIVE
	return modulekit.Answer(&types.MsgSignPanelResponse{Status: panel.Status}, k.beginPanel(ctx, panel))
}

// StageContent implements types.MsgServer: it brings the admitted version of a member of a panel, with
// rows that gave no exact answer before, for the next edition; only the record's owner may.
func (k msgServer) StageContent(ctx context.Context, msg *types.MsgStageContent) (*types.MsgStageContentResponse, error) {
	record, owner, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	if record.PanelId == "" {
		return nil, errorsmod.Wrapf(types.ErrNotMember, "record %s: expected a member of a panel", record.Id)
	}
	panel, err := k.Panel(ctx, record.PanelId)
	if err != nil {
		return nil, err
	}
	if panel.Status != types.PANEL_STATUS_ACTIVE {
		return nil, errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: expected %s, got %s", panel.Id, types.PANEL_STATUS_ACTIVE, panel.Status)
	}
	if err := checkActive(record); err != nil {
		return nil, err
	}
	version, err := k.Version(ctx, record.Id, msg.Version)
	if err != nil {
		return nil, err
	}
	if version.Number != record.Admitted {
		return nil, errorsmod.Wrapf(types.ErrVersionStatus, "version %s of record %s: expected the admitted one, number %d, got number %d",
			msg.Version, record.Id, record.Admitted, version.Number)
	}
	key := collections.Join(panel.Id, record.Id)
	member, err := k.PanelMembers.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := k.checkContentUnused(ctx, owner, version); err != nil {
		return nil, err
	}
	if err := k.claimContent(ctx, owner, panel.Id, version); err != nil {
		return nil, err
	}
	if member.Staged == 0 {
		panel.Staged++
	}
	member.Staged = version.Number
	if err := k.PanelMembers.Set(ctx, key, member); err != nil {
		return nil, err
	}
	staged := panel.Staged
	if err := modulekit.Emit(ctx, &types.EventContentStaged{PanelId: panel.Id, RecordId: record.Id, Version: msg.Version, Staged: staged}); err != nil {
		return nil, err
	}
	if err := k.settleEdition(ctx, panel); err != nil {
		return nil, err
	}
	if panel, err = k.Panel(ctx, panel.Id); err != nil {
		return nil, err
	}
	return &types.MsgStageContentResponse{Staged: staged, Edition: panel.Edition}, nil
}

// LeavePanel implements types.MsgServer: it dissolves a panel for good; the owner of any member may. A
// panel that is only proposed may be withdrawn by its proposer, too.
func (k msgServer) LeavePanel(ctx context.Context, msg *types.MsgLeavePanel) (*types.MsgLeavePanelResponse, error) {
	_, owner, err := k.account("owner", msg.Owner)
	if err != nil {
		return nil, err
	}
	panel, err := k.Panel(ctx, msg.PanelId)
	if err != nil {
		return nil, err
	}
	if panel.Status == types.PANEL_STATUS_DISSOLVED {
		return nil, errorsmod.Wrapf(types.ErrPanelStatus, "panel %s: expected one that is not dissolved", panel.Id)
	}
	may := panel.Status == types.PANEL_STATUS_PROPOSED && panel.Proposer == owner
	if !may {
		members, err := k.members(ctx, panel.Id)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			may = may || m.Owner == owner
		}
	}
	if !may {
		return nil, errorsmod.Wrapf(types.ErrNotMember, "owner: expected the owner of a member of panel %s, got %s", panel.Id, owner)
	}
	return modulekit.Answer(&types.MsgLeavePanelResponse{}, k.dissolve(ctx, panel, owner))
}

// beginPanel makes a panel, whose members have all signed and can join, active with its first edition.
func (k *Keeper) beginPanel(ctx context.Context, panel types.Panel) error {
	members, err := k.members(ctx, panel.Id)
	if err != nil {
		return err
	}
	for i := range members {
		record, err := k.Record(ctx, members[i].RecordId)
		if err != nil {
			return err
		}
		owner, _, err := k.account("owner", record.Owner)
		if err != nil {
			return err
		}
		version, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Admitted))
		if err != nil {
			return err
		}
		if err := k.claimContent(ctx, owner, panel.Id, version); err != nil {
			return err
		}
		if err := k.PanelOwners.Set(ctx, collections.Join(panel.PoolId, owner), panel.Id); err != nil {
			return err
		}
		record.PanelId = panel.Id
		if err := k.setRecord(ctx, record, record.Status); err != nil {
			return err
		}
		members[i].Staged = members[i].Version
	}
	return k.beginEdition(ctx, panel, members)
}

// panelRecord returns a record that can be in a panel of a pool: active, and never in one before.
func (k *Keeper) panelRecord(ctx context.Context, poolID uint64, recordID string) (types.Record, error) {
	record, err := k.Record(ctx, recordID)
	if err != nil {
		return record, err
	}
	if err := checkActive(record); err != nil {
		return record, err
	}
	if record.PoolId != poolID {
		return record, errorsmod.Wrapf(types.ErrInvalidPanel, "record %s: expected one of pool %d, got pool %d", recordID, poolID, record.PoolId)
	}
	if record.PanelId != "" {
		return record, errorsmod.Wrapf(types.ErrInPanel, "record %s: expected one that was in no panel, got panel %s", recordID, record.PanelId)
	}
	return record, nil
}

// checkJoins refuses a record that was in a panel, an owner who is in another one of the pool, and rows that gave exact answers.
func (k *Keeper) checkJoins(ctx context.Context, poolID uint64, m types.PanelMember) error {
	record, err := k.panelRecord(ctx, poolID, m.RecordId)
	if err != nil {
		return err
	}
	if record.Admitted != m.Version {
		return errorsmod.Wrapf(types.ErrVersionStatus, "record %s: expected version number %d to be admitted, for which its owner has signed, got number %d; "+
			"its owner signs again", record.Id, m.Version, record.Admitted)
	}
	owner, _, err := k.account("owner", record.Owner)
	if err != nil {
		return err
	}
	other, err := k.PanelOwners.Get(ctx, collections.Join(poolID, owner))
	switch {
	case err == nil:
		return errorsmod.Wrapf(types.ErrInPanel, "owner %s: expected to be in no panel of pool %d, got panel %s", record.Owner, poolID, other)
	case !errors.Is(err, collections.ErrNotFound):
		return err
	}
	version, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Admitted))
	if err != nil {
		return err
	}
	return k.checkContentUnused(ctx, owner, version)
}
