package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// returnBonds gives back the bonds of seats that have left, at most limit of them. A seat that still sits in a job is
// looked at again later.
func (k *Keeper) returnBonds(ctx context.Context, height int64, limit uint32) error {
	it, err := k.LeavingSeats.Iterate(ctx, collections.NewPrefixUntilPairRange[int64, []byte](height))
	if err != nil {
		return err
	}
	keys, err := firstKeys(it, limit)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := isolated(ctx, func(ctx context.Context) error { return k.returnBond(ctx, key, height) }); err != nil {
			sdk.UnwrapSDKContext(ctx).Logger().Error("a bond could not be returned", "module", types.ModuleName, "err", err)
			if err := k.postponeBond(ctx, key, height+RetryBlocks); err != nil {
				return err
			}
		}
	}
	return nil
}

// postponeBond lets a leaving seat be looked at again at another height.
func (k *Keeper) postponeBond(ctx context.Context, key collections.Pair[int64, []byte], height int64) error {
	if err := k.LeavingSeats.Remove(ctx, key); err != nil {
		return err
	}
	seat, err := k.seat(ctx, key.K2())
	if err != nil {
		return err
	}
	seat.LeavingHeight = height
	if err := k.LeavingSeats.Set(ctx, collections.Join(height, key.K2())); err != nil {
		return err
	}
	return k.Seats.Set(ctx, key.K2(), seat)
}

func (k *Keeper) returnBond(ctx context.Context, key collections.Pair[int64, []byte], height int64) error {
	seat, err := k.seat(ctx, key.K2())
	if err != nil {
		return err
	}
	if seat.Jobs > 0 {
		return k.postponeBond(ctx, key, height+RetryBlocks)
	}
	if err := k.LeavingSeats.Remove(ctx, key); err != nil {
		return err
	}
	if seat.Bond.IsPositive() {
		if err := k.bankKeeper.SendCoins(ctx, types.SeatBondAddress(key.K2()), sdk.AccAddress(key.K2()), sdk.NewCoins(seat.Bond)); err != nil {
			return err
		}
	}
	if err := k.releaseSeatAccount(ctx, seat.Account); err != nil {
		return err
	}
	if err := k.Seats.Remove(ctx, key.K2()); err != nil {
		return err
	}
	if err := k.SeatTimes.Remove(ctx, key.K2()); err != nil {
		return err
	}
	return modulekit.Emit(ctx, &types.EventSeatLeft{Operator: seat.Operator, ReturnsHeight: height, Returned: seat.Bond})
}

// slash burns a part of a seat's bond and returns that part. The seat is drawn no more until the bond is high enough
// again.
func (k *Keeper) slash(ctx context.Context, operator []byte, ppm uint32) (sdk.Coin, error) {
	seat, err := k.seat(ctx, operator)
	if err != nil {
		return sdk.Coin{}, err
	}
	lost := sdk.NewCoin(seat.Bond.Denom, seat.Bond.Amount.MulRaw(int64(ppm)).QuoRaw(terms.PPM))
	if lost.IsPositive() {
		coins := sdk.NewCoins(lost)
		if err := k.bankKeeper.SendCoinsFromAccountToModule(ctx, types.SeatBondAddress(operator), types.ModuleName, coins); err != nil {
			return sdk.Coin{}, err
		}
		if err := k.bankKeeper.BurnCoins(ctx, types.ModuleName, coins); err != nil {
			return sdk.Coin{}, err
		}
	}
	seat.Bond = seat.Bond.Sub(lost)
	return lost, k.Seats.Set(ctx, operator, seat)
}

// claimSeatAccount notes that an account signs for a seat. Each account signs for one seat.
func (k *Keeper) claimSeatAccount(ctx context.Context, operator, account []byte, text string) error {
	other, err := k.SeatAccounts.Get(ctx, account)
	switch {
	case errors.Is(err, collections.ErrNotFound):
		return k.SeatAccounts.Set(ctx, account, operator)
	case err != nil:
		return err
	case string(other) != string(operator):
		return errorsmod.Wrapf(types.ErrInvalidSeat, "account: expected one that signs for no other seat, got %s", text)
	}
	return nil
}

func (k *Keeper) releaseSeatAccount(ctx context.Context, text string) error {
	account, err := k.address("account", text)
	if err != nil {
		return err
	}
	return k.SeatAccounts.Remove(ctx, account)
}

// seat returns a seat, or ErrSeatNotFound.
func (k *Keeper) seat(ctx context.Context, operator []byte) (types.Seat, error) {
	seat, err := k.Seats.Get(ctx, operator)
	if errors.Is(err, collections.ErrNotFound) {
		text, err := k.validatorCodec.BytesToString(operator)
		if err != nil {
			return seat, err
		}
		return seat, errorsmod.Wrapf(types.ErrSeatNotFound, "operator: expected a registered seat, which the query Seats lists, got %s", text)
	}
	return seat, err
}

// operator reads the account of a bonded validator's operator and returns its bytes and its operator address.
func (k *Keeper) operator(ctx context.Context, text string) ([]byte, string, error) {
	account, err := k.address("operator", text)
	if err != nil {
		return nil, "", err
	}
	v, err := k.stakingKeeper.GetValidator(ctx, sdk.ValAddress(account))
	if errors.Is(err, stakingtypes.ErrNoValidatorFound) || (err == nil && !v.IsBonded()) {
		return nil, "", errorsmod.Wrapf(types.ErrNotValidator, "operator: expected the account of a bonded validator's operator, got %s", text)
	}
	if err != nil {
		return nil, "", err
	}
	valoper, err := k.validatorCodec.BytesToString(account)
	return account, valoper, err
}

// firstKeys returns at most limit keys and closes the iterator.
func firstKeys[K any](it collections.KeySetIterator[K], limit uint32) (keys []K, err error) {
	defer func() { err = errors.Join(err, it.Close()) }()
	for ; it.Valid() && uint32(len(keys)) < limit; it.Next() {
		key, err := it.Key()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}
