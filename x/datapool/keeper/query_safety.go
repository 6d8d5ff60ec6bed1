package keeper

import (
	"context"

	"cosmossdk.io/math"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

const (
	// maxHolders bounds the accounts that a query of concentration visits.
	maxHolders = 100_000
	// holdersPage is how many of them are read at a time.
	holdersPage = 100
)

// takeDays are the times for which Safety says what the maker could take: today, within a
// week, within a year.
var takeDays = [...]uint32{0, 7, 365}

// Safety implements types.QueryServer. Concentration counts the accounts' balances:
// the pool's own is left out. The maker's locked shares lie in it and count as the
// maker's; the shares that are locked for ever count as nobody's.
func (q queryServer) Safety(ctx context.Context, req *types.QuerySafetyRequest) (*types.QuerySafetyResponse, error) {
	p, err := q.k.Pool(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	// Each of the two walks ends before the gas of the query does: what was counted by then is the answer.
	tenth := sdk.UnwrapSDKContext(ctx).GasMeter().Limit() / 10
	tokens, err := q.k.concentration(ctx, p, p.DataDenom, math.ZeroInt(), maxHolders, 5*tenth)
	if err != nil {
		return nil, err
	}
	shares, err := q.k.concentration(ctx, p, p.ShareDenom, p.LockedShares.Amount, maxHolders, 9*tenth)
	if err != nil {
		return nil, err
	}
	circle, err := q.k.Circle(ctx, p)
	if err != nil {
		return nil, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	var pending *types.PendingRewards
	if r := p.PendingRewards; r != nil && r.From.Unix() > now.Unix() {
		pending = r
	}
	takes := make([]types.Take, 0, len(takeDays))
	for _, days := range takeDays {
		takes = append(takes, circle.TakeIn(days))
	}
	vested := p.Vesting.Vested(now)
	return &types.QuerySafetyResponse{
		Symbol:               p.Symbol,
		DataSupply:           types.FormatUnits(p.DataSupply, types.Decimals),
		SharesLockedForEver:  types.FormatPart(math.NewInt(amm.MinimumShares), p.Shares),
		SharesLockedForMaker: types.FormatPart(p.LockedShares.Amount, p.Shares),
		SharesLockedUntil:    p.LockedShares.Until,
		MakerAllotment:       types.FormatUnits(p.Vesting.Total, types.Decimals),
		MakerVested:          types.FormatUnits(vested, types.Decimals),
		VestingEnds:          p.Vesting.End,
		RewardBudgetData:     types.FormatUnits(p.Rewards.Data, types.Decimals),
		RewardBudgetAlita:    types.FormatUnits(p.Rewards.Alita, types.Decimals),
		SwapFeePercent:       types.FormatPercent(p.Fees.SwapFeePpm),
		BlockGuard:           p.BlockGuard,
		Paused:               p.Paused,
		PendingMaker:         p.PendingMaker,
		Tokens:               tokens,
		Shares:               shares,
		DaysToTenth:          circle.DaysToTenth(),
		Takes:                takes,
		RewardsPerDay:        types.FormatUnits(circle.PerDay, types.Decimals),
		MaxRewardsPerDay:     types.FormatUnits(circle.MaxPerDay, types.Decimals),
		PendingRewards:       pending,
		RewardsOwed:          types.FormatUnits(p.Outlet.Owed, types.Decimals),
	}, nil
}

// concentration counts who holds a denom: at most most accounts, and no more once the
// query has consumed gas in all. What the pool's account holds of it for the maker
// counts as the maker's, who is counted first.
func (k *Keeper) concentration(
	ctx context.Context, p types.Pool, denom string, forMaker math.Int, most uint64, gas storetypes.Gas,
) (types.Concentration, error) {
	var tally types.Tally
	meter := sdk.UnwrapSDKContext(ctx).GasMeter()
	maker, err := k.address("maker", p.Maker)
	if err != nil {
		return types.Concentration{}, err
	}
	makerText, err := k.addressCodec.BytesToString(maker) // a message may have it in capitals
	if err != nil {
		return types.Concentration{}, err
	}
	tally.Add(makerText, k.bankKeeper.GetBalance(ctx, maker, denom).Amount.Add(forMaker))

	page := &query.PageRequest{Limit: holdersPage}
	for {
		res, err := k.bankKeeper.DenomOwners(ctx, &banktypes.QueryDenomOwnersRequest{Denom: denom, Pagination: page})
		if err != nil {
			return types.Concentration{}, err
		}
		for _, owner := range res.DenomOwners {
			if owner.Address == p.Address || owner.Address == makerText {
				continue
			}
			if tally.Holders() == most {
				return tally.Concentration(types.Decimals, false), nil
			}
			tally.Add(owner.Address, owner.Balance.Amount)
		}
		if len(res.Pagination.NextKey) == 0 {
			return tally.Concentration(types.Decimals, true), nil
		}
		if meter.GasConsumed() >= gas {
			return tally.Concentration(types.Decimals, false), nil
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: holdersPage}
	}
}
