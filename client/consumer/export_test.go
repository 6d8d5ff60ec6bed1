package consumer

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// What the tests need to see.
var (
	LoadRun        = loadRun
	ForgetRun      = forgetRun
	RunFile        = runFile
	AsideFile      = asideFile
	NewBill        = newBill
	BillOfRound    = billOfRound
	CheckSize      = checkSize
	CheckColumns   = checkColumns
	Revealed       = revealed
	NewNoiseReport = noiseReport
)

type (
	SavedRun  = savedRun
	RoundBill = roundBill
	Chain     = chain
)

// Create writes the run, Save replaces it.
func (r savedRun) Create(home string) error { return r.create(home) }

// Save replaces what was kept.
func (r savedRun) Save(home string) error { return r.save(home) }

// AddKey makes a reader's key.
func (r *savedRun) AddKey() (seal.PrivateKey, error) { return r.addKey() }

// NewRun is a run that looks at the chain again at once.
func NewRun(c Chain, home string, saved *SavedRun) (*Run, error) {
	r, err := newRun(c, home, saved)
	if err == nil {
		r.every = time.Microsecond
	}
	return r, err
}

// Hurry has a run look at the chain again at once.
func (r *Run) Hurry() { r.every = time.Microsecond }

// Witness adds a second node under a name, and names the first one.
func (r *Run) Witness(node, name string, c Chain) {
	r.node = node
	r.witnesses = append(r.witnesses, witness{name: name, chain: c})
}

// NodeChain is the chain behind a node.
func NodeChain(conn grpc.ClientConnInterface) Chain { return &nodeChain{conn: conn} }

// SpecOf is a request's job as far as it follows from the request.
func SpecOf(r Request) (types.JobSpec, error) {
	d, err := newDraft(r)
	if err != nil {
		return types.JobSpec{}, err
	}
	return d.spec, nil
}

// OwnerRows is how many rows of one owner a job takes, over that many records and rows in all.
func OwnerRows(records uint32, rows uint64, panels ...string) uint64 {
	return (&draft{spec: types.JobSpec{Panels: panels}}).ownerRows(records, rows)
}

// BudgetOf is a request's budget.
func BudgetOf(r Request, costs types.QueryQuoteJobResponse) (types.Funds, error) {
	d, err := newDraft(r)
	if err != nil {
		return types.Funds{}, err
	}
	return d.budget(costs), nil
}

// QuoteSeats chooses the seats' fee.
func QuoteSeats(ctx context.Context, r Request, queries types.QueryClient, chainID string, program types.Program) (types.JobSpec, uint32, error) {
	d, err := newDraft(r)
	if err != nil {
		return types.JobSpec{}, 0, err
	}
	drawable, err := d.quoteSeats(ctx, queries, chainID, program, types.DefaultParams())
	return d.spec, drawable, err
}

// AskPanels is a request's job with the cohort of its panels.
func AskPanels(ctx context.Context, r Request, records metadatatypes.QueryClient, queries types.QueryClient) (types.JobSpec, error) {
	d, err := newDraft(r)
	if err != nil {
		return types.JobSpec{}, err
	}
	err = d.askPanels(ctx, records, queries)
	return d.spec, err
}

// NewQuote is a quote of a job that another has specified.
func NewQuote(q Question, spec types.JobSpec) *Quote { return &Quote{Spec: spec, question: q} }

// CheckSpend is checkSpend.
func (r Request) CheckSpend(q *Quote) error { return r.checkSpend(q) }
