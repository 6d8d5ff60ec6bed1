package terms

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/terms/text"
)

// MaxJobPanels is the most panels that a job names.
const MaxJobPanels = 8

// ErrPanel means that a panel does not answer what a job asks.
var ErrPanel = errors.New("panel does not answer the job")

// PanelClass is the class of questions that a panel answers exactly. The numbers are the protobuf's.
type PanelClass int32

const (
	// PanelFixed answers the questions that its members have signed, word for word.
	PanelFixed PanelClass = 1
	// PanelNamed answers the programs that it names, with the consumer's columns and inputs.
	PanelNamed PanelClass = 2
)

// PanelRange is how far a row may change each of Count slots in an exact answer of a row program.
type PanelRange struct {
	Count     uint32
	Low, High int64
}

// PanelQuestion is what a job asks, without the owners that it asks.
type PanelQuestion struct {
	ProgramID string // 64 hexadecimal characters
	Columns   []string
	Length    uint32
	Input     []byte
	Ranges    []PanelRange
}

// PanelTerms are what the members of a panel allow, all of them the same. They stand in place of grants for exact sums over the panel.
type PanelTerms struct {
	Class          PanelClass
	Programs       []string // those of the class named
	Purposes       []string // empty allows any
	MinPricePerMop math.Int
	Threshold      uint32
	OwnerUnit      bool
	Questions      []PanelQuestion // those of the class fixed
}

// PanelRequest is what an exact job over a panel asks of its terms.
type PanelRequest struct {
	Question    PanelQuestion
	Purpose     string   // may be empty
	PricePerMop math.Int // for a million operations, in ualita
	Rounds      uint32   // the most rounds of the job
}

// PanelEdition is an edition of a panel.
type PanelEdition struct {
	ID      string
	Edition uint32
}

// Equal reports whether two questions are the same, word for word.
func (q PanelQuestion) Equal(r PanelQuestion) bool {
	return q.ProgramID == r.ProgramID && q.Length == r.Length && slices.Equal(q.Columns, r.Columns) &&
		bytes.Equal(q.Input, r.Input) && slices.Equal(q.Ranges, r.Ranges)
}

// Lacks says why the terms do not allow the request, or "" if they allow it. Everything that they do not allow is denied.
func (t PanelTerms) Lacks(req PanelRequest) string {
	switch {
	case len(t.Purposes) > 0 && !slices.Contains(t.Purposes, req.Purpose):
		return fmt.Sprintf("does not list the purpose %s", text.Quote(req.Purpose))
	case !t.MinPricePerMop.IsNil() && t.MinPricePerMop.IsPositive() && (req.PricePerMop.IsNil() || req.PricePerMop.LT(t.MinPricePerMop)):
		return fmt.Sprintf("asks at least %s ualita for a million operations", t.MinPricePerMop)
	case t.Class == PanelFixed && req.Rounds > 1:
		return "answers in one round only"
	case t.Class == PanelFixed && !slices.ContainsFunc(t.Questions, req.Question.Equal):
		return "does not list the question (program, columns, length, input and ranges as its members have signed them)"
	case t.Class == PanelNamed && !slices.Contains(t.Programs, req.Question.ProgramID):
		return "does not list the program"
	case t.Class != PanelFixed && t.Class != PanelNamed:
		return "has no class"
	}
	return ""
}

// PanelID is the id of a panel: a hash of all that its members sign, 64 hexadecimal characters. Whoever signs an id for terms that
// its node shows signs no others, whatever the node says. Records are in their order.
func PanelID(proposer, salt []byte, poolID uint64, records []string, t PanelTerms) string {
	price := t.MinPricePerMop
	if price.IsNil() {
		price = math.ZeroInt()
	}
	unit := uint64(0)
	if t.OwnerUnit {
		unit = 1
	}
	fields := [][]byte{
		proposer, salt, label.Uint64(poolID), label.Uint64(uint64(t.Class)), label.Uint64(uint64(t.Threshold)), label.Uint64(unit),
		[]byte(price.String()),
	}
	for _, list := range [][]string{records, t.Programs, t.Purposes} {
		fields = appendTexts(fields, list)
	}
	fields = append(fields, label.Uint64(uint64(len(t.Questions))))
	for _, q := range t.Questions {
		fields = q.appendFields(fields)
	}
	hash := label.Hash("alita/panel/v1", fields...)
	return hex.EncodeToString(hash[:])
}

// Hash names the question over editions of panels, which are in the order of their ids. The same question over the same editions has
// the same exact answer.
func (q PanelQuestion) Hash(poolID uint64, panels []PanelEdition) [32]byte {
	fields := q.appendFields([][]byte{label.Uint64(poolID)})
	for _, p := range panels {
		fields = append(fields, []byte(p.ID), label.Uint64(uint64(p.Edition)))
	}
	return label.Hash("alita/panel/question/v1", fields...)
}

func (q PanelQuestion) appendFields(fields [][]byte) [][]byte {
	fields = append(fields, []byte(q.ProgramID), label.Uint64(uint64(q.Length)), q.Input)
	fields = appendTexts(fields, q.Columns)
	fields = append(fields, label.Uint64(uint64(len(q.Ranges))))
	for _, r := range q.Ranges {
		fields = append(fields, label.Uint64(uint64(r.Count)), label.Uint64(uint64(r.Low)), label.Uint64(uint64(r.High)))
	}
	return fields
}

func appendTexts(fields [][]byte, list []string) [][]byte {
	fields = append(fields, label.Uint64(uint64(len(list))))
	for _, s := range list {
		fields = append(fields, []byte(s))
	}
	return fields
}

// PanelSlots is the most slots of exact answers over an edition: a part, in parts per million and rounded down, of the cells of its
// smallest member. I. Dinur and K. Nissim (2003) show that about as many exact answers as there are rows give the rows away.
func PanelSlots(cells uint64, ppm uint32) uint64 {
	high, low := bits.Mul64(cells, uint64(min(ppm, PPM)))
	slots, _ := bits.Div64(high, low, PPM)
	return slots
}

// PanelSlotsLeft checks that exact answers of so many slots still fit an edition. The error is ErrPanel.
func PanelSlotsLeft(opened, most, slots uint64) error {
	left := uint64(0)
	if opened < most {
		left = most - opened
	}
	if slots > left {
		return fmt.Errorf("%w: slots: expected at most %d of %d left in this edition, got %d", ErrPanel, left, most, slots)
	}
	return nil
}
