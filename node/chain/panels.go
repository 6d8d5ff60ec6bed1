package chain

import (
	"context"
	"fmt"
	"slices"

	queryv1beta1 "cosmossdk.io/api/cosmos/base/query/v1beta1"

	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
	"github.com/alita-network/alita/terms"
)

// PanelStatus says where a panel stands.
type PanelStatus = metadatav1.PanelStatus

// Values of PanelStatus.
const (
	PanelProposed  = metadatav1.PanelStatus_PANEL_STATUS_PROPOSED
	PanelActive    = metadatav1.PanelStatus_PANEL_STATUS_ACTIVE
	PanelDissolved = metadatav1.PanelStatus_PANEL_STATUS_DISSOLVED
)

type (
	// Panel is a fixed group of owners' records over which exact sums are computed.
	Panel struct {
		Id       string
		Proposer string
		Salt     []byte
		PoolId   uint64
		Terms    terms.PanelTerms
		Status   PanelStatus
		Edition  uint32 // 0 before all members have signed
		// OpenedSlots and MaxSlots are the slots of exact answers over this edition: that began to be opened, and the most of them.
		OpenedSlots, MaxSlots uint64
		Jobs                  uint32 // that run over it
		Signed, Staged        uint32 // members that have signed, and that have staged
		MemberCount           uint32
		Members               []PanelMember // by record; nil if they were not asked for
	}

	// PanelMember is a record in a panel.
	PanelMember struct {
		Record, Owner string
		Signed        bool
		Version       uint32 // number of the version whose content is in the present edition; 0 before the first
		Staged        uint32 // number of the version that the next edition takes; 0 for none
		Rows          uint64
		Columns       uint32
	}

	// Membership is a record's part in a panel.
	Membership struct {
		Panel   Panel // without its members
		Member  PanelMember
		Version Version // the content in the present edition; empty before the first
	}
)

// OverPanels reports whether a job runs over whole panels.
func (j Job) OverPanels() bool { return len(j.Spec.Panels) > 0 }

// PanelRequest is what an exact job over panels asks of the terms of each.
func (j Job) PanelRequest() terms.PanelRequest {
	request := terms.PanelRequest{
		Question: terms.PanelQuestion{ProgramID: j.Spec.ProgramId, Columns: j.Spec.Columns, Length: j.Spec.Length, Input: j.Spec.Input},
		Purpose:  j.Spec.Purpose, PricePerMop: j.Spec.PricePerMop,
	}
	if j.Spec.Secure != nil {
		request.Rounds = j.Spec.Secure.Rounds
		for _, r := range j.Spec.Secure.Ranges {
			request.Question.Ranges = append(request.Question.Ranges, terms.PanelRange{Count: r.Count, Low: r.Low, High: r.High})
		}
	}
	return request
}

// Check checks that a panel, with its members, is what its id says: who signs the id signs these records and terms.
func (p Panel) Check() error {
	proposer, err := ParseAddress(p.Proposer)
	if err != nil {
		return fmt.Errorf("panel %s: proposer: %w", p.Id, err)
	}
	records := make([]string, len(p.Members))
	for i, m := range p.Members {
		records[i] = m.Record
	}
	if id := terms.PanelID(proposer, p.Salt, p.PoolId, records, p.Terms); id != p.Id {
		return fmt.Errorf("panel %s: expected what the id is the hash of, got what %s is the hash of; ask another node", p.Id, id)
	}
	return nil
}

// MemberOf returns the part of an owner in a panel whose members were asked for.
func (p Panel) MemberOf(owner string) (PanelMember, bool) {
	for _, m := range p.Members {
		if m.Owner == owner {
			return m, true
		}
	}
	return PanelMember{}, false
}

func panelOf(m *metadatav1.Panel) (Panel, error) {
	t := m.GetTerms()
	price, err := wholeNumber("min_price_per_mop", t.GetMinPricePerMop())
	if err != nil {
		return Panel{}, err
	}
	p := Panel{
		Id: m.GetId(), Proposer: m.GetProposer(), Salt: m.GetSalt(), PoolId: m.GetPoolId(), Status: m.GetStatus(), Edition: m.GetEdition(),
		OpenedSlots: m.GetOpenedSlots(), MaxSlots: m.GetMaxSlots(), Jobs: m.GetJobs(), Signed: m.GetSigned(), Staged: m.GetStaged(),
		MemberCount: m.GetMemberCount(),
		Terms: terms.PanelTerms{
			Class: terms.PanelClass(t.GetClass()), Programs: t.GetPrograms(), Purposes: t.GetPurposes(), MinPricePerMop: price,
			Threshold: t.GetThreshold(), OwnerUnit: t.GetOwnerUnit(),
		},
	}
	for _, q := range t.GetQuestions() {
		question := terms.PanelQuestion{ProgramID: q.GetProgramId(), Columns: q.GetColumns(), Length: q.GetLength(), Input: q.GetInput()}
		for _, r := range q.GetRanges() {
			question.Ranges = append(question.Ranges, terms.PanelRange{Count: r.GetCount(), Low: r.GetLow(), High: r.GetHigh()})
		}
		p.Terms.Questions = append(p.Terms.Questions, question)
	}
	for _, member := range m.GetMembers() {
		p.Members = append(p.Members, memberOf(member))
	}
	return p, nil
}

func memberOf(m *metadatav1.PanelMember) PanelMember {
	return PanelMember{
		Record: m.GetRecordId(), Owner: m.GetOwner(), Signed: m.GetSigned(), Version: m.GetVersion(), Staged: m.GetStaged(), Rows: m.GetRows(),
		Columns: m.GetColumns(),
	}
}

// Panel asks for a panel with its members, and checks it against its id. Signatures and editions are the node's word.
func (c *Client) Panel(ctx context.Context, id string) (Panel, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.metadata.Panel(ctx, &metadatav1.QueryPanelRequest{PanelId: id})
	if err != nil {
		return Panel{}, describe("panel "+id, err)
	}
	p, err := panelOf(res.GetPanel())
	if err == nil && p.Id != id {
		err = fmt.Errorf("expected panel %s, got %s", id, p.Id)
	}
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return Panel{}, describe("panel "+id, err)
	}
	return p, nil
}

// PanelsByPool lists the panels of a pool with their members.
func (c *Client) PanelsByPool(ctx context.Context, poolID uint64) ([]Panel, error) {
	return pages(ctx, fmt.Sprintf("panels of pool %d", poolID), func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Panel, *queryv1beta1.PageResponse, error) {
		res, err := c.metadata.PanelsByPool(ctx, &metadatav1.QueryPanelsByPoolRequest{PoolId: poolID, Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetPanels(), panelOf, res.GetPagination())
	})
}

// Membership asks for a record's part in a panel.
func (c *Client) Membership(ctx context.Context, panelID, recordID string) (Membership, error) {
	p, err := c.Panel(ctx, panelID)
	if err != nil {
		return Membership{}, err
	}
	i := slices.IndexFunc(p.Members, func(m PanelMember) bool { return m.Record == recordID })
	if i < 0 {
		return Membership{}, fmt.Errorf("record %s in panel %s: %w", recordID, panelID, ErrNotFound)
	}
	m := Membership{Panel: p, Member: p.Members[i]}
	m.Panel.Members = nil
	if m.Member.Version > 0 {
		m.Version, err = c.numbered(ctx, recordID, m.Member.Version)
	}
	return m, err
}

// numbered asks for a version of a record by its number.
func (c *Client) numbered(ctx context.Context, recordID string, number uint32) (Version, error) {
	all, err := pages(ctx, "versions of "+recordID, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]*metadatav1.Version, *queryv1beta1.PageResponse, error) {
		res, err := c.metadata.Versions(ctx, &metadatav1.QueryVersionsRequest{RecordId: recordID, Pagination: p})
		return res.GetVersions(), res.GetPagination(), err
	})
	if err != nil {
		return Version{}, err
	}
	for _, v := range all {
		if v.GetNumber() == number {
			return versionOf(v), nil
		}
	}
	return Version{}, fmt.Errorf("version %d of record %s: %w", number, recordID, ErrNotFound)
}

// Panel is proved by its id: the node's members are the ones of the id's hash, and their signatures and contents are proved one by one.
func (p *Proving) Panel(ctx context.Context, id string) (Panel, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Panel{}, err
	}
	said, err := fromAny(p, func(c *Client) (Panel, error) { return c.Panel(ctx, id) })
	if err != nil {
		return Panel{}, err
	}
	panel, err := s.panel(ctx, id)
	if err != nil {
		return Panel{}, err
	}
	members, refuted, err := proveAll(ctx, said.Members, func(ctx context.Context, m PanelMember) (PanelMember, error) {
		return s.member(ctx, id, m.Record)
	})
	if err == nil && refuted {
		err = fmt.Errorf("%w: panel %s: expected its members in the state, got fewer", light.ErrProof, id)
	}
	panel.Members = members
	return panel, err
}

// PanelsByPool are the listed panels of a pool that the state proves, as Panel.
func (p *Proving) PanelsByPool(ctx context.Context, poolID uint64) ([]Panel, error) {
	panels, err := listed(ctx, p, func(c *Client) ([]string, error) {
		all, err := c.PanelsByPool(ctx, poolID)
		return idsOf(all, func(p Panel) string { return p.Id }), err
	}, p.Panel)
	if err != nil {
		return nil, fmt.Errorf("panels of pool %d: %w", poolID, err)
	}
	return keep(panels, func(p Panel) bool { return p.PoolId == poolID }), nil
}

// Membership is the proved panel, the proved member, and then its version by the number that the member names.
func (p *Proving) Membership(ctx context.Context, panelID, recordID string) (Membership, error) {
	s, err := p.current(ctx)
	if err != nil {
		return Membership{}, err
	}
	panel, err := s.panel(ctx, panelID)
	if err != nil {
		return Membership{}, err
	}
	member, err := s.member(ctx, panelID, recordID)
	if err != nil || member.Version == 0 {
		return Membership{Panel: panel, Member: member}, err
	}
	var version metadatav1.Version
	what := fmt.Sprintf("version %d of record %s", member.Version, recordID)
	if err := s.message(ctx, keys.Metadata, what, keys.Version(recordID, member.Version), &version); err != nil {
		return Membership{}, unexpectedlyAbsent(err)
	}
	return Membership{Panel: panel, Member: member, Version: versionOf(&version)}, nil
}

func (s *checkedSnapshot) panel(ctx context.Context, id string) (Panel, error) {
	var m metadatav1.Panel
	if err := s.message(ctx, keys.Metadata, "panel "+id, keys.Panel(id), &m); err != nil {
		return Panel{}, err
	}
	return panelOf(&m)
}

func (s *checkedSnapshot) member(ctx context.Context, panelID, recordID string) (PanelMember, error) {
	var m metadatav1.PanelMember
	err := s.message(ctx, keys.Metadata, "record "+recordID+" in panel "+panelID, keys.PanelMember(panelID, recordID), &m)
	return memberOf(&m), err
}
