package keeper_test

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// A job over a panel goes over the contents of its edition, whatever was admitted since, asks no grant, and its public answer is given
// instead of being asked again.
func TestJobOverAPanel(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 5)...)
	id := p.found(p.namedTerms(3), records...)
	require.EqualValues(t, 200, p.panel(id).MaxSlots, "a tenth of the 2,000 cells of each member")
	newer := p.change(records[0], "newer rows")

	spec := p.over(id)
	spec.Secure.PublicResult = true
	job, sums := p.answer(spec)
	require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
	require.Equal(t, want(p.records), sums)
	for _, r := range records {
		c, err := p.keeper.Contribution(p.ctx, job.Id, r)
		require.NoError(t, err)
		require.Zero(t, c.GrantId, "the panel's terms are its grants")
		require.Equal(t, types.CONTRIBUTION_STATUS_PAID, c.Status)
		require.Equal(t, "1.0.0", c.Attestation.Version, "not %s, which is admitted by now", newer)
	}
	panel := p.panel(id)
	require.EqualValues(t, 3, panel.OpenedSlots)
	require.Zero(t, panel.Jobs)

	for _, public := range []bool{true, false} {
		spec.Secure.PublicResult = public
		_, err := p.openOver(spec)
		require.ErrorIs(t, err, types.ErrAnswered)
		require.ErrorContains(t, err, "job "+job.Id+" has it in round 1")
	}
	many := spec
	many.Secure = &types.SecureSum{}
	*many.Secure = *spec.Secure
	many.Secure.Rounds, many.Secure.NextBlocks = 2, 5
	before := p.ctx
	p.ctx, _ = p.ctx.CacheContext()
	_, err := p.openOver(many)
	require.NoError(t, err, "further rounds follow from the answer")
	p.ctx = before
	question := types.Job{Spec: spec}.PanelQuestion().Hash(poolID, []terms.PanelEdition{{ID: id, Edition: 1}})
	res, err := p.query.PanelAnswer(p.ctx, &types.QueryPanelAnswerRequest{Question: hex.EncodeToString(question[:])})
	require.NoError(t, err)
	require.Equal(t, types.PanelAnswer{Question: question[:], JobId: job.Id, Round: 1}, res.Answer)
	_, err = p.query.PanelAnswer(p.ctx, &types.QueryPanelAnswerRequest{Question: hex.EncodeToString(make([]byte, 32))})
	require.ErrorIs(t, err, types.ErrAnswerNotFound)
	_, err = p.query.PanelAnswer(p.ctx, &types.QueryPanelAnswerRequest{Question: "0x"})
	require.ErrorIs(t, err, types.ErrInvalidPanels)

	// Another edition has another answer.
	require.NoError(t, p.stage(records[0], newer))
	p.renew(records[1], "other rows 1")
	p.renew(records[2], "other rows 2")
	require.EqualValues(t, 2, p.panel(id).Edition)
	require.EqualValues(t, 3, p.panel(id).OpenedSlots, "most rows stay: what was opened over them stays counted")
	_, err = p.openOver(p.over(id))
	require.NoError(t, err)
}

// A private answer may be asked again; the same question over the same edition takes its slots once.
func TestPrivateAnswerAgain(t *testing.T) {
	p := newPanelFixture(t)
	id := p.found(p.namedTerms(3), p.registerAll(names("owner", 3)...)...)
	for range 2 {
		job, sums := p.answer(p.over(id))
		require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
		require.Equal(t, want(p.records), sums)
		require.EqualValues(t, 3, p.panel(id).OpenedSlots)
	}
	spec := p.over(id)
	spec.Input = []byte("another")
	p.answer(spec)
	require.EqualValues(t, 6, p.panel(id).OpenedSlots)
}

// A sum over two panels is over all members of both.
func TestJobOverTwoPanels(t *testing.T) {
	p := newPanelFixture(t)
	a := p.found(p.namedTerms(3), p.registerAll(names("a", 3)...)...)
	b := p.found(p.namedTerms(3), p.registerAll(names("b", 4)...)...)
	spec := p.over(a, b)
	require.EqualValues(t, 7, spec.MinCohort)
	_, sums := p.answer(spec)
	require.Equal(t, want(p.records), sums)
	for _, id := range []string{a, b} {
		require.EqualValues(t, 3, p.panel(id).OpenedSlots)
	}
}

// An edition waits for the jobs that run, and new jobs wait for an edition that is due.
func TestEditionWaitsForJobs(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 4)...)
	id := p.found(p.namedTerms(3), records...)
	jobID := p.seatedJob(p.over(id))
	for _, r := range records[:3] {
		p.renew(r, "new of "+r)
	}
	require.EqualValues(t, 1, p.panel(id).Edition)
	require.EqualValues(t, 3, p.panel(id).Staged)
	_, err := p.openOver(p.over(id))
	require.ErrorIs(t, err, types.ErrPanel)
	require.ErrorContains(t, err, "expected no edition to be due")
	p.contributeAll(jobID)
	p.untilOver(jobID)
	p.prepareAll(jobID)
	p.untilOver(jobID)
	p.openAll(jobID)
	require.Equal(t, types.JOB_STATUS_READING, p.untilOver(jobID).Status)
	require.EqualValues(t, 1, p.panel(id).Edition)
	require.Equal(t, want(p.records), p.read(jobID, p.reader))
	require.Equal(t, types.JOB_STATUS_SETTLED, p.untilOver(jobID).Status)
	panel := p.panel(id)
	require.EqualValues(t, 2, panel.Edition, "with the end of the last job")
	require.Zero(t, panel.Staged)
	for _, m := range panel.Members {
		want := uint32(2)
		if m.RecordId == records[3] {
			want = 1
		}
		require.Equal(t, want, m.Version)
	}
}

// Each case is a job that the panel does not answer; the state stays as it was.
func TestJobOverAPanelRefused(t *testing.T) {
	p := newPanelFixture(t)
	params := metadatatypes.DefaultParams()
	params.PanelSlotsPpm = 40_000
	require.NoError(t, p.metadata.Params.Set(p.ctx, params))
	id := p.found(p.namedTerms(3), p.registerAll(names("owner", 3)...)...)
	proposed, err := p.propose(p.namedTerms(3), p.registerAll(names("asked", 3)...)...)
	require.NoError(t, err)
	left := p.registerAll(names("left", 3)...)
	gone := p.found(p.namedTerms(3), left...)
	p.leave(gone, left[1])
	for _, tc := range []struct {
		name   string
		change func(s *types.JobSpec)
		want   error
		text   string
	}{
		{"direct delivery", func(s *types.JobSpec) {
			s.ProgramId, s.Delivery, s.DeliverBlocks, s.Secure = p.program, types.DELIVERY_DIRECT, 5, nil
		}, types.ErrInvalidPanels, "direct delivery"},
		{"a cohort that is larger", func(s *types.JobSpec) { s.MaxCohort++ }, types.ErrInvalidCohort, "expected both to be the members"},
		{"a cohort that is smaller", func(s *types.JobSpec) { s.MinCohort, s.MaxCohort = 2, 2 }, types.ErrInvalidCohort, "expected 3"},
		{"a panel twice", func(s *types.JobSpec) { s.Panels = []string{id, id} }, types.ErrInvalidPanels, "sorted and each once"},
		{"no id", func(s *types.JobSpec) { s.Panels = []string{"panel"} }, types.ErrInvalidPanels, "expected an id"},
		{"no such panel", func(s *types.JobSpec) {
			s.Panels = []string{metadatatypes.PanelID(nil, nil, 1, nil, metadatatypes.PanelTerms{})}
		}, metadatatypes.ErrPanelNotFound, ""},
		{"a proposal", func(s *types.JobSpec) { s.Panels = []string{proposed} }, types.ErrPanel, "PANEL_STATUS_PROPOSED"},
		{"a panel that was left", func(s *types.JobSpec) { s.Panels = []string{gone} }, types.ErrPanel, "PANEL_STATUS_DISSOLVED"},
		{"a purpose", func(s *types.JobSpec) { s.Purpose = "sales" }, types.ErrPanel, "does not list the purpose"},
		{"a price", func(s *types.JobSpec) { s.PricePerMop = math.NewInt(9) }, types.ErrPanel, "asks at least 10 ualita"},
		{"a column that no member has", func(s *types.JobSpec) { s.Columns = []string{"weight"} }, types.ErrPanel, "expected a column"},
		{"more rounds than slots", func(s *types.JobSpec) { s.Secure.Rounds, s.Secure.NextBlocks = 32, 5 }, types.ErrPanel, "expected at most 80 of 80 left in this edition, got 96"},
		{"a budget for a part of them", func(s *types.JobSpec) { s.Budget = types.NewFunds(22_000, 5_000_000) }, types.ErrInvalidBudget, "which pay the 3 members"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			spec := p.over(id)
			tc.change(&spec)
			before := p.state()
			_, err := p.openOver(spec)
			require.ErrorIs(t, err, tc.want)
			require.ErrorContains(t, err, tc.text)
			require.Equal(t, before, p.state())
		})
	}
}

// A panel of signed questions answers them word for word, in one round.
func TestFixedPanel(t *testing.T) {
	p := newPanelFixture(t)
	fixed := p.namedTerms(3)
	fixed.Class, fixed.Programs = metadatatypes.PANEL_CLASS_FIXED, nil
	fixed.Questions = []metadatatypes.PanelQuestion{{ProgramId: p.program, Columns: []string{"speed"}, Length: 3, Input: []byte("input")}}
	id := p.found(fixed, p.registerAll(names("owner", 3)...)...)
	_, sums := p.answer(p.over(id))
	require.Equal(t, want(p.records), sums)
	for name, change := range map[string]func(s *types.JobSpec){
		"a byte of input": func(s *types.JobSpec) { s.Input = []byte("input ") },
		"a column":        func(s *types.JobSpec) { s.Columns = []string{"run"} },
		"two columns":     func(s *types.JobSpec) { s.Columns, s.Length = []string{"speed", "run"}, 6 },
		"rounds":          func(s *types.JobSpec) { s.Secure.Rounds, s.Secure.NextBlocks = 2, 5 },
	} {
		spec := p.over(id)
		change(&spec)
		_, err := p.openOver(spec)
		require.ErrorIs(t, err, types.ErrPanel, name)
	}
}

// A panel that is left while a job runs ends the job; nothing of it was readable, and nothing is paid.
func TestPanelLeftWhileAJobRuns(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 3)...)
	id := p.found(p.namedTerms(3), records...)
	jobID := p.seatedJob(p.over(id))
	_, err := p.msg.Contribute(p.ctx, p.shared(jobID, 0))
	require.NoError(t, err)
	msg := p.shared(jobID, 1)
	p.leave(id, records[2])
	_, err = p.msg.Contribute(p.ctx, msg)
	require.ErrorIs(t, err, metadatatypes.ErrPanelStatus)
	job := p.untilOver(jobID)
	require.Equal(t, types.JOB_STATUS_FAILED, job.Status)
	require.Equal(t, types.FAILURE_REASON_PANEL, job.Failure)
	require.True(t, job.Paid.IsZero())
	require.Zero(t, p.panel(id).Jobs)
	require.Zero(t, p.panel(id).OpenedSlots)
}

// The panel is left after the last judgement: the sum is not opened.
func TestPanelLeftBeforeTheOpening(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 3)...)
	id := p.found(p.namedTerms(3), records...)
	jobID := p.seatedJob(p.over(id))
	p.contributeAll(jobID)
	p.untilOver(jobID)
	p.prepareAll(jobID)
	p.leave(id, records[0])
	job := p.untilOver(jobID)
	require.Equal(t, types.FAILURE_REASON_PANEL, job.Failure)
	require.Zero(t, p.panel(id).OpenedSlots)
}

// Rounds of a job go on over the same edition; one that is left between them has no other round.
func TestRoundsOverAPanel(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 3)...)
	id := p.found(p.namedTerms(3), records...)
	spec := p.over(id)
	spec.Secure.Rounds, spec.Secure.NextBlocks, spec.Secure.PublicResult = 3, 50, true
	job, _ := p.answer(spec)
	require.Equal(t, types.JOB_STATUS_WAITING, job.Status)
	for _, r := range records {
		p.renew(r, "new of "+r)
	}
	next := func(round uint32) error {
		_, err := p.msg.NextRound(p.ctx, &types.MsgNextRound{Consumer: bech(p.consumer), JobId: job.Id, Round: round, Input: []byte("second")})
		return err
	}
	require.NoError(t, next(2))
	p.contributeAll(job.Id)
	require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(job.Id).Status)
	p.prepareAll(job.Id)
	p.untilOver(job.Id)
	p.openAll(job.Id)
	require.Equal(t, types.JOB_STATUS_WAITING, p.untilOver(job.Id).Status)
	require.EqualValues(t, 6, p.panel(id).OpenedSlots)
	p.leave(id, records[0])
	require.ErrorIs(t, next(3), types.ErrPanel)
	require.Equal(t, types.JOB_STATUS_SETTLED, p.untilOver(job.Id).Status)
}

// A quote for panels counts their members, and its least budget opens the job.
func TestQuoteForPanels(t *testing.T) {
	p := newPanelFixture(t)
	id := p.found(p.namedTerms(3), p.registerAll(names("owner", 5)...)...)
	p.registerAll("stranger")
	spec := p.over(id)
	quote, err := p.query.QuoteJob(p.ctx, &types.QueryQuoteJobRequest{
		PoolId: poolID, ProgramId: p.rowProgram, Columns: 1, Length: 3, PricePerMop: spec.PricePerMop.String(), Seats: 3, MinCohort: 5, Panels: []string{id},
	})
	require.NoError(t, err)
	require.EqualValues(t, 5, quote.Records)
	require.EqualValues(t, 5*panelRows, quote.Rows)
	spec.Budget = quote.LeastBudget
	_, err = p.openOver(spec)
	require.NoError(t, err)
	_, err = p.query.QuoteJob(p.ctx, &types.QueryQuoteJobRequest{
		PoolId: poolID, ProgramId: p.rowProgram, Columns: 1, Length: 3, PricePerMop: spec.PricePerMop.String(), Panels: make([]string, 9),
	})
	require.ErrorIs(t, err, types.ErrInvalidPanels)
}

// What was asked of panels goes through an export.
func TestPanelAnswersInGenesis(t *testing.T) {
	p := newPanelFixture(t)
	id := p.found(p.namedTerms(3), p.registerAll(names("owner", 3)...)...)
	spec := p.over(id)
	p.answer(spec)
	spec.Input, spec.Secure.PublicResult = []byte("public"), true
	p.answer(spec)
	spec.Input = []byte("runs")
	p.seatedJob(spec)
	gs, err := p.keeper.ExportGenesis(p.ctx)
	require.NoError(t, err)
	require.Len(t, gs.PanelAnswers, 2)
	require.NoError(t, gs.Validate())
	of, err := p.metadata.ExportGenesis(p.ctx)
	require.NoError(t, err)

	fresh := newPanelFixture(t)
	require.NoError(t, fresh.metadata.InitGenesis(fresh.ctx, *of))
	for _, a := range gs.PanelAnswers {
		require.NoError(t, fresh.keeper.PanelAnswers.Set(fresh.ctx, a.Question, a))
	}
	again, err := fresh.keeper.ExportGenesis(fresh.ctx)
	require.NoError(t, err)
	require.Equal(t, gs.PanelAnswers, again.PanelAnswers)
	require.ErrorIs(t, fresh.keeper.Invariants(fresh.ctx), types.ErrInvariant, "the panel counts a job that this state has not")

	for name, change := range map[string]func(a *types.PanelAnswer){
		"a short question": func(a *types.PanelAnswer) { a.Question = a.Question[1:] },
		"no such job":      func(a *types.PanelAnswer) { a.JobId, a.Round = recordID("none"), 1 },
		"a round too many": func(a *types.PanelAnswer) { a.JobId, a.Round = gs.Jobs[0].Id, 2 },
		"a round of none":  func(a *types.PanelAnswer) { a.JobId, a.Round = "", 1 },
	} {
		broken := *gs
		broken.PanelAnswers = append([]types.PanelAnswer(nil), gs.PanelAnswers...)
		change(&broken.PanelAnswers[0])
		require.ErrorIs(t, broken.Validate(), types.ErrInvalidGenesis, name)
	}
	broken := *gs
	broken.PanelAnswers = append(append([]types.PanelAnswer(nil), gs.PanelAnswers...), gs.PanelAnswers[0])
	require.ErrorIs(t, broken.Validate(), types.ErrInvalidGenesis, "twice")
}
