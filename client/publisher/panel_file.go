package publisher

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/metadata/types"
)

// MaxPanelFile is the greatest size of a panel file, in bytes.
const MaxPanelFile = 256 << 10

// PanelFile is the form in which people write a panel, as JSON.
type PanelFile struct {
	// Pool is the pool of the records, and Records are its members, each of another owner.
	Pool    uint64   `json:"pool"`
	Records []string `json:"records"`
	// Threshold is the number of owners of whom no combination of exact answers is about fewer.
	Threshold uint32 `json:"threshold"`
	// Questions are what a panel of the class fixed answers, word for word. Programs, names of those that ship or ids, are what a panel
	// of the class named answers. A file has one of both.
	Questions []PanelFileQuestion `json:"questions,omitempty"`
	Programs  []string            `json:"programs,omitempty"`
	// Purposes are the purposes that are allowed; none allows any.
	Purposes []string `json:"purposes,omitempty"`
	// MinPricePerMop is the smallest price for a million operations, in ualita.
	MinPricePerMop uint64 `json:"min_price_per_mop,omitempty"`
	// OwnerUnit lets sums with noise run over the whole panel only, too.
	OwnerUnit bool `json:"owner_unit,omitempty"`
}

// PanelFileQuestion is a question to a program that ships here, as a session asks it, or to another one.
type PanelFileQuestion struct {
	analysis.Parameters
	// Foreign asks a program that does not ship here.
	Foreign *consumer.Foreign `json:"foreign,omitempty"`
}

// ExamplePanelFile is a panel file of the class fixed.
const ExamplePanelFile = `{
  "pool": 1,
  "records": [
    "00112233445566778899aabbccddeeff",
    "11112233445566778899aabbccddeeff",
    "22112233445566778899aabbccddeeff",
    "33112233445566778899aabbccddeeff",
    "44112233445566778899aabbccddeeff"
  ],
  "threshold": 3,
  "questions": [
    {"program": "moments", "columns": [{"name": "speed", "decimals": 1, "bits": 32}]},
    {"program": "linear", "columns": [{"name": "mass", "bits": 16}, {"name": "length", "decimals": 1, "bits": 16}]}
  ],
  "purposes": ["research"],
  "min_price_per_mop": 500000
}
`

// ParsePanelFile reads a panel file, and makes the message that proposes it with a new salt.
func ParsePanelFile(data []byte, proposer string) (*types.MsgProposePanel, error) {
	if len(data) > MaxPanelFile {
		return nil, fmt.Errorf("panel file: expected at most %d bytes, got %d", MaxPanelFile, len(data))
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var f PanelFile
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("panel file: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("panel file: expected one JSON object, got something after it")
	}
	return f.Message(proposer)
}

// Message makes the message that proposes the panel, with a new salt and the records in their order.
func (f PanelFile) Message(proposer string) (*types.MsgProposePanel, error) {
	terms := types.PanelTerms{
		Class: types.PANEL_CLASS_NAMED, Purposes: f.Purposes, MinPricePerMop: math.NewIntFromUint64(f.MinPricePerMop), Threshold: f.Threshold, OwnerUnit: f.OwnerUnit,
	}
	if len(f.Questions) > 0 {
		terms.Class = types.PANEL_CLASS_FIXED
	}
	for _, name := range f.Programs {
		id, err := programID(name)
		if err != nil {
			return nil, fmt.Errorf("programs: %w", err)
		}
		terms.Programs = append(terms.Programs, id)
	}
	for i, q := range f.Questions {
		question, err := q.question()
		if err != nil {
			return nil, fmt.Errorf("questions[%d]: %w", i, err)
		}
		terms.Questions = append(terms.Questions, question)
	}
	records := slices.Sorted(slices.Values(f.Records))
	if err := types.ValidatePanelRecords(records, terms.Threshold, types.MaxPanelMembers); err != nil {
		return nil, err
	}
	if err := terms.Validate(types.MinPanelThreshold, uint32(len(records))); err != nil {
		return nil, err
	}
	salt := make([]byte, types.SaltSize)
	rand.Read(salt) // it never fails
	return &types.MsgProposePanel{Proposer: proposer, Salt: salt, PoolId: f.Pool, RecordIds: records, Terms: terms}, nil
}

// programID is the id of a program that ships here, or the id itself.
func programID(name string) (string, error) {
	p, err := programs.ByName(name)
	if err == nil {
		return p.Hash, nil
	}
	if len(name) == types.ProgramIDSize {
		return name, nil
	}
	return "", err
}

// question is a question as the panel lists it, of exactly the bytes that a consumer's job has.
func (q PanelFileQuestion) question() (types.PanelQuestion, error) {
	if q.Foreign != nil {
		return consumer.Question{Foreign: q.Foreign}.OfPanel()
	}
	return consumer.Question{Parameters: &q.Parameters}.OfPanel()
}

// CheckPanel checks that a panel is what its id says. Whoever signs the id after this check signs these records and terms, whatever the node
// that showed them does.
func CheckPanel(p types.Panel, proposer sdk.AccAddress) error {
	if id := types.PanelID(proposer, p.Salt, p.PoolId, p.Records(), p.Terms); id != p.Id {
		return fmt.Errorf("panel %s: expected the id %s of what the node shows; ask another node", p.Id, id)
	}
	return nil
}
