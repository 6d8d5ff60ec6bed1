// Package audit checks, from outside and at any height, that every coin of a
// chain is explained: supplies, pool reserves and claims, escrows of jobs, bonds of seats. It
// asks a node over gRPC and trusts no sum that the chain keeps of itself.
package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	computetypes "github.com/alita-network/alita/x/compute/types"
	"github.com/alita-network/alita/x/datapool/amm"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// pageSize is the number of entries that one query asks for.
const pageSize = 200

// Auditor asks one node.
type Auditor struct {
	bank    banktypes.QueryClient
	pools   datapooltypes.QueryClient
	compute computetypes.QueryClient
	prefix  string
	denom   string
}

// New returns an auditor of the node behind a connection; prefix is that of its
// addresses and denom its native coin.
func New(conn grpc.ClientConnInterface, prefix, denom string) *Auditor {
	return &Auditor{
		bank:    banktypes.NewQueryClient(conn),
		pools:   datapooltypes.NewQueryClient(conn),
		compute: computetypes.NewQueryClient(conn),
		prefix:  prefix,
		denom:   denom,
	}
}

// Report says what an audit has looked at.
type Report struct {
	// Pools and Jobs count the objects whose coins were explained.
	Pools, Jobs int

	// OpenJobs counts the jobs that still hold an escrow.
	OpenJobs int

	// Seats counts the validators whose bonds as seats were explained.
	Seats int

	// Supply is the supply of the native coin.
	Supply math.Int
}

// At audits the state after the block at a height. The error lists every coin that is not explained.
func (a *Auditor) At(ctx context.Context, height int64) (Report, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(height, 10))
	var report Report
	var errs []error
	supply, err := a.supply(ctx, a.denom)
	if err != nil {
		return report, err
	}
	report.Supply = supply
	errs = append(errs, a.checkSupply(ctx, a.denom))

	seats, err := a.checkSeats(ctx)
	report.Seats = seats
	errs = append(errs, err)

	if err := pages(func(page *query.PageRequest) (*query.PageResponse, error) {
		res, err := a.pools.Pools(ctx, &datapooltypes.QueryPoolsRequest{Pagination: page})
		if err != nil {
			return nil, err
		}
		for _, p := range res.Pools {
			report.Pools++
			errs = append(errs, a.checkPool(ctx, p))
			jobs, open, err := a.checkJobs(ctx, p)
			report.Jobs += jobs
			report.OpenJobs += open
			errs = append(errs, err)
		}
		return res.Pagination, nil
	}); err != nil {
		return report, err
	}
	if err := errors.Join(errs...); err != nil {
		return report, fmt.Errorf("height %d: %w", height, err)
	}
	return report, nil
}

// pages asks for one page after the other, until the last one or an error.
func pages(ask func(page *query.PageRequest) (*query.PageResponse, error)) error {
	for next := (&query.PageRequest{Limit: pageSize}); ; {
		res, err := ask(next)
		if err != nil || len(res.GetNextKey()) == 0 {
			return err
		}
		next = &query.PageRequest{Key: res.NextKey, Limit: pageSize}
	}
}

func (a *Auditor) supply(ctx context.Context, denom string) (math.Int, error) {
	res, err := a.bank.SupplyOf(ctx, &banktypes.QuerySupplyOfRequest{Denom: denom})
	if err != nil {
		return math.Int{}, err
	}
	return res.Amount.Amount, nil
}

// checkSupply compares a supply with the sum of what all accounts hold.
func (a *Auditor) checkSupply(ctx context.Context, denom string) error {
	supply, err := a.supply(ctx, denom)
	if err != nil {
		return err
	}
	held := math.ZeroInt()
	if err := pages(func(page *query.PageRequest) (*query.PageResponse, error) {
		res, err := a.bank.DenomOwnersByQuery(ctx, &banktypes.QueryDenomOwnersByQueryRequest{Denom: denom, Pagination: page})
		if err != nil {
			return nil, err
		}
		for _, o := range res.DenomOwners {
			held = held.Add(o.Balance.Amount)
		}
		return res.Pagination, nil
	}); err != nil {
		return err
	}
	return equal("accounts hold "+denom, held, supply)
}

// checkPool explains every coin of a pool's account and both supplies.
func (a *Auditor) checkPool(ctx context.Context, p datapooltypes.Pool) error {
	name := fmt.Sprintf("pool %d: ", p.Id)
	unvested := p.Vesting.Total.Sub(p.Vesting.Claimed)
	errs := []error{
		a.checkBalance(ctx, name, p.Address, a.denom, sum(p.Reserves.Alita, p.MakerFees.Alita, p.ProtocolFees.Alita, p.Rewards.Alita)),
		a.checkBalance(ctx, name, p.Address, p.DataDenom, sum(p.Reserves.Data, p.MakerFees.Data, p.ProtocolFees.Data, p.Rewards.Data, unvested)),
		a.checkBalance(ctx, name, p.Address, p.ShareDenom, p.LockedShares.Amount.AddRaw(amm.MinimumShares)),
		a.checkSupply(ctx, p.DataDenom),
		a.checkSupply(ctx, p.ShareDenom),
	}
	for denom, want := range map[string]math.Int{p.DataDenom: p.DataSupply, p.ShareDenom: p.Shares} {
		got, err := a.supply(ctx, denom)
		if err != nil {
			return err
		}
		errs = append(errs, equal(name+"supply of "+denom, got, want))
	}
	return errors.Join(errs...)
}

// checkJobs explains the escrow of every job of a pool.
func (a *Auditor) checkJobs(ctx context.Context, p datapooltypes.Pool) (jobs, open int, err error) {
	var errs []error
	err = pages(func(page *query.PageRequest) (*query.PageResponse, error) {
		res, err := a.compute.JobsByPool(ctx, &computetypes.QueryJobsByPoolRequest{PoolId: p.Id, Pagination: page})
		if err != nil {
			return nil, err
		}
		for _, j := range res.Jobs {
			jobs++
			alita := j.Spec.Budget.Alita.Sub(j.Paid.Alita).Sub(j.Refunded.Alita)
			data := j.Spec.Budget.Data.Sub(j.Paid.Data).Sub(j.Refunded.Data)
			if j.Status == computetypes.JOB_STATUS_SETTLED || j.Status == computetypes.JOB_STATUS_FAILED {
				errs = append(errs, equal("job "+j.Id+": escrow after its end", sum(alita, data), math.ZeroInt()))
			} else {
				open++
			}
			escrow, err := sdk.Bech32ifyAddressBytes(a.prefix, computetypes.EscrowAddress(j.Id))
			if err != nil {
				return nil, err
			}
			errs = append(errs,
				a.checkBalance(ctx, "job "+j.Id+": ", escrow, a.denom, alita),
				a.checkBalance(ctx, "job "+j.Id+": ", escrow, p.DataDenom, data))
		}
		return res.Pagination, nil
	})
	if err != nil {
		return jobs, open, err
	}
	return jobs, open, errors.Join(errs...)
}

// checkSeats explains the bond of every seat: it lies in an account of its own.
func (a *Auditor) checkSeats(ctx context.Context) (seats int, err error) {
	var errs []error
	err = pages(func(page *query.PageRequest) (*query.PageResponse, error) {
		res, err := a.compute.Seats(ctx, &computetypes.QuerySeatsRequest{Pagination: page})
		if err != nil {
			return nil, err
		}
		for _, s := range res.Seats {
			seats++
			operator, err := sdk.GetFromBech32(s.Operator, a.prefix+sdk.PrefixValidator+sdk.PrefixOperator)
			if err != nil {
				return nil, err
			}
			account, err := sdk.Bech32ifyAddressBytes(a.prefix, computetypes.SeatBondAddress(operator))
			if err != nil {
				return nil, err
			}
			errs = append(errs, a.checkBalance(ctx, "seat "+s.Operator+": ", account, a.denom, s.Bond.Amount))
		}
		return res.Pagination, nil
	})
	if err != nil {
		return seats, err
	}
	return seats, errors.Join(errs...)
}

func (a *Auditor) checkBalance(ctx context.Context, what, address, denom string, want math.Int) error {
	res, err := a.bank.Balance(ctx, &banktypes.QueryBalanceRequest{Address: address, Denom: denom})
	if err != nil {
		return err
	}
	return equal(what+"balance of "+denom, res.Balance.Amount, want)
}

func sum(amounts ...math.Int) math.Int {
	total := math.ZeroInt()
	for _, x := range amounts {
		total = total.Add(x)
	}
	return total
}

func equal(what string, got, want math.Int) error {
	if got.Equal(want) {
		return nil
	}
	return fmt.Errorf("%s: expected %s, got %s", what, want, got)
}
