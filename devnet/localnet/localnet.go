// Package localnet runs a network of alitad processes on this machine, on free
// loopback ports and in one directory, and drives it through the command line.
// The demonstration and the end-to-end tests share it.
package localnet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// ChainID names the networks that this package starts.
	ChainID = "alita-local-1"

	// validatorStake is the bond of each validator.
	validatorStake = "1000000000ualita"

	// patience is how long the network may take for a block. It is for machines that do much else: a network that is well
	// needs a second.
	patience = 5 * time.Minute

	// validatorCoins are the coins of each validator's account at the start.
	validatorCoins = "100000000000ualita"
)

// Config says what to start.
type Config struct {
	// Binary is the path of alitad.
	Binary string

	// Dir holds the homes and the logs of the nodes.
	Dir string

	// Validators is the number of nodes; at least 1.
	Validators int

	// Accounts are funded in genesis: name to coins. Their keys lie in the test keyring of the first node.
	Accounts []Account

	// Funded are funded in genesis, too; the caller holds their keys.
	Funded []Funded

	// TimeoutCommit is the pause after a block; 500 ms if it is zero.
	TimeoutCommit time.Duration

	// Genesis changes the genesis document before the network starts; may be nil.
	Genesis func(genesis map[string]any) error

	// StartArgs are further arguments of `alitad start`.
	StartArgs []string
}

// Account is an account of the genesis.
type Account struct {
	// Name is the name of its key.
	Name string

	// Coins is its balance, for example 1000ualita.
	Coins string
}

// Funded is an address of the genesis.
type Funded struct {
	// Address is the account.
	Address string

	// Coins is its balance, for example 1000ualita.
	Coins string
}

// Network is a running network.
type Network struct {
	cfg   Config
	nodes []*node
	addrs map[string]string
}

// Start makes the homes, starts the nodes and waits for the second block. The
// caller ends it with Stop, also after an error of its own.
func Start(ctx context.Context, cfg Config) (*Network, error) {
	if cfg.Validators < 1 {
		return nil, errors.New("validators: expected at least one, got none")
	}
	if cfg.TimeoutCommit == 0 {
		cfg.TimeoutCommit = 500 * time.Millisecond
	}
	n := &Network{cfg: cfg, addrs: map[string]string{}}
	for i := range cfg.Validators {
		nd, err := newNode(cfg, i)
		if err != nil {
			return nil, errors.Join(err, n.Stop())
		}
		n.nodes = append(n.nodes, nd)
	}
	if err := n.init(ctx); err != nil {
		return nil, errors.Join(err, n.Stop())
	}
	for _, nd := range n.nodes {
		if err := nd.start(n.peers(nd)); err != nil {
			return nil, errors.Join(err, n.Stop())
		}
	}
	if err := n.WaitHeight(ctx, 2); err != nil {
		return nil, errors.Join(err, n.Stop())
	}
	return n, nil
}

// init makes the genesis that all nodes share.
func (n *Network) init(ctx context.Context) error {
	first := n.nodes[0]
	if err := each(n.nodes, func(_ int, nd *node) error { return nd.init(ctx) }); err != nil {
		return err
	}
	funded := make([]Funded, len(n.cfg.Accounts))
	if err := each(n.cfg.Accounts, func(i int, a Account) (err error) {
		funded[i].Coins = a.Coins
		funded[i].Address, err = first.addKey(ctx, a.Name)
		return err
	}); err != nil {
		return err
	}
	for i, a := range n.cfg.Accounts {
		n.addrs[a.Name] = funded[i].Address
	}
	for _, nd := range n.nodes {
		funded = append(funded, Funded{Address: nd.validator, Coins: validatorCoins})
	}
	if err := n.fund(ctx, append(funded, n.cfg.Funded...)); err != nil {
		return err
	}
	if err := editGenesis(first.genesisFile(), youngPools); err != nil {
		return err
	}
	if n.cfg.Genesis != nil {
		if err := editGenesis(first.genesisFile(), n.cfg.Genesis); err != nil {
			return err
		}
	}
	gentxs := filepath.Join(first.home, "config", "gentx")
	if err := os.MkdirAll(gentxs, 0o755); err != nil {
		return err
	}
	if err := each(n.nodes, func(i int, nd *node) error {
		if i > 0 {
			if err := copyFile(first.genesisFile(), nd.genesisFile()); err != nil {
				return err
			}
		}
		_, err := nd.run(ctx, "genesis", "gentx", validatorKey, validatorStake, "--chain-id", ChainID,
			"--keyring-backend", "test", "--ip", "127.0.0.1", "--output-document", filepath.Join(gentxs, fmt.Sprintf("gentx-%d.json", i)))
		return err
	}); err != nil {
		return err
	}
	if _, err := first.run(ctx, "genesis", "collect-gentxs"); err != nil {
		return err
	}
	for _, nd := range n.nodes[1:] {
		if err := copyFile(first.genesisFile(), nd.genesisFile()); err != nil {
			return err
		}
	}
	_, err := first.run(ctx, "genesis", "validate")
	return err
}

// each does something for all elements at once.
func each[T any](list []T, do func(i int, e T) error) error {
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for i, e := range list {
		all.Go(func() { errs[i] = do(i, e) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// fund adds accounts to the genesis of the first node.
func (n *Network) fund(ctx context.Context, all []Funded) error {
	type coin struct {
		Denom  string `json:"denom"`
		Amount string `json:"amount"`
	}
	type account struct {
		Address string `json:"address"`
		Coins   []coin `json:"coins"`
	}
	list := make([]account, len(all))
	for i, f := range all {
		list[i].Address = f.Address
		for text := range strings.SplitSeq(f.Coins, ",") {
			digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
			list[i].Coins = append(list[i].Coins, coin{Denom: text[digits:], Amount: text[:digits]})
		}
	}
	bz, err := json.Marshal(list)
	if err != nil {
		return err
	}
	path := filepath.Join(n.nodes[0].home, "accounts.json")
	if err := os.WriteFile(path, bz, 0o600); err != nil {
		return err
	}
	_, err = n.nodes[0].run(ctx, "genesis", "bulk-add-genesis-account", path)
	return err
}

// peers are the addresses of all nodes but one.
func (n *Network) peers(except *node) string {
	var peers []string
	for _, nd := range n.nodes {
		if nd != except {
			peers = append(peers, fmt.Sprintf("%s@127.0.0.1:%d", nd.id, nd.p2pPort))
		}
	}
	return strings.Join(peers, ",")
}

// Stop ends all nodes and waits until they have ended.
func (n *Network) Stop() error {
	var errs []error
	for _, nd := range n.nodes {
		errs = append(errs, nd.stop())
	}
	return errors.Join(errs...)
}

// StopNode ends one node and waits until it has ended.
func (n *Network) StopNode(i int) error { return n.nodes[i].stop() }

// StartNode starts one node again.
func (n *Network) StartNode(i int) error { return n.nodes[i].start(n.peers(n.nodes[i])) }

// Validators is the number of nodes.
func (n *Network) Validators() int { return len(n.nodes) }

// Home is the home of a node; the first one holds the keys of all accounts.
func (n *Network) Home(i int) string { return n.nodes[i].home }

// LogFile is the file that a node logs to.
func (n *Network) LogFile(i int) string { return n.nodes[i].logFile() }

// PID is the process of a node.
func (n *Network) PID(i int) int { return n.nodes[i].process.pid() }

// RPC is the CometBFT address of a node, as --node takes it.
func (n *Network) RPC(i int) string { return fmt.Sprintf("tcp://127.0.0.1:%d", n.nodes[i].rpcPort) }

// GRPC is the gRPC address of a node.
func (n *Network) GRPC(i int) string { return fmt.Sprintf("127.0.0.1:%d", n.nodes[i].grpcPort) }

// REST is the base address of a node's REST API.
func (n *Network) REST(i int) string { return fmt.Sprintf("http://127.0.0.1:%d", n.nodes[i].apiPort) }

// Address is the address of an account.
func (n *Network) Address(name string) string { return n.addrs[name] }

// AddKey makes a key without coins.
func (n *Network) AddKey(ctx context.Context, name string) (string, error) {
	addr, err := n.nodes[0].addKey(ctx, name)
	if err == nil {
		n.addrs[name] = addr
	}
	return addr, err
}

// Height is the last block that the first node that answers has committed.
func (n *Network) Height(ctx context.Context) (int64, error) {
	var errs []error
	for _, nd := range n.nodes {
		h, err := nd.height(ctx)
		if err == nil {
			return h, nil
		}
		errs = append(errs, err)
	}
	return 0, errors.Join(errs...)
}

// WaitHeight waits until a node has committed a block of a height, as long as it makes blocks at all.
func (n *Network) WaitHeight(ctx context.Context, height int64) error {
	for {
		h, err := n.Height(ctx)
		if err == nil && h >= height {
			return nil
		}
		if err := Wait(ctx, patience, fmt.Sprintf("a block after %d", h), func(ctx context.Context) (bool, error) {
			now, err := n.Height(ctx)
			if err != nil {
				return false, n.exited()
			}
			return now > h, nil
		}); err != nil {
			return fmt.Errorf("height %d: %w", height, err)
		}
	}
}

// exited reports a node that has ended by itself.
func (n *Network) exited() error {
	for i, nd := range n.nodes {
		if err := nd.exited(); err != nil {
			return fmt.Errorf("node %d ended: %w; see %s", i, err, nd.logFile())
		}
	}
	return nil
}

// Wait polls until a condition holds. An error of the condition ends it at once.
func Wait(ctx context.Context, limit time.Duration, what string, cond func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := cond(ctx)
		if err != nil {
			return fmt.Errorf("wait for %s: %w", what, err)
		}
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}

// Get reads a JSON answer of a node's REST API.
func (n *Network) Get(ctx context.Context, path string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.REST(0)+path, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", path, res.Status, body)
	}
	return json.Unmarshal(body, out)
}

// youngPools lets jobs be opened a second after their pool, for which a network of the public would wait half an hour.
func youngPools(genesis map[string]any) error {
	for _, member := range []string{"app_state", "datapool", "params"} {
		inner, ok := genesis[member].(map[string]any)
		if !ok {
			return fmt.Errorf("genesis: expected %s, got none", member)
		}
		genesis = inner
	}
	genesis["twap_window"] = "1"
	return nil
}

func editGenesis(path string, edit func(map[string]any) error) error {
	bz, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var doc map[string]any
	if err := json.Unmarshal(bz, &doc); err != nil {
		return err
	}
	if err := edit(doc); err != nil {
		return err
	}
	bz, err = json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, bz, 0o600)
}

func copyFile(from, to string) error {
	bz, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, bz, 0o600)
}
