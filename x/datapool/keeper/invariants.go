package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// Invariants checks that all pools are sound and that their accounts hold what the
// records say; the error is ErrInvariant. It walks over the whole state: it is
// for tests, simulations and audits, not for blocks.
func (k *Keeper) Invariants(ctx context.Context) error {
	next, err := k.NextPoolID.Peek(ctx)
	if err != nil {
		return err
	}
	pools := 0
	if err := k.Pools.Walk(ctx, nil, func(id uint64, p types.Pool) (bool, error) {
		pools++
		if id >= next || id != p.Id {
			return true, broken(id, "expected its id, below %d, got %d", next, p.Id)
		}
		m, err := k.market(ctx, id)
		if err != nil {
			return true, err
		}
		whole, err := k.withMarket(ctx, p)
		if err != nil {
			return true, err
		}
		for _, check := range []func(context.Context, types.Pool, types.Market) error{
			k.checkEscrow, k.checkSupply, k.checkIndexes, k.checkObservations, k.checkHourSums, checkMarket, k.checkCandles, k.checkRewards,
		} {
			if err := check(ctx, whole, m); err != nil {
				return true, err
			}
		}
		return false, nil
	}); err != nil {
		return err
	}
	return k.checkCounts(ctx, pools)
}

func broken(id uint64, format string, args ...any) error {
	return errorsmod.Wrapf(errorsmod.Wrapf(types.ErrInvariant, format, args...), "pool %d", id)
}

// checkEscrow: the pool's account holds what the records say, or more if somebody
// gave it.
func (k *Keeper) checkEscrow(ctx context.Context, p types.Pool, _ types.Market) error {
	for _, denom := range [...]string{types.BaseDenom, p.DataDenom, p.ShareDenom} {
		if held := k.bankKeeper.GetBalance(ctx, types.PoolAddress(p.Id), denom); held.Amount.LT(explained(p, denom)) {
			return broken(p.Id, "expected its account to hold at least %s%s, got %s", explained(p, denom), denom, held)
		}
	}
	return nil
}

// checkSupply: the supply of the Data Token is the fixed one, and the supply of shares
// is the pool's total.
func (k *Keeper) checkSupply(ctx context.Context, p types.Pool, _ types.Market) error {
	if got := k.bankKeeper.GetSupply(ctx, p.DataDenom); !got.Amount.Equal(p.DataSupply) {
		return broken(p.Id, "expected a supply of %s%s, got %s", p.DataSupply, p.DataDenom, got)
	}
	if got := k.bankKeeper.GetSupply(ctx, p.ShareDenom); !got.Amount.Equal(p.Shares) {
		return broken(p.Id, "expected a supply of %s%s, got %s", p.Shares, p.ShareDenom, got)
	}
	return nil
}

// checkIndexes: the pool is found by its symbol and by its maker.
func (k *Keeper) checkIndexes(ctx context.Context, p types.Pool, _ types.Market) error {
	if id, err := k.Symbols.Get(ctx, types.SymbolKey(p.Symbol)); err != nil || id != p.Id {
		return broken(p.Id, "expected the symbol %s to lead to it, got %d (%v)", p.Symbol, id, err)
	}
	maker, err := k.address("maker", p.Maker)
	if err != nil {
		return err
	}
	if ok, err := k.Makers.Has(ctx, collections.Join(maker, p.Id)); err != nil || !ok {
		return broken(p.Id, "expected its maker %s to lead to it, got no entry (%v)", p.Maker, err)
	}
	return nil
}

// checkObservations: the price history is complete, in order and not ahead of the sums.
func (k *Keeper) checkObservations(ctx context.Context, p types.Pool, m types.Market) error {
	want := m.First
	var last types.Observation
	err := k.Observations.Walk(ctx, collections.NewPrefixedPairRange[uint64, uint64](p.Id),
		func(key collections.Pair[uint64, uint64], o types.Observation) (bool, error) {
			if key.K2() != want {
				return true, broken(p.Id, "expected observation %d, got %d", want, key.K2())
			}
			if want > m.First && (o.Time <= last.Time || o.AlitaPerData.Lt(&last.AlitaPerData) || o.DataPerAlita.Lt(&last.DataPerAlita)) {
				return true, broken(p.Id, "expected observation %d after the time %d and with no lower sums, got the time %d", want, last.Time, o.Time)
			}
			last, want = o, want+1
			return false, nil
		})
	switch {
	case err != nil:
		return err
	case want != m.Last+1:
		return broken(p.Id, "expected observations up to %d, got up to %d", m.Last, want-1)
	case last.Time != m.ObservedAt || last.Time > m.Active || m.AlitaPerData.Lt(&last.AlitaPerData) || m.DataPerAlita.Lt(&last.DataPerAlita):
		return broken(p.Id, "expected the newest observation at %d, not ahead of the sums at %d, got one at %d", m.ObservedAt, m.Active, last.Time)
	}
	return nil
}

// checkHourSums: the sums at the beginnings of hours lie in their slots, are not ahead of
// the market's, and the hour of the last change has one.
func (k *Keeper) checkHourSums(ctx context.Context, p types.Pool, m types.Market) error {
	var newest int64 = -1
	err := k.HourSums.Walk(ctx, collections.NewPrefixedPairRange[uint64, uint64](p.Id),
		func(key collections.Pair[uint64, uint64], h types.HourSum) (bool, error) {
			if uint64(h.Slot()) != key.K2() || h.Time > m.Active || h.DataPerAlita.Gt(&m.DataPerAlita) {
				return true, broken(p.Id, "expected a sum of slot %d, not ahead of the sums at %d, got one of %d", key.K2(), m.Active, h.Time)
			}
			newest = max(newest, h.Time)
			return false, nil
		})
	if err == nil && (newest < 0 || newest/types.HourSeconds != m.Active/types.HourSeconds) {
		return broken(p.Id, "expected a sum of the hour of %d, got one of %d as the newest", m.Active, newest)
	}
	return err
}

// checkMarket: no reserve is empty or too large, and at least the locked shares exist.
func checkMarket(_ context.Context, p types.Pool, m types.Market) error {
	if err := p.Validate(); err != nil {
		return broken(p.Id, "%s", err)
	}
	if m.Fees != p.Fees {
		return broken(p.Id, "expected the rates %v, got %v", p.Fees, m.Fees)
	}
	return nil
}

// checkCandles: each candle that is kept is of an hour or a day that is over, lies in
// its slot, had swaps, and its prices lie in its range.
func (k *Keeper) checkCandles(ctx context.Context, p types.Pool, m types.Market) error {
	for _, interval := range [...]types.CandleInterval{types.CANDLE_INTERVAL_HOUR, types.CANDLE_INTERVAL_DAY} {
		seconds, slots, _ := interval.Ring()
		if err := k.candles(interval).Walk(ctx, collections.NewPrefixedPairRange[uint64, uint64](p.Id),
			func(key collections.Pair[uint64, uint64], c types.Bar) (bool, error) {
				switch {
				case c.Time < 0 || c.Time%seconds != 0 || uint64(c.Time/seconds)%slots != key.K2():
					return true, broken(p.Id, "%s: expected a candle of slot %d, got one of time %d", interval, key.K2(), c.Time)
				case c.Time+seconds > m.Time:
					return true, broken(p.Id, "%s: expected a candle that is over at %d, got one of time %d", interval, m.Time, c.Time)
				case c.Swaps == 0 || c.Swaps > m.Swaps:
					return true, broken(p.Id, "%s %d: expected from 1 to %d swaps, got %d", interval, c.Time, m.Swaps, c.Swaps)
				case c.Open.Lt(&c.Low) || c.Open.Gt(&c.High) || c.Close.Lt(&c.Low) || c.Close.Gt(&c.High):
					return true, broken(p.Id, "%s %d: expected prices from %s to %s, got %s and %s",
						interval, c.Time, c.Low.Dec(), c.High.Dec(), c.Open.Dec(), c.Close.Dec())
				}
				return false, nil
			}); err != nil {
			return err
		}
	}
	return nil
}

// checkRewards: the pool owes what its owners are owed.
func (k *Keeper) checkRewards(ctx context.Context, p types.Pool, _ types.Market) error {
	var owed amm.Int
	if err := k.OwnerRewards.Walk(ctx, collections.NewPrefixedPairRange[uint64, sdk.AccAddress](p.Id),
		func(_ collections.Pair[uint64, sdk.AccAddress], o types.OwnerRewards) (bool, error) {
			owed.Add(&owed, &o.Owed)
			return false, nil
		}); err != nil {
		return err
	}
	if got := types.MathInt(&owed); !got.Equal(p.Outlet.Owed) {
		return broken(p.Id, "expected %s owed to owners, got %s", p.Outlet.Owed, got)
	}
	return nil
}

// checkCounts: there is one market, one symbol, one entry of a maker, one chart and one
// outlet for each pool, and no entry of a pool that does not exist.
func (k *Keeper) checkCounts(ctx context.Context, pools int) error {
	counts := [5]int{}
	if err := k.Markets.Walk(ctx, nil, func(uint64, types.Market) (bool, error) { counts[0]++; return false, nil }); err != nil {
		return err
	}
	if err := k.Symbols.Walk(ctx, nil, func(string, uint64) (bool, error) { counts[1]++; return false, nil }); err != nil {
		return err
	}
	if err := k.Makers.Walk(ctx, nil, func(collections.Pair[sdk.AccAddress, uint64]) (bool, error) { counts[2]++; return false, nil }); err != nil {
		return err
	}
	if err := k.Charts.Walk(ctx, nil, func(uint64, types.ChartState) (bool, error) { counts[3]++; return false, nil }); err != nil {
		return err
	}
	if err := k.Outlets.Walk(ctx, nil, func(uint64, types.OutletState) (bool, error) { counts[4]++; return false, nil }); err != nil {
		return err
	}
	if want := [...]int{pools, pools, pools, pools, pools}; counts != want {
		return errorsmod.Wrapf(types.ErrInvariant, "expected %d markets, symbols, entries of makers, charts and outlets, got %v", pools, counts)
	}
	return k.checkOwned(ctx)
}

// checkOwned: observations, candles and owners belong to a pool.
func (k *Keeper) checkOwned(ctx context.Context) error {
	owned := func(what string, id uint64) error {
		if ok, err := k.Pools.Has(ctx, id); err != nil || !ok {
			return broken(id, "%s: expected a pool of this number, got none (%v)", what, err)
		}
		return nil
	}
	if err := k.OwnerRewards.Walk(ctx, nil, func(key collections.Pair[uint64, sdk.AccAddress], _ types.OwnerRewards) (bool, error) {
		return false, owned("owners", key.K1())
	}); err != nil {
		return err
	}
	if err := k.Observations.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], _ types.Observation) (bool, error) {
		return false, owned("observations", key.K1())
	}); err != nil {
		return err
	}
	if err := k.HourSums.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], _ types.HourSum) (bool, error) {
		return false, owned("sums of hours", key.K1())
	}); err != nil {
		return err
	}
	for _, ring := range [...]collections.Map[collections.Pair[uint64, uint64], types.Bar]{k.HourCandles, k.DayCandles} {
		if err := ring.Walk(ctx, nil, func(key collections.Pair[uint64, uint64], _ types.Bar) (bool, error) {
			return false, owned("candles", key.K1())
		}); err != nil {
			return err
		}
	}
	return nil
}
