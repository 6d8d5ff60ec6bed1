package consumer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/x/compute/types"
)

// asked is a request with the least that it needs.
func asked(p analysis.Parameters) consumer.Request {
	r := consumer.Request{PoolID: 4, PricePerMop: math.NewInt(1_000_000), Question: consumer.Question{Parameters: &p}}
	if p.MicroRho == 0 {
		r.Panels = []string{strings.Repeat("a", 64)}
	}
	return r
}

// columns are columns of so many bits.
func columns(bits uint8, names ...string) (all []analysis.Column) {
	for _, n := range names {
		all = append(all, analysis.Column{Name: n, Bits: bits})
	}
	return all
}

func TestRequestDefaults(t *testing.T) {
	spec, err := consumer.SpecOf(asked(moments))
	require.NoError(t, err)
	require.EqualValues(t, 4, spec.PoolId)
	require.Equal(t, []string{"x"}, spec.Columns)
	require.EqualValues(t, 3, spec.Length)
	require.EqualValues(t, consumer.DefaultMinCohort, spec.MinCohort)
	require.EqualValues(t, consumer.DefaultContributeBlocks, spec.ContributeBlocks)
	require.EqualValues(t, 3, spec.Secure.Seats)
	require.EqualValues(t, 1, spec.Secure.Rounds)
	require.EqualValues(t, consumer.DefaultNextBlocks, spec.Secure.NextBlocks)
	read, rest, err := fixedpoint.ParseHeader(spec.Input)
	require.NoError(t, err)
	require.Empty(t, rest)
	require.Equal(t, []fixedpoint.Column{{Bits: 10}}, read)
}

// A foreign program has an input of its own after the header.
func TestForeignRequest(t *testing.T) {
	id := strings.Repeat("0", 64)
	r := asked(moments)
	r.Question = consumer.Question{Foreign: &consumer.Foreign{Program: id, Columns: columns(20, "mass"), Own: []byte("abc"), Length: 7}}
	spec, err := consumer.SpecOf(r)
	require.NoError(t, err)
	require.Equal(t, id, spec.ProgramId)
	require.EqualValues(t, 7, spec.Length)
	require.Zero(t, spec.Secure.Bits, "as wide as the program says")
	_, rest, err := fixedpoint.ParseHeader(spec.Input)
	require.NoError(t, err)
	require.Equal(t, []byte("abc"), rest)
}

// The windows of a job without terms of its own fit the chain's parameters, whatever
// the program.
func TestDefaultWindowsFit(t *testing.T) {
	params := types.DefaultParams()
	for _, p := range []analysis.Parameters{
		{Program: "moments", Columns: columns(32, "a")},
		{Program: "kmeans", Columns: columns(32, "a", "b"), Clusters: 3},
		{Program: "logistic", Columns: []analysis.Column{{Name: "a", Bits: 1}, {Name: "b", Bits: 7}}, MaxRows: 1000},
		{Program: "quantiles", Columns: columns(32, "a"), Quantiles: []string{"0.5"}},
	} {
		spec, err := consumer.SpecOf(asked(p))
		require.NoError(t, err)
		require.LessOrEqual(t, spec.SecureBlocks(), uint64(params.MaxJobBlocks), p.Program)
		for _, window := range []uint32{spec.Secure.SeatBlocks, spec.Secure.VerifyBlocks, spec.Secure.OpenBlocks} {
			require.GreaterOrEqual(t, window, params.MinWindowBlocks, p.Program)
		}
	}
}

// What a secure sum costs at most: every record and every seat in every round.
// Ten times the mean of a record, rounded up, and never more than there is.
func TestOwnerRows(t *testing.T) {
	for _, tc := range []struct {
		records    uint32
		rows, want uint64
	}{{1, 7, 7}, {5, 344, 344}, {10, 1000, 1000}, {20, 1000, 500}, {20, 1001, 510}, {200, 200, 10}, {1000, 1 << 60, (1<<60-1)/1000*10 + 10}} {
		require.Equal(t, tc.want, consumer.OwnerRows(tc.records, tc.rows), "%d records", tc.records)
	}
	require.EqualValues(t, 1000, consumer.OwnerRows(20, 1000, "a panel"), "members are known")
}

func TestBudget(t *testing.T) {
	costs := types.QueryQuoteJobResponse{Records: 5, FeeAlita: math.NewInt(1000), FeeData: math.NewInt(20)}
	r := asked(analysis.Parameters{Program: "logistic", Columns: []analysis.Column{{Name: "vote", Bits: 1}, {Name: "age", Bits: 7}}, MaxRows: 1000, MaxRounds: 10})
	r.Rounds, r.Seats, r.SeatFee, r.Public = 10, 4, math.NewInt(500), true
	spec, err := consumer.SpecOf(r)
	require.NoError(t, err)
	require.Equal(t, types.DELIVERY_SECURE_SUM, spec.Delivery)
	require.Zero(t, spec.DeliverBlocks)
	require.EqualValues(t, 10, spec.Secure.Rounds)
	require.True(t, spec.Secure.PublicResult)
	budget, err := consumer.BudgetOf(r, costs)
	require.NoError(t, err)
	require.EqualValues(t, 10*(1000+4*5*500), budget.Alita.Int64())
	require.EqualValues(t, 10*20*11/10+1, budget.Data.Int64())

	r.Budget, r.DataBudget = math.NewInt(7), math.NewInt(8)
	budget, err = consumer.BudgetOf(r, costs)
	require.NoError(t, err)
	require.Equal(t, types.NewFunds(7, 8), budget)

	r = asked(moments)
	r.Direct, r.Panels = true, nil
	spec, err = consumer.SpecOf(r)
	require.NoError(t, err)
	require.Equal(t, types.DELIVERY_DIRECT, spec.Delivery)
	require.Nil(t, spec.Secure)
	budget, err = consumer.BudgetOf(r, costs)
	require.NoError(t, err)
	require.EqualValues(t, 1000, budget.Alita.Int64())
}

func TestRequestRefuses(t *testing.T) {
	logistic := analysis.Parameters{Program: "logistic", Columns: []analysis.Column{{Name: "y", Bits: 1}, {Name: "x", Bits: 7}}}
	for name, tc := range map[string]struct {
		ask    analysis.Parameters
		change func(*consumer.Request)
		says   string
	}{
		"no pool":           {moments, func(r *consumer.Request) { r.PoolID = 0 }, "pool: expected the number of a pool"},
		"no price":          {moments, func(r *consumer.Request) { r.PricePerMop = math.Int{} }, "price: expected"},
		"no question":       {moments, func(r *consumer.Request) { r.Question = consumer.Question{} }, "got neither"},
		"two questions":     {moments, func(r *consumer.Request) { r.Question.Foreign = &consumer.Foreign{} }, "got both"},
		"rounds of moments": {moments, func(r *consumer.Request) { r.Rounds = 3 }, "rounds: expected at most 1, after which moments has its answer, got 3"},
		"no panels":         {moments, func(r *consumer.Request) { r.Panels = nil }, "panels: expected at least one in a sum without noise, got none"},
		"direct and rounds": {logistic, func(r *consumer.Request) { r.Direct, r.Panels = true, nil }, "rounds: expected 1 with direct delivery"},
		"direct and public": {moments, func(r *consumer.Request) { r.Direct, r.Public, r.Panels = true, true, nil }, "public: expected none with direct delivery"},
		"direct and seats":  {moments, func(r *consumer.Request) { r.Direct, r.Seats, r.Panels = true, 3, nil }, "seats: expected none"},
	} {
		t.Run(name, func(t *testing.T) {
			r := asked(tc.ask)
			tc.change(&r)
			require.ErrorContains(t, r.Check(), tc.says)
		})
	}
}

// A vector that no transaction can carry is refused here, with its size.
func TestTooLarge(t *testing.T) {
	params, program := types.DefaultParams(), types.Program{Bits: 63, Kind: types.VECTOR_KIND_SUM}
	spec := types.JobSpec{Length: 121, Secure: &types.SecureSum{Seats: 3}}
	err := consumer.CheckSize(chainID, spec, program, params)
	require.ErrorIs(t, err, consumer.ErrTooLarge)
	require.ErrorContains(t, err, "expected at most 131072")
	spec.Length = 120
	require.NoError(t, consumer.CheckSize(chainID, spec, program, params))
	spec.Length, spec.Secure.Bits = 121, 30
	require.NoError(t, consumer.CheckSize(chainID, spec, program, params))
}

// seatQuotes is a chain that quotes seats' fees.
type seatQuotes struct {
	types.QueryClient
	asked []types.QueryQuoteJobRequest
	err   error
}

func (q *seatQuotes) QuoteJob(_ context.Context, req *types.QueryQuoteJobRequest, _ ...grpc.CallOption) (*types.QueryQuoteJobResponse, error) {
	q.asked = append(q.asked, *req)
	return &types.QueryQuoteJobResponse{SeatFee: math.NewInt(20), SpareSeatFee: math.NewInt(60), DrawableSeats: uint32(5 + len(q.asked))}, q.err
}

// Without a seat fee a request pays what brings spare seats, with it just that; the
// chain says how many can be drawn for it.
func TestSeatFee(t *testing.T) {
	program := types.Program{Bits: 63, Kind: types.VECTOR_KIND_SUM}
	r := asked(moments)
	r.MinCohort = 7
	chain := &seatQuotes{}
	spec, drawable, err := consumer.QuoteSeats(t.Context(), r, chain, chainID, program)
	require.NoError(t, err)
	require.EqualValues(t, 7, drawable)
	require.EqualValues(t, 60, spec.Secure.MaxSeatFee.Int64())
	want := types.QueryQuoteJobRequest{
		PoolId: 4, ProgramId: spec.ProgramId, Columns: 1, Length: 3, PricePerMop: "1000000", Seats: 3, Rounds: 1, MinCohort: 7, Panels: r.Panels,
	}
	require.Equal(t, want, chain.asked[0])
	want.MaxSeatFee = "60"
	require.Equal(t, want, chain.asked[1])

	r.SeatFee = math.NewInt(33)
	chain = &seatQuotes{}
	spec, drawable, err = consumer.QuoteSeats(t.Context(), r, chain, chainID, program)
	require.NoError(t, err)
	require.EqualValues(t, 6, drawable)
	require.Len(t, chain.asked, 1)
	require.Equal(t, "33", chain.asked[0].MaxSeatFee)
	require.EqualValues(t, 33, spec.Secure.MaxSeatFee.Int64())

	_, _, err = consumer.QuoteSeats(t.Context(), r, &seatQuotes{err: types.ErrTooFewSeats.Wrap("2 validators can be drawn")}, chainID, program)
	require.ErrorIs(t, err, types.ErrTooFewSeats)
	require.ErrorIs(t, err, consumer.ErrSeats)
}
