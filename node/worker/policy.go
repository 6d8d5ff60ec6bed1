package worker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/alita-network/alita/node/chain"
)

// ErrPolicy is wrapped by every error about a policy file.
var ErrPolicy = errors.New("policy")

// maxPolicyBytes bounds a policy file.
const maxPolicyBytes = 1 << 20

// DefaultMinSeats is how many seats a secure sum must have if a policy file does not say.
const DefaultMinSeats = 3

// Payers of transaction fees.
const (
	PayerOwner  = "owner"
	PayerWorker = "worker"
)

// Policy is an owner's permission to its worker. Everything that it does not allow is declined. It can only
// narrow what the grants on the chain allow, never widen it.
type Policy struct {
	// ChainID names the chain. A node that serves another one is refused.
	ChainID string `yaml:"chain_id"`
	// Node is the gRPC address of a node: host:port, or https://host[:port].
	Node string `yaml:"node"`
	// Trust says whom the worker believes: the chain, from a header that the owner knows, or its node. It must be set.
	Trust chain.Trust `yaml:"trust"`
	// Witnesses are the addresses of other nodes, of other people, which show what Node hides.
	Witnesses []string `yaml:"witnesses"`
	// Owner is the account that the worker works for and that is paid.
	Owner string `yaml:"owner"`
	// Fees says who pays for the worker's transactions.
	Fees FeePolicy `yaml:"fees"`

	// DataDirs are the folders in which files may lie; absolute. A sealed location elsewhere is declined.
	DataDirs []string `yaml:"data_dirs"`
	// Records limits the worker to these records; empty is every record of the owner that is sealed to the worker.
	Records []string `yaml:"records"`
	// Programs are the ids of programs that may run.
	Programs []string `yaml:"programs"`
	// Authors are accounts all of whose programs may run.
	Authors []string `yaml:"authors"`
	// AnyProgram lets every program run that a grant allows, in jobs with noise alone. Without noise a program could write single rows
	// into its answer, so exact sums and individual results are for the programs that are listed.
	AnyProgram bool `yaml:"any_program"`
	// Consumers limits who may ask; empty is anybody whom a grant allows.
	Consumers []string `yaml:"consumers"`
	// Purposes limits what the answer is for; empty is any purpose.
	Purposes []string `yaml:"purposes"`
	// MinPricePerMop is the smallest price of a million operations, in ualita.
	MinPricePerMop uint64 `yaml:"min_price_per_mop"`
	// MinDataFee is the smallest data fee of a million operations, in Data Token units.
	MinDataFee uint64 `yaml:"min_data_fee"`
	// MinCohort is the smallest number of owners that a job must ask for.
	MinCohort uint32 `yaml:"min_cohort"`
	// MinSeats is the smallest number of seats of a secure sum; all of them together could read this owner's vector. A policy
	// file that does not say takes DefaultMinSeats.
	MinSeats uint32 `yaml:"min_seats"`
	// MaxOperations bounds the operations of one run; 0 is no bound.
	MaxOperations uint64 `yaml:"max_operations"`
	// Panels says in which panels the owner's records answer without noise.
	Panels PanelPolicy `yaml:"panels"`
	// IndividualResults lets the payer read this owner's own result (direct delivery).
	IndividualResults bool `yaml:"individual_results"`
}

// FeePolicy says who pays for the worker's transactions, and how much.
type FeePolicy struct {
	// Payer is "owner" (by a fee grant) or "worker" (from its own account).
	Payer string `yaml:"payer"`
	// GasPrice is a price such as "0.0025ualita"; empty takes the node's minimum.
	GasPrice string `yaml:"gas_price"`
	// MaxFee is the most that a transaction may cost, in ualita; 0 is chain.DefaultMaxFee.
	MaxFee uint64 `yaml:"max_fee"`
}

// ReadPolicy reads and checks a policy file.
func ReadPolicy(path string) (Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxPolicyBytes+1))
	if err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	p, err := ParsePolicy(data)
	if err != nil {
		return Policy{}, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// ParsePolicy reads and checks a policy. A member that it does not know is an error: a misspelt limit must not
// be taken for no limit.
func ParsePolicy(data []byte) (Policy, error) {
	if len(data) > maxPolicyBytes {
		return Policy{}, fmt.Errorf("%w: size: expected at most %d bytes, got more", ErrPolicy, maxPolicyBytes)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	read := struct {
		Policy `yaml:",inline"`
		// ExactSums was a member of files before exact sums were over panels alone.
		ExactSums any `yaml:"exact_sums"`
	}{Policy: Policy{MinSeats: DefaultMinSeats, Panels: PanelPolicy{MinThreshold: DefaultMinThreshold, Class: ClassFixed}}}
	if err := d.Decode(&read); err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	if read.ExactSums != nil {
		return Policy{}, fmt.Errorf("%w: exact_sums: expected none, got %v; delete the line: exact sums are over panels alone, as far as panels says", ErrPolicy, read.ExactSums)
	}
	p := read.Policy
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Policy{}, fmt.Errorf("%w: expected one document, got more", ErrPolicy)
	}
	return p, p.check()
}

func (p *Policy) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrPolicy, fmt.Sprintf(format, args...))
	}
	if p.ChainID == "" {
		return fail("chain_id: expected the id of a chain, got none")
	}
	if p.Node == "" {
		return fail("node: expected host:port of a node's gRPC server, or https://host, got none")
	}
	if err := p.Trust.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	if _, err := chain.ParseAddress(p.Owner); err != nil {
		return fail("owner: %s", err)
	}
	switch p.Fees.Payer {
	case "":
		p.Fees.Payer = PayerOwner
	case PayerOwner, PayerWorker:
	default:
		return fail("fees.payer: expected %q or %q, got %q", PayerOwner, PayerWorker, p.Fees.Payer)
	}
	if _, err := chain.FeeFor(1, p.Fees.GasPrice); err != nil {
		return fail("fees.gas_price: %s", err)
	}
	for _, d := range p.DataDirs {
		if !filepath.IsAbs(d) || filepath.Clean(d) != d {
			return fail("data_dirs: expected absolute, clean paths, got %q", d)
		}
	}
	for _, l := range []struct {
		name   string
		ids    []string
		length int
	}{{"records", p.Records, 32}, {"programs", p.Programs, 64}, {"panels.ids", p.Panels.IDs, 64}} {
		for _, id := range l.ids {
			if len(id) != l.length || strings.Trim(id, "0123456789abcdef") != "" {
				return fail("%s: expected %d lower-case hexadecimal characters, got %q", l.name, l.length, id)
			}
		}
	}
	if err := p.Panels.check(); err != nil {
		return fail("panels.%s", err)
	}
	for _, l := range []struct {
		name      string
		addresses []string
	}{{"authors", p.Authors}, {"consumers", p.Consumers}} {
		for _, a := range l.addresses {
			if _, err := chain.ParseAddress(a); err != nil {
				return fail("%s: %s", l.name, err)
			}
		}
	}
	return nil
}

// Hints describes settings with which the worker would decline everything, or with which others may read more than sums of many owners.
func (p *Policy) Hints() []string {
	var out []string
	if len(p.DataDirs) == 0 {
		out = append(out, "data_dirs is empty: no file may be read")
	}
	if !p.AnyProgram && len(p.Programs) == 0 && len(p.Authors) == 0 {
		out = append(out, "programs and authors are empty: no program may run")
	}
	if p.AnyProgram {
		out = append(out, "any_program is true: programs that are not listed answer with noise alone; list in programs those that may give exact sums")
	}
	if p.IndividualResults {
		out = append(out, "individual_results is true: in direct delivery the payer reads this owner's own result, as far as grants allow it")
	}
	if p.Panels.Class == ClassNamed {
		out = append(out, "panels.class is named: who asks a panel chooses columns, bins and inputs; an exact sum tells what they single out")
	}
	if p.MinSeats < DefaultMinSeats {
		out = append(out, fmt.Sprintf("min_seats is %d: so few validators together can read this owner's result", p.MinSeats))
	}
	switch {
	case p.Trust.Node:
		out = append(out, "trust is node: whatever the node says is believed, and a node that lies can get at this owner's results")
	case len(p.Witnesses) == 0:
		out = append(out, "witnesses is empty: nobody shows what the node hides")
	}
	return out
}

// Endpoints are the nodes that the worker asks. folder is where the trusted header is kept.
func (p *Policy) Endpoints(folder string) chain.Endpoints {
	return chain.Endpoints{ChainID: p.ChainID, Node: p.Node, Witnesses: p.Witnesses, Trust: p.Trust, Folder: folder}
}

// FeeGranter is the account whose grant pays the fees, or "".
func (p *Policy) FeeGranter() string {
	if p.Fees.Payer == PayerWorker {
		return ""
	}
	return p.Owner
}

// AllowsRecord reports whether the policy covers a record.
func (p *Policy) AllowsRecord(id string) bool {
	return len(p.Records) == 0 || slices.Contains(p.Records, id)
}

// AllowsFile reports whether a file lies in one of the folders of the policy, links resolved on both sides.
func (p *Policy) AllowsFile(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	for _, d := range p.DataDirs {
		dir, err := filepath.EvalSymlinks(d)
		if err != nil {
			continue
		}
		rel, err := filepath.Rel(dir, real)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

func (p *Policy) minPrice() *big.Int { return new(big.Int).SetUint64(p.MinPricePerMop) }
