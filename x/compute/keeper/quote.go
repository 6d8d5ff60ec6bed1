package keeper

import (
	"context"
	"slices"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// QuoteJob implements types.QueryServer. It returns what a job costs at most if every active record of the pool
// contributes that can, whatever its columns and grants are.
func (q queryServer) QuoteJob(ctx context.Context, req *types.QueryQuoteJobRequest) (*types.QueryQuoteJobResponse, error) {
	if req == nil {
		return nil, errEmptyRequest
	}
	price, err := parseUalita("price_per_mop", req.PricePerMop, 1)
	if err != nil {
		return nil, err
	}
	if _, err := q.datapoolKeeper.Pool(ctx, req.PoolId); err != nil {
		return nil, err
	}
	program, err := q.Keeper.Program(ctx, req.ProgramId)
	if err != nil {
		return nil, err
	}
	if err := program.Shape.Check(req.Columns, req.Length); err != nil {
		return nil, err
	}
	dataPerAlita, err := q.datapoolKeeper.DataPerAlita(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	records, err := q.quoteRecords(ctx, req)
	if err != nil {
		return nil, err
	}
	if !records.Rows.IsUint64() {
		return nil, types.ErrOverflow.Wrapf("rows of the pool's records: expected fewer than 2^64, got %s", records.Rows)
	}
	means, err := q.datapoolKeeper.DataPerAlitaMeans(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	res := &types.QueryQuoteJobResponse{DataPerAlita: dataPerAlita, DataPerAlitaMeans: means, SeatFee: math.ZeroInt(), SpareSeatFee: math.ZeroInt(), SeatsAlita: math.ZeroInt(), DrawFee: math.ZeroInt()}
	runs := terms.VectorKind(program.Kind).Contributing(
		terms.Totals{Runs: records.Records, Rows: records.Rows.Uint64(), Batches: records.Batches.Uint64()}, records.SingleRowRecords)
	res.Records, res.Rows = uint32(runs.Runs), runs.Rows
	res.Operations, err = program.Cost.TotalOperations(runs, req.Columns, req.Length)
	if err != nil {
		return nil, err
	}
	// Each record's own fees are rounded down, so these are at least their sums.
	fees, err := types.Fees(res.Operations, price, dataPerAlita)
	if err != nil {
		return nil, err
	}
	res.FeeAlita, res.FeeData = fees.Alita, fees.Data
	spec := types.JobSpec{
		PoolId: req.PoolId, ProgramId: req.ProgramId, Columns: make([]string, req.Columns), Length: req.Length,
		PricePerMop: price, MinCohort: max(req.MinCohort, 1), Delivery: types.DELIVERY_DIRECT,
	}
	params, err := q.Keeper.Params.Get(ctx)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	res.DrawFee = params.OpenFee
	rounds := max(req.Rounds, 1)
	if req.Seats > 0 {
		spec.MinCohort = max(spec.MinCohort, types.MinSecureCohort)
		if spec.Secure, err = q.quoteSeats(ctx, req, res); err != nil {
			return nil, err
		}
	} else if rounds > 1 || req.MaxSeatFee != "" {
		return nil, status.Error(codes.InvalidArgument, "seats: expected at least 1 with rounds or max_seat_fee, which only a secure sum has, got 0")
	}
	if res.LeastBudget, err = leastBudget(program, spec, dataPerAlita); err != nil {
		return nil, err
	}
	if len(req.Panels) > 0 {
		// A round of all members, or none.
		res.LeastBudget = types.Funds(terms.JobCost(terms.Funds(fees), res.SeatsAlita, 1))
	}
	res.Total = types.Funds(terms.JobCost(terms.Funds(fees), res.SeatsAlita, rounds))
	return res, nil
}

// quoteRecords returns what the records add up to that a job is quoted for: the pool's, or the members of panels.
func (q queryServer) quoteRecords(ctx context.Context, req *types.QueryQuoteJobRequest) (metadatatypes.PoolTotals, error) {
	totals := metadatatypes.NoTotals()
	if len(req.Panels) == 0 {
		totals, err := q.metadataKeeper.PoolTotals(ctx, req.PoolId)
		if err != nil {
			return totals, status.Error(codes.Internal, err.Error())
		}
		return totals, nil
	}
	if len(req.Panels) > terms.MaxJobPanels {
		return totals, errorsmod.Wrapf(types.ErrInvalidPanels, "panels: expected at most %d, got %d", terms.MaxJobPanels, len(req.Panels))
	}
	for _, id := range req.Panels {
		p, err := q.metadataKeeper.Panel(ctx, id)
		if err != nil {
			return totals, err
		}
		if err := p.Answers(); err != nil {
			return totals, errorsmod.Wrap(types.ErrPanel, err.Error())
		}
		if err := q.metadataKeeper.WalkPanel(ctx, id, func(_ string, c metadatatypes.Contributable) error {
			totals = totals.Add(c.Rows)
			return nil
		}); err != nil {
			return totals, err
		}
	}
	return totals, nil
}

// quoteSeats adds the seats' part to a quote and returns the secure sum that it is for.
func (q queryServer) quoteSeats(ctx context.Context, req *types.QueryQuoteJobRequest, res *types.QueryQuoteJobResponse) (*types.SecureSum, error) {
	params, err := q.Keeper.Params.Get(ctx)
	if err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	if req.Seats < types.MinSeats || req.Seats > types.MaxSeats {
		return nil, errorsmod.Wrapf(types.ErrInvalidSecure, "seats: expected %d to %d, got %d", types.MinSeats, types.MaxSeats, req.Seats)
	}
	if req.Rounds > params.MaxRounds {
		return nil, errorsmod.Wrapf(types.ErrInvalidSecure, "rounds: expected at most %d, got %d", params.MaxRounds, req.Rounds)
	}
	res.DrawFee = params.DrawFee
	seats, all, err := q.bondedSeats(ctx, params.MinSeatBond)
	if err != nil {
		return nil, err
	}
	n := int(req.Seats)
	if len(seats) < n {
		return nil, errorsmod.Wrapf(types.ErrTooFewSeats, "seats that can be drawn: expected at least %d, got %d", n, len(seats))
	}
	if res.SeatFee, err = lowestFee(seats, all, n); err != nil {
		return nil, err
	}
	if res.SpareSeatFee, err = lowestFee(seats, all, min(2*n, len(seats))); err != nil {
		return nil, err
	}
	enough := res.SeatFee
	if req.MaxSeatFee != "" {
		if res.SeatFee, err = parseUalita("max_seat_fee", req.MaxSeatFee, 0); err != nil {
			return nil, err
		}
	}
	drawable, err := admitted(seats, all, res.SeatFee)
	if err != nil {
		return nil, errorsmod.Wrapf(err, "max_seat_fee: expected at least %s, for which there are enough, got %s", enough, res.SeatFee)
	}
	if res.DrawableSeats = uint32(len(drawable)); res.DrawableSeats < req.Seats {
		return nil, errorsmod.Wrapf(types.ErrTooFewSeats, "max_seat_fee: expected at least %s, for which %d can be drawn, got %s, for which %d can",
			enough, n, res.SeatFee, res.DrawableSeats)
	}
	res.SeatsAlita = terms.SeatsFees(res.SeatFee, req.Seats, res.Records)
	return &types.SecureSum{Seats: req.Seats, MaxSeatFee: res.SeatFee}, nil
}

// lowestFee returns the lowest fee for which n seats can be drawn.
func lowestFee(seats []candidate, all math.Int, n int) (math.Int, error) {
	asked := make([]math.Int, len(seats))
	for i, c := range seats {
		asked[i] = c.seat.Fee
	}
	slices.SortFunc(asked, func(a, b math.Int) int { return a.BigIntMut().Cmp(b.BigIntMut()) })
	for _, fee := range asked[n-1 : len(asked)-1] {
		if _, err := admitted(seats, all, fee); err == nil {
			return fee, nil
		}
	}
	highest := asked[len(asked)-1]
	_, err := admitted(seats, all, highest)
	return highest, err
}

// parseUalita reads an amount of a query.
func parseUalita(name, text string, least int64) (math.Int, error) {
	amount, ok := math.NewIntFromString(text)
	if !ok || amount.LT(math.NewInt(least)) || amount.BigIntMut().BitLen() > terms.MaxAmountBits {
		return math.Int{}, status.Errorf(codes.InvalidArgument, "%s: expected a whole number from %d to 2^%d - 1, in ualita, got %.80q", name, least, terms.MaxAmountBits, text)
	}
	return amount, nil
}
