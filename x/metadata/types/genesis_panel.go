package types

import (
	"bytes"
	"fmt"
)

// contentKey names a content in a genesis check.
type contentKey struct{ owner, root string }

// checkPanels checks panels and the contents that give exact answers.
func (g genesisChecker) checkPanels(gs GenesisState) error {
	panels := make(map[string]Panel, len(gs.Panels))
	for _, p := range gs.Panels {
		if _, twice := panels[p.Id]; twice {
			return genesisErrorf("panel %s: expected it once, got it twice", p.Id)
		}
		panels[p.Id] = p
	}
	contents, err := g.readContents(gs, panels)
	if err != nil {
		return err
	}
	inPanel := make(map[string]string, len(gs.Panels)) // the active panel of an owner in a pool
	for _, p := range gs.Panels {
		if err := g.checkPanel(p); err != nil {
			return genesisErrorf("panel %s: %s", p.Id, err)
		}
		for _, m := range p.Members {
			if err := g.checkMember(p, m, contents); err != nil {
				return genesisErrorf("panel %s: member %s: %s", p.Id, m.RecordId, err)
			}
			if p.Status != PANEL_STATUS_ACTIVE {
				continue
			}
			owner := fmt.Sprintf("%d/%s", p.PoolId, m.Owner)
			if other, twice := inPanel[owner]; twice {
				return genesisErrorf("owner %s: expected one active panel in pool %d, got %s and %s", m.Owner, p.PoolId, other, p.Id)
			}
			inPanel[owner] = p.Id
		}
	}
	for _, r := range gs.Records {
		if r.PanelId == "" {
			continue
		}
		p, found := panels[r.PanelId]
		if !found || p.Edition == 0 || !p.has(r.Id) {
			return genesisErrorf("record %s: expected it in panel %s, which has begun", r.Id, r.PanelId)
		}
	}
	return nil
}

func (p Panel) has(recordID string) bool {
	for _, m := range p.Members {
		if m.RecordId == recordID {
			return true
		}
	}
	return false
}

func (g genesisChecker) readContents(gs GenesisState, panels map[string]Panel) (map[contentKey]string, error) {
	contents := make(map[contentKey]string, len(gs.PanelContents))
	for _, c := range gs.PanelContents {
		if err := g.canonical("owner of a content", c.Owner); err != nil {
			return nil, err
		}
		if len(c.Root) != RowRootSize {
			return nil, genesisErrorf("content of %s: root: expected %d bytes, got %d", c.Owner, RowRootSize, len(c.Root))
		}
		if _, found := panels[c.PanelId]; c.PanelId != "" && !found {
			return nil, genesisErrorf("content %x of %s: no panel %s", c.Root, c.Owner, c.PanelId)
		}
		key := contentKey{c.Owner, string(c.Root)}
		if _, twice := contents[key]; twice {
			return nil, genesisErrorf("content %x of %s: expected it once, got it twice", c.Root, c.Owner)
		}
		contents[key] = c.PanelId
	}
	return contents, nil
}

// checkPanel checks a panel on its own.
func (g genesisChecker) checkPanel(p Panel) error {
	if err := CheckPanelID(p.Id); err != nil {
		return err
	}
	if err := g.canonical("proposer", p.Proposer); err != nil {
		return err
	}
	if err := ValidateSalt(p.Salt); err != nil {
		return err
	}
	// The parameters may have been others when it was proposed.
	if err := ValidatePanelRecords(p.Records(), p.Terms.Threshold, MaxPanelMembers); err != nil {
		return err
	}
	if err := p.Terms.Validate(MinPanelThreshold, uint32(len(p.Members))); err != nil {
		return err
	}
	if p.Terms.MinPricePerMop.IsNil() {
		return fmt.Errorf("min_price_per_mop: expected 0 if there is none, got nothing")
	}
	proposer, err := g.codec.StringToBytes(p.Proposer)
	if err != nil {
		return err
	}
	if id := PanelID(proposer, p.Salt, p.PoolId, p.Records(), p.Terms); id != p.Id {
		return fmt.Errorf("id: expected %s, the hash of what it states", id)
	}
	var signed, staged uint32
	for _, m := range p.Members {
		if m.Signed {
			signed++
		}
		if m.Staged > 0 {
			staged++
		}
	}
	if p.MemberCount != uint32(len(p.Members)) || p.Signed != signed || p.Staged != staged {
		return fmt.Errorf("counts: expected %d members, %d signed, %d staged, got %d, %d and %d",
			len(p.Members), signed, staged, p.MemberCount, p.Signed, p.Staged)
	}
	begun := p.Edition > 0
	switch {
	case p.Status == PANEL_STATUS_PROPOSED && !begun && signed < p.MemberCount:
	case p.Status == PANEL_STATUS_ACTIVE && begun && signed == p.MemberCount:
	case p.Status == PANEL_STATUS_DISSOLVED && begun == (signed == p.MemberCount):
	default:
		return fmt.Errorf("status %s with %d of %d signatures in edition %d", p.Status, signed, p.MemberCount, p.Edition)
	}
	if !begun && (p.Jobs > 0 || staged > 0 || p.MaxSlots > 0 || p.OpenedSlots > 0) {
		return fmt.Errorf("expected nothing but signatures before the first edition")
	}
	if p.Due() && p.Jobs == 0 {
		return fmt.Errorf("staged: expected fewer than %d, or a job to wait for, got %d", p.Terms.Threshold, staged)
	}
	return nil
}

// checkMember checks a member of a panel against its record and the contents.
func (g genesisChecker) checkMember(p Panel, m PanelMember, contents map[contentKey]string) error {
	r, found := g.records[m.RecordId]
	if !found || r.Owner != m.Owner || r.PoolId != p.PoolId {
		return fmt.Errorf("expected a record of %s in pool %d", m.Owner, p.PoolId)
	}
	if p.Edition == 0 {
		if m.Signed != (m.Version != 0) || m.Version > r.Admitted || m.Rows != 0 || m.Columns != 0 {
			return fmt.Errorf("expected the version that was signed for, and no content before the first edition, got version %d of %d", m.Version, r.Admitted)
		}
		return nil
	}
	if r.PanelId != p.Id || (p.Status == PANEL_STATUS_ACTIVE && r.Status != RECORD_STATUS_ACTIVE) {
		return fmt.Errorf("expected an active record of this panel, got %s of panel %q", r.Status, r.PanelId)
	}
	versions := g.versions[m.RecordId]
	for i, number := range []uint32{m.Version, m.Staged} {
		if number == 0 && i == 1 {
			continue // nothing is staged
		}
		if number == 0 || int(number) > len(versions) || number > r.Admitted {
			return fmt.Errorf("version: expected one that is or was admitted, at most %d, got %d", r.Admitted, number)
		}
		v := versions[number-1]
		if contents[contentKey{m.Owner, string(v.Content.Commitment.Root)}] != p.Id {
			return fmt.Errorf("version %d: expected its rows among the panel's contents", number)
		}
		if number == m.Version && (m.Rows != v.Content.Commitment.Rows || int(m.Columns) != len(v.Content.Dataset.Columns)) {
			return fmt.Errorf("rows, columns: expected %d and %d, got %d and %d",
				v.Content.Commitment.Rows, len(v.Content.Dataset.Columns), m.Rows, m.Columns)
		}
	}
	if m.Staged != 0 && bytes.Equal(versions[m.Staged-1].Content.Commitment.Root, versions[m.Version-1].Content.Commitment.Root) {
		return fmt.Errorf("staged: expected other rows than those of version %d", m.Version)
	}
	return nil
}
