package compute

import (
	"context"
	"fmt"

	"github.com/alita-network/alita/x/compute/types"
)

// prepareSecure checks that the chain can make the secure sum, and chooses the seats' fee where none is given: the lowest for which
// there are spare seats. It returns how many validators can be drawn.
func (r *request) prepareSecure(ctx context.Context, queries types.QueryClient, chainID string, program types.Program, params types.Params) (drawable int, err error) {
	if err := checkSize(chainID, r.spec, program, params); err != nil {
		return 0, err
	}
	secure := r.spec.Secure
	secure.Rounds = min(secure.Rounds, params.MaxRounds)
	req := &types.QueryQuoteJobRequest{
		PoolId: r.spec.PoolId, ProgramId: r.spec.ProgramId, Columns: uint32(len(r.spec.Columns)), Length: r.spec.Length,
		PricePerMop: r.spec.PricePerMop.String(), Seats: secure.Seats, Rounds: secure.Rounds, MinCohort: r.spec.MinCohort,
	}
	if r.seatFee == "" {
		quote, err := quoteSeats(ctx, queries, req)
		if err != nil {
			return 0, err
		}
		secure.MaxSeatFee = quote.SpareSeatFee
	}
	req.MaxSeatFee = secure.MaxSeatFee.String()
	quote, err := quoteSeats(ctx, queries, req)
	if err != nil {
		return 0, err
	}
	return int(quote.DrawableSeats), nil
}

func quoteSeats(ctx context.Context, queries types.QueryClient, req *types.QueryQuoteJobRequest) (*types.QueryQuoteJobResponse, error) {
	quote, err := queries.QuoteJob(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("--%s %d: %w; `alitad query compute seats` lists the seats with their fees, --%s pays more", flagSeats, req.Seats, err, flagSeatFee)
	}
	return quote, nil
}

// checkSize says before the chain does that no transaction could carry the shares of a vector.
func checkSize(chainID string, spec types.JobSpec, program types.Program, params types.Params) error {
	protocol, err := types.ProtocolOf(chainID, types.Job{Spec: spec, Round: 1, Attempt: 1}, program)
	if err != nil {
		return err
	}
	if size := protocol.SharedSize(); size > int(params.MaxContributionBytes) {
		return fmt.Errorf("%d slots of %d bits, shared among %d seats, take %d bytes of each owner: expected at most %d; ask for fewer columns, bins or --%s, or give smaller --%s or --%s",
			spec.Length, spec.SumBits(program), spec.Secure.Seats, size, params.MaxContributionBytes, flagSeats, flagBits, flagMaxRows)
	}
	return nil
}
