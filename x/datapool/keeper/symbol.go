package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/types"
)

// symbolHolder returns the record of the pool whose symbol is, or looks like, the given
// one; false if there is none.
func (k *Keeper) symbolHolder(ctx context.Context, symbol string) (types.Pool, bool, error) {
	id, err := k.Symbols.Get(ctx, types.SymbolKey(symbol))
	if errors.Is(err, collections.ErrNotFound) {
		return types.Pool{}, false, nil
	}
	if err != nil {
		return types.Pool{}, false, err
	}
	p, err := k.record(ctx, id)
	return p, err == nil, err
}

// checkSymbolFree refuses a symbol that a pool has, and one that looks like it.
func (k *Keeper) checkSymbolFree(ctx context.Context, symbol string) error {
	holder, found, err := k.symbolHolder(ctx, symbol)
	if err != nil || !found {
		return err
	}
	return errorsmod.Wrapf(types.ErrSymbolTaken, "symbol: expected one that no pool has and that looks like no other, got %s, and pool %d has %s",
		symbol, holder.Id, holder.Symbol)
}
