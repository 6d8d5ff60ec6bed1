package keeper

import (
	"context"

	"github.com/alita-network/alita/x/metadata/types"
)

type msgServer struct{ k *Keeper }

// NewMsgServer returns the Msg service of the module.
func NewMsgServer(k *Keeper) types.MsgServer { return msgServer{k} }

var _ types.MsgServer = msgServer{}

// RegisterWorker implements types.MsgServer.
func (m msgServer) RegisterWorker(ctx context.Context, msg *types.MsgRegisterWorker) (*types.MsgRegisterWorkerResponse, error) {
	if err := m.k.RegisterWorker(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgRegisterWorkerResponse{}, nil
}

// RemoveWorker implements types.MsgServer.
func (m msgServer) RemoveWorker(ctx context.Context, msg *types.MsgRemoveWorker) (*types.MsgRemoveWorkerResponse, error) {
	if err := m.k.RemoveWorker(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgRemoveWorkerResponse{}, nil
}

// RegisterRecord implements types.MsgServer.
func (m msgServer) RegisterRecord(ctx context.Context, msg *types.MsgRegisterRecord) (*types.MsgRegisterRecordResponse, error) {
	record, version, err := m.k.RegisterRecord(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgRegisterRecordResponse{RecordId: record.Id, Status: version.Status}, nil
}

// AddVersion implements types.MsgServer.
func (m msgServer) AddVersion(ctx context.Context, msg *types.MsgAddVersion) (*types.MsgAddVersionResponse, error) {
	_, version, err := m.k.AddVersion(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgAddVersionResponse{Number: version.Number, Status: version.Status}, nil
}

// AdmitVersion implements types.MsgServer.
func (m msgServer) AdmitVersion(ctx context.Context, msg *types.MsgAdmitVersion) (*types.MsgAdmitVersionResponse, error) {
	reward, err := m.k.AdmitVersion(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgAdmitVersionResponse{RewardAlita: reward.Alita, RewardData: reward.Data}, nil
}

// RefuseVersion implements types.MsgServer.
func (m msgServer) RefuseVersion(ctx context.Context, msg *types.MsgRefuseVersion) (*types.MsgRefuseVersionResponse, error) {
	if err := m.k.RefuseVersion(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgRefuseVersionResponse{}, nil
}

// RetireRecord implements types.MsgServer.
func (m msgServer) RetireRecord(ctx context.Context, msg *types.MsgRetireRecord) (*types.MsgRetireRecordResponse, error) {
	if err := m.k.RetireRecord(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgRetireRecordResponse{}, nil
}

// Grant implements types.MsgServer.
func (m msgServer) Grant(ctx context.Context, msg *types.MsgGrant) (*types.MsgGrantResponse, error) {
	id, err := m.k.Grant(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgGrantResponse{GrantId: id}, nil
}

// RevokeGrant implements types.MsgServer.
func (m msgServer) RevokeGrant(ctx context.Context, msg *types.MsgRevokeGrant) (*types.MsgRevokeGrantResponse, error) {
	if err := m.k.RevokeGrant(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgRevokeGrantResponse{}, nil
}

// SetPrivacyBudget implements types.MsgServer.
func (m msgServer) SetPrivacyBudget(ctx context.Context, msg *types.MsgSetPrivacyBudget) (*types.MsgSetPrivacyBudgetResponse, error) {
	spent, err := m.k.SetPrivacyBudget(ctx, msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgSetPrivacyBudgetResponse{Spent: spent}, nil
}

// UpdateParams implements types.MsgServer.
func (m msgServer) UpdateParams(ctx context.Context, msg *types.MsgUpdateParams) (*types.MsgUpdateParamsResponse, error) {
	if err := m.k.UpdateParams(ctx, msg); err != nil {
		return nil, err
	}
	return &types.MsgUpdateParamsResponse{}, nil
}
