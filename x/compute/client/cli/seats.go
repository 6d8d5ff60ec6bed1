package cli

import (
	"context"
	"fmt"
	"slices"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/types/query"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/x/compute/types"
)

// prepareSecure checks that the chain can make the secure sum, and chooses the seats' fee where none is given.
func (r *request) prepareSecure(ctx context.Context, clientCtx client.Context, program types.Program, params types.Params) (drawable int, err error) {
	if err := checkSize(r.chainID, r.spec, program, params); err != nil {
		return 0, err
	}
	r.spec.Secure.Rounds = min(r.spec.Secure.Rounds, params.MaxRounds)
	seats, err := allSeats(ctx, types.NewQueryClient(clientCtx))
	if err != nil {
		return 0, err
	}
	stakes, err := bondedStakes(ctx, stakingtypes.NewQueryClient(clientCtx))
	if err != nil {
		return 0, err
	}
	if r.seatFee == "" {
		r.spec.Secure.MaxSeatFee = usualFee(seats, stakes, params.MinSeatBond, int(r.spec.Secure.Seats))
	}
	drawable, enough := drawableFor(seats, stakes, params.MinSeatBond, r.spec.Secure.MaxSeatFee)
	if drawable < int(r.spec.Secure.Seats) || !enough {
		return 0, fmt.Errorf("%d validators can be drawn as seats for at most %s a contribution: expected at least --%s %d, with more than half of the stake of all seats; "+
			"`alitad query compute seats` lists them with their fees, --%s pays more",
			drawable, alita.format(r.spec.Secure.MaxSeatFee), flagSeats, r.spec.Secure.Seats, flagSeatFee)
	}
	return drawable, nil
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

// usualFee is the lowest fee for which twice the seats can be drawn, or all where there are fewer, since those who fall out are
// replaced, and for which the chain draws at all.
func usualFee(seats []types.Seat, stakes map[string]math.Int, minBond math.Int, needed int) math.Int {
	var fees []math.Int
	for _, s := range seats {
		if _, bonded := stakes[s.Operator]; bonded && s.Drawable(minBond, s.Fee) {
			fees = append(fees, s.Fee)
		}
	}
	if len(fees) == 0 {
		return math.ZeroInt()
	}
	slices.SortFunc(fees, func(a, b math.Int) int { return a.BigInt().Cmp(b.BigInt()) })
	for _, fee := range fees[min(2*needed, len(fees))-1:] {
		if _, enough := drawableFor(seats, stakes, minBond, fee); enough {
			return fee
		}
	}
	return fees[len(fees)-1]
}

// drawableFor counts the seats that can be drawn for a fee, and tells whether they hold more than half of the stake of all that
// do not leave, without which the chain draws none.
func drawableFor(seats []types.Seat, stakes map[string]math.Int, minBond, fee math.Int) (n int, enough bool) {
	all, able := math.ZeroInt(), math.ZeroInt()
	for _, s := range seats {
		stake, bonded := stakes[s.Operator]
		if !bonded || s.LeavingHeight != 0 {
			continue
		}
		all = all.Add(stake)
		if s.Drawable(minBond, fee) {
			able = able.Add(stake)
			n++
		}
	}
	return n, able.MulRaw(2).GT(all)
}

// bondedStakes is the stake of each bonded validator by its operator's address.
func bondedStakes(ctx context.Context, queries stakingtypes.QueryClient) (map[string]math.Int, error) {
	stakes := map[string]math.Int{}
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := queries.Validators(ctx, &stakingtypes.QueryValidatorsRequest{Status: stakingtypes.BondStatusBonded, Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("validators: %w", err)
		}
		for _, v := range res.Validators {
			stakes[v.OperatorAddress] = v.Tokens
		}
		if len(res.Pagination.GetNextKey()) == 0 {
			return stakes, nil
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 100}
	}
}

// allSeats lists the validators that aggregate.
func allSeats(ctx context.Context, queries types.QueryClient) ([]types.Seat, error) {
	var all []types.Seat
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := queries.Seats(ctx, &types.QuerySeatsRequest{Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("seats: %w", err)
		}
		all = append(all, res.Seats...)
		if len(res.Pagination.GetNextKey()) == 0 {
			return all, nil
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 100}
	}
}
