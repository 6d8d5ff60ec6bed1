package keeper

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// checkPanels refuses a job that the panels which it names do not answer. It reads each member's content, which the consumer
// pays for, so that nobody works for a job that must fail.
func (k *Keeper) checkPanels(ctx context.Context, job types.Job, program types.Program) error {
	spec := job.Spec
	if !job.OverPanels() {
		return nil
	}
	panels, err := k.panelsOf(ctx, spec)
	if err != nil {
		return err
	}
	members := uint64(0)
	for _, p := range panels {
		if p.PoolId != spec.PoolId {
			return errorsmod.Wrapf(types.ErrPanel, "panel %s: expected one of pool %d, got pool %d", p.Id, spec.PoolId, p.PoolId)
		}
		if err := p.Answers(); err != nil {
			return errorsmod.Wrap(types.ErrPanel, err.Error())
		}
		members += uint64(p.MemberCount)
	}
	if uint64(spec.MinCohort) != members {
		return errorsmod.Wrapf(types.ErrInvalidCohort, "min_cohort, max_cohort: expected %d, the members of the panels, got %d", members, spec.MinCohort)
	}
	if err := k.checkContents(ctx, job, program); err != nil {
		return err
	}
	if !job.Exact() {
		return nil
	}
	request := terms.PanelRequest{
		Question: job.PanelQuestion(), Purpose: spec.Purpose, PricePerMop: spec.PricePerMop, Rounds: spec.Secure.Rounds,
	}
	if err := checkWholeAnswer(spec, program, panels); err != nil {
		return err
	}
	for _, p := range panels {
		if why := p.Terms.Judged().Lacks(request); why != "" {
			return errorsmod.Wrapf(types.ErrPanel, "panel %s %s", p.Id, why)
		}
	}
	return k.checkSlots(ctx, job, panels)
}

// checkWholeAnswer refuses an exact question of the consumer's making that makes the run of a single member fail: its vector would be that of
// an empty record, and the sum one without it. Slots are as wide as the program says. Where columns and inputs are the consumer's, only a row
// program answers: what does not fit it costs a row, never an owner.
func checkWholeAnswer(spec types.JobSpec, program types.Program, panels []metadatatypes.Panel) error {
	if program.Row {
		return nil // its bits have room for all rows
	}
	if bits := spec.Secure.Bits; bits != 0 && bits != program.Bits {
		return errorsmod.Wrapf(types.ErrInvalidSecure, "bits: expected 0 or %d, the program's, in an exact sum over panels, got %d", program.Bits, bits)
	}
	for _, p := range panels {
		if p.Terms.Class != metadatatypes.PANEL_CLASS_FIXED {
			return errorsmod.Wrapf(types.ErrPanel, "panel %s: expected a row program, whose rows fail one by one, for columns and inputs that its members have not signed, got %s",
				p.Id, program.Name)
		}
	}
	return nil
}

// checkSlots refuses a job whose only question has a public answer, and one whose rounds could open more slots than are left. A job of
// several rounds may begin with a question that is answered: its next ones follow from the answer.
func (k *Keeper) checkSlots(ctx context.Context, job types.Job, panels []metadatatypes.Panel) error {
	answer, counted, err := k.panelAnswer(ctx, questionHash(job, panels))
	if err != nil {
		return err
	}
	rounds := uint64(job.Spec.Secure.Rounds)
	if answer.JobId != "" && rounds == 1 {
		return errorsmod.Wrapf(types.ErrAnswered, "expected a question without a public answer in these editions, job %s has it in round %d", answer.JobId, answer.Round)
	}
	if counted {
		rounds--
	}
	for _, p := range panels {
		if err := terms.PanelSlotsLeft(p.OpenedSlots, p.MaxSlots, rounds*uint64(job.Spec.Length)); err != nil {
			return errorsmod.Wrapf(types.ErrPanel, "panel %s: %s", p.Id, err)
		}
	}
	return nil
}

// checkContents checks that each member's content can contribute, and that the budget pays a round of all of them.
func (k *Keeper) checkContents(ctx context.Context, job types.Job, program types.Program) error {
	spec := job.Spec
	seats := spec.Secure.MaxSeatFee.MulRaw(int64(spec.Secure.Seats))
	need := types.ZeroFunds()
	for _, id := range spec.Panels {
		if err := k.metadataKeeper.WalkPanel(ctx, id, func(recordID string, c metadatatypes.Contributable) error {
			for _, column := range spec.Columns {
				if !slices.Contains(c.Columns, column) {
					return errorsmod.Wrapf(types.ErrPanel, "panel %s: expected a column %q in all contents, record %s has none", id, column, recordID)
				}
			}
			chargeRanges(ctx, spec)
			if err := spec.CheckRows(program, c.Rows); err != nil {
				return errorsmod.Wrapf(types.ErrPanel, "panel %s: record %s: %s", id, recordID, err)
			}
			operations, err := program.Cost.Operations(c.Rows, uint32(len(spec.Columns)), spec.Length)
			if err != nil {
				return err
			}
			fee, err := types.Fees(operations, spec.PricePerMop, job.DataPerAlita)
			if err != nil {
				return err
			}
			member := types.Contribution{Attestation: types.Attestation{Rows: c.Rows}, Fee: fee}
			for _, b := range k.ownerBounds(spec) {
				if got := b.of(member); b.max > 0 && got > b.max {
					return errorsmod.Wrapf(types.ErrPanel, "panel %s: record %s: %s of the job: expected at least %d, got %d", id, recordID, b.name, got, b.max)
				}
			}
			need = need.Add(fee).Add(types.Funds{Alita: seats, Data: math.ZeroInt()})
			return nil
		}); err != nil {
			return err
		}
	}
	if !spec.Budget.Covers(need) {
		return errorsmod.Wrapf(types.ErrInvalidBudget, "%s: expected at least %s, which pay the %d members of the panels for a round",
			spec.Budget.Text(), need.Text(), spec.MinCohort)
	}
	return nil
}

// panelsOf returns the panels that a job names, without their members.
func (k *Keeper) panelsOf(ctx context.Context, spec types.JobSpec) ([]metadatatypes.Panel, error) {
	panels := make([]metadatatypes.Panel, len(spec.Panels))
	for i, id := range spec.Panels {
		p, err := k.metadataKeeper.Panel(ctx, id)
		if err != nil {
			return nil, err
		}
		panels[i] = p
	}
	return panels, nil
}

// beginPanels makes the editions of a job's panels wait for it, endPanels lets them go on.
func (k *Keeper) beginPanels(ctx context.Context, job types.Job) error {
	for _, id := range job.Spec.Panels {
		if err := k.metadataKeeper.BeginPanelJob(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) endPanels(ctx context.Context, job types.Job) error {
	for _, id := range job.Spec.Panels {
		if err := k.metadataKeeper.EndPanelJob(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// contributable returns what a record contributes to a job: its content in the panel's edition, or the admitted version.
func (k *Keeper) contributable(ctx context.Context, job types.Job, recordID string) (metadatatypes.Contributable, error) {
	if job.OverPanels() {
		return k.metadataKeeper.PanelContributable(ctx, job.Spec.Panels, recordID)
	}
	return k.metadataKeeper.Contributable(ctx, recordID)
}

// checkActivePanels refuses to go on with a job of which a panel was dissolved.
func (k *Keeper) checkActivePanels(ctx context.Context, job types.Job) error {
	panels, err := k.panelsOf(ctx, job.Spec)
	if err != nil {
		return err
	}
	for _, p := range panels {
		if p.Status != metadatatypes.PANEL_STATUS_ACTIVE {
			return errorsmod.Wrapf(types.ErrPanel, "panel %s: expected %s, got %s", p.Id, metadatatypes.PANEL_STATUS_ACTIVE, p.Status)
		}
	}
	return nil
}

// openPanels reports whether the sum of a job, in which all members are, may be opened: no panel was dissolved, and the slots of an
// exact answer are left. They are counted before anything of the sum can be read: the last seat may know a sum that is never
// certified. The same question over the same editions has the same answer and is counted once.
func (k *Keeper) openPanels(ctx context.Context, job types.Job) (bool, error) {
	panels, err := k.panelsOf(ctx, job.Spec)
	if err != nil {
		return false, err
	}
	if job, err = k.withQuestion(ctx, job); err != nil {
		return false, err
	}
	question := questionHash(job, panels)
	_, counted, err := k.panelAnswer(ctx, question)
	if err != nil {
		return false, err
	}
	slots := uint64(job.Spec.Length)
	if !job.Exact() || counted {
		slots = 0
	}
	for _, p := range panels {
		if p.Status != metadatatypes.PANEL_STATUS_ACTIVE || terms.PanelSlotsLeft(p.OpenedSlots, p.MaxSlots, slots) != nil {
			return false, nil
		}
	}
	if slots == 0 {
		return true, nil
	}
	for _, p := range panels {
		if err := k.metadataKeeper.OpenPanelSlots(ctx, p.Id, slots); err != nil {
			return false, err
		}
	}
	return true, k.PanelAnswers.Set(ctx, question, types.PanelAnswer{Question: question})
}

// notePanelAnswer notes who has the public answer to the question of a whole job's round; the first to have it is named.
func (k *Keeper) notePanelAnswer(ctx context.Context, job types.Job) error {
	if !job.OverPanels() || !job.Exact() || !job.Spec.Secure.PublicResult {
		return nil
	}
	panels, err := k.panelsOf(ctx, job.Spec)
	if err != nil {
		return err
	}
	question := questionHash(job, panels)
	answer, _, err := k.panelAnswer(ctx, question)
	if err != nil || answer.JobId != "" {
		return err
	}
	return k.PanelAnswers.Set(ctx, question, types.PanelAnswer{Question: question, JobId: job.Id, Round: job.Round})
}

// panelAnswer returns what is known of a question, and whether its slots are counted.
func (k *Keeper) panelAnswer(ctx context.Context, question []byte) (types.PanelAnswer, bool, error) {
	answer, err := k.PanelAnswers.Get(ctx, question)
	if errors.Is(err, collections.ErrNotFound) {
		return types.PanelAnswer{}, false, nil
	}
	return answer, err == nil, err
}

// questionHash names what a whole job asks in its present round of the present editions of its panels. They do not change while it runs.
func questionHash(job types.Job, panels []metadatatypes.Panel) []byte {
	editions := make([]terms.PanelEdition, len(panels))
	for i, p := range panels {
		editions[i] = terms.PanelEdition{ID: p.Id, Edition: p.Edition}
	}
	hash := job.PanelQuestion().Hash(job.Spec.PoolId, editions)
	return hash[:]
}

// PanelAnswer implements types.QueryServer.
func (q queryServer) PanelAnswer(ctx context.Context, req *types.QueryPanelAnswerRequest) (*types.QueryPanelAnswerResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	question, err := hex.DecodeString(req.Question)
	if err != nil || len(question) != types.QuestionSize {
		return nil, errorsmod.Wrapf(types.ErrInvalidPanels, "question: expected %d hexadecimal characters, got %.80q", 2*types.QuestionSize, req.Question)
	}
	answer, found, err := q.panelAnswer(ctx, question)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errorsmod.Wrapf(types.ErrAnswerNotFound, "%s", req.Question)
	}
	return &types.QueryPanelAnswerResponse{Answer: answer}, nil
}

// checkPanelJobs checks that each panel counts the open jobs that run over it.
func (k *Keeper) checkPanelJobs(ctx context.Context) error {
	open := map[string]uint32{}
	if err := k.WalkJobs(ctx, func(job types.Job) (bool, error) {
		if job.Open() {
			for _, id := range job.Spec.Panels {
				open[id]++
			}
		}
		return false, nil
	}); err != nil {
		return err
	}
	return k.metadataKeeper.WalkPanels(ctx, func(p metadatatypes.Panel) (bool, error) {
		if p.Jobs != open[p.Id] {
			return true, errorsmod.Wrapf(types.ErrInvariant, "panel %s: expected %d open jobs, got %d", p.Id, open[p.Id], p.Jobs)
		}
		return false, nil
	})
}
