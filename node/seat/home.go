package seat

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/template"

	"go.yaml.in/yaml/v3"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/journal"
)

// Home is a seat's folder.
type Home string

// Files of a home.
func (h Home) KeyFile() string    { return filepath.Join(string(h), "seat.key") }
func (h Home) ConfigFile() string { return filepath.Join(string(h), "seat.yaml") }
func (h Home) Journal() string    { return filepath.Join(string(h), "seat.journal") }
func (h Home) Light() string      { return filepath.Join(string(h), "light") }
func (h Home) LockFile() string   { return filepath.Join(string(h), "seat.lock") }

// Create makes the folder with mode 0700, or checks the one that is there.
func (h Home) Create() error { return home.Create(string(h)) }

// Check refuses a folder that others can enter.
func (h Home) Check() error { return home.Check(string(h)) }

// ErrConfig is wrapped by every error about a configuration file.
var ErrConfig = errors.New("configuration of the seat")

const (
	maxConfigBytes = 1 << 16
	maxCPUs        = 1024
)

// Settings is the configuration file of a seat.
type Settings struct {
	// ChainID names the chain. A node that serves another one is refused.
	ChainID string `yaml:"chain_id"`
	// Node is the gRPC address of a node: host:port, or https://host[:port].
	Node string `yaml:"node"`
	// Trust says whom the seat believes: the chain, from a header that the operator knows, or its node. It must be set.
	Trust chain.Trust `yaml:"trust"`
	// Witnesses are the addresses of other nodes, of other people, which show what Node hides.
	Witnesses []string `yaml:"witnesses"`
	// FeeGranter is the account whose fee grant pays for transactions; empty: the seat's own account.
	FeeGranter string `yaml:"fee_granter"`
	// GasPrice is a price such as "0.0025ualita"; empty takes the node's minimum.
	GasPrice string `yaml:"gas_price"`
	// MaxFee is the most that a transaction may cost, in ualita; 0 is chain.DefaultMaxFee.
	MaxFee uint64 `yaml:"max_fee"`
	// CPUs is how many contributions are judged at a time; 0 is as many as the machine has processors.
	CPUs int `yaml:"cpus"`
}

var settingsTemplate = template.Must(template.New("settings").Funcs(template.FuncMap{"quote": quote, "list": list}).Parse(
	`# A validator's seat in secure sums. The file is read when the seat starts.

# The chain, and the gRPC address of a node on it (host:port, or https://host[:port]): your own.
chain_id: {{quote .ChainID}}
node: {{quote .Node}}

# Whom the seat believes: the chain, from the header of a height whose hash you have compared with what
# others publish ("alita-worker seat trust" finds one), or the word node: whatever the node says.
trust: {{.Trust.YAML}}

# gRPC addresses of other nodes, run by other people. They are asked if the node does not prove what it
# says, and they show it if the chain has forked.
witnesses: {{list .Witnesses}}

# The account whose fee grant pays for the seat's transactions; empty: its own account.
# gas_price is a price such as 0.0025ualita; empty takes the node's minimum. max_fee is the most that
# a transaction may cost, in ualita; 0: one ALITA.
fee_granter: {{quote .FeeGranter}}
gas_price: {{quote .GasPrice}}
max_fee: {{.MaxFee}}

# How many contributions are judged at a time; 0: as many as the machine has processors.
cpus: {{.CPUs}}
`))

func quote(s string) (string, error) {
	b, err := yaml.Marshal(s)
	return string(bytes.TrimSpace(b)), err
}

func list(items []string) (string, error) {
	if len(items) == 0 {
		return "[]", nil
	}
	b, err := yaml.Marshal(items)
	return "\n" + string(bytes.TrimRight(b, "\n")), err
}

// Endpoints are the nodes that the seat asks. folder is where the trusted header is kept.
func (s Settings) Endpoints(folder string) chain.Endpoints {
	return chain.Endpoints{ChainID: s.ChainID, Node: s.Node, Witnesses: s.Witnesses, Trust: s.Trust, Folder: folder}
}

// File is the settings as a commented file that ParseSettings reads back.
func (s Settings) File() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := settingsTemplate.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return out.Bytes(), nil
}

// ReadSettings reads and checks a configuration file.
func ReadSettings(path string) (Settings, error) {
	f, err := os.Open(path)
	if err != nil {
		return Settings{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxConfigBytes+1))
	if err != nil {
		return Settings{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return ParseSettings(data)
}

// ParseSettings reads and checks settings. A member that it does not know is an error.
func ParseSettings(data []byte) (Settings, error) {
	if len(data) > maxConfigBytes {
		return Settings{}, fmt.Errorf("%w: size: expected at most %d bytes, got more", ErrConfig, maxConfigBytes)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	var s Settings
	if err := d.Decode(&s); err != nil {
		return Settings{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Settings{}, fmt.Errorf("%w: expected one document, got more", ErrConfig)
	}
	if len(s.Witnesses) == 0 {
		s.Witnesses = nil
	}
	return s, s.check()
}

func (s Settings) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrConfig, fmt.Sprintf(format, args...))
	}
	if s.ChainID == "" {
		return fail("chain_id: expected the id of a chain, got none")
	}
	if s.Node == "" {
		return fail("node: expected host:port of a node's gRPC server, or https://host, got none")
	}
	if err := s.Trust.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if s.FeeGranter != "" {
		if _, err := chain.ParseAddress(s.FeeGranter); err != nil {
			return fail("fee_granter: %s", err)
		}
	}
	if _, err := chain.FeeFor(1, s.GasPrice); err != nil {
		return fail("gas_price: %s", err)
	}
	if s.CPUs < 0 || s.CPUs > maxCPUs {
		return fail("cpus: expected 0 to %d, got %d", maxCPUs, s.CPUs)
	}
	return nil
}

// ErrLocked means that another process uses the folder.
var ErrLocked = errors.New("another seat uses this folder")

// Lock keeps a second process out of the folder until the lock is closed: both would sign with the same account.
func (h Home) Lock() (io.Closer, error) {
	lock, err := journal.Lock(h.LockFile())
	if errors.Is(err, journal.ErrLocked) {
		return nil, fmt.Errorf("%w: %s", ErrLocked, h)
	}
	return lock, err
}
