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

// RegisterSeat implements types.MsgServer.
func (k msgServer) RegisterSeat(ctx context.Context, msg *types.MsgRegisterSeat) (*types.MsgRegisterSeatResponse, error) {
	return &types.MsgRegisterSeatResponse{}, k.registerSeat(ctx, msg)
}

// LeaveSeat implements types.MsgServer.
func (k msgServer) LeaveSeat(ctx context.Context, msg *types.MsgLeaveSeat) (*types.MsgLeaveSeatResponse, error) {
	returns, err := k.leaveSeat(ctx, msg)
	return &types.MsgLeaveSeatResponse{ReturnsHeight: returns}, err
}

// TakeSeat implements types.MsgServer.
func (k msgServer) TakeSeat(ctx context.Context, msg *types.MsgTakeSeat) (*types.MsgTakeSeatResponse, error) {
	return &types.MsgTakeSeatResponse{}, k.takeSeat(ctx, msg)
}

// Prepare implements types.MsgServer.
func (k msgServer) Prepare(ctx context.Context, msg *types.MsgPrepare) (*types.MsgPrepareResponse, error) {
	return &types.MsgPrepareResponse{}, k.prepare(ctx, msg)
}

// AccuseSeat implements types.MsgServer.
func (k msgServer) AccuseSeat(ctx context.Context, msg *types.MsgAccuseSeat) (*types.MsgAccuseSeatResponse, error) {
	return &types.MsgAccuseSeatResponse{}, k.accuse(ctx, msg)
}

// OpenSum implements types.MsgServer.
func (k msgServer) OpenSum(ctx context.Context, msg *types.MsgOpenSum) (*types.MsgOpenSumResponse, error) {
	return &types.MsgOpenSumResponse{}, k.openSum(ctx, msg)
}

// DisputeSum implements types.MsgServer.
func (k msgServer) DisputeSum(ctx context.Context, msg *types.MsgDisputeSum) (*types.MsgDisputeSumResponse, error) {
	return &types.MsgDisputeSumResponse{}, k.disputeSum(ctx, msg)
}

// AcceptSums implements types.MsgServer.
func (k msgServer) AcceptSums(ctx context.Context, msg *types.MsgAcceptSums) (*types.MsgAcceptSumsResponse, error) {
	return &types.MsgAcceptSumsResponse{}, k.acceptSums(ctx, msg)
}

// NextRound implements types.MsgServer.
func (k msgServer) NextRound(ctx context.Context, msg *types.MsgNextRound) (*types.MsgNextRoundResponse, error) {
	deadline, err := k.nextRound(ctx, msg)
	return &types.MsgNextRoundResponse{DeadlineHeight: deadline}, err
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
