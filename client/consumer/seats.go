package consumer

import (
	"context"
	"fmt"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/x/compute/types"
)

// quoteSeats checks that the chain can make the secure sum, and chooses the seats'
// fee if the request has none: the lowest for which there are spare seats. It
// returns how many validators can be drawn.
func (d *draft) quoteSeats(ctx context.Context, queries types.QueryClient, chainID string, program types.Program, params types.Params) (uint32, error) {
	if err := checkSize(chainID, d.spec, program, params); err != nil {
		return 0, err
	}
	secure := d.spec.Secure
	secure.Rounds = min(secure.Rounds, params.MaxRounds)
	req := d.quoteRequest()
	req.Seats, req.Rounds, req.MinCohort = secure.Seats, secure.Rounds, d.spec.MinCohort
	if d.request.SeatFee.IsNil() {
		quote, err := queries.QuoteJob(ctx, req)
		if err != nil {
			return 0, seatsError(req, err)
		}
		secure.MaxSeatFee = quote.SpareSeatFee
	}
	req.MaxSeatFee = secure.MaxSeatFee.String()
	quote, err := queries.QuoteJob(ctx, req)
	if err != nil {
		return 0, seatsError(req, err)
	}
	return quote.DrawableSeats, nil
}

func seatsError(req *types.QueryQuoteJobRequest, err error) error {
	return fmt.Errorf("%w: %d of them: %w", ErrSeats, req.Seats, err)
}

// checkSize says before the chain does that no transaction could carry the shares
// of a vector.
func checkSize(chainID string, spec types.JobSpec, program types.Program, params types.Params) error {
	protocol, err := types.ProtocolOf(chainID, types.Job{Spec: spec, Round: 1, Attempt: 1, Vdaf: securesum.Draft}, program)
	if err != nil {
		return err
	}
	if size := protocol.SharedSize(); size > int(params.MaxContributionBytes) {
		return fmt.Errorf("%w: bytes of %d slots of %d bits, shared among %d seats: expected at most %d, got %d",
			ErrTooLarge, spec.Length, spec.SumBits(program), spec.Secure.Seats, params.MaxContributionBytes, size)
	}
	if noise, noised := protocol.Noise(); noised && noise.SharedSize() > int(params.MaxContributionBytes) {
		return fmt.Errorf("%w: bytes of the noise of %d slots, shared among %d seats: expected at most %d, got %d",
			ErrTooLarge, spec.Length, spec.Secure.Seats, params.MaxContributionBytes, noise.SharedSize())
	}
	return nil
}
