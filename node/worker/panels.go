package worker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// DefaultMinThreshold is the smallest threshold of a panel that a worker answers in, if a policy file does not say.
const DefaultMinThreshold = 3

// Classes of panels in a policy.
const (
	ClassFixed = "fixed" // the questions that all members have signed, word for word
	ClassNamed = "named" // any columns and inputs of the programs that they named, and the questions of the class fixed
)

// PanelPolicy says in which panels an owner's records answer without noise. The owner has signed each of them on the chain as well.
type PanelPolicy struct {
	// IDs limits the worker to these panels; empty is every panel that the owner has signed.
	IDs []string `yaml:"ids"`
	// MinThreshold is the smallest threshold: no combination of exact answers is about fewer owners.
	MinThreshold uint32 `yaml:"min_threshold"`
	// Class is the widest class of questions, ClassFixed or ClassNamed.
	Class string `yaml:"class"`
}

// check checks the class, and sets what is left out.
func (p *PanelPolicy) check() error {
	switch p.Class {
	case "":
		p.Class = ClassFixed
	case ClassFixed, ClassNamed:
	default:
		return fmt.Errorf("class: expected %q or %q, got %q", ClassFixed, ClassNamed, p.Class)
	}
	return nil
}

// Lacks says why a policy does not allow a panel, or "" if it does.
func (p PanelPolicy) Lacks(panel chain.Panel) string {
	switch {
	case len(p.IDs) > 0 && !slices.Contains(p.IDs, panel.Id):
		return fmt.Sprintf("panels.ids: expected a listed one, got %s", panel.Id)
	case panel.Terms.Threshold < p.MinThreshold:
		return fmt.Sprintf("panels.min_threshold: expected at least %d, got %d", p.MinThreshold, panel.Terms.Threshold)
	case panel.Terms.Class == terms.PanelFixed, panel.Terms.Class == terms.PanelNamed && p.Class == ClassNamed:
		return ""
	}
	return fmt.Sprintf("panels.class: expected %s, got a panel that answers its programs with any columns and inputs", ClassFixed)
}

// checkPanel checks the panel that a record is in for a job over panels: by its terms, which stand in place of grants if the job is exact,
// and by the policy. All of it is proved by the chain, and no file is open yet.
func (p *Policy) checkPanel(c Candidate) *Decline {
	if !c.Job.OverPanels() {
		if c.Record.PanelID != "" && c.Job.Statement().Exact() {
			return final("panels of the job: expected panel %s, over which alone record %s answers without noise, got none", c.Record.PanelID, c.Record.Id)
		}
		if c.Job.IsSecure() && c.Job.Statement().Exact() {
			return final("panels of the job: expected at least one in a sum without noise, got none: of exact sums over groups that differ, the difference " +
				"tells of one owner")
		}
		return nil
	}
	if c.Panel == nil || !slices.Contains(c.Job.Spec.Panels, c.Panel.Panel.Id) {
		return final("panels of the job: expected the one of record %s, got others", c.Record.Id)
	}
	panel := c.Panel.Panel
	switch {
	case panel.Status != chain.PanelActive:
		return final("panel %s: expected %s, got %s", panel.Id, chain.PanelActive, panel.Status)
	case c.Job.Spec.MinCohort < panel.MemberCount || c.Job.Spec.MaxCohort != c.Job.Spec.MinCohort:
		return final("min_cohort, max_cohort: expected all members of the panels, at least %d, got %d and %d", panel.MemberCount, c.Job.Spec.MinCohort, c.Job.Spec.MaxCohort)
	}
	if why := p.Panels.Lacks(panel); why != "" {
		return final("policy: %s", why)
	}
	if !c.Job.Statement().Exact() {
		return nil
	}
	if why := panel.Terms.Lacks(c.Job.PanelRequest()); why != "" {
		return final("panel %s %s", panel.Id, why)
	}
	return checkWholeAnswer(c)
}

// checkWholeAnswer declines an exact question that could make this owner's run fail by the consumer's choice: an empty vector would leave the
// owner out of the sum.
func checkWholeAnswer(c Candidate) *Decline {
	bits, panel := c.Job.Spec.Secure.Bits, c.Panel.Panel
	switch {
	case c.Program.Row:
		return nil // what does not fit costs a row, and the bits have room for all rows
	case bits != 0 && bits != c.Program.Bits:
		return final("bits: expected 0 or %d, the program's, in an exact sum over panels, got %d", c.Program.Bits, bits)
	case panel.Terms.Class != terms.PanelFixed:
		return final("panel %s: expected a row program for columns and inputs that its members have not signed, got %s", panel.Id, c.Program.Name)
	}
	return nil
}

// in returns a record as a job sees it: over panels with its content in the panel's edition, which may not be the version that is
// admitted by now, and outside of them without its panel. No edition begins while the job runs.
func (l *listing) in(job chain.Job) *listing {
	if l.panel == nil {
		return l
	}
	seen := *l
	if job.OverPanels() {
		seen.version = l.panel.Version
	} else {
		seen.panel = nil
	}
	return &seen
}

// refreshPanels asks for the parts of the records in their panels.
func (v *view) refreshPanels(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(v.records)) {
		l := v.records[id]
		if l.record.PanelID == "" {
			l.panel = nil
			continue
		}
		m, err := v.chain.Membership(ctx, l.record.PanelID, id)
		switch {
		case errors.Is(err, chain.ErrNotFound): // a node that lags
			l.panel = nil
			continue
		case err != nil:
			return err
		}
		if l.panel == nil || l.panel.Panel.Edition != m.Panel.Edition || l.panel.Panel.Status != m.Panel.Status {
			v.log.Info("panel", "record", id, "panel", m.Panel.Id, "status", m.Panel.Status.String(), "edition", m.Panel.Edition,
				"version", m.Version.Content.Version)
		}
		l.panel = &m
	}
	return nil
}

// inPanels returns the records in panels with their contents there, in the order of their ids.
func (v *view) inPanels() []Candidate {
	var all []Candidate
	for _, c := range v.sealed() {
		l := v.records[c.Record.Id]
		if l.panel != nil && l.panel.Panel.Status == chain.PanelActive && SealedTo(l.panel.Version, v.key) {
			all = append(all, Candidate{Record: l.record, Version: l.panel.Version, Panel: l.panel})
		}
	}
	return all
}

// fileKey names the file of a candidate: the content of a panel's edition, or the record's file.
func (c Candidate) fileKey() Key { return fileKey(c.Record.Id, c.Panel != nil) }
