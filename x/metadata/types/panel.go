package types

import (
	"errors"
	"fmt"
	"math"
	"slices"

	errorsmod "cosmossdk.io/errors"
	sdkmath "cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/terms"
)

// Limits of panels.
const (
	// PanelIDSize is the length of a panel's id in hexadecimal characters.
	PanelIDSize = 64
	// MaxPanelQuestions and MaxPanelPrograms bound what the terms of a panel list.
	MaxPanelQuestions = 64
	MaxPanelPrograms  = MaxGrantPrograms
	// MaxPanelTermsBytes bounds the encoded size of the terms of a panel.
	MaxPanelTermsBytes = 64 << 10
	// MinPanelThreshold is the smallest threshold that the parameters may allow: below it a sum is one owner's own answer.
	MinPanelThreshold = 2
	// MaxPanelMembers is the greatest number of members that the parameters may allow.
	MaxPanelMembers = 1000
	// PanelJoinGas is more gas than the last signature of a panel, which begins it, takes for each member.
	PanelJoinGas = 75_000
)

// Normalize sets an absent price to zero, the form in which terms are stored.
func (t PanelTerms) Normalize() PanelTerms {
	if t.MinPricePerMop.IsNil() {
		t.MinPricePerMop = sdkmath.ZeroInt()
	}
	return t
}

// Judged returns the terms as everybody judges by them.
func (t PanelTerms) Judged() terms.PanelTerms {
	judged := terms.PanelTerms{
		Class: terms.PanelClass(t.Class), Programs: t.Programs, Purposes: t.Purposes, MinPricePerMop: t.MinPricePerMop,
		Threshold: t.Threshold, OwnerUnit: t.OwnerUnit,
	}
	for _, q := range t.Questions {
		judged.Questions = append(judged.Questions, q.judged())
	}
	return judged
}

func (q PanelQuestion) judged() terms.PanelQuestion {
	judged := terms.PanelQuestion{ProgramID: q.ProgramId, Columns: q.Columns, Length: q.Length, Input: q.Input}
	for _, r := range q.Ranges {
		judged.Ranges = append(judged.Ranges, terms.PanelRange(r))
	}
	return judged
}

// PanelID is the id of the panel that proposer proposes: a hash of all that its members sign. A client knows it before it
// broadcasts, and compares it before it signs.
func PanelID(proposer sdk.AccAddress, salt []byte, poolID uint64, records []string, t PanelTerms) string {
	return terms.PanelID(proposer, salt, poolID, records, t.Judged())
}

// CheckPanelID reports whether s has the form of a panel's id.
func CheckPanelID(s string) error {
	if len(s) != PanelIDSize || !isLowerHex(s) {
		return fmt.Errorf("panel: expected an id of %d lower-case hexadecimal characters, got %s", PanelIDSize, quote(s))
	}
	return nil
}

// Validate checks the terms of a panel of some members on their own. The threshold is at least least.
func (t PanelTerms) Validate(least, members uint32) error {
	if err := t.validate(least, members); err != nil {
		return errorsmod.Wrap(ErrInvalidPanel, err.Error())
	}
	return nil
}

func (t PanelTerms) validate(least, members uint32) error {
	if size := t.Size(); size > MaxPanelTermsBytes {
		return fmt.Errorf("terms: expected at most %d bytes, got %d", MaxPanelTermsBytes, size)
	}
	if t.Threshold < least || t.Threshold > members {
		return fmt.Errorf("threshold: expected %d to %d, the number of members, got %d", least, members, t.Threshold)
	}
	if err := validatePurposes(t.Purposes); err != nil {
		return err
	}
	if p := t.MinPricePerMop; !p.IsNil() && (p.IsNegative() || p.BigInt().BitLen() > maxPriceBits) {
		return fmt.Errorf("min_price_per_mop: expected 0 to 2^%d-1 ualita, got %s", maxPriceBits, p)
	}
	switch t.Class {
	case PANEL_CLASS_FIXED:
		if len(t.Programs) > 0 {
			return fmt.Errorf("programs: expected none in the class fixed, whose questions name them, got %d", len(t.Programs))
		}
		return validateQuestions(t.Questions)
	case PANEL_CLASS_NAMED:
		if len(t.Questions) > 0 {
			return fmt.Errorf("questions: expected none in the class named, got %d", len(t.Questions))
		}
		if len(t.Programs) < 1 || len(t.Programs) > MaxPanelPrograms {
			return fmt.Errorf("programs: expected 1 to %d, got %d", MaxPanelPrograms, len(t.Programs))
		}
		return validatePrograms(t.Programs)
	}
	return fmt.Errorf("class: expected %s or %s, got %s", PANEL_CLASS_FIXED, PANEL_CLASS_NAMED, t.Class)
}

func validateQuestions(questions []PanelQuestion) error {
	if len(questions) < 1 || len(questions) > MaxPanelQuestions {
		return fmt.Errorf("questions: expected 1 to %d, got %d", MaxPanelQuestions, len(questions))
	}
	for i, q := range questions {
		if err := q.validate(); err != nil {
			return fmt.Errorf("questions[%d]: %w", i, err)
		}
		if slices.ContainsFunc(questions[:i], func(r PanelQuestion) bool { return r.judged().Equal(q.judged()) }) {
			return fmt.Errorf("questions[%d]: expected each once, got one twice", i)
		}
	}
	return nil
}

func (q PanelQuestion) validate() error {
	if err := validatePrograms([]string{q.ProgramId}); err != nil {
		return err
	}
	if len(q.Columns) < 1 || len(q.Columns) > MaxColumns {
		return fmt.Errorf("columns: expected 1 to %d, got %d", MaxColumns, len(q.Columns))
	}
	for i, c := range q.Columns {
		if err := columnRule.Check(c); err != nil {
			return fmt.Errorf("columns[%d]: %w", i, err)
		}
		if slices.Contains(q.Columns[:i], c) {
			return fmt.Errorf("columns: expected each once, got %s twice", quote(c))
		}
	}
	if q.Length < 1 {
		return errors.New("length: expected at least 1, got 0")
	}
	sum := uint64(0)
	for i, r := range q.Ranges {
		if r.Count < 1 || r.Low > 0 || r.High < 0 {
			return fmt.Errorf("ranges[%d]: expected at least one slot, from at most 0 to at least 0, got %d from %d to %d", i, r.Count, r.Low, r.High)
		}
		sum += uint64(r.Count)
	}
	if len(q.Ranges) > 0 && sum != uint64(q.Length) {
		return fmt.Errorf("ranges: expected them to add up to %d slots, got %d", q.Length, sum)
	}
	return nil
}

// ValidatePanelRecords checks the members of a panel: from the threshold, and at least two, to most, sorted, none twice.
func ValidatePanelRecords(records []string, threshold, most uint32) error {
	least := max(threshold, MinPanelThreshold)
	if uint64(len(records)) < uint64(least) || uint64(len(records)) > uint64(most) {
		return errorsmod.Wrapf(ErrInvalidPanel, "record_ids: expected %d to %d, got %d", least, most, len(records))
	}
	for i, id := range records {
		if err := ValidateRecordID(id); err != nil {
			return errorsmod.Wrapf(ErrInvalidPanel, "record_ids[%d]: %s", i, err)
		}
		if i > 0 && records[i-1] >= id {
			return errorsmod.Wrapf(ErrInvalidPanel, "record_ids: expected them sorted and each once, got %s after %s", id, records[i-1])
		}
	}
	return nil
}

// Records lists the records of the members, in their order.
func (p Panel) Records() []string {
	records := make([]string, len(p.Members))
	for i, m := range p.Members {
		records[i] = m.RecordId
	}
	return records
}

// Answers reports whether jobs can be opened over the panel. One with as many staged members as its threshold takes no new jobs:
// the next edition begins when the last one ends.
func (p Panel) Answers() error {
	if p.Status != PANEL_STATUS_ACTIVE {
		return errorsmod.Wrapf(ErrPanelStatus, "panel %s: expected %s, got %s", p.Id, PANEL_STATUS_ACTIVE, p.Status)
	}
	if p.Due() {
		return errorsmod.Wrapf(ErrPanelStatus, "panel %s: expected no edition to be due, got %d members that have staged and %d jobs to wait for", p.Id, p.Staged, p.Jobs)
	}
	return nil
}

// Due reports whether the next edition begins as soon as no job runs over the panel.
func (p Panel) Due() bool { return p.Status == PANEL_STATUS_ACTIVE && p.Staged >= p.Terms.Threshold }

// Cells is the number of cells of a member's content.
func (m PanelMember) Cells() uint64 { return m.Rows * uint64(m.Columns) }

// EditionSlots is the most slots of exact answers over an edition of these members.
func EditionSlots(members []PanelMember, ppm uint32) uint64 {
	smallest := uint64(math.MaxUint64)
	for _, m := range members {
		smallest = min(smallest, m.Cells())
	}
	return terms.PanelSlots(smallest, ppm)
}
