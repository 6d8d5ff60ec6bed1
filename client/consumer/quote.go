package consumer

import (
	"context"
	"fmt"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Quote is a job that can be opened, with what it costs at most. Nothing is paid
// yet, and prices may move until the job is opened.
type Quote struct {
	// Spec is the job, its budget included; only the reader's key is missing.
	Spec types.JobSpec
	// Program is the program without its code.
	Program types.Program
	// Pool is the pool whose records are asked.
	Pool datapooltypes.Pool
	// Records and Rows count what the pool has now, without what is Spent.
	Records uint32
	Rows    uint64
	// Spent are the records that noise leaves out.
	Spent Spent
	// Operations are the operations over all records in a round.
	Operations uint64
	// Owners is the most that all owners get in a round.
	Owners types.Funds
	// Seats is the most that the seats get in a round, in ualita.
	Seats math.Int
	// DrawableSeats counts the validators that can be drawn for the seats' fee.
	DrawableSeats uint32
	// DrawFee is burned in addition to the budget, in ualita. It never returns.
	DrawFee math.Int
	// DataPerAlita is the price of the data fee now: Data Token units per ualita, times 2^64. Spec.MaxDataPerAlita is 2 % more.
	DataPerAlita math.Int
	// Means are the means of which it is the most: over five minutes, half an hour and a day.
	Means []math.Int
	// Expected is the error that noise brings to the answer if all of the pool's records contribute; empty for an exact sum, and for a program
	// that does not ship here.
	Expected []analysis.Expected
	// Plot is kept with the run for who shows the answer, see Saved; it may be set.
	Plot string

	question Question
}

// Quote asks the chain what a job costs, and refuses what the chain or every owner
// would refuse. Its errors are a *FieldError, a *LabelsError, an *AnsweredError,
// ErrNotStored, ErrTooLarge, ErrSeats, or an error of the node.
func (c *Client) Quote(ctx context.Context, r Request) (*Quote, error) {
	d, err := newDraft(r)
	if err != nil {
		return nil, err
	}
	// All that follows is of one height.
	state, _, err := c.Sender.At(ctx)
	if err != nil {
		return nil, err
	}
	records, queries := metadatatypes.NewQueryClient(state), types.NewQueryClient(state)
	pool, err := datapooltypes.NewQueryClient(state).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: r.PoolID})
	if err != nil {
		return nil, fmt.Errorf("pool %d: %w", r.PoolID, err)
	}
	if err := checkColumns(ctx, records, pool.Pool, r.Question.columns()); err != nil {
		return nil, err
	}
	program, err := d.program(ctx, queries)
	if err != nil {
		return nil, err
	}
	if err := d.askPanels(ctx, records, queries); err != nil {
		return nil, err
	}
	spent, err := d.spentOf(ctx, records, program)
	if err != nil {
		return nil, err
	}
	q, err := d.quote(ctx, queries, c.Sender.ChainID, program, spent)
	if err != nil {
		return nil, err
	}
	q.Pool = pool.Pool
	if err := r.checkSpend(q); err != nil {
		return nil, err
	}
	return q, nil
}

// program asks for the program, which the chain must have.
func (d *draft) program(ctx context.Context, queries types.QueryClient) (types.Program, error) {
	res, err := queries.Program(ctx, &types.QueryProgramRequest{ProgramId: d.spec.ProgramId})
	if isNotFound(err) && d.shipped != nil {
		return types.Program{}, fmt.Errorf("program %s: %w", d.shipped.Name, ErrNotStored)
	}
	if err != nil {
		return types.Program{}, fmt.Errorf("program %s: %w", d.spec.ProgramId, err)
	}
	return res.Program, nil
}

// quote completes the job by what only the chain knows.
func (d *draft) quote(ctx context.Context, queries types.QueryClient, chainID string, program types.Program, spent Spent) (*Quote, error) {
	params, err := queries.Params(ctx, &types.QueryParamsRequest{})
	if err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	quoted, err := queries.QuoteJob(ctx, d.quoteRequest())
	if err != nil {
		return nil, fmt.Errorf("quote: %w", err)
	}
	costs := spent.leftIn(*quoted)
	if err := d.checkRecords(costs.Records, spent); err != nil {
		return nil, err
	}
	if d.spec.MaxCohort == 0 {
		d.spec.MaxCohort = min(costs.Records, params.Params.MaxCohort)
	}
	q := &Quote{
		Program: program, Records: costs.Records, Rows: costs.Rows, Spent: spent, Operations: costs.Operations,
		Owners: types.Funds{Alita: costs.FeeAlita, Data: costs.FeeData}, Seats: math.ZeroInt(), DrawFee: math.ZeroInt(), question: d.request.Question,
	}
	if q.Expected, err = d.expect(costs.Records, costs.Rows); err != nil {
		return nil, err
	}
	if d.spec.Secure != nil {
		if q.DrawableSeats, err = d.quoteSeats(ctx, queries, chainID, program, params.Params); err != nil {
			return nil, err
		}
		q.Seats = d.seatsPart(costs.Records)
		q.DrawFee = params.Params.DrawFee
	}
	if d.spec.MaxRows == 0 {
		d.spec.MaxRows = d.ownerRows(costs.Records, costs.Rows)
	}
	d.spec.Budget = d.budget(costs)
	if err := d.boundPrice(q, costs); err != nil {
		return nil, err
	}
	q.Spec = d.spec
	return q, nil
}

// dataMargin is by how many percent more Data Tokens than the quote says a job may take: what somebody who moves the price can take
// at most.
const dataMargin = 2

// boundPrice takes over the price, and has the job open at little more than it: it moves until then.
func (d *draft) boundPrice(q *Quote, costs types.QueryQuoteJobResponse) error {
	q.DataPerAlita, q.Means = costs.DataPerAlita, costs.DataPerAlitaMeans
	for _, price := range append([]math.Int{q.DataPerAlita}, q.Means...) {
		if err := types.ValidatePrice(price); err != nil {
			return fmt.Errorf("price of the Data Token: %w: %w", ErrNode, err)
		}
	}
	d.spec.MaxDataPerAlita = q.DataPerAlita.MulRaw(100 + dataMargin).QuoRaw(100).AddRaw(1)
	return nil
}

// unsettled is from how many percent of difference between the means on the price is worth a word.
const unsettled = 5

// Unsettled reports whether the pool's means of Data Tokens for an ALITA differ by so much that the price has just moved: the data fee
// follows the most of them.
func (q *Quote) Unsettled() bool {
	for _, a := range q.Means {
		for _, b := range q.Means {
			if a.MulRaw(100).GT(b.MulRaw(100 + unsettled)) {
				return true
			}
		}
	}
	return false
}

// likeliest is how many times the mean of a record one owner may have of rows unless the request says otherwise.
const likeliest = 10

// ownerRows is the default of OwnerRows. The members of panels are known, and all of them must be in the sum.
func (d *draft) ownerRows(records uint32, rows uint64) uint64 {
	if len(d.spec.Panels) > 0 || uint64(records) <= likeliest {
		return rows
	}
	return (rows-1)/uint64(records)*likeliest + likeliest
}

// quoteRequest asks for the owners' part.
func (d *draft) quoteRequest() *types.QueryQuoteJobRequest {
	return &types.QueryQuoteJobRequest{
		PoolId: d.spec.PoolId, ProgramId: d.spec.ProgramId, Columns: uint32(len(d.spec.Columns)), Length: d.spec.Length,
		PricePerMop: d.spec.PricePerMop.String(), Panels: d.spec.Panels,
	}
}

// budget is the request's budget, or the cost of all rounds. The price of the Data
// Token may move before the job is opened, and what is left returns, so a tenth is
// added to that part.
func (d *draft) budget(costs types.QueryQuoteJobResponse) types.Funds {
	rounds := uint32(1)
	if d.spec.Secure != nil {
		rounds = d.spec.Secure.Rounds
	}
	budget := types.Funds(terms.JobCost(terms.Funds{Alita: costs.FeeAlita, Data: costs.FeeData}, d.seatsPart(costs.Records), rounds))
	budget.Data = budget.Data.MulRaw(11).QuoRaw(10).AddRaw(1)
	if own := d.request.Budget; !own.IsNil() {
		budget.Alita = own
	}
	if own := d.request.DataBudget; !own.IsNil() {
		budget.Data = own
	}
	return budget
}

// seatsPart is the most that the seats get for all records in a round, in ualita.
func (d *draft) seatsPart(records uint32) math.Int {
	if d.spec.Secure == nil {
		return math.ZeroInt()
	}
	return terms.SeatsFees(d.spec.Secure.MaxSeatFee, d.spec.Secure.Seats, records)
}
