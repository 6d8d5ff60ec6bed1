package localnet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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

	process *process
}

func newNode(cfg Config, i int) (*node, error) {
	ports, err := FreePorts(4)
	if err != nil {
		return nil, err
	}
	return &node{
		binary:        cfg.Binary,
		home:          filepath.Join(cfg.Dir, "node"+strconv.Itoa(i)),
		p2pPort:       ports[0],
		rpcPort:       ports[1],
		grpcPort:      ports[2],
		apiPort:       ports[3],
		timeoutCommit: cfg.TimeoutCommit,
		startArgs:     cfg.StartArgs,
	}, nil
}

// FreePorts returns loopback ports that nothing listened on a moment ago.
func FreePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
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
	for key, value := range map[string]string{
		"chain-id": ChainID, "keyring-backend": "test", "node": fmt.Sprintf("tcp://127.0.0.1:%d", nd.rpcPort),
	} {
		if _, err := nd.run(ctx, "config", "set", "client", key, value); err != nil {
			return err
		}
	}
	addr, err := nd.addKey(ctx, validatorKey)
	if err != nil {
		return err
	}
	nd.validator = addr
	id, err := nd.run(ctx, "comet", "show-node-id")
	if err != nil {
		return err
	}
	nd.id = strings.TrimSpace(string(id))
	return nd.configure()
}

// configure writes what `alitad start` has no flag for. All nodes share one
// loopback address, which CometBFT takes for duplicates otherwise.
func (nd *node) configure() error {
	path := filepath.Join(nd.home, "config", "config.toml")
	bz, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(string(bz), "\n")
	for i, line := range lines {
		key, _, _ := strings.Cut(line, " =")
		switch key {
		case "addr_book_strict":
			lines[i] = "addr_book_strict = false"
		case "allow_duplicate_ip":
			lines[i] = "allow_duplicate_ip = true"
		case "prometheus":
			lines[i] = "prometheus = false"
		case "timeout_commit":
			lines[i] = fmt.Sprintf("timeout_commit = %q", nd.timeoutCommit)
		}
	}
	return os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600)
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
	var err error
	nd.process, err = startProcess(nd.logFile(), nd.binary, args...)
	return err
}

// exited returns an error where the process has ended by itself.
func (nd *node) exited() error {
	if nd.process == nil {
		return nil
	}
	return nd.process.exited()
}

// stop ends the process; a node can be started again.
func (nd *node) stop() error {
	if nd.process == nil {
		return nil
	}
	err := nd.process.stop()
	nd.process = nil
	return err
}

func (nd *node) height(ctx context.Context) (int64, error) {
	var status struct {
		SyncInfo struct {
			LatestBlockHeight int64 `json:"latest_block_height,string"`
		} `json:"sync_info"`
	}
	err := nd.call(ctx, "status", &status)
	return status.SyncInfo.LatestBlockHeight, err
}
