package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// recordOfMaker returns a pool without its market, for its maker only, and the maker's
// address. The error is ErrNotMaker for anyone else.
func (k *Keeper) recordOfMaker(ctx context.Context, poolID uint64, text string) (types.Pool, sdk.AccAddress, error) {
	sender, err := k.address("maker", text)
	if err != nil {
		return types.Pool{}, nil, err
	}
	p, err := k.record(ctx, poolID)
	if err != nil {
		return p, nil, err
	}
	maker, err := k.address("maker", p.Maker)
	if err != nil {
		return p, nil, err
	}
	if !maker.Equals(sender) {
		return p, nil, errorsmod.Wrapf(types.ErrNotMaker, "pool %d: expected %s, got %s", p.Id, p.Maker, text)
	}
	return p, maker, nil
}

// checkNewMaker refuses accounts that could not use the role: the maker itself, the
// account of the pool, the accounts of modules, and accounts to which nobody may send coins.
func (k *Keeper) checkNewMaker(ctx context.Context, poolID uint64, maker, to sdk.AccAddress) error {
	_, module := k.accountKeeper.GetAccount(ctx, to).(sdk.ModuleAccountI)
	switch {
	case to.Equals(maker):
		return errorsmod.Wrap(types.ErrInvalidAddress, "new_maker: expected another account, got the maker's own")
	case to.Equals(types.PoolAddress(poolID)):
		return errorsmod.Wrap(types.ErrInvalidAddress, "new_maker: expected an account with an owner, got the pool's")
	case module, k.bankKeeper.BlockedAddr(to):
		return errorsmod.Wrap(types.ErrInvalidAddress, "new_maker: expected an account with an owner, got a module's or a blocked one")
	}
	return nil
}
