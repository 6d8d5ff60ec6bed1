package types

import (
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/legacy"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
)

// RegisterLegacyAminoCodec registers the messages that hardware wallets sign as amino JSON.
func RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	legacy.RegisterAminoMsg(cdc, &MsgRegisterWorker{}, "alita/metadata/MsgRegisterWorker")
	legacy.RegisterAminoMsg(cdc, &MsgRemoveWorker{}, "alita/metadata/MsgRemoveWorker")
	legacy.RegisterAminoMsg(cdc, &MsgRegisterRecord{}, "alita/metadata/MsgRegisterRecord")
	legacy.RegisterAminoMsg(cdc, &MsgAddVersion{}, "alita/metadata/MsgAddVersion")
	legacy.RegisterAminoMsg(cdc, &MsgAdmitVersion{}, "alita/metadata/MsgAdmitVersion")
	legacy.RegisterAminoMsg(cdc, &MsgRefuseVersion{}, "alita/metadata/MsgRefuseVersion")
	legacy.RegisterAminoMsg(cdc, &MsgRetireRecord{}, "alita/metadata/MsgRetireRecord")
	legacy.RegisterAminoMsg(cdc, &MsgGrant{}, "alita/metadata/MsgGrant")
	legacy.RegisterAminoMsg(cdc, &MsgRevokeGrant{}, "alita/metadata/MsgRevokeGrant")
	legacy.RegisterAminoMsg(cdc, &MsgSetPrivacyBudget{}, "alita/metadata/MsgSetPrivacyBudget")
	legacy.RegisterAminoMsg(cdc, &MsgProposePanel{}, "alita/metadata/MsgProposePanel")
	legacy.RegisterAminoMsg(cdc, &MsgSignPanel{}, "alita/metadata/MsgSignPanel")
	legacy.RegisterAminoMsg(cdc, &MsgStageContent{}, "alita/metadata/MsgStageContent")
	legacy.RegisterAminoMsg(cdc, &MsgLeavePanel{}, "alita/metadata/MsgLeavePanel")
	legacy.RegisterAminoMsg(cdc, &MsgUpdateParams{}, "alita/x/metadata/MsgUpdateParams")
	cdc.RegisterConcrete(Params{}, "alita/x/metadata/Params", nil)
}

// RegisterInterfaces registers the module's messages.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	registry.RegisterImplementations((*sdk.Msg)(nil),
		&MsgRegisterWorker{}, &MsgRemoveWorker{}, &MsgRegisterRecord{}, &MsgAddVersion{}, &MsgAdmitVersion{},
		&MsgRefuseVersion{}, &MsgRetireRecord{}, &MsgGrant{}, &MsgRevokeGrant{}, &MsgSetPrivacyBudget{},
		&MsgProposePanel{}, &MsgSignPanel{}, &MsgStageContent{}, &MsgLeavePanel{}, &MsgUpdateParams{},
	)
	msgservice.RegisterMsgServiceDesc(registry, &Msg_serviceDesc)
}
