package localnet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Block is a block of the first node.
type Block struct {
	// Height and Time are from its header.
	Height int64
	Time   time.Time

	// Bytes is its size with everything that consensus adds, Txs the number of its transactions.
	Bytes, Txs int

	// GasUsed and GasWanted are the sums over its transactions.
	GasUsed, GasWanted int64

	// Events are the events of its transactions and, after them, of its end.
	Events []Event
}

// Attribute returns a field of an event, without its quotes.
func (e Event) Attribute(key string) string {
	for _, a := range e.Attributes {
		if a.Key == key {
			return strings.Trim(a.Value, `"`)
		}
	}
	return ""
}

// Blocks reads the blocks of the heights from to to, both included.
func (n *Network) Blocks(ctx context.Context, from, to int64) ([]Block, error) {
	var all []Block
	for h := from; h <= to; h++ {
		b, err := n.block(ctx, h)
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", h, err)
		}
		all = append(all, b)
	}
	return all, nil
}

func (n *Network) block(ctx context.Context, height int64) (Block, error) {
	var chain struct {
		Metas []struct {
			Size   string `json:"block_size"`
			Txs    string `json:"num_txs"`
			Header struct {
				Time time.Time `json:"time"`
			} `json:"header"`
		} `json:"block_metas"`
	}
	if err := n.nodes[0].call(ctx, fmt.Sprintf("blockchain?minHeight=%d&maxHeight=%d", height, height), &chain); err != nil {
		return Block{}, err
	}
	if len(chain.Metas) != 1 {
		return Block{}, fmt.Errorf("blocks: expected 1, got %d", len(chain.Metas))
	}
	meta := chain.Metas[0]
	b := Block{Height: height, Time: meta.Header.Time}
	var err error
	if b.Bytes, err = strconv.Atoi(meta.Size); err != nil {
		return Block{}, err
	}
	if b.Txs, err = strconv.Atoi(meta.Txs); err != nil {
		return Block{}, err
	}
	var results struct {
		Txs []struct {
			GasUsed   int64   `json:"gas_used,string"`
			GasWanted int64   `json:"gas_wanted,string"`
			Events    []Event `json:"events"`
		} `json:"txs_results"`
		Events []Event `json:"finalize_block_events"`
	}
	if err := n.nodes[0].call(ctx, fmt.Sprintf("block_results?height=%d", height), &results); err != nil {
		return Block{}, err
	}
	for _, tx := range results.Txs {
		b.GasUsed += tx.GasUsed
		b.GasWanted += tx.GasWanted
		b.Events = append(b.Events, tx.Events...)
	}
	b.Events = append(b.Events, results.Events...)
	return b, nil
}

// call asks the node's CometBFT by a GET request.
func (nd *node) call(ctx context.Context, path string, result any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/%s", nd.rpcPort, path), nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Error) > 0 {
		return fmt.Errorf("%s: %s", path, answer.Error)
	}
	return json.Unmarshal(answer.Result, result)
}
