package consumer

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// AnsweredError means that a question of one round over panels has a public answer, which the chain keeps and does not make again. Answered
// reads it; it costs nothing.
type AnsweredError struct {
	JobID string
	Round uint32
}

// Error implements error.
func (e *AnsweredError) Error() string {
	return fmt.Sprintf("panels: expected a question without a public answer, job %s has this one in round %d", e.JobID, e.Round)
}

// overPanels asks whole panels: the cohort is all of their members.
func (d *draft) overPanels() error {
	if len(d.request.Panels) == 0 {
		return nil
	}
	if d.request.Direct {
		return fieldError("panels", "expected none with direct delivery, which shows single owners")
	}
	if d.request.MaxCohort > 0 {
		return fieldError("max-cohort", "expected none with panels, of which all members are asked, got %d", d.request.MaxCohort)
	}
	if n := len(d.request.Panels); n > terms.MaxJobPanels {
		return fieldError("panels", "expected at most %d, got %d", terms.MaxJobPanels, n)
	}
	d.spec.Panels = slices.Sorted(slices.Values(d.request.Panels))
	for i, id := range d.spec.Panels {
		if err := metadatatypes.CheckPanelID(id); err != nil {
			return &FieldError{Field: "panels", Err: err}
		}
		if i > 0 && id == d.spec.Panels[i-1] {
			return fieldError("panels", "expected each once, got %s twice", id)
		}
	}
	return nil
}

// askPanels completes the cohort of a job over panels, and says what they do not answer before anything is paid. The error is a
// *FieldError or an *AnsweredError.
func (d *draft) askPanels(ctx context.Context, records metadatatypes.QueryClient, queries types.QueryClient) error {
	if len(d.spec.Panels) == 0 {
		return nil
	}
	cohort := uint32(0)
	editions := make([]terms.PanelEdition, len(d.spec.Panels))
	question := types.Job{Spec: d.spec}.PanelQuestion()
	exact := d.spec.Secure.MicroRho == 0
	for i, id := range d.spec.Panels {
		res, err := records.Panel(ctx, &metadatatypes.QueryPanelRequest{PanelId: id})
		if err != nil {
			return fmt.Errorf("panel %s: %w", id, err)
		}
		p := res.Panel
		if p.Id != id || p.PoolId != d.spec.PoolId {
			return fieldError("panels", "expected panels of pool %d, got %s of pool %d", d.spec.PoolId, p.Id, p.PoolId)
		}
		if err := p.Answers(); err != nil {
			return &FieldError{Field: "panels", Err: err}
		}
		cohort += p.MemberCount
		editions[i] = terms.PanelEdition{ID: id, Edition: p.Edition}
		if !exact {
			continue
		}
		request := terms.PanelRequest{Question: question, Purpose: d.spec.Purpose, PricePerMop: d.spec.PricePerMop, Rounds: d.spec.Secure.Rounds}
		if why := p.Terms.Judged().Lacks(request); why != "" {
			return fieldError("panels", "panel %s %s%s", id, why, likeQuestions(p.Terms, question))
		}
		if err := terms.PanelSlotsLeft(p.OpenedSlots, p.MaxSlots, uint64(d.spec.Length)); err != nil {
			return &FieldError{Field: "panels", Err: fmt.Errorf("panel %s: %w", id, err)}
		}
	}
	d.spec.MinCohort, d.spec.MaxCohort = cohort, cohort
	if !exact {
		return nil
	}
	hash := question.Hash(d.spec.PoolId, editions)
	res, err := queries.PanelAnswer(ctx, &types.QueryPanelAnswerRequest{Question: hex.EncodeToString(hash[:])})
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("answers over panels: %w", err)
	case res.Answer.JobId != "" && d.spec.Secure.Rounds == 1:
		return &AnsweredError{JobID: res.Answer.JobId, Round: res.Answer.Round}
	}
	return nil
}

// OfPanel returns the question as a panel of the class fixed lists it. It has one round: the later ones of a session depend on answers.
func (q Question) OfPanel() (metadatatypes.PanelQuestion, error) {
	// The panel's id follows from its questions, so any stands for it.
	d, err := newDraft(Request{Question: q, PoolID: 1, PricePerMop: math.OneInt(), Panels: []string{strings.Repeat("0", metadatatypes.PanelIDSize)}})
	if err != nil {
		return metadatatypes.PanelQuestion{}, err
	}
	if rounds := d.spec.Secure.Rounds; rounds > 1 {
		return metadatatypes.PanelQuestion{}, fmt.Errorf("rounds: expected a program of 1, got one of up to %d: a panel of the class named answers it", rounds)
	}
	asked := types.Job{Spec: d.spec}.PanelQuestion()
	question := metadatatypes.PanelQuestion{ProgramId: asked.ProgramID, Columns: asked.Columns, Length: asked.Length, Input: asked.Input}
	for _, r := range asked.Ranges {
		question.Ranges = append(question.Ranges, metadatatypes.PanelRange(r))
	}
	return question, nil
}

// Answered reads the public answer that another job has to a question, and verifies it as the answer of an own job. The run has nothing to
// follow: its Answer is there, and its Bill is the other job's.
func (c *Client) Answered(ctx context.Context, q Question, e *AnsweredError) (*Run, types.Job, error) {
	r, err := c.run(&savedRun{Saved: Saved{ChainID: c.Sender.ChainID, JobID: e.JobID, Question: q}})
	if err != nil {
		return nil, types.Job{}, err
	}
	job, _, err := r.chain.Job(ctx, e.JobID)
	if err != nil {
		return nil, types.Job{}, err
	}
	if job.Id != e.JobID || job.Spec.Secure == nil || !job.Spec.Secure.PublicResult {
		return nil, types.Job{}, fmt.Errorf("job %s: %w: expected a public sum", e.JobID, ErrNode)
	}
	r.job, r.advanced = job, e.Round-1
	if err := r.advance(ctx, job, e.Round); err != nil {
		return nil, types.Job{}, err
	}
	return r, job, nil
}

// likeQuestions says how the questions of a panel read the columns, of the same program and columns.
func likeQuestions(t metadatatypes.PanelTerms, asked terms.PanelQuestion) string {
	var b strings.Builder
	for _, q := range t.Questions {
		if q.ProgramId != asked.ProgramID || !slices.Equal(q.Columns, asked.Columns) {
			continue
		}
		columns, _, err := fixedpoint.ParseHeader(q.Input)
		if err != nil {
			continue
		}
		b.WriteString("; it reads")
		for i, c := range columns {
			fmt.Fprintf(&b, " %s with %d decimals, offset %d and %d bits", q.Columns[min(i, len(q.Columns)-1)], c.Decimals, c.Offset, c.Bits)
		}
	}
	return b.String()
}
