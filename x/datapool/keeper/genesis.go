package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// InitGenesis sets the state. The coins of the pools come with the genesis of
// x/bank; Invariants reports whether both agree.
func (k *Keeper) InitGenesis(ctx context.Context, gs types.GenesisState) error {
	if err := gs.Validate(); err != nil {
		return err
	}
	if err := gs.ValidateAddresses(k.addressCodec); err != nil {
		return err
	}
	now, err := k.activeSeconds(ctx)
	if err != nil {
		return err
	}
	for _, p := range gs.Pools {
		if p.Price.Active > now {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "pool %d: price.active: expected at most the chain's %d, got %d", p.Id, now, p.Price.Active)
		}
	}
	if err := k.Params.Set(ctx, gs.Params); err != nil {
		return err
	}
	if err := k.NextPoolID.Set(ctx, gs.NextPoolId); err != nil {
		return err
	}
	newest := make(map[uint64]int64, len(gs.Pools))
	for _, g := range gs.Observations {
		o, ok := types.ObservationFromProto(g.Observation)
		if !ok {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "pool %d: observation %d: expected sums from 0 to 2^256, got %s", g.PoolId, g.Number, g.Observation.String())
		}
		if err := k.Observations.Set(ctx, collections.Join(g.PoolId, g.Number), o); err != nil {
			return err
		}
		newest[g.PoolId] = o.Time
	}
	for _, p := range gs.Pools {
		record, market, outlet, ok := types.SplitPool(p, newest[p.Id])
		if !ok {
			return errorsmod.Wrapf(types.ErrInvalidGenesis, "pool %d: expected amounts from 0 to 2^256, got one outside", p.Id)
		}
		// If heights start again, a later block must not mistake an old opening for its own.
		if market.OpeningHeight > sdk.UnwrapSDKContext(ctx).BlockHeight() {
			market.OpeningHeight = 0
		}
		if err := k.setNewPool(ctx, record, market, outlet); err != nil {
			return err
		}
	}
	for _, g := range gs.HourSums {
		h, _ := types.HourSumFromProto(g.Sum)
		if err := k.setHourSum(ctx, g.PoolId, h); err != nil {
			return err
		}
	}
	if err := k.initCharts(ctx, gs); err != nil {
		return err
	}
	return k.initRewards(ctx, gs)
}

// initCharts sets charts and candles; the genesis is valid.
func (k *Keeper) initCharts(ctx context.Context, gs types.GenesisState) error {
	for _, g := range gs.Charts {
		c, _ := types.ChartFromProto(g.Chart)
		if err := k.Charts.Set(ctx, g.PoolId, c); err != nil {
			return err
		}
	}
	for _, g := range gs.Candles {
		c, _ := types.BarFromProto(g.Candle)
		if err := k.setCandle(ctx, g.PoolId, g.Interval, c); err != nil {
			return err
		}
	}
	return nil
}

// setCandle puts a candle into its slot.
func (k *Keeper) setCandle(ctx context.Context, poolID uint64, interval types.CandleInterval, c types.Bar) error {
	seconds, slots, _ := interval.Ring()
	return k.candles(interval).Set(ctx, collections.Join(poolID, uint64(c.Time/seconds)%slots), c)
}

// candles returns the ring of an interval.
func (k *Keeper) candles(interval types.CandleInterval) collections.Map[collections.Pair[uint64, uint64], types.Bar] {
	if interval == types.CANDLE_INTERVAL_DAY {
		return k.DayCandles
	}
	return k.HourCandles
}

// initRewards sets what pools owe and have paid owners; the genesis is valid.
func (k *Keeper) initRewards(ctx context.Context, gs types.GenesisState) error {
	for _, g := range gs.RewardAccounts {
		owner, err := k.address("owner", g.Owner)
		if err != nil {
			return err
		}
		o, _ := types.OwnerRewardsFromProto(g.Account)
		if err := k.OwnerRewards.Set(ctx, collections.Join(g.PoolId, owner), o); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis returns the state.
func (k *Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	next, err := k.NextPoolID.Peek(ctx)
	if err != nil {
		return nil, err
	}
	gs := &types.GenesisState{Params: params, NextPoolId: next}
	if err := k.Pools.Walk(ctx, nil, func(id uint64, p types.Pool) (bool, error) {
		m, err := k.market(ctx, id)
		if err != nil {
			return true, err
		}
		o, err := k.outlet(ctx, id)
		gs.Pools = append(gs.Pools, types.JoinPool(p, m, o))
		return false, err
	}); err != nil {
		return nil, err
	}
	if err := k.Observations.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], o types.Observation) (bool, error) {
		gs.Observations = append(gs.Observations, types.GenesisObservation{
			PoolId: key.K1(), Number: key.K2(), Observation: o.Proto(),
		})
		return false, nil
	}); err != nil {
		return nil, err
	}
	if err := k.HourSums.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], h types.HourSum) (bool, error) {
		gs.HourSums = append(gs.HourSums, types.GenesisHourSum{PoolId: key.K1(), Sum: h.Proto()})
		return false, nil
	}); err != nil {
		return nil, err
	}
	if err := k.exportCharts(ctx, gs); err != nil {
		return nil, err
	}
	return gs, k.exportRewards(ctx, gs)
}

func (k *Keeper) exportCharts(ctx context.Context, gs *types.GenesisState) error {
	if err := k.Charts.Walk(ctx, nil, func(id uint64, c types.ChartState) (bool, error) {
		gs.Charts = append(gs.Charts, types.GenesisChart{PoolId: id, Chart: c.Proto()})
		return false, nil
	}); err != nil {
		return err
	}
	for _, interval := range [...]types.CandleInterval{types.CANDLE_INTERVAL_HOUR, types.CANDLE_INTERVAL_DAY} {
		if err := k.candles(interval).Walk(ctx, nil, func(key collections.Pair[uint64, uint64], c types.Bar) (bool, error) {
			gs.Candles = append(gs.Candles, types.GenesisCandle{PoolId: key.K1(), Interval: interval, Candle: c.Proto()})
			return false, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (k *Keeper) exportRewards(ctx context.Context, gs *types.GenesisState) error {
	return k.OwnerRewards.Walk(ctx, nil, func(key collections.Pair[uint64, sdk.AccAddress], o types.OwnerRewards) (bool, error) {
		owner, err := k.addressCodec.BytesToString(key.K2())
		gs.RewardAccounts = append(gs.RewardAccounts, types.GenesisRewardAccount{PoolId: key.K1(), Owner: owner, Account: o.Proto()})
		return false, err
	})
}

// setNewPool stores a pool and its indexes.
func (k *Keeper) setNewPool(ctx context.Context, p types.Pool, m types.Market, o types.OutletState) error {
	maker, err := k.address("maker", p.Maker)
	if err != nil {
		return err
	}
	if err := k.Pools.Set(ctx, p.Id, p); err != nil {
		return err
	}
	if err := k.Markets.Set(ctx, p.Id, m); err != nil {
		return err
	}
	if err := k.Outlets.Set(ctx, p.Id, o); err != nil {
		return err
	}
	if err := k.Makers.Set(ctx, collections.Join(maker, p.Id)); err != nil {
		return err
	}
	return k.Symbols.Set(ctx, types.SymbolKey(p.Symbol), p.Id)
}
