package localnet

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// validatorKey is the name of the key that each node bonds with.
const validatorKey = "validator"

// node is one alitad process with its home.
type node struct {
	binary    string
	home      string
	id        string
	validator string

	p2pPort, rpcPort, grpcPort, apiPort int
	timeoutCommit                       time.Duration
	startArgs                           []string

	held    []net.Listener // its ports, until it starts
	process *process
}

func newNode(cfg Config, i int) (*node, error) {
	held, err := holdPorts(4)
	if err != nil {
		return nil, err
	}
	port := func(i int) int { return held[i].Addr().(*net.TCPAddr).Port }
	return &node{
		binary:        cfg.Binary,
		home:          filepath.Join(cfg.Dir, "node"+strconv.Itoa(i)),
		p2pPort:       port(0),
		rpcPort:       port(1),
		grpcPort:      port(2),
		apiPort:       port(3),
		timeoutCommit: cfg.TimeoutCommit,
		startArgs:     cfg.StartArgs,
		held:          held,
	}, nil
}

// The ports of a network lie below those that systems give to connections: nobody comes upon one by chance while its node is down.
const firstPort, lastPort = 20_000, 32_000

// holdPorts listens on loopback ports that nothing else listens on.
func holdPorts(n int) (held []net.Listener, err error) {
	for range lastPort - firstPort {
		if len(held) == n {
			return held, nil
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort)))
		if err == nil {
			held = append(held, l)
		}
	}
	return nil, errors.Join(fmt.Errorf("%d of %d ports found from %d to %d", len(held), n, firstPort, lastPort), release(held))
}

func release(held []net.Listener) error {
	var errs []error
	for _, l := range held {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// run runs a command of alitad in the node's home and returns its output.
func (nd *node) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, nd.binary, append(args, "--home", nd.home)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("alitad %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

func (nd *node) init(ctx context.Context) error {
	if _, err := nd.run(ctx, "init", filepath.Base(nd.home), "--chain-id", ChainID); err != nil {
		return err
	}
	if err := nd.configure(); err != nil {
		return err
	}
	var err error
	if nd.validator, err = nd.addKey(ctx, validatorKey); err != nil {
		return err
	}
	nd.id, err = nd.nodeID()
	return err
}

// configure writes what `alitad start` has no flag for. All nodes share one
// loopback address, which CometBFT takes for duplicates otherwise.
func (nd *node) configure() error {
	if err := nd.set("client.toml", map[string]any{
		"chain-id": ChainID, "keyring-backend": "test", "node": fmt.Sprintf("tcp://127.0.0.1:%d", nd.rpcPort),
	}); err != nil {
		return err
	}
	return nd.set("config.toml", map[string]any{
		"addr_book_strict": false, "allow_duplicate_ip": true, "prometheus": false, "timeout_commit": nd.timeoutCommit.String(),
	})
}

// set replaces values of a file of the configuration, each wherever its key is found.
func (nd *node) set(file string, values map[string]any) error {
	path := filepath.Join(nd.home, "config", file)
	bz, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(bz), "\n")
	found := map[string]bool{}
	for i, line := range lines {
		key, _, _ := strings.Cut(line, " =")
		if v, ok := values[key]; ok {
			lines[i], found[key] = fmt.Sprintf("%s = %#v", key, v), true
		}
	}
	if len(found) != len(values) {
		return fmt.Errorf("%s has %d of the %d keys that are to be set", path, len(found), len(values))
	}
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600)
}

// nodeID is the name of the node among its peers: the beginning of the hash of its public key.
func (nd *node) nodeID() (string, error) {
	bz, err := os.ReadFile(filepath.Join(nd.home, "config", "node_key.json"))
	if err != nil {
		return "", err
	}
	var file struct {
		Key struct {
			Value []byte `json:"value"`
		} `json:"priv_key"`
	}
	if err := json.Unmarshal(bz, &file); err != nil {
		return "", err
	}
	if len(file.Key.Value) != ed25519.PrivateKeySize {
		return "", fmt.Errorf("node key: expected %d bytes, got %d", ed25519.PrivateKeySize, len(file.Key.Value))
	}
	hash := sha256.Sum256(ed25519.PrivateKey(file.Key.Value).Public().(ed25519.PublicKey))
	return hex.EncodeToString(hash[:20]), nil
}

func (nd *node) addKey(ctx context.Context, name string) (string, error) {
	out, err := nd.run(ctx, "keys", "add", name, "--keyring-backend", "test", "--output", "json")
	if err != nil {
		return "", err
	}
	var key struct {
		Address string `json:"address"`
	}
	if err := json.Unmarshal(out, &key); err != nil {
		return "", fmt.Errorf("keys add %s: %w", name, err)
	}
	return key.Address, nil
}

func (nd *node) genesisFile() string { return filepath.Join(nd.home, "config", "genesis.json") }

func (nd *node) logFile() string { return nd.home + ".log" }

// start starts the process; peers may be empty.
func (nd *node) start(peers string) error {
	loopback := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	args := append([]string{
		"start", "--home", nd.home, "--log_no_color",
		"--p2p.laddr", "tcp://" + loopback(nd.p2pPort), "--p2p.persistent_peers", peers,
		"--rpc.laddr", "tcp://" + loopback(nd.rpcPort), "--rpc.pprof_laddr", "",
		"--grpc.enable", "--grpc.address", loopback(nd.grpcPort),
		"--api.enable", "--api.swagger", "--api.address", "tcp://" + loopback(nd.apiPort),
	}, nd.startArgs...)
	err := release(nd.held)
	if nd.held = nil; err != nil {
		return err
	}
	nd.process, err = startProcess(nd.logFile(), nd.binary, args...)
	return err
}

// exited returns an error if the process has ended by itself.
func (nd *node) exited() error {
	if nd.process == nil {
		return nil
	}
	return nd.process.exited()
}

// stop ends the process; a node can be started again.
func (nd *node) stop() error {
	err := release(nd.held)
	nd.held = nil
	if nd.process == nil {
		return err
	}
	err = errors.Join(err, nd.process.stop())
	nd.process = nil
	return err
}

// height is the last block that the application has committed: CometBFT has the next one before.
func (nd *node) height(ctx context.Context) (int64, error) {
	var info struct {
		Response struct {
			LastBlockHeight int64 `json:"last_block_height,string"`
		} `json:"response"`
	}
	err := nd.call(ctx, "abci_info", &info)
	return info.Response.LastBlockHeight, err
}
