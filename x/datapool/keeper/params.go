package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// UpdateParams replaces the parameters. A shorter price history is trimmed pool
// by pool, as each pool is traded.
func (k *Keeper) UpdateParams(ctx context.Context, authority string, params types.Params) error {
	if err := k.checkAuthority(ctx, authority); err != nil {
		return err
	}
	if err := params.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, params); err != nil {
		return err
	}
	return emit(ctx, &types.EventParamsUpdated{Params: params})
}

// checkAuthority answers ErrUnauthorized to anyone but the authority.
func (k *Keeper) checkAuthority(ctx context.Context, text string) error {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, text); err != nil {
		return errorsmod.Wrap(types.ErrUnauthorized, err.Error())
	}
	return nil
}
