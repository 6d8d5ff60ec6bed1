package keeper_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// consortium is owners with an active record each in a pool with open admission.
type consortium struct {
	*testutil.Fixture
	t       *testing.T
	pool    uint64
	owners  []string
	workers []testutil.Worker
	records []string
}

func newConsortium(t *testing.T, owners int) *consortium {
	t.Helper()
	c := &consortium{Fixture: testutil.New(t), t: t}
	c.pool = c.CreatePool(t, "LIGHT", func(m *datapooltypes.MsgCreatePool) { m.Requirements.OpenAdmission = true })
	for i := range owners {
		owner := fmt.Sprint("owner ", i)
		c.owners = append(c.owners, owner)
		c.workers = append(c.workers, c.RegisterWorker(t, owner, "worker of "+owner))
		c.records = append(c.records, c.register(i, "first"))
	}
	return c
}

// register lists another record of an owner.
func (c *consortium) register(i int, content string) string {
	c.t.Helper()
	msg := c.RegisterMsg(c.t, c.owners[i], content, c.pool, c.workers[i])
	msg.Content.Commitment.Root = rootOf(c.owners[i] + content)
	res, err := c.Msg.RegisterRecord(c.Ctx, msg)
	require.NoError(c.t, err)
	return res.RecordId
}

func rootOf(content string) []byte {
	sum := sha256.Sum256([]byte(content))
	return sum[:]
}

// add adds a version of rows rows and another content.
func (c *consortium) add(i int, version, content string, rows uint64) {
	c.t.Helper()
	v := testutil.Content(c.t, c.records[i], testutil.Account(c.owners[i]), version, content, c.workers[i])
	v.Commitment = types.RowCommitment{Rows: rows, Root: rootOf(c.owners[i] + content)}
	_, err := c.Msg.AddVersion(c.Ctx, &types.MsgAddVersion{Owner: c.Named(c.owners[i]), RecordId: c.records[i], Content: v})
	require.NoError(c.t, err)
}

func (c *consortium) proposal() *types.MsgProposePanel {
	return &types.MsgProposePanel{
		Proposer: c.Named("proposer"), Salt: testutil.Salt("panel"), PoolId: c.pool, RecordIds: slices.Sorted(slices.Values(c.records)), Terms: types.PanelTerms{
			Class: types.PANEL_CLASS_NAMED, Programs: []string{hash64("a")}, Threshold: 3, MinPricePerMop: math.ZeroInt(),
		},
	}
}

func hash64(digit string) string {
	s := ""
	for range 64 {
		s += digit
	}
	return s
}

func (c *consortium) propose() string {
	c.t.Helper()
	res, err := c.Msg.ProposePanel(c.Ctx, c.proposal())
	require.NoError(c.t, err)
	return res.PanelId
}

func (c *consortium) sign(panel string, i int) error {
	_, err := c.Msg.SignPanel(c.Ctx, &types.MsgSignPanel{Owner: c.Named(c.owners[i]), PanelId: panel, RecordId: c.records[i]})
	return err
}

// begin proposes a panel of all records, which all sign.
func (c *consortium) begin() string {
	c.t.Helper()
	id := c.propose()
	for i := range c.records {
		require.NoError(c.t, c.sign(id, i))
	}
	return id
}

func (c *consortium) stage(i int, version string) (*types.MsgStageContentResponse, error) {
	return c.Msg.StageContent(c.Ctx, &types.MsgStageContent{Owner: c.Named(c.owners[i]), RecordId: c.records[i], Version: version})
}

func (c *consortium) panel(id string) types.Panel {
	c.t.Helper()
	res, err := c.Query.Panel(c.Ctx, &types.QueryPanelRequest{PanelId: id})
	require.NoError(c.t, err)
	return res.Panel
}

// TestAttackOtherVersionAtTheLastSignature: a panel begins with the contents that its members have looked at and signed, or not at all.
func TestAttackOtherVersionAtTheLastSignature(t *testing.T) {
	c := newConsortium(t, 3)
	id := c.propose()
	require.NoError(t, c.sign(id, 0))
	require.NoError(t, c.sign(id, 1))
	require.ErrorIs(t, c.sign(id, 1), types.ErrPanelStatus, "once for a version")
	c.add(0, "1.1.0", "rows that nobody looked at", 50)
	err := c.sign(id, 2)
	require.ErrorIs(t, err, types.ErrVersionStatus)
	require.ErrorContains(t, err, "expected version number 1 to be admitted, for which its owner has signed, got number 2; its owner signs again")
	require.Equal(t, types.PANEL_STATUS_PROPOSED, c.panel(id).Status)
	require.NoError(t, c.sign(id, 0))
	require.EqualValues(t, 2, c.panel(id).Signed)
	require.NoError(t, c.sign(id, 2))
	require.Equal(t, types.PANEL_STATUS_ACTIVE, c.panel(id).Status)
	require.NoError(t, c.Keeper.Invariants(c.Ctx))
}

// TestAttackManyEditions: members bring a row more again and again. The rows that stay are asked no more often for that.
func TestAttackManyEditions(t *testing.T) {
	c := newConsortium(t, 3)
	id := c.begin()
	require.EqualValues(t, 20, c.panel(id).MaxSlots)
	require.NoError(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 15))
	for i := range c.records {
		c.add(i, "1.1.0", "a row more", 100)
		_, err := c.stage(i, "1.1.0")
		require.NoError(t, err)
	}
	require.EqualValues(t, 2, c.panel(id).Edition)
	require.EqualValues(t, 15, c.panel(id).OpenedSlots)
	require.ErrorIs(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 6), types.ErrPanelStatus)
	for i := range c.records {
		c.add(i, "1.2.0", "fewer rows", 50)
		_, err := c.stage(i, "1.2.0")
		require.NoError(t, err)
	}
	require.EqualValues(t, 10, c.panel(id).MaxSlots)
	require.ErrorIs(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 1), types.ErrPanelStatus, "more were opened than these rows allow")
	require.NoError(t, c.Keeper.Invariants(c.Ctx))
}

// A panel is proposed, signed, renewed and left, and says so.
func TestLifeOfAPanel(t *testing.T) {
	c := newConsortium(t, 4)
	msg := c.proposal()
	res, err := c.Msg.ProposePanel(c.Ctx, msg)
	require.NoError(t, err)
	id := types.PanelID(testutil.Account("proposer"), msg.Salt, c.pool, msg.RecordIds, msg.Terms)
	require.Equal(t, id, res.PanelId)
	require.Equal(t, &types.EventPanelProposed{PanelId: id, Proposer: c.Named("proposer"), PoolId: c.pool, Members: 4}, lastEvent(t, c.Ctx, &types.EventPanelProposed{}))
	record, err := c.Keeper.Record(c.Ctx, c.records[0])
	require.NoError(t, err)
	require.Empty(t, record.PanelId, "a proposal binds nobody")

	c.add(1, "1.1.0", "before the last signature", 50)
	for i := range c.records {
		require.NoError(t, c.sign(id, i))
		require.Equal(t, &types.EventPanelSigned{PanelId: id, RecordId: c.records[i], Owner: c.Named(c.owners[i]), Missing: uint32(3 - i)},
			lastEvent(t, c.Ctx, &types.EventPanelSigned{}))
		require.NoError(t, c.Keeper.Invariants(c.Ctx))
	}
	require.Equal(t, &types.EventEditionBegan{PanelId: id, Edition: 1, MaxSlots: 10}, lastEvent(t, c.Ctx, &types.EventEditionBegan{}), "a tenth of 50 rows of 2 columns")
	panel := c.panel(id)
	require.Equal(t, types.PANEL_STATUS_ACTIVE, panel.Status)
	for _, m := range panel.Members {
		want := types.PanelMember{RecordId: m.RecordId, Owner: m.Owner, Signed: true, Version: 1, Rows: 100, Columns: 2}
		if m.RecordId == c.records[1] {
			want.Version, want.Rows = 2, 50
		}
		require.Equal(t, want, m)
	}

	for i, want := range []types.MsgStageContentResponse{{Staged: 1, Edition: 1}, {Staged: 2, Edition: 1}, {Staged: 3, Edition: 2}} {
		version := "2.0.0"
		c.add(i, version, "second", 200)
		got, err := c.stage(i, version)
		require.NoError(t, err)
		require.Equal(t, &want, got)
		require.NoError(t, c.Keeper.Invariants(c.Ctx))
	}
	require.Equal(t, &types.EventContentStaged{PanelId: id, RecordId: c.records[2], Version: "2.0.0", Staged: 3}, lastEvent(t, c.Ctx, &types.EventContentStaged{}))
	require.Equal(t, &types.EventEditionBegan{PanelId: id, Edition: 2, MaxSlots: 20}, lastEvent(t, c.Ctx, &types.EventEditionBegan{}))

	list, err := c.Query.PanelsByPool(c.Ctx, &types.QueryPanelsByPoolRequest{PoolId: c.pool})
	require.NoError(t, err)
	require.Equal(t, []types.Panel{c.panel(id)}, list.Panels)

	_, err = c.Msg.LeavePanel(c.Ctx, &types.MsgLeavePanel{Owner: c.Named(c.owners[3]), PanelId: id})
	require.NoError(t, err)
	require.Equal(t, &types.EventPanelDissolved{PanelId: id, By: c.Named(c.owners[3])}, lastEvent(t, c.Ctx, &types.EventPanelDissolved{}))
	require.NoError(t, c.Keeper.Invariants(c.Ctx))
	c.add(0, "3.0.0", "third", 200)
	_, err = c.stage(0, "3.0.0")
	require.ErrorIs(t, err, types.ErrPanelStatus)
}

// Slots are counted with an event, up to the most of an edition.
func TestPanelSlots(t *testing.T) {
	c := newConsortium(t, 3)
	id := c.begin()
	require.NoError(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 15))
	require.Equal(t, &types.EventPanelSlots{PanelId: id, Edition: 1, Slots: 15, OpenedSlots: 15, MaxSlots: 20}, lastEvent(t, c.Ctx, &types.EventPanelSlots{}))
	require.ErrorIs(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 6), types.ErrPanelStatus)
	require.NoError(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 5))
	require.ErrorIs(t, c.Keeper.EndPanelJob(c.Ctx, id), types.ErrInvariant, "no job runs")
	require.NoError(t, c.Keeper.Invariants(c.Ctx))
}

// Retiring a record dissolves its panel.
func TestRetiredMemberDissolves(t *testing.T) {
	c := newConsortium(t, 3)
	id := c.begin()
	_, err := c.Msg.RetireRecord(c.Ctx, &types.MsgRetireRecord{Owner: c.Named(c.owners[0]), RecordId: c.records[0]})
	require.NoError(t, err)
	require.Equal(t, types.PANEL_STATUS_DISSOLVED, c.panel(id).Status)
	require.NoError(t, c.Keeper.Invariants(c.Ctx))
}

// Each case is a message that is refused; the state stays as it was.
func TestPanelRefusals(t *testing.T) {
	propose := func(change func(c *consortium, m *types.MsgProposePanel)) func(c *consortium, id string) error {
		return func(c *consortium, _ string) error {
			m := c.proposal()
			m.Salt = testutil.Salt("another")
			change(c, m)
			_, err := c.Msg.ProposePanel(c.Ctx, m)
			return err
		}
	}
	question := types.PanelQuestion{ProgramId: hash64("b"), Columns: []string{"speed"}, Length: 3}
	fixed := func(change func(q *types.PanelQuestion)) func(c *consortium, id string) error {
		return propose(func(_ *consortium, m *types.MsgProposePanel) {
			q := question
			change(&q)
			m.Terms.Class, m.Terms.Programs, m.Terms.Questions = types.PANEL_CLASS_FIXED, nil, []types.PanelQuestion{q}
		})
	}
	for name, tc := range map[string]struct {
		do   func(c *consortium, id string) error
		want error
		says string
	}{
		"a short salt": {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Salt = m.Salt[1:] }), types.ErrInvalidSalt, ""},
		"no account":   {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Proposer = "proposer" }), types.ErrInvalidAddress, ""},
		"no pool":      {propose(func(_ *consortium, m *types.MsgProposePanel) { m.PoolId = 99 }), types.ErrPoolNotFound, ""},
		"not sorted":   {propose(func(_ *consortium, m *types.MsgProposePanel) { slices.Reverse(m.RecordIds) }), types.ErrInvalidPanel, "sorted"},
		"no record":    {propose(func(_ *consortium, m *types.MsgProposePanel) { m.RecordIds[0] = "00000000000000000000000000000000" }), types.ErrRecordNotFound, ""},
		"no id":        {propose(func(_ *consortium, m *types.MsgProposePanel) { m.RecordIds[0] = "0" }), types.ErrInvalidPanel, "record_ids[0]"},
		"again":        {func(c *consortium, _ string) error { _, err := c.Msg.ProposePanel(c.Ctx, c.proposal()); return err }, types.ErrPanelExists, "new salt"},
		"threshold":    {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Threshold = 2 }), types.ErrInvalidPanel, "threshold: expected 3 to 4"},
		"no class":     {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Class = 0 }), types.ErrInvalidPanel, "class"},
		"no program":   {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Programs = nil }), types.ErrInvalidPanel, "programs: expected 1 to 64"},
		"program's id": {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Programs[0] = "moments" }), types.ErrInvalidPanel, "programs[0]"},
		"price":        {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.MinPricePerMop = math.NewInt(-1) }), types.ErrInvalidPanel, "min_price_per_mop"},
		"purpose":      {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Purposes = []string{""} }), types.ErrInvalidPanel, "purposes[0]"},
		"a question":   {propose(func(_ *consortium, m *types.MsgProposePanel) { m.Terms.Questions = []types.PanelQuestion{question} }), types.ErrInvalidPanel, "expected none in the class named"},
		"no question": {propose(func(_ *consortium, m *types.MsgProposePanel) {
			m.Terms.Class, m.Terms.Programs = types.PANEL_CLASS_FIXED, nil
		}), types.ErrInvalidPanel, "questions: expected 1 to 64"},
		"a long question": {fixed(func(q *types.PanelQuestion) { q.Input = make([]byte, types.MaxPanelTermsBytes) }), types.ErrInvalidPanel, "terms: expected at most"},
		"no column":       {fixed(func(q *types.PanelQuestion) { q.Columns = nil }), types.ErrInvalidPanel, "columns: expected 1 to"},
		"a column twice":  {fixed(func(q *types.PanelQuestion) { q.Columns = []string{"a", "a"} }), types.ErrInvalidPanel, "got \"a\" twice"},
		"no length":       {fixed(func(q *types.PanelQuestion) { q.Length = 0 }), types.ErrInvalidPanel, "length"},
		"ranges":          {fixed(func(q *types.PanelQuestion) { q.Ranges = []types.PanelRange{{Count: 2}} }), types.ErrInvalidPanel, "expected them to add up to 3 slots, got 2"},
		"a range above 0": {fixed(func(q *types.PanelQuestion) { q.Ranges = []types.PanelRange{{Count: 3, Low: 1, High: 2}} }), types.ErrInvalidPanel, "ranges[0]"},
		"too many": {propose(func(c *consortium, _ *types.MsgProposePanel) {
			params := types.DefaultParams()
			params.MaxPanelMembers = 3
			require.NoError(c.t, c.Keeper.Params.Set(c.Ctx, params))
		}), types.ErrInvalidPanel, "record_ids: expected 3 to 3, got 4"},
		"no such panel":       {func(c *consortium, _ string) error { return c.sign(hash64("0"), 0) }, types.ErrPanelNotFound, ""},
		"no panel's id":       {func(c *consortium, _ string) error { return c.sign("panel", 0) }, types.ErrPanelNotFound, ""},
		"stage a free record": {func(c *consortium, _ string) error { _, err := c.stage(0, "1.0.0"); return err }, types.ErrNotMember, ""},
		"leave as a stranger": {func(c *consortium, id string) error {
			_, err := c.Msg.LeavePanel(c.Ctx, &types.MsgLeavePanel{Owner: c.Named("stranger"), PanelId: id})
			return err
		}, types.ErrNotMember, ""},
		"stage for another": {func(c *consortium, id string) error {
			_, err := c.Msg.StageContent(c.Ctx, &types.MsgStageContent{Owner: c.Named("stranger"), RecordId: c.records[0], Version: "1.0.0"})
			return err
		}, types.ErrNotOwner, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newConsortium(t, 4)
			c.t = t
			id := c.propose()
			before := c.Dump()
			if name == "too many" {
				before = nil
			}
			err := tc.do(c, id)
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.says)
			if before != nil {
				require.Equal(t, before, c.Dump())
			}
		})
	}
	// A record that is not admitted, and one of another pool.
	c := newConsortium(t, 3)
	other := c.CreatePool(t, "OTHER", nil)
	pending := c.RegisterMsg(t, c.owners[0], "pending", other, c.workers[0])
	_, err := c.Msg.RegisterRecord(c.Ctx, pending)
	require.NoError(t, err)
	id := types.RecordID(testutil.Account(c.owners[0]), pending.Salt)
	records := c.records
	c.records = []string{id, records[1], records[2]}
	_, err = c.Msg.ProposePanel(c.Ctx, c.proposal())
	require.ErrorIs(t, err, types.ErrRecordPending)
	c.Admit(t, id, "1.0.0")
	_, err = c.Msg.ProposePanel(c.Ctx, c.proposal())
	require.ErrorContains(t, err, "expected one of pool")
}

// The panels, their members and contents go through an export, byte by byte, and what is wrong in one is refused.
func TestPanelGenesis(t *testing.T) {
	c := newConsortium(t, 4)
	active := c.begin()
	c.add(0, "1.1.0", "staged", 70)
	_, err := c.stage(0, "1.1.0")
	require.NoError(t, err)
	require.NoError(t, c.Keeper.BeginPanelJob(c.Ctx, active))
	require.NoError(t, c.Keeper.OpenPanelSlots(c.Ctx, active, 6))
	// Another panel was left, a third one is proposed, and a content was given outside.
	first := c.records
	c.owners, c.workers, c.records = nil, nil, nil
	for i := range 3 {
		owner := fmt.Sprint("other ", i)
		c.owners, c.workers = append(c.owners, owner), append(c.workers, c.RegisterWorker(t, owner, "worker of "+owner))
		c.records = append(c.records, c.register(i, "rows"))
	}
	left := c.begin()
	_, err = c.Msg.LeavePanel(c.Ctx, &types.MsgLeavePanel{Owner: c.Named(c.owners[1]), PanelId: left})
	require.NoError(t, err)
	for i := range c.records {
		c.records[i] = c.register(i, "new rows")
	}
	proposed := c.propose()
	require.NoError(t, c.sign(proposed, 0))
	outside, err := c.Keeper.Contributable(c.Ctx, c.records[2])
	require.NoError(t, err)
	require.NoError(t, c.Keeper.NoteDelivered(c.Ctx, outside))
	require.NoError(t, c.Keeper.Invariants(c.Ctx))

	exported, err := c.Keeper.ExportGenesis(c.Ctx)
	require.NoError(t, err)
	require.Len(t, exported.Panels, 3)
	require.Len(t, exported.PanelContents, 4+1+3+1)
	raw, err := c.Codec.MarshalJSON(exported)
	require.NoError(t, err)
	read := func() (gs types.GenesisState) {
		require.NoError(t, c.Codec.UnmarshalJSON(raw, &gs))
		return gs
	}
	fresh := testutil.New(t)
	require.Equal(t, c.pool, fresh.CreatePool(t, "LIGHT", nil))
	require.NoError(t, fresh.Keeper.InitGenesis(fresh.Ctx, read()))
	require.Equal(t, c.Dump(), fresh.Dump())
	require.NoError(t, fresh.Keeper.Invariants(fresh.Ctx))

	of := func(gs *types.GenesisState, id string) *types.Panel {
		i := slices.IndexFunc(gs.Panels, func(p types.Panel) bool { return p.Id == id })
		return &gs.Panels[i]
	}
	staged := func(gs *types.GenesisState) *types.PanelMember {
		p := of(gs, active)
		i := slices.IndexFunc(p.Members, func(m types.PanelMember) bool { return m.RecordId == first[0] })
		return &p.Members[i]
	}
	for name, change := range map[string]func(gs *types.GenesisState){
		"a panel twice":            func(gs *types.GenesisState) { gs.Panels = append(gs.Panels, gs.Panels[0]) },
		"another salt":             func(gs *types.GenesisState) { of(gs, active).Salt = testutil.Salt("x") },
		"another threshold":        func(gs *types.GenesisState) { of(gs, active).Terms.Threshold = 4 },
		"an unsigned member":       func(gs *types.GenesisState) { of(gs, active).Members[0].Signed = false },
		"a count":                  func(gs *types.GenesisState) { of(gs, active).Staged = 2 },
		"a proposal that is begun": func(gs *types.GenesisState) { of(gs, proposed).Edition = 1 },
		"active without editions":  func(gs *types.GenesisState) { of(gs, active).Edition = 0 },
		"slots before it begins":   func(gs *types.GenesisState) { of(gs, proposed).OpenedSlots = 1 },
		"signed without a version": func(gs *types.GenesisState) {
			for i := range of(gs, proposed).Members {
				of(gs, proposed).Members[i].Version = 0
			}
		},
		"another owner":      func(gs *types.GenesisState) { of(gs, active).Members[0].Owner = c.Named("stranger") },
		"another pool":       func(gs *types.GenesisState) { of(gs, active).PoolId = 2 },
		"rows":               func(gs *types.GenesisState) { of(gs, active).Members[0].Rows++ },
		"a version":          func(gs *types.GenesisState) { staged(gs).Version = 3 },
		"the version staged": func(gs *types.GenesisState) { staged(gs).Staged = 1 },
		"a record of none":   func(gs *types.GenesisState) { gs.Records[0].PanelId = hash64("0") },
		"a lost content": func(gs *types.GenesisState) {
			gs.PanelContents = gs.PanelContents[1:]
			gs.PanelContents = gs.PanelContents[:0]
		},
		"a content twice":      func(gs *types.GenesisState) { gs.PanelContents = append(gs.PanelContents, gs.PanelContents[0]) },
		"a short root":         func(gs *types.GenesisState) { gs.PanelContents[0].Root = gs.PanelContents[0].Root[1:] },
		"a content of nowhere": func(gs *types.GenesisState) { gs.PanelContents[0].PanelId = hash64("0") },
		"an owner twice": func(gs *types.GenesisState) {
			p := of(gs, left)
			p.Status = types.PANEL_STATUS_ACTIVE
			other := of(gs, proposed)
			other.Status, other.Edition, other.Signed = types.PANEL_STATUS_ACTIVE, 1, 3
		},
	} {
		gs := read()
		change(&gs)
		require.ErrorIs(t, gs.Validate(c.Address), types.ErrInvalidGenesis, name)
	}
	good := read()
	require.NoError(t, good.Validate(c.Address))
}

// What the chain does for one panel touches no key of another one, so that blocks run them at once.
func TestPanelsShareNoKeys(t *testing.T) {
	touched := func(c *consortium, fn func()) map[string]bool {
		before := map[string]bool{}
		for _, kv := range c.Dump() {
			before[kv] = true
		}
		fn()
		keys := map[string]bool{}
		for _, kv := range c.Dump() {
			if !before[kv] {
				keys[kv[:slices.Index([]byte(kv), '=')]] = true
			}
		}
		return keys
	}
	c := newConsortium(t, 6)
	all, owners, workers := c.records, c.owners, c.workers
	half := func(i int) { c.records, c.owners, c.workers = all[3*i:3*i+3], owners[3*i:3*i+3], workers[3*i:3*i+3] }
	var keys []map[string]bool
	for i := range 2 {
		half(i)
		keys = append(keys, touched(c, func() {
			id := c.begin()
			for j := range c.records {
				_, err := c.stage(j, "1.0.0")
				require.ErrorIs(t, err, types.ErrContentUsed)
			}
			require.NoError(t, c.Keeper.BeginPanelJob(c.Ctx, id))
			require.NoError(t, c.Keeper.OpenPanelSlots(c.Ctx, id, 3))
		}))
	}
	for key := range keys[0] {
		require.False(t, keys[1][key], key)
	}
	require.NotEmpty(t, keys[0])
}
