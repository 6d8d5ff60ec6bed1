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
	legacy.RegisterAminoMsg(cdc, &MsgStoreProgram{}, "alita/compute/MsgStoreProgram")
	legacy.RegisterAminoMsg(cdc, &MsgOpenJob{}, "alita/compute/MsgOpenJob")
	legacy.RegisterAminoMsg(cdc, &MsgCancelJob{}, "alita/compute/MsgCancelJob")
	legacy.RegisterAminoMsg(cdc, &MsgContribute{}, "alita/compute/MsgContribute")
	legacy.RegisterAminoMsg(cdc, &MsgDeliver{}, "alita/compute/MsgDeliver")
	legacy.RegisterAminoMsg(cdc, &MsgUpdateParams{}, "alita/x/compute/MsgUpdateParams")
	cdc.RegisterConcrete(Params{}, "alita/x/compute/Params", nil)
}

// RegisterInterfaces registers the module's messages.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	registry.RegisterImplementations((*sdk.Msg)(nil),
		&MsgStoreProgram{}, &MsgOpenJob{}, &MsgCancelJob{}, &MsgContribute{}, &MsgDeliver{}, &MsgUpdateParams{})
	msgservice.RegisterMsgServiceDesc(registry, &Msg_serviceDesc)
}
