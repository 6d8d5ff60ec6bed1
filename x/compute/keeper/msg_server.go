package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/types"
)

type msgServer struct{ *Keeper }

// NewMsgServer returns the Msg service of the module.
func NewMsgServer(k *Keeper) types.MsgServer { return msgServer{k} }

var _ types.MsgServer = msgServer{}

// StoreProgram implements types.MsgServer.
func (k msgServer) StoreProgram(ctx context.Context, msg *types.MsgStoreProgram) (*types.MsgStoreProgramResponse, error) {
	id, err := k.storeProgram(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgStoreProgramResponse{ProgramId: id}, nil
}

// OpenJob implements types.MsgServer.
func (k msgServer) OpenJob(ctx context.Context, msg *types.MsgOpenJob) (*types.MsgOpenJobResponse, error) {
	job, err := k.openJob(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgOpenJobResponse{JobId: job.Id, DeadlineHeight: job.DeadlineHeight}, nil
}

// CancelJob implements types.MsgServer.
func (k msgServer) CancelJob(ctx context.Context, msg *types.MsgCancelJob) (*types.MsgCancelJobResponse, error) {
	refunded, err := k.cancelJob(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgCancelJobResponse{Refunded: refunded}, nil
}

// Contribute implements types.MsgServer.
func (k msgServer) Contribute(ctx context.Context, msg *types.MsgContribute) (*types.MsgContributeResponse, error) {
	fee, err := k.contribute(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgContributeResponse{Fee: fee}, nil
}

// Deliver implements types.MsgServer.
func (k msgServer) Deliver(ctx context.Context, msg *types.MsgDeliver) (*types.MsgDeliverResponse, error) {
	if err := k.deliver(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgDeliverResponse{}, nil
}

// UpdateParams implements types.MsgServer.
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
	return &types.MsgUpdateParamsResponse{}, emit(ctx, &types.EventParamsUpdated{Params: msg.Params})
}
