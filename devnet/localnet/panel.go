package localnet

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Panel is a panel file, by the names of its members (see `alitad tx metadata propose-panel --example`).
type Panel struct {
	Pool           uint64            `json:"pool"`
	Records        []string          `json:"records"`
	Threshold      uint32            `json:"threshold"`
	Questions      []json.RawMessage `json:"questions,omitempty"`
	Programs       []string          `json:"programs,omitempty"`
	MinPricePerMop uint64            `json:"min_price_per_mop,omitempty"`
}

// FoundPanel proposes a panel and has the owners of its records, in their order, sign it. Each looks first, on the machine with its rows,
// at what it would sign. It returns the panel's id.
func (n *Network) FoundPanel(ctx context.Context, proposer string, p Panel, owners ...*Owner) (string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	file := filepath.Join(n.cfg.Dir, fmt.Sprintf("panel-%d-%s.json", p.Pool, p.Records[0]))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	res, err := n.Broadcast(ctx, proposer, "metadata", "propose-panel", file)
	if err != nil {
		return "", err
	}
	id, ok := res.Attribute("alita.metadata.v1.EventPanelProposed", "panel_id")
	if !ok {
		return "", fmt.Errorf("propose-panel: expected an event with the panel's id, got %d events", len(res.Events))
	}
	sign := func(i int, o *Owner) error {
		if _, err := o.Worker.Command(ctx, "panel", "sign", id); err != nil {
			return err
		}
		_, err := n.Broadcast(ctx, o.Name, "metadata", "sign-panel", id, p.Records[i])
		return err
	}
	// The last signature begins the panel and takes more gas: the others are in a block before it is simulated.
	last := len(owners) - 1
	if err := each(owners[:last], sign); err != nil {
		return "", err
	}
	if err := sign(last, owners[last]); err != nil {
		return "", err
	}
	return id, nil
}

// PanelSlots returns a change of the genesis that lets exact answers take a part of an edition's cells, in parts per million. The chain's own
// is a tenth. Networks of this package hold small files, of which a few questions are more than that.
func PanelSlots(ppm uint32) func(genesis map[string]any) error {
	return func(genesis map[string]any) error {
		at := genesis
		for _, name := range []string{"app_state", "metadata", "params"} {
			next, ok := at[name].(map[string]any)
			if !ok {
				return fmt.Errorf("genesis: expected an object %s, got %T", name, at[name])
			}
			at = next
		}
		at["panel_slots_ppm"] = ppm
		return nil
	}
}
