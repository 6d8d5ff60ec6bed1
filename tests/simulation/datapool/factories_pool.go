package simulation

import (
	"context"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/types"
)

// MsgUpdatePoolFactory raises the rewards of a pool and changes its description; its
// requirements only become weaker, so that no version that waits for its admission
// fails by them.
func MsgUpdatePoolFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgUpdatePool] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgUpdatePool) {
		p, maker, ok := anyMaker(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		r := data.Rand()
		policy := p.RewardPolicy
		if p.PendingRewards != nil {
			policy = p.PendingRewards.Policy // a raise that may hold already
		}
		policy.MatchPpm += uint32(r.Intn(1000))
		policy.PerDay = math.MaxInt(policy.PerDay.SubRaw(r.Int63n(1000)), math.OneInt())
		if policy.MaxPerRecord.IsZero() {
			policy.MaxPerRecord = policy.PerRecord.AddRaw(1_000_000)
		}
		if !p.Requirements.OpenAdmission {
			policy.PerRow = policy.PerRow.AddRaw(r.Int63n(100))
		}
		requirements := p.Requirements
		requirements.Text = r.StringN(100)
		requirements.MinRows = uint64(r.Int63n(int64(requirements.MinRows) + 1))
		return []simsx.SimAccount{maker}, &types.MsgUpdatePool{
			Maker: p.Maker, PoolId: p.Id, Description: r.StringN(200), Requirements: requirements, RewardPolicy: policy,
		}
	}
}

// MsgProposeMakerFactory offers the role of a maker, and at times takes an offer back.
func MsgProposeMakerFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgProposeMaker] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgProposeMaker) {
		p, maker, ok := anyMaker(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		msg := &types.MsgProposeMaker{Maker: p.Maker, PoolId: p.Id}
		if p.PendingMaker == "" || data.Rand().Intn(4) > 0 {
			msg.NewMaker = data.AnyAccountN(maxTries, reporter, simsx.ExcludeAccounts(maker)).AddressBech32
		}
		return []simsx.SimAccount{maker}, msg
	}
}

// MsgAcceptMakerFactory accepts the role of a maker where it is offered.
func MsgAcceptMakerFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgAcceptMaker] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgAcceptMaker) {
		for range maxTries {
			id, ok := anyPool(ctx, k, data, reporter)
			if !ok {
				return nil, nil
			}
			p, err := k.Pool(ctx, id)
			if err != nil || p.PendingMaker == "" || !data.HasAccount(p.PendingMaker) {
				continue
			}
			return []simsx.SimAccount{data.GetAccount(reporter, p.PendingMaker)}, &types.MsgAcceptMaker{NewMaker: p.PendingMaker, PoolId: id}
		}
		reporter.Skip("nobody was offered a role")
		return nil, nil
	}
}

// MsgSweepFactory sweeps what somebody has sent to the account of a pool.
func MsgSweepFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSweep] {
	query := keeper.NewQueryServer(k)
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSweep) {
		sender := data.AnyAccountN(maxTries, reporter, simsx.WithSpendableBalance())
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok || reporter.IsSkipped() {
			return nil, nil
		}
		res, err := query.Claimable(ctx, &types.QueryClaimableRequest{PoolId: id})
		if err != nil {
			reporter.Fail(err, "claimable")
			return nil, nil
		}
		denom := types.BaseDenom
		switch {
		case res.Stray.Alita.IsPositive():
		case res.Stray.Data.IsPositive():
			denom = types.DataDenom(id)
		default:
			reporter.Skip("nothing to sweep")
			return nil, nil
		}
		return []simsx.SimAccount{sender}, &types.MsgSweep{Sender: sender.AddressBech32, PoolId: id, Denom: denom}
	}
}

// MsgClaimRewardsFactory claims the rewards that an owner is owed.
func MsgClaimRewardsFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgClaimRewards] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgClaimRewards) {
		for range maxTries {
			id, ok := anyPool(ctx, k, data, reporter)
			if !ok {
				return nil, nil
			}
			owner := data.AnyAccount(reporter)
			if reporter.IsSkipped() {
				return nil, nil
			}
			got, _, err := k.RewardsClaimable(ctx, id, owner.Address)
			if err == nil && got.Data.IsPositive() {
				return []simsx.SimAccount{owner}, &types.MsgClaimRewards{Sender: owner.AddressBech32, Owner: owner.AddressBech32, PoolId: id}
			}
		}
		reporter.Skip("nobody is owed rewards")
		return nil, nil
	}
}

// MsgPausePoolFactory proposes to pause a pool or to let it go on.
func MsgPausePoolFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgPausePool] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgPausePool) {
		id, ok := anyPool(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		p, err := k.Pool(ctx, id)
		if err != nil {
			reporter.Fail(err, "pool")
			return nil, nil
		}
		return nil, &types.MsgPausePool{Authority: data.ModuleAccountAddress(reporter, "gov"), PoolId: id, Paused: !p.Paused}
	}
}

// anyMaker returns one of the pools with its maker; false, and skipped, where there is none.
func anyMaker(ctx context.Context, k *keeper.Keeper, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) (types.Pool, simsx.SimAccount, bool) {
	id, ok := anyPool(ctx, k, data, reporter)
	if !ok {
		return types.Pool{}, simsx.SimAccount{}, false
	}
	p, err := k.Pool(ctx, id)
	if err != nil {
		reporter.Fail(err, "pool")
		return p, simsx.SimAccount{}, false
	}
	maker := data.GetAccount(reporter, p.Maker)
	return p, maker, !reporter.IsSkipped()
}
