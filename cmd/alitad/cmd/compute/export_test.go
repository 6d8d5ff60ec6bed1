package compute

import (
	"context"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
)

// What the tests need to see of the commands' parts.
var (
	ShippedMsg   = shippedMsg
	ReadMeta     = readMeta
	ReadRequest  = readRequest
	LoadRun      = loadRun
	ForgetRun    = forgetRun
	RunFile      = runFile
	AddFlags     = addRequestFlags
	NewBill      = newBill
	BillOfRound  = billOfRound
	CheckSize    = checkSize
	CheckColumns = checkColumns
	FailureText  = failureText
	PhaseLine    = phaseLine

	ErrNodesDiffer = errNodesDiffer

	CountsOf       = countsOf
	NewNoiseReport = newNoiseReport
)

type (
	SavedRun  = savedRun
	Bill      = bill
	RoundBill = roundBill
	Chain     = chain
	Reader    = reader
	Answer    = answer
	Question  = question
)

// Create writes the run, Save replaces it.
func (r savedRun) Create(home string) error { return r.create(home) }

// Save replaces what was kept.
func (r savedRun) Save(home string) error { return r.save(home) }

// BillText is a bill as people see it.
func BillText(b bill) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	report{Bill: b, data: unit{symbol: "HOURS", base: "data/1"}}.writeBill(w)
	_ = w.Flush()
	return out.String()
}

// AddKey makes a reader's key.
func (r *savedRun) AddKey() (seal.PrivateKey, error) { return r.addKey() }

// NewReader is a reader that looks at the chain again at once and tells its progress to out.
func NewReader(c Chain, home string, run *SavedRun, out io.Writer) (*Reader, error) {
	r, err := newReader(c, home, run, newProgress(out))
	if err == nil {
		r.every = time.Microsecond
	}
	return r, err
}

// Witness adds a second node under a name, and names the first one.
func (r *reader) Witness(node, name string, c Chain) {
	r.node = node
	r.witnesses = append(r.witnesses, witness{name: name, chain: c})
}

// Witnesses adds second nodes by their addresses.
func (r *reader) Witnesses(ctx context.Context, clientCtx client.Context, chainID string, addresses ...string) error {
	r.node = clientCtx.NodeURI
	all, err := openWitnesses(ctx, clientCtx, chainID, addresses)
	r.witnesses = append(r.witnesses, all...)
	return err
}

// NewNodeChain is the chain behind a node.
func NewNodeChain(clientCtx client.Context) Chain { return nodeChain{clientCtx: clientCtx} }

// Follow sees the job through.
func (r *reader) Follow(ctx context.Context) (types.Job, error) { return r.follow(ctx) }

// Answer is what the rounds have brought.
func (r *reader) Answer() Answer { return r.answer() }

// Result is nil where there is none.
func (a answer) Result() *analysis.Result { return a.result }

// Stuck is why there is less than was asked for.
func (a answer) Stuck() error { return a.stuck }

// Question is what was asked.
func (r request) Question() Question { return r.question }

// ParseAlita and FormatAlita are amounts of ALITA as people write them.
var (
	ParseAlita  = alita.parse
	FormatAlita = alita.format
)

// FillBudget sets the budget from a quote.
func (r *request) FillBudget(quote types.QueryQuoteJobResponse) error {
	return r.fillBudget(quote, unit{"DATA", "data/1"})
}

// Spec is what goes to the chain.
func (r request) Spec() types.JobSpec { return r.spec }

// PrepareSecure asks the chain for what it needs of the seats.
func (r *request) PrepareSecure(ctx context.Context, queries types.QueryClient, program types.Program) (drawable int, err error) {
	return r.prepareSecure(ctx, queries, r.chainID, program, types.DefaultParams())
}
