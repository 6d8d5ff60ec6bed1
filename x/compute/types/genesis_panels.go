package types

import errorsmod "cosmossdk.io/errors"

// validatePanelAnswers checks the answers over panels: each question once, and a job that has asked it in that round.
func (gs GenesisState) validatePanelAnswers() error {
	jobs := make(map[string]Job, len(gs.Jobs))
	for _, j := range gs.Jobs {
		jobs[j.Id] = j
	}
	seen := make(map[string]bool, len(gs.PanelAnswers))
	for i, a := range gs.PanelAnswers {
		if len(a.Question) != QuestionSize || seen[string(a.Question)] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "panel_answers[%d]: expected a question of %d bytes once, got %x", i, QuestionSize, a.Question)
		}
		seen[string(a.Question)] = true
		if a.JobId == "" && a.Round == 0 {
			continue
		}
		j, found := jobs[a.JobId]
		if !found || !j.OverPanels() || !j.Spec.Secure.PublicResult || a.Round < 1 || a.Round > j.Round {
			return errorsmod.Wrapf(ErrInvalidGenesis, "panel_answers[%d]: expected a public job over panels that had round %d, got %q", i, a.Round, a.JobId)
		}
	}
	return nil
}
