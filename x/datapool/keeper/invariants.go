package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

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
		whole, err := k.whole(ctx, p)
		if err != nil {
			return true, err
		}
		for _, check := range []func(context.Context, types.Pool, types.Market) error{
			k.checkEscrow, k.checkSupply, k.checkIndexes, k.checkObservations, checkMarket,
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

// checkEscrow: the pool's account holds what the records say; more only where somebody
// gave it.
func (k *Keeper) checkEscrow(ctx context.Context, p types.Pool, _ types.Market) error {
	for _, denom := range [...]string{types.BaseDenom, p.DataDenom, p.ShareDenom} {
		if held := k.bankKeeper.GetBalance(ctx, types.PoolAddress(p.Id), denom); held.Amount.LT(explained(p, denom)) {
			return broken(p.Id, "expected its account to hold at least %s%s, got %s", explained(p, denom), denom, held)
		}
	}
	return nil
}

// checkSupply: the supply of the Data Token is the fixed one, that of shares the
// pool's total.
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
	if id, err := k.Symbols.Get(ctx, p.Symbol); err != nil || id != p.Id {
		return broken(p.Id, "expected the symbol %s to lead to it, got %d (%v)", p.Symbol, id, err)
	}
	maker, err := k.account("maker", p.Maker)
	if err != nil {
		return err
	}
	if ok, err := k.Makers.Has(ctx, collections.Join(maker, p.Id)); err != nil || !ok {
		return broken(p.Id, "expected its maker to lead to it (%v)", err)
	}
	return nil
}

// checkObservations: the price history is whole, in order and not ahead of the sums.
func (k *Keeper) checkObservations(ctx context.Context, p types.Pool, m types.Market) error {
	want := m.First
	var last types.Observation
	err := k.Observations.Walk(ctx, collections.NewPrefixedPairRange[uint64, uint64](p.Id),
		func(key collections.Pair[uint64, uint64], o types.Observation) (bool, error) {
			if key.K2() != want {
				return true, broken(p.Id, "expected observation %d, got %d", want, key.K2())
			}
			if want > m.First && (o.Time <= last.Time || o.AlitaPerData.Lt(&last.AlitaPerData) || o.DataPerAlita.Lt(&last.DataPerAlita)) {
				return true, broken(p.Id, "expected observation %d to be later than the one before", want)
			}
			last, want = o, want+1
			return false, nil
		})
	switch {
	case err != nil:
		return err
	case want != m.Last+1:
		return broken(p.Id, "expected observations up to %d, got up to %d", m.Last, want-1)
	case last.Time != m.ObservedAt || last.Time > m.Time || m.AlitaPerData.Lt(&last.AlitaPerData) || m.DataPerAlita.Lt(&last.DataPerAlita):
		return broken(p.Id, "expected the newest observation, at %d, not to be ahead of the sums, at %d", last.Time, m.Time)
	}
	return nil
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

// checkCounts: there is one market and one symbol for each pool, and no more.
func (k *Keeper) checkCounts(ctx context.Context, pools int) error {
	markets, symbols := 0, 0
	if err := k.Markets.Walk(ctx, nil, func(uint64, types.Market) (bool, error) { markets++; return false, nil }); err != nil {
		return err
	}
	if err := k.Symbols.Walk(ctx, nil, func(string, uint64) (bool, error) { symbols++; return false, nil }); err != nil {
		return err
	}
	if markets != pools || symbols != pools {
		return errorsmod.Wrapf(types.ErrInvariant, "expected %d markets and symbols, got %d and %d", pools, markets, symbols)
	}
	return nil
}
