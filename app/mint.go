package app

import (
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	mintkeeper "github.com/cosmos/cosmos-sdk/x/mint/keeper"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"

	clockkeeper "github.com/alita-network/alita/x/clock/keeper"
)

// mintByTime returns the minting of a block: for the time that the clock has gone by in it, at the rate of that block. So the
// supply grows by what the query of the inflation says however fast blocks are, a halt mints nothing, and since the times of all
// blocks add up to the clock's, no proposer gains by a wrong time. BlocksPerYear of x/mint has no effect.
func mintByTime(clock *clockkeeper.Keeper, supply func(sdk.Context, string) math.Int) mintkeeper.MintFn {
	return func(ctx sdk.Context, k *mintkeeper.Keeper) error {
		now, err := clock.Now(ctx)
		if err != nil {
			return err
		}
		minter, err := k.Minter.Get(ctx)
		if err != nil {
			return err
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			return err
		}
		staking, err := k.StakingTokenSupply(ctx)
		if err != nil {
			return err
		}
		bonded, err := k.BondedRatio(ctx)
		if err != nil {
			return err
		}
		minter.Inflation = nextInflation(minter.Inflation, params, bonded, now.Step)
		minter.AnnualProvisions = minter.NextAnnualProvisions(params, staking)
		if err := k.Minter.Set(ctx, minter); err != nil {
			return err
		}
		amount := partOfYear(minter.AnnualProvisions, now.Step).TruncateInt()
		if most := params.MaxSupply; most.IsPositive() {
			amount = math.MinInt(amount, math.MaxInt(most.Sub(supply(ctx, params.MintDenom)), math.ZeroInt()))
		}
		minted := sdk.NewCoins(sdk.NewCoin(params.MintDenom, amount))
		if err := k.MintCoins(ctx, minted); err != nil {
			return err
		}
		if err := k.AddCollectedFees(ctx, minted); err != nil {
			return err
		}
		ctx.EventManager().EmitEvent(sdk.NewEvent(minttypes.EventTypeMint,
			sdk.NewAttribute(minttypes.AttributeKeyBondedRatio, bonded.String()),
			sdk.NewAttribute(minttypes.AttributeKeyInflation, minter.Inflation.String()),
			sdk.NewAttribute(minttypes.AttributeKeyAnnualProvisions, minter.AnnualProvisions.String()),
			sdk.NewAttribute(sdk.AttributeKeyAmount, amount.String()),
		))
		return nil
	}
}

// nextInflation is the rule of x/mint over a span of time: the rate moves by (1 - bonded/goal) * change in a year, and stays
// between its bounds.
func nextInflation(rate math.LegacyDec, params minttypes.Params, bonded math.LegacyDec, passed time.Duration) math.LegacyDec {
	change := math.LegacyOneDec().Sub(bonded.Quo(params.GoalBonded)).Mul(params.InflationRateChange)
	rate = rate.Add(partOfYear(change, passed))
	return math.LegacyMaxDec(math.LegacyMinDec(rate, params.InflationMax), params.InflationMin)
}

// partOfYear returns the part of an amount for a year that belongs to a span of time.
func partOfYear(amount math.LegacyDec, passed time.Duration) math.LegacyDec {
	return amount.MulInt64(int64(passed)).QuoInt64(int64(year))
}
