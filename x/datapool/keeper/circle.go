package keeper

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// Circle returns what bounds what the maker of a whole pool and everybody who acts with it
// could take. To the circle belong the accounts of the maker, of whom the role is offered
// to, and of former makers, and whatever left the pool for nothing, wherever it is now: the
// allotment and the Data Tokens that makers claimed, the first shares once they are
// claimed, and all rewards for admitted records, since owners may be the maker under other
// names. Coins that were sent to the pool's account count as swept. Tokens and shares
// that somebody else has bought are that one's.
func (k *Keeper) Circle(ctx context.Context, p types.Pool) (types.Circle, error) {
	now := sdk.UnwrapSDKContext(ctx).BlockTime()
	params, err := k.Params.Get(ctx)
	if err != nil {
		return types.Circle{}, err
	}
	data, shares, err := k.heldByMakers(ctx, p)
	if err != nil {
		return types.Circle{}, err
	}
	escrow := types.PoolAddress(p.Id)
	outside := p.DataSupply.Sub(k.bankKeeper.GetBalance(ctx, escrow, p.DataDenom).Amount)
	first := p.FirstShares.SubRaw(amm.MinimumShares).Sub(p.LockedShares.Amount)
	claimed := p.Vesting.Claimed.Add(p.Outlet.MakerFees)
	given := math.MaxInt(data, claimed).Add(p.Outlet.Admissions)
	if first.GT(shares) { // what the makers hold may come from first shares, and what they claimed be elsewhere
		given = data.Add(claimed).Add(p.Outlet.Admissions)
	}
	policy := p.PolicyAt(now.Unix())
	c := types.Circle{
		Now: now, Alita: p.Reserves.Alita, Data: p.Reserves.Data, Shares: p.Shares,
		Held:   math.MinInt(given, outside),
		Free:   math.MaxInt(shares, first).Add(k.stray(ctx, p, p.ShareDenom)),
		Locked: p.LockedShares, Vesting: p.Vesting, Fees: p.MakerFees,
		Budget: types.Amounts{
			Alita: p.Rewards.Alita.Add(k.stray(ctx, p, types.BaseDenom)),
			Data:  p.Rewards.Data.Add(k.stray(ctx, p, p.DataDenom)),
		},
		PerDay: policy.PerDay, MaxPerDay: policy.MaxPerDay,
		RaiseFrom: after(now, params.RaiseDelay), OutletPPM: params.OutletPpm,
	}
	if r := p.PendingRewards; r != nil && r.From.Before(c.RaiseFrom) && r.From.Unix() > now.Unix() {
		c.RaiseFrom = r.From
	}
	c.Bucket, err = fullest(p, c.Budget, now.Unix())
	return c, err
}

// fullest returns what the buckets of a whole pool hold if its reserve of Data Tokens
// binds nothing: somebody may raise that before the next payment.
func fullest(p types.Pool, budget types.Amounts, now int64) (types.Amounts, error) {
	none := types.NoAmounts()
	_, m, o, ok := types.SplitPool(p, 0)
	if !ok || !types.SetInt(&m.Rewards.Alita, budget.Alita) || !types.SetInt(&m.Shares, p.FirstShares) {
		return none, broken(p.Id, "expected amounts from 0 to 2^256, got one outside")
	}
	m.Reserves.Data = amm.MaxReserve()
	seconds := now - o.At
	if _, err := p.FillOutlet(&o, &m, types.PPM, now); err != nil {
		return none, err
	}
	full := o.Bucket.Amounts()
	// The bucket of ualita is rounded down in a payment; what is left of a unit counts here.
	if seconds > 0 && budget.Alita.IsPositive() {
		full.Alita = math.MinInt(full.Alita.AddRaw(1), budget.Alita)
	}
	return full, nil
}

// heldByMakers returns the Data Tokens and shares of the maker, of the account to which the
// role is offered, and of former makers, each once.
func (k *Keeper) heldByMakers(ctx context.Context, p types.Pool) (data, shares math.Int, err error) {
	data, shares = math.ZeroInt(), math.ZeroInt()
	seen := make(map[string]bool, len(p.FormerMakers)+2)
	for _, text := range append([]string{p.Maker, p.PendingMaker}, p.FormerMakers...) {
		if text == "" || seen[text] {
			continue
		}
		seen[text] = true
		account, err := k.address("maker", text)
		if err != nil {
			return data, shares, err
		}
		data = data.Add(k.bankKeeper.GetBalance(ctx, account, p.DataDenom).Amount)
		shares = shares.Add(k.bankKeeper.GetBalance(ctx, account, p.ShareDenom).Amount)
	}
	return data, shares, nil
}
