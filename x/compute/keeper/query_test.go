package keeper_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

func TestJobsAreFound(t *testing.T) {
	f := population(t)
	consumer := account("consumer")
	all := func(status types.JobStatus, reverse bool) []string {
		t.Helper()
		var ids []string
		page := &query.PageRequest{Limit: 2, Reverse: reverse}
		for {
			res, err := f.query.JobsByPool(f.ctx, &types.QueryJobsByPoolRequest{PoolId: poolID, Status: status, Pagination: page})
			require.NoError(t, err)
			require.LessOrEqual(t, len(res.Jobs), 2)
			for _, job := range res.Jobs {
				if status != types.JOB_STATUS_UNSPECIFIED {
					require.Equal(t, status, job.Status)
				}
				ids = append(ids, job.Id)
			}
			if len(res.Pagination.NextKey) == 0 {
				return ids
			}
			page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 2, Reverse: reverse}
		}
	}
	everything := all(types.JOB_STATUS_UNSPECIFIED, false)
	require.Len(t, everything, 5)
	// The older jobs come first.
	heights := []int64{}
	for _, id := range everything {
		heights = append(heights, f.job(id).OpenedHeight)
	}
	require.True(t, slices.IsSorted(heights), "%v", heights)
	backwards := all(types.JOB_STATUS_UNSPECIFIED, true)
	slices.Reverse(backwards)
	require.Equal(t, everything, backwards)
	for status, n := range map[types.JobStatus]int{
		types.JOB_STATUS_CONTRIBUTING: 2, types.JOB_STATUS_DELIVERING: 1, types.JOB_STATUS_SETTLING: 1,
		types.JOB_STATUS_SETTLED: 0, types.JOB_STATUS_FAILED: 1,
	} {
		require.Len(t, all(status, false), n, status)
	}

	mine, err := f.query.JobsByConsumer(f.ctx, &types.QueryJobsByConsumerRequest{
		Consumer: bech(consumer), Pagination: &query.PageRequest{CountTotal: true, Limit: 3},
	})
	require.NoError(t, err)
	require.Len(t, mine.Jobs, 3)
	require.EqualValues(t, 5, mine.Pagination.Total)
	others, err := f.query.JobsByConsumer(f.ctx, &types.QueryJobsByConsumerRequest{Consumer: bech(account("ada"))})
	require.NoError(t, err)
	require.Empty(t, others.Jobs)
	elsewhere, err := f.query.JobsByPool(f.ctx, &types.QueryJobsByPoolRequest{PoolId: 2})
	require.NoError(t, err)
	require.Empty(t, elsewhere.Jobs)
}

func TestContributionsAreFound(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 40_000, 160_000)
	job, other := f.open(consumer, 1, f.spec()), f.open(consumer, 2, f.spec())
	for _, o := range []string{"ada", "bob", "cyd"} {
		f.contribute(job, f.addRecord(o, account(o), 10))
	}
	f.contribute(other, recordID("ada"))
	first, err := f.query.Contributions(f.ctx, &types.QueryContributionsRequest{JobId: job, Pagination: &query.PageRequest{Limit: 2}})
	require.NoError(t, err)
	require.Len(t, first.Contributions, 2)
	second, err := f.query.Contributions(f.ctx, &types.QueryContributionsRequest{
		JobId: job, Pagination: &query.PageRequest{Key: first.Pagination.NextKey},
	})
	require.NoError(t, err)
	require.Len(t, second.Contributions, 1)
	require.Empty(t, second.Pagination.NextKey)

	one, err := f.query.Contribution(f.ctx, &types.QueryContributionRequest{JobId: job, RecordId: recordID("bob")})
	require.NoError(t, err)
	require.Equal(t, bech(account("bob")), one.Contribution.Owner)
	require.EqualValues(t, 7, one.Contribution.GrantId)
}

func TestProgramsAreFound(t *testing.T) {
	f := newFixture(t)
	msg := momentsMsg(t)
	msg.Code, msg.Name = smallest().bytes(), "smallest"
	_, err := f.msg.StoreProgram(f.ctx, msg)
	require.NoError(t, err)
	res, err := f.query.Programs(f.ctx, &types.QueryProgramsRequest{Pagination: &query.PageRequest{CountTotal: true}})
	require.NoError(t, err)
	require.Len(t, res.Programs, 2)
	code, err := f.query.ProgramCode(f.ctx, &types.QueryProgramCodeRequest{ProgramId: f.program})
	require.NoError(t, err)
	require.Equal(t, f.program, terms.ProgramID(code.Code))
	p, err := f.query.Program(f.ctx, &types.QueryProgramRequest{ProgramId: f.program})
	require.NoError(t, err)
	require.Equal(t, "moments", p.Program.Name)
	require.EqualValues(t, len(code.Code), p.Program.CodeSize)
}

// 100 and 1,025 rows: 4974 and 352+2*322+43*1025 = 45071 operations, at half an
// ualita each 2487 and 22535 ualita, four times as many Data Token units.
func TestQuoteIsWhatContributionsCost(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 100_000, 400_000)
	records := []string{f.addRecord("first", account("ada"), 100), f.addRecord("second", account("bob"), 1025)}
	quote, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{
		PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: "500000",
	})
	require.NoError(t, err)
	require.EqualValues(t, 2, quote.Records)
	require.EqualValues(t, 1125, quote.Rows)
	require.EqualValues(t, 50_045, quote.Operations)
	require.EqualValues(t, 25_022, quote.FeeAlita.Int64())
	require.EqualValues(t, 100_088, quote.FeeData.Int64())

	// A budget of just that is enough, and nothing of it is left.
	spec := f.spec()
	spec.Budget = types.Funds{Alita: quote.FeeAlita, Data: quote.FeeData}
	job := f.open(consumer, 1, spec)
	for _, r := range records {
		f.contribute(job, r)
	}
	require.Equal(t, spec.Budget, f.job(job).Reserved)
}

// The quote of a secure sum has the seats in it: with the least budget the job opens, with one ualita less it does not; with the
// whole one every record is paid in every round.
func TestQuoteOfASecureSum(t *testing.T) {
	f := newSecureFixture(t, 5, 4)
	for i, fee := range []int64{40, 10, 30, 20, 50} {
		require.NoError(t, f.register(f.operators[i], seatAccount(f.operators[i]), 0, fee))
	}
	ask := func(change func(r *types.QueryQuoteJobRequest)) (*types.QueryQuoteJobResponse, error) {
		req := &types.QueryQuoteJobRequest{
			PoolId: poolID, ProgramId: f.rowProgram, Columns: 1, Length: 3, PricePerMop: "500000", Seats: 2, Rounds: 3, MinCohort: 3,
		}
		change(req)
		return f.query.QuoteJob(f.ctx, req)
	}
	quote, err := ask(func(*types.QueryQuoteJobRequest) {})
	require.NoError(t, err)
	require.EqualValues(t, 30, quote.SeatFee.Int64(), "those who ask 20 hold less than half of the stake: nobody is drawn for that")
	_, err = ask(func(r *types.QueryQuoteJobRequest) { r.MaxSeatFee = "20" })
	require.ErrorIs(t, err, types.ErrTooFewSeats)
	require.ErrorContains(t, err, "max_seat_fee: expected at least 30, for which there are enough, got 20")
	for _, i := range []int{1, 3} {
		f.validators[string(f.operators[i])] = 400 * whole
	}
	quote, err = ask(func(*types.QueryQuoteJobRequest) {})
	require.NoError(t, err)
	require.EqualValues(t, 20, quote.SeatFee.Int64())
	require.EqualValues(t, 40, quote.SpareSeatFee.Int64(), "four of five")
	require.EqualValues(t, 2, quote.DrawableSeats)
	require.EqualValues(t, 4*2*20, quote.SeatsAlita.Int64())
	require.Equal(t, quote.FeeAlita.AddRaw(160).MulRaw(3), quote.Total.Alita)
	require.Equal(t, quote.FeeData.MulRaw(3), quote.Total.Data)

	given, err := ask(func(r *types.QueryQuoteJobRequest) { r.MaxSeatFee, r.Seats = "45", 3 })
	require.NoError(t, err)
	require.EqualValues(t, 45, given.SeatFee.Int64())
	require.EqualValues(t, 50, given.SpareSeatFee.Int64(), "all there are")
	require.EqualValues(t, 4, given.DrawableSeats)
	require.EqualValues(t, 4*3*45, given.SeatsAlita.Int64())

	spec := f.secureSpec()
	spec.MinCohort, spec.Secure.Seats, spec.Secure.MaxSeatFee, spec.Budget = 3, 2, quote.SeatFee, quote.LeastBudget
	spec.Budget.Alita = spec.Budget.Alita.SubRaw(1)
	_, err = f.msg.OpenJob(f.ctx, &types.MsgOpenJob{Consumer: bech(f.consumer), Salt: salt(1), Spec: spec})
	require.ErrorIs(t, err, types.ErrInvalidBudget)
	spec.Budget = quote.LeastBudget
	f.open(f.consumer, 1, spec)

	spec.Budget, spec.MaxCohort = quote.Total, 5
	spec.Secure.Rounds, spec.Secure.NextBlocks = 3, 5
	id := f.open(f.consumer, 2, spec)
	f.attempt(id)
	// Each seat gets what it asks for, at most seat_fee. The quote rounds the fees of the four records down once, not each.
	reserved := f.job(id).Reserved.Alita.Int64()
	require.InDelta(t, quote.FeeAlita.Int64()+4*(10+20), reserved, 4)
	require.LessOrEqual(t, reserved, quote.FeeAlita.Int64()+4*(10+20))

	// Seats that cannot be drawn count for nothing: one leaves, one is no validator any more.
	f.leave(f.operators[1])
	delete(f.validators, string(f.operators[3]))
	after, err := ask(func(r *types.QueryQuoteJobRequest) { r.Seats = 3 })
	require.NoError(t, err)
	require.EqualValues(t, 50, after.SeatFee.Int64())
	for says, change := range map[string]func(r *types.QueryQuoteJobRequest){
		"seats that can be drawn: expected at least 4, got 3":                            func(r *types.QueryQuoteJobRequest) { r.Seats = 4 },
		"max_seat_fee: expected at least 40, for which":                                  func(r *types.QueryQuoteJobRequest) { r.MaxSeatFee = "39" },
		"seats: expected 2 to 8, got 1":                                                  func(r *types.QueryQuoteJobRequest) { r.Seats = 1 },
		"seats: expected 2 to 8, got 9":                                                  func(r *types.QueryQuoteJobRequest) { r.Seats = 9 },
		"rounds: expected at most 32, got 33":                                            func(r *types.QueryQuoteJobRequest) { r.Rounds = 33 },
		"seats: expected at least 1 with rounds":                                         func(r *types.QueryQuoteJobRequest) { r.Seats = 0 },
		`max_seat_fee: expected a whole number from 0 to 2^127 - 1, in ualita, got "-1"`: func(r *types.QueryQuoteJobRequest) { r.MaxSeatFee = "-1" },
		`2^127 - 1, in ualita, got "1000000000000000000000000000000000`:                  func(r *types.QueryQuoteJobRequest) { r.MaxSeatFee = "1" + strings.Repeat("0", 40) },
	} {
		_, err := ask(change)
		require.ErrorContains(t, err, says)
	}
}

func TestQueriesRefuse(t *testing.T) {
	f := newFixture(t)
	unknown := strings.Repeat("0", 32)
	quote := func(change func(r *types.QueryQuoteJobRequest)) func() error {
		return func() error {
			r := &types.QueryQuoteJobRequest{PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: "1"}
			change(r)
			_, err := f.query.QuoteJob(f.ctx, r)
			return err
		}
	}
	for name, tc := range map[string]struct {
		ask  func() error
		want codes.Code
	}{
		"unknown job": {func() error {
			_, err := f.query.Job(f.ctx, &types.QueryJobRequest{JobId: unknown})
			return err
		}, codes.NotFound},
		"not a job": {func() error {
			_, err := f.query.Job(f.ctx, &types.QueryJobRequest{JobId: "x"})
			return err
		}, codes.InvalidArgument},
		"empty job": {func() error { _, err := f.query.Job(f.ctx, nil); return err }, codes.InvalidArgument},
		"unknown program": {func() error {
			_, err := f.query.Program(f.ctx, &types.QueryProgramRequest{ProgramId: unknown + unknown})
			return err
		}, codes.NotFound},
		"unknown code": {func() error {
			_, err := f.query.ProgramCode(f.ctx, &types.QueryProgramCodeRequest{ProgramId: unknown + unknown})
			return err
		}, codes.NotFound},
		"unknown contribution": {func() error {
			_, err := f.query.Contribution(f.ctx, &types.QueryContributionRequest{JobId: unknown, RecordId: unknown})
			return err
		}, codes.NotFound},
		"contributions to nothing": {func() error {
			_, err := f.query.Contributions(f.ctx, &types.QueryContributionsRequest{JobId: unknown})
			return err
		}, codes.NotFound},
		"unknown delivery": {func() error {
			_, err := f.query.Delivery(f.ctx, &types.QueryDeliveryRequest{JobId: unknown, RecordId: unknown})
			return err
		}, codes.NotFound},
		"not a consumer": {func() error {
			_, err := f.query.JobsByConsumer(f.ctx, &types.QueryJobsByConsumerRequest{Consumer: "x"})
			return err
		}, codes.InvalidArgument},
		"page by offset and key": {func() error {
			_, err := f.query.Programs(f.ctx, &types.QueryProgramsRequest{Pagination: &query.PageRequest{Offset: 1, Key: []byte{1}}})
			return err
		}, codes.InvalidArgument},
		"quote of nothing":      {quote(func(r *types.QueryQuoteJobRequest) { r.PricePerMop = "" }), codes.InvalidArgument},
		"quote for nothing":     {quote(func(r *types.QueryQuoteJobRequest) { r.PricePerMop = "0" }), codes.InvalidArgument},
		"quote below nothing":   {quote(func(r *types.QueryQuoteJobRequest) { r.PricePerMop = "-1" }), codes.InvalidArgument},
		"quote of a fraction":   {quote(func(r *types.QueryQuoteJobRequest) { r.PricePerMop = "0.5" }), codes.InvalidArgument},
		"quote of another pool": {quote(func(r *types.QueryQuoteJobRequest) { r.PoolId = 2 }), codes.NotFound},
		"quote of no program":   {quote(func(r *types.QueryQuoteJobRequest) { r.ProgramId = unknown + unknown }), codes.NotFound},
		"quote of a shape":      {quote(func(r *types.QueryQuoteJobRequest) { r.Length = 4 }), codes.InvalidArgument},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.ask()
			require.Error(t, err)
			require.Equal(t, tc.want, status.Code(err), "%v", err)
		})
	}
	f.market.err = datapooltypes.ErrNoPrice
	require.Equal(t, codes.FailedPrecondition, status.Code(quote(func(*types.QueryQuoteJobRequest) {})()))
}
