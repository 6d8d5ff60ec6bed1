package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// UpdateParams replaces the parameters; only the authority may.
func (k *Keeper) UpdateParams(ctx context.Context, msg *types.MsgUpdateParams) error {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, msg.Authority); err != nil {
		return err
	}
	if err := msg.Params.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, msg.Params); err != nil {
		return err
	}
	return emit(ctx, &types.EventParamsUpdated{Params: msg.Params})
}
