package worker_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/terms"
)

// panelID is the panel of a fixture's record.
var panelID = strings.Repeat("ab", 32)

// joinPanel puts the fixture's record into a panel of two owners that answers programs.
func (f *fixture) joinPanel(programs ...string) {
	f.record.PanelID = panelID
	f.policy.Panels = worker.PanelPolicy{MinThreshold: 2, Class: worker.ClassNamed}
	f.panel = &chain.Membership{
		Panel: chain.Panel{
			Id: panelID, PoolId: f.record.PoolId, Status: chain.PanelActive, Edition: 1, Signed: 2, MemberCount: 2,
			Terms: terms.PanelTerms{Class: terms.PanelNamed, Programs: programs, Threshold: 2, MinPricePerMop: math.NewInt(1000)},
		},
		Member:  chain.PanelMember{Record: f.record.Id, Owner: f.owner, Signed: true, Version: 1},
		Version: f.version,
	}
}

// signQuestion makes the fixture's panel one that answers the question of a job, word for word.
func (f *fixture) signQuestion(job chain.Job) {
	f.panel.Panel.Terms.Class, f.panel.Panel.Terms.Programs = terms.PanelFixed, nil
	f.panel.Panel.Terms.Questions = []terms.PanelQuestion{job.PanelRequest().Question}
}

// overPanel is a candidate of the exact sum of newSecureLedger.
func (f *fixture) overPanel() worker.Candidate {
	c := f.candidate()
	c.MaxShared = 128 << 10
	return c
}

func TestDecideOverPanels(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(p *worker.Policy, c *worker.Candidate)
		says   string
	}{
		"no grant is needed": {func(*worker.Policy, *worker.Candidate) {}, ""},
		"superseded content": {func(_ *worker.Policy, c *worker.Candidate) { c.Version.Status = chain.VersionSuperseded }, ""},
		"another panel":      {func(_ *worker.Policy, c *worker.Candidate) { c.Job.Spec.Panels[0] = strings.Repeat("00", 32) }, "expected the one of record"},
		"in no panel":        {func(_ *worker.Policy, c *worker.Candidate) { c.Panel = nil }, "expected the one of record"},
		"dissolved":          {func(_ *worker.Policy, c *worker.Candidate) { c.Panel.Panel.Status = chain.PanelDissolved }, "expected PANEL_STATUS_ACTIVE"},
		"proposed":           {func(_ *worker.Policy, c *worker.Candidate) { c.Panel.Panel.Status = chain.PanelProposed }, "expected PANEL_STATUS_ACTIVE"},
		"a member fewer":     {func(_ *worker.Policy, c *worker.Candidate) { c.Panel.Panel.MemberCount++ }, "expected all members"},
		"not all":            {func(_ *worker.Policy, c *worker.Candidate) { c.Job.Spec.MaxCohort++ }, "expected all members"},
		"a listed panel":     {func(p *worker.Policy, _ *worker.Candidate) { p.Panels.IDs = []string{panelID} }, ""},
		"a panel not listed": {func(p *worker.Policy, _ *worker.Candidate) { p.Panels.IDs = []string{strings.Repeat("00", 32)} }, "panels.ids: expected a listed one"},
		"a low threshold":    {func(p *worker.Policy, _ *worker.Candidate) { p.Panels.MinThreshold = 3 }, "panels.min_threshold: expected at least 3, got 2"},
		"fixed only":         {func(p *worker.Policy, _ *worker.Candidate) { p.Panels.Class = worker.ClassFixed }, ""},
		"named, fixed only": {func(p *worker.Policy, c *worker.Candidate) {
			c.Panel.Panel.Terms.Class, p.Panels.Class = terms.PanelNamed, worker.ClassFixed
		}, "panels.class: expected fixed"},
		"a program not named":   {func(_ *worker.Policy, c *worker.Candidate) { c.Panel.Panel.Terms.Class = terms.PanelNamed }, "does not list the program"},
		"the panel's price":     {func(_ *worker.Policy, c *worker.Candidate) { c.Job.Spec.PricePerMop = math.NewInt(999) }, "asks at least 1000 ualita"},
		"the program's own row": {func(p *worker.Policy, _ *worker.Candidate) { p.Authors = nil }, "programs, authors: expected a listed"},
		"outside of the panel": {func(_ *worker.Policy, c *worker.Candidate) {
			c.Job.Spec.Panels, c.Panel = nil, nil
		}, "over which alone record"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			newSecureLedger(t, f)
			c := f.overPanel()
			tc.change(&f.policy, &c)
			_, decline := f.policy.Decide(c)
			if tc.says == "" {
				require.Nil(t, decline)
				return
			}
			require.NotNil(t, decline)
			require.Contains(t, decline.Reason, tc.says)
			require.True(t, decline.Final)
		})
	}
}

// In a panel of the class fixed nothing but the signed question is answered, whatever the chain lets through.
func TestDecideFixedQuestions(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	c := f.overPanel()
	_, decline := f.policy.Decide(c)
	require.Nil(t, decline)
	c.Job.Spec.Input = append(bytes.Clone(c.Job.Spec.Input), 0)
	_, decline = f.policy.Decide(c)
	require.NotNil(t, decline)
	require.Contains(t, decline.Reason, "does not list the question")
}

// TestAttackBitsLeaveAMemberOut: in slots too narrow for this owner's sums its vector would be zeros, and the difference of two sums its own.
func TestAttackBitsLeaveAMemberOut(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	c := f.overPanel()
	for bits, says := range map[uint32]string{0: "", f.program.Bits: "", 1: "bits: expected 0 or 63", 40: "bits: expected 0 or 63"} {
		c.Job.Spec.Secure.Bits = bits
		_, decline := f.policy.Decide(c)
		if says == "" {
			require.Nil(t, decline, bits)
			continue
		}
		require.NotNil(t, decline, bits)
		require.Contains(t, decline.Reason, says)
	}
}

// TestAttackInputThatFailsOneMember: where columns and inputs are the consumer's, it would choose whose run of a batch program fails.
func TestAttackInputThatFailsOneMember(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	c := f.overPanel()
	c.Panel.Panel.Terms.Class, c.Panel.Panel.Terms.Programs = terms.PanelNamed, []string{f.program.Id}
	_, decline := f.policy.Decide(c)
	require.NotNil(t, decline)
	require.Contains(t, decline.Reason, "expected a row program")
}

// TestAttackDifferencingByInput: exact sums over a group, and over the group but for one owner, differ by that owner; a byte more of input
// made the second another question for the chain. Outside of panels a worker answers with noise alone.
func TestAttackDifferencingByInput(t *testing.T) {
	f := newFixture(t)
	f.job.Spec.Delivery, f.job.Spec.Secure = chain.DeliverySecureSum, &chain.SecureSum{Seats: 3, Rounds: 1}
	newSeatedLedger(t, f)
	c := f.candidate()
	c.MaxShared = 128 << 10
	for range 2 {
		_, decline := f.policy.Decide(c)
		require.NotNil(t, decline)
		require.Contains(t, decline.Reason, "the difference tells of one owner")
		c.Job.Spec.Input = append(bytes.Clone(c.Job.Spec.Input), 0)
	}
}

// kept is the vector that a computer has sealed to itself.
func (f *fixture) kept(t testing.TB, c worker.Candidate, out worker.Outcome) []int64 {
	t.Helper()
	v, err := result.Open(f.keys.Reader, result.Binding{
		ChainID: testChain, JobID: fmt.Sprintf("%s, round %d, kept", c.Job.Id, c.Job.Round), RecordID: f.record.Id,
		Version: c.Version.Content.Version, Owner: f.ownerAddr,
	}, int(c.Job.Spec.Length), out.Sealed)
	require.NoError(t, err)
	return v
}

// TestPanelsComputeOnCopies: what an owner does to a file changes no answer of a panel, and without a copy nothing is sent.
func TestPanelsComputeOnCopies(t *testing.T) {
	f := newFixture(t)
	newSecureLedger(t, f)
	c := f.overPanel()
	plan, decline := f.policy.Decide(c)
	require.Nil(t, decline)
	of := computer(t, f)
	var err error
	of.Editions, err = worker.OpenEditions(filepath.Join(f.dir, "editions"), f.keys.Reader)
	require.NoError(t, err)

	out, err := of.Compute(t.Context(), c, plan, f.code)
	require.NoError(t, err)
	require.Equal(t, michelson, f.kept(t, c, out), "without a copy it reads the record's own file")
	require.NoError(t, of.Keep(t.Context(), []worker.Kept{{Content: worker.Content{Record: f.record.Id, Number: 1}, Record: f.record, Version: f.version}}))
	path, found := of.Editions.Copy(worker.Content{Record: f.record.Id, Number: 1})
	require.True(t, found)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())

	for what, change := range map[string]func() error{
		"a file that is edited": func() error { return os.WriteFile(f.file, []byte("speed_km_s\n1\n"), 0o600) },
		"a file that is gone":   func() error { return os.Remove(f.file) },
	} {
		require.NoError(t, change(), what)
		out, err = of.Compute(t.Context(), c, plan, f.code)
		require.NoError(t, err, what)
		require.NoError(t, out.Trouble, what)
		require.Equal(t, michelson, f.kept(t, c, out), what)
		require.NoError(t, of.CheckFile(t.Context(), worker.Candidate{Record: f.record, Version: f.version, Panel: f.panel}), what)
	}
	// A job with noise over the panel reads it as well; outside of the panel the record's own file counts.
	require.Error(t, of.CheckFile(t.Context(), worker.Candidate{Record: f.record, Version: f.version}))

	// The panel is dissolved: the copy is not needed any more, and an exact answer over nothing is none.
	require.NoError(t, of.Keep(t.Context(), []worker.Kept{{Content: worker.Content{Record: f.record.Id, Number: 1}, Record: f.record, Version: f.version, Over: true}}))
	_, found = of.Editions.Copy(worker.Content{Record: f.record.Id, Number: 1})
	require.False(t, found)
	out, err = of.Compute(t.Context(), c, plan, f.code)
	require.ErrorContains(t, err, "the record's file is not the committed one")
	require.Zero(t, out)
	require.True(t, of.Editions.Known(worker.Content{Record: f.record.Id, Number: 1}), "tags are kept for ever")
}

// table is a file of rows that a record commits to under a seed.
func table(t testing.TB, seed byte, rows ...string) source.Committed {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(path, []byte("a,b\n"+strings.Join(rows, "\n")+"\n"), 0o600))
	l := source.Location{Path: path, Format: source.CSV, Seed: [source.SeedSize]byte{seed}}
	c, err := source.Commit(path, source.CSV, l.Seed)
	require.NoError(t, err)
	return source.Committed{Location: l, Rows: c.Rows, Root: c.Root[:]}
}

// TestAttackOldRowsInAnotherPanel: a record of rows that were in a panel could be differenced against that panel's answers.
func TestAttackOldRowsInAnotherPanel(t *testing.T) {
	f := newFixture(t)
	e, err := worker.OpenEditions(filepath.Join(f.dir, "editions"), f.keys.Reader)
	require.NoError(t, err)
	old, other := worker.Content{Record: "old", Number: 1}, worker.Content{Record: "other", Number: 1}
	require.NoError(t, e.CheckNew(old, table(t, 1, "1,2", "3,4", "5,6")))
	require.NoError(t, e.Keep(old, table(t, 1, "1,2", "3,4", "5,6")))

	for name, tc := range map[string]struct {
		file source.Committed
		says string
	}{
		"new rows":                  {table(t, 2, "7,8", "9,9"), ""},
		"all old, under a new seed": {table(t, 2, "1,2", "3,4", "5,6"), "got 3 of 3 that were in a panel with record old"},
		"one old among new ones":    {table(t, 2, "7,8", "3,4"), "got 1 of 2 that were in a panel with record old"},
		"in another order":          {table(t, 2, "5,6", "1,2"), "got 2 of 2"},
		"cells that only look old":  {table(t, 2, "12,", ",34"), ""},
	} {
		err := e.CheckNew(other, tc.file)
		if tc.says == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, worker.ErrOldRows, name)
		require.ErrorContains(t, err, tc.says, name)
	}
	// Tags tell nothing to those who have another key.
	stranger, err := worker.OpenEditions(filepath.Join(f.dir, "editions"), f.reader)
	require.NoError(t, err)
	require.NoError(t, stranger.CheckNew(other, table(t, 2, "1,2")))
	files, err := filepath.Glob(filepath.Join(f.dir, "editions", "*.tags"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	require.EqualValues(t, 3*8, info.Size(), "eight bytes for a row")
	require.Equal(t, os.FileMode(0o600), info.Mode())
}

// TestAttackOldContentUnderANewSeed: an edition in which a member has changed nothing but the seed has the same sums, and m such members
// would begin editions in which one owner's change shows alone.
func TestAttackOldContentUnderANewSeed(t *testing.T) {
	f := newFixture(t)
	e, err := worker.OpenEditions(filepath.Join(f.dir, "editions"), f.keys.Reader)
	require.NoError(t, err)
	of := func(number uint32) worker.Content { return worker.Content{Record: "r", Number: number} }
	require.NoError(t, e.Keep(of(1), table(t, 1, "1,2", "3,4", "3,4")))
	require.NoError(t, e.CheckNew(of(1), table(t, 1, "1,2", "3,4", "3,4")), "itself")
	for name, same := range map[string]source.Committed{
		"another seed":  table(t, 2, "1,2", "3,4", "3,4"),
		"another order": table(t, 1, "3,4", "1,2", "3,4"),
	} {
		err := e.CheckNew(of(2), same)
		require.ErrorIs(t, err, worker.ErrSameContent, name)
		require.ErrorContains(t, err, "add the version with new rows first")
	}
	for name, differs := range map[string]source.Committed{
		"a row more":  table(t, 1, "1,2", "3,4", "3,4", "3,4"),
		"a row less":  table(t, 1, "1,2", "3,4"),
		"another row": table(t, 1, "1,2", "3,4", "3,5"),
	} {
		require.NoError(t, e.CheckNew(of(2), differs), name)
	}
	require.NoError(t, e.Keep(of(2), table(t, 1, "1,2")))
	require.ErrorIs(t, e.CheckNew(of(3), table(t, 3, "3,4", "3,4", "1,2")), worker.ErrSameContent, "back to the content before the last")
	require.NoError(t, e.Drop("r", 2))
	_, found := e.Copy(of(1))
	require.False(t, found)
	_, found = e.Copy(of(2))
	require.True(t, found)
	require.ErrorIs(t, e.CheckNew(of(3), table(t, 3, "3,4", "3,4", "1,2")), worker.ErrSameContent, "tags stay")
}

// direct is a candidate of direct delivery of the fixture's record, with its plan.
func (f *fixture) direct(t testing.TB) (worker.Candidate, worker.Plan) {
	t.Helper()
	f.policy.IndividualResults = true
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	return f.candidate(), plan
}

// TestAttackDeliveredRowsJoinAPanel: the reader knows the vector of delivered rows, and takes it from the sums of a panel that they join later
// under another root.
func TestAttackDeliveredRowsJoinAPanel(t *testing.T) {
	f := newFixture(t)
	o, _ := ownerOf(t, f)
	c, plan := f.direct(t)
	of := computer(t, f)
	of.Editions = o.Editions
	out, err := of.Compute(t.Context(), c, plan, f.code)
	require.NoError(t, err)
	require.NoError(t, out.Trouble)

	raw, err := os.ReadFile(f.file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.file, append(raw, []byte("5,21,900\n")...), 0o600))
	f.record.Admitted, f.version = 2, f.newVersion(t, "1.1.0", [source.SeedSize]byte{7})
	_, _, err = o.Sign(t.Context(), panelID)
	require.ErrorIs(t, err, worker.ErrOldRows)
	require.ErrorContains(t, err, "got 100 of 101 that were delivered directly")
}

// TestAttackPanelRowsDeliveredUnderAnotherRecord: rows of a panel's edition are listed again, and delivered.
func TestAttackPanelRowsDeliveredUnderAnotherRecord(t *testing.T) {
	f := newFixture(t)
	o, _ := ownerOf(t, f)
	file := source.Committed{
		Location: source.Location{Path: f.file, Format: source.CSV, Seed: [source.SeedSize]byte{9}},
		Rows:     f.version.Content.Commitment.Rows, Root: f.version.Content.Commitment.Root,
	}
	require.NoError(t, o.Editions.Keep(worker.Content{Record: "in a panel", Number: 1}, file))
	f.version = f.newVersion(t, "1.0.0", [source.SeedSize]byte{7})
	c, plan := f.direct(t)
	of := computer(t, f)
	of.Editions = o.Editions
	out, err := of.Compute(t.Context(), c, plan, f.code)
	require.ErrorIs(t, err, worker.ErrOldRows)
	require.ErrorContains(t, err, "got 100 of 100 that were in a panel")
	require.Zero(t, out)
}

// A copy is made of the committed file alone.
func TestKeepRefusesAnotherFile(t *testing.T) {
	f := newFixture(t)
	e, err := worker.OpenEditions(filepath.Join(f.dir, "editions"), f.keys.Reader)
	require.NoError(t, err)
	file := table(t, 1, "1,2")
	file.Root = bytes.Repeat([]byte{1}, 32)
	require.ErrorIs(t, e.Keep(worker.Content{Record: "r", Number: 1}, file), source.ErrChanged)
	left, err := os.ReadDir(filepath.Join(f.dir, "editions"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// panelLedger shows panels to their owner.
type panelLedger struct {
	*ledger

	panels []chain.Panel
}

func (l *panelLedger) Panel(_ context.Context, id string) (chain.Panel, error) {
	for _, p := range l.panels {
		if p.Id == id {
			return p, nil
		}
	}
	return chain.Panel{}, chain.ErrNotFound
}

func (l *panelLedger) PanelsByPool(context.Context, uint64) ([]chain.Panel, error) {
	return l.panels, nil
}

// ownerOf is the owner of a fixture's record, to whom a panel is proposed.
func ownerOf(t *testing.T, f *fixture) (worker.PanelOwner, *panelLedger) {
	t.Helper()
	f.policy.Panels = worker.PanelPolicy{MinThreshold: 2, Class: worker.ClassNamed}
	l := &panelLedger{ledger: newLedger(f)}
	l.panels = []chain.Panel{{
		Id: panelID, PoolId: f.record.PoolId, Status: chain.PanelProposed, MemberCount: 2,
		Terms:   terms.PanelTerms{Class: terms.PanelNamed, Programs: []string{f.program.Id}, Threshold: 2},
		Members: []chain.PanelMember{{Record: "00", Owner: f.consumer, Signed: true}, {Record: f.record.Id, Owner: f.owner}},
	}}
	editions, err := worker.OpenEditions(filepath.Join(f.dir, "editions"), f.keys.Reader)
	require.NoError(t, err)
	return worker.PanelOwner{Policy: f.policy, Chain: l, Key: f.keys.Reader, Editions: editions}, l
}

func TestPanelOwnerSigns(t *testing.T) {
	f := newFixture(t)
	o, l := ownerOf(t, f)
	all, err := o.List(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, f.record.Id, all[0].Own.Record)

	p, command, err := o.Sign(t.Context(), panelID)
	require.NoError(t, err)
	require.Equal(t, panelID, p.Id)
	require.Equal(t, fmt.Sprintf("alitad tx metadata sign-panel %s %s --from %s --chain-id %s", panelID, f.record.Id, f.owner, testChain), command)
	_, found := o.Editions.Copy(worker.Content{Record: f.record.Id, Number: 1})
	require.True(t, found, "the file is copied")
	require.False(t, o.Editions.Known(worker.Content{Record: f.record.Id, Number: 1}), "rows are marked only in an edition")

	for name, tc := range map[string]struct {
		change func(o *worker.PanelOwner, p *chain.Panel)
		says   string
	}{
		"of others": {func(_ *worker.PanelOwner, p *chain.Panel) { p.Members = p.Members[:1] }, "got one of others"},
		"active":    {func(_ *worker.PanelOwner, p *chain.Panel) { p.Status = chain.PanelActive }, "ask for a new proposal"},
		"signed": {func(_ *worker.PanelOwner, p *chain.Panel) {
			p.Members[1].Signed, p.Members[1].Version = true, 1
		}, "when the other members have signed"},
		"not the policy": {func(o *worker.PanelOwner, _ *chain.Panel) { o.Policy.Panels.MinThreshold = 5 }, "change policy.yaml first, or do not sign"},
		"was in a panel": {func(*worker.PanelOwner, *chain.Panel) { f.joinPanel() }, "list a record of new rows"},
		"pending":        {func(*worker.PanelOwner, *chain.Panel) { f.version.Status = chain.VersionPending }, "the maker of the pool admits it"},
		"a changed file": {func(*worker.PanelOwner, *chain.Panel) {
			require.NoError(t, os.WriteFile(f.file, []byte("speed_km_s\n1\n"), 0o600))
		}, "add a version of the present one"},
		"no such panel": {func(_ *worker.PanelOwner, p *chain.Panel) { p.Id = "" }, "not found on the chain"},
	} {
		t.Run(name, func(t *testing.T) {
			*f = *newFixture(t)
			o, l = ownerOf(t, f)
			tc.change(&o, &l.panels[0])
			_, _, err := o.Sign(t.Context(), panelID)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func TestPanelOwnerStagesAndLeaves(t *testing.T) {
	f := newFixture(t)
	o, l := ownerOf(t, f)
	_, _, err := o.Stage(t.Context(), "")
	require.ErrorContains(t, err, "alita-worker panel list shows them")

	f.joinPanel(f.program.Id)
	l.panels[0].Status, l.panels[0].Edition, l.panels[0].Members[1].Version = chain.PanelActive, 1, 1
	_, _, err = o.Stage(t.Context(), "")
	require.ErrorContains(t, err, "add one first: alitad tx metadata add-version")

	first := f.version
	f.record.Admitted = 2
	f.version = f.newVersion(t, "1.1.0", [source.SeedSize]byte{7})
	_, _, err = o.Stage(t.Context(), "")
	require.ErrorIs(t, err, worker.ErrSameContent, "the same rows under another seed")
	require.True(t, o.Editions.Known(worker.Content{Record: f.record.Id, Number: 1}), "the present edition is marked, also by a worker that has not run")

	raw, err := os.ReadFile(f.file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.file, append(raw, []byte("5,21,900\n")...), 0o600))
	f.version = f.newVersion(t, "1.1.0", [source.SeedSize]byte{7})
	p, command, err := o.Stage(t.Context(), f.record.Id)
	require.NoError(t, err)
	require.Equal(t, panelID, p.Id)
	require.Equal(t, fmt.Sprintf("alitad tx metadata stage %s 1.1.0 --from %s --chain-id %s", f.record.Id, f.owner, testChain), command)
	for number := range uint32(2) {
		_, found := o.Editions.Copy(worker.Content{Record: f.record.Id, Number: number + 1})
		require.True(t, found, number)
	}
	require.Equal(t, first, f.panel.Version)
	l.panels[0].Members[1].Staged = 2
	_, _, err = o.Stage(t.Context(), f.record.Id)
	require.ErrorContains(t, err, "the next edition begins when 2 members have staged")

	_, command, err = o.Leave(t.Context(), panelID)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("alitad tx metadata leave-panel %s --from %s --chain-id %s", panelID, f.owner, testChain), command)
	l.panels[0].Status = chain.PanelDissolved
	_, _, err = o.Leave(t.Context(), panelID)
	require.ErrorContains(t, err, "nothing to leave")
	_, _, err = o.Stage(t.Context(), f.record.Id)
	require.ErrorContains(t, err, "found another panel with records of new rows")
}
