package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/feemarket/types"
)

type msgServer struct{ *Keeper }

// NewMsgServer returns the Msg service of the module.
func NewMsgServer(k *Keeper) types.MsgServer { return msgServer{k} }

// UpdateParams implements types.MsgServer: it replaces the parameters; only the authority may. They hold from the next
// block on.
func (k msgServer) UpdateParams(ctx context.Context, msg *types.MsgUpdateParams) (*types.MsgUpdateParamsResponse, error) {
	if err := sdk.ValidateAuthority(sdk.UnwrapSDKContext(ctx), k.authority, msg.Authority); err != nil {
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
