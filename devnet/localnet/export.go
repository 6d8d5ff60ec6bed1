package localnet

import (
	"context"
	"encoding/json"
	"os"
)

// Export writes the state of the first node, which must have stopped, as a genesis file.
func (n *Network) Export(ctx context.Context, path string) error {
	_, err := n.nodes[0].run(ctx, "export", "--output-document", path)
	return err
}

// Restart replaces the whole history of the stopped nodes by a genesis file and starts them again.
func (n *Network) Restart(ctx context.Context, genesis string) error {
	for _, nd := range n.nodes {
		if _, err := nd.run(ctx, "comet", "unsafe-reset-all"); err != nil {
			return err
		}
		if err := copyFile(genesis, nd.genesisFile()); err != nil {
			return err
		}
	}
	for _, nd := range n.nodes {
		if err := nd.start(n.peers(nd)); err != nil {
			return err
		}
	}
	initial, err := initialHeight(genesis)
	if err != nil {
		return err
	}
	return n.WaitHeight(ctx, initial)
}

func initialHeight(genesis string) (int64, error) {
	bz, err := os.ReadFile(genesis)
	if err != nil {
		return 0, err
	}
	var doc struct {
		InitialHeight json.Number `json:"initial_height"`
	}
	if err := json.Unmarshal(bz, &doc); err != nil {
		return 0, err
	}
	return doc.InitialHeight.Int64()
}
