package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/datapool/types"
)

// UpdateParams implements types.MsgServer: it replaces the parameters. A shorter price history is
// trimmed pool by pool, as each pool is traded.
func (k msgServer) UpdateParams(ctx context.Context, msg *types.MsgUpdateParams) (*types.MsgUpdateParamsResponse, error) {
	if err := k.checkAuthority(ctx, msg.Authority); err != nil {
		return nil, err
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	if err := k.Params.Set(ctx, msg.Params); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgUpdateParamsResponse{}, modulekit.Emit(ctx, &types.EventParamsUpdated{Params: msg.Params}))
}

// checkAuthority returns ErrUnauthorized for any account but the authority.
func (k *Keeper) checkAuthority(ctx context.Context, text string) error {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, text); err != nil {
		return errorsmod.Wrap(types.ErrUnauthorized, err.Error())
	}
	return nil
}
