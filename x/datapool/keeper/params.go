package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// UpdateParams replaces the parameters. A shorter price history is trimmed pool
// by pool, as each pool is traded.
func (k *Keeper) UpdateParams(ctx context.Context, authority string, params types.Params) error {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, authority); err != nil {
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
