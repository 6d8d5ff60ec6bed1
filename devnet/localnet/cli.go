package localnet

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// TxResult is the result of a transaction.
type TxResult struct {
	// Hash names the transaction.
	Hash string `json:"txhash"`

	// Height is the block that holds it.
	Height string `json:"height"`

	// GasUsed is the gas that it used.
	GasUsed string `json:"gas_used"`

	// Events are the events that it emitted.
	Events []Event `json:"events"`
}

// Event is an event of a transaction.
type Event struct {
	// Type is the full name of the event's message.
	Type string `json:"type"`

	// Attributes are its fields.
	Attributes []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"attributes"`
}

// Attribute returns a field of the first event of a type, without its quotes.
func (r TxResult) Attribute(event, key string) (string, bool) {
	for _, e := range r.Events {
		if e.Type != event {
			continue
		}
		for _, a := range e.Attributes {
			if a.Key == key {
				return strings.Trim(a.Value, `"`), true
			}
		}
	}
	return "", false
}

// CLI runs alitad in the first node's home and returns what it prints.
func (n *Network) CLI(ctx context.Context, args ...string) ([]byte, error) {
	return n.nodes[0].run(ctx, args...)
}

// Command is a command of alitad in the first node's home that the caller runs.
func (n *Network) Command(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, n.nodes[0].binary, append(args, "--home", n.nodes[0].home)...)
}

// Query runs `alitad query` and reads its JSON answer.
func (n *Network) Query(ctx context.Context, out any, args ...string) error {
	bz, err := n.CLI(ctx, append(append([]string{"query"}, args...), "--output", "json")...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bz, out); err != nil {
		return fmt.Errorf("alitad query %s: %w: %s", strings.Join(args, " "), err, bz)
	}
	return nil
}

// Broadcast runs `alitad tx`, signs as an account of the network, and returns the
// transaction in its block. A transaction that fails is an error.
func (n *Network) Broadcast(ctx context.Context, from string, args ...string) (TxResult, error) {
	return n.broadcast(ctx, n.nodes[0], from, args...)
}

// broadcast is Broadcast with a key of a node's home.
func (n *Network) broadcast(ctx context.Context, nd *node, from string, args ...string) (TxResult, error) {
	bz, err := nd.run(ctx, append(append([]string{"tx"}, args...), "--from", from, "--yes", "--output", "json")...)
	if err != nil {
		return TxResult{}, err
	}
	var res TxResult
	if err := json.Unmarshal(bz, &res); err != nil {
		return TxResult{}, fmt.Errorf("alitad tx %s: %w: %s", strings.Join(args, " "), err, bz)
	}
	return res, nil
}
