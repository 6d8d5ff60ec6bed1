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

	// Code is zero if it succeeded.
	Code uint32 `json:"code"`

	// Codespace is the module of the code.
	Codespace string `json:"codespace"`

	// RawLog says what went wrong.
	RawLog string `json:"raw_log"`

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

// Broadcast runs `alitad tx`, signs as an account of the network, and returns
// once the transaction is in a block. A transaction that fails is an error.
func (n *Network) Broadcast(ctx context.Context, from string, args ...string) (TxResult, error) {
	return n.broadcast(ctx, n.nodes[0], from, args...)
}

// broadcast is Broadcast with a key of a node's home.
func (n *Network) broadcast(ctx context.Context, nd *node, from string, args ...string) (TxResult, error) {
	res, err := n.broadcastAny(ctx, nd, from, args...)
	if err == nil && res.Code != 0 {
		err = fmt.Errorf("alitad tx %s: %s %d: %s", strings.Join(args, " "), res.Codespace, res.Code, res.RawLog)
	}
	return res, err
}

// BroadcastAny is Broadcast for transactions that may fail in their block.
func (n *Network) BroadcastAny(ctx context.Context, from string, args ...string) (TxResult, error) {
	return n.broadcastAny(ctx, n.nodes[0], from, args...)
}

func (n *Network) broadcastAny(ctx context.Context, nd *node, from string, args ...string) (TxResult, error) {
	full := append(append([]string{"tx"}, args...), "--from", from, "--yes", "--output", "json",
		"--gas", "auto", "--gas-adjustment", "1.5", "--gas-prices", "0.0025ualita")
	bz, err := nd.run(ctx, full...)
	if err != nil {
		return TxResult{}, err
	}
	res, err := lastJSON(bz)
	if err != nil {
		return TxResult{}, fmt.Errorf("alitad tx %s: %w: %s", strings.Join(args, " "), err, bz)
	}
	if res.Code != 0 {
		return res, nil
	}
	return n.WaitTx(ctx, res.Hash)
}

// WaitTx waits until a transaction is in a block.
func (n *Network) WaitTx(ctx context.Context, hash string) (TxResult, error) {
	var found struct {
		TxResponse TxResult `json:"tx_response"`
	}
	err := Wait(ctx, patience, "transaction "+hash, func(ctx context.Context) (bool, error) {
		return n.Get(ctx, "/cosmos/tx/v1beta1/txs/"+hash, &found) == nil, nil
	})
	return found.TxResponse, err
}

// lastJSON reads the answer of a command that may print other lines before it.
func lastJSON(bz []byte) (TxResult, error) {
	lines := strings.Split(strings.TrimSpace(string(bz)), "\n")
	var res TxResult
	err := json.Unmarshal([]byte(lines[len(lines)-1]), &res)
	return res, err
}
