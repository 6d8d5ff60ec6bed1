package chain

import (
	"context"
	"fmt"
	"slices"

	bankv1beta1 "cosmossdk.io/api/cosmos/bank/v1beta1"
	queryv1beta1 "cosmossdk.io/api/cosmos/base/query/v1beta1"
	feegrantv1beta1 "cosmossdk.io/api/cosmos/feegrant/v1beta1"
	"cosmossdk.io/math"

	computev1 "github.com/alita-network/alita/api/compute/v1"
)

// feeDenom is the coin of fees and bonds.
const feeDenom = "ualita"

// Seat is a validator's seat as it is registered. Amounts are in ualita.
type Seat struct {
	Operator, Account string
	Bond, Fee         math.Int
	Jobs              uint32 // open ones in which it sits
	LeavingHeight     int64  // after which its bond returns; 0 while it may be drawn
}

// SeatOf asks for the seat that an account signs for, or ErrNotFound.
func (c *Client) SeatOf(ctx context.Context, account string) (Seat, error) {
	all, err := pages(ctx, "seats", func(ctx context.Context, p *queryv1beta1.PageRequest) ([]Seat, *queryv1beta1.PageResponse, error) {
		res, err := c.compute.Seats(ctx, &computev1.QuerySeatsRequest{Pagination: p})
		if err != nil {
			return nil, nil, err
		}
		return decodeAll(res.GetSeats(), seatOf, res.GetPagination())
	})
	if err != nil {
		return Seat{}, err
	}
	for _, s := range all {
		if s.Account == account {
			return s, nil
		}
	}
	return Seat{}, fmt.Errorf("seat of %s: %w", account, ErrNotFound)
}

func seatOf(m *computev1.Seat) (Seat, error) {
	bond, err := wholeNumber("bond", m.GetBond().GetAmount())
	if err != nil {
		return Seat{}, err
	}
	fee, err := wholeNumber("fee", m.GetFee())
	if err != nil {
		return Seat{}, err
	}
	return Seat{
		Operator: m.GetOperator(), Account: m.GetAccount(), Bond: bond, Fee: fee, Jobs: m.GetJobs(), LeavingHeight: m.GetLeavingHeight(),
	}, nil
}

// MinSeatBond asks for the least bond with which a seat is drawn, in ualita.
func (c *Client) MinSeatBond(ctx context.Context) (math.Int, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := c.compute.Params(ctx, &computev1.QueryParamsRequest{})
	if err != nil {
		return math.Int{}, describe("parameters of jobs", err)
	}
	return wholeNumber("min_seat_bond", res.GetParams().GetMinSeatBond())
}

// Balance asks for what an account can spend, in ualita.
func (c *Client) Balance(ctx context.Context, address string) (math.Int, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	res, err := bankv1beta1.NewQueryClient(c.conn).SpendableBalanceByDenom(ctx, &bankv1beta1.QuerySpendableBalanceByDenomRequest{Address: address, Denom: feeDenom})
	if err != nil {
		return math.Int{}, describe("balance of "+address, err)
	}
	return wholeNumber("balance", res.GetBalance().GetAmount())
}

// FeesGranted asks whether an account pays fees for another.
func (c *Client) FeesGranted(ctx context.Context, granter, grantee string) (bool, error) {
	all, err := pages(ctx, "fee grants to "+grantee, func(ctx context.Context, p *queryv1beta1.PageRequest) ([]*feegrantv1beta1.Grant, *queryv1beta1.PageResponse, error) {
		res, err := feegrantv1beta1.NewQueryClient(c.conn).Allowances(ctx, &feegrantv1beta1.QueryAllowancesRequest{Grantee: grantee, Pagination: p})
		return res.GetAllowances(), res.GetPagination(), err
	})
	return slices.ContainsFunc(all, func(g *feegrantv1beta1.Grant) bool { return g.GetGranter() == granter }), err
}
