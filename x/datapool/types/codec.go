package types

import (
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/legacy"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
)

// RegisterLegacyAminoCodec registers the messages as amino JSON, the form in
// which hardware wallets sign.
func RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	legacy.RegisterAminoMsg(cdc, &MsgCreatePool{}, "alita/datapool/MsgCreatePool")
	legacy.RegisterAminoMsg(cdc, &MsgAddLiquidity{}, "alita/datapool/MsgAddLiquidity")
	legacy.RegisterAminoMsg(cdc, &MsgRemoveLiquidity{}, "alita/datapool/MsgRemoveLiquidity")
	legacy.RegisterAminoMsg(cdc, &MsgSwapExactIn{}, "alita/datapool/MsgSwapExactIn")
	legacy.RegisterAminoMsg(cdc, &MsgSwapExactOut{}, "alita/datapool/MsgSwapExactOut")
	legacy.RegisterAminoMsg(cdc, &MsgFundRewards{}, "alita/datapool/MsgFundRewards")
	legacy.RegisterAminoMsg(cdc, &MsgClaimMaker{}, "alita/datapool/MsgClaimMaker")
	legacy.RegisterAminoMsg(cdc, &MsgClaimProtocol{}, "alita/datapool/MsgClaimProtocol")
	legacy.RegisterAminoMsg(cdc, &MsgSpendTreasury{}, "alita/datapool/MsgSpendTreasury")
	legacy.RegisterAminoMsg(cdc, &MsgAddLiquiditySingle{}, "alita/datapool/MsgAddLiquiditySingle")
	legacy.RegisterAminoMsg(cdc, &MsgRemoveLiquiditySingle{}, "alita/datapool/MsgRemoveLiquiditySingle")
	legacy.RegisterAminoMsg(cdc, &MsgSwapRouteExactIn{}, "alita/datapool/MsgSwapRouteExactIn")
	legacy.RegisterAminoMsg(cdc, &MsgSwapRouteExactOut{}, "alita/datapool/MsgSwapRouteExactOut")
	legacy.RegisterAminoMsg(cdc, &MsgClaimRewards{}, "alita/datapool/MsgClaimRewards")
	legacy.RegisterAminoMsg(cdc, &MsgExtendLock{}, "alita/datapool/MsgExtendLock")
	legacy.RegisterAminoMsg(cdc, &MsgSweep{}, "alita/datapool/MsgSweep")
	legacy.RegisterAminoMsg(cdc, &MsgUpdatePool{}, "alita/datapool/MsgUpdatePool")
	legacy.RegisterAminoMsg(cdc, &MsgProposeMaker{}, "alita/datapool/MsgProposeMaker")
	legacy.RegisterAminoMsg(cdc, &MsgAcceptMaker{}, "alita/datapool/MsgAcceptMaker")
	legacy.RegisterAminoMsg(cdc, &MsgPausePool{}, "alita/x/datapool/MsgPausePool")
	legacy.RegisterAminoMsg(cdc, &MsgUpdateParams{}, "alita/x/datapool/MsgUpdateParams")
	cdc.RegisterConcrete(Params{}, "alita/x/datapool/Params", nil)
}

// RegisterInterfaces registers the messages of the module.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	registry.RegisterImplementations((*sdk.Msg)(nil),
		&MsgCreatePool{},
		&MsgAddLiquidity{},
		&MsgRemoveLiquidity{},
		&MsgSwapExactIn{},
		&MsgSwapExactOut{},
		&MsgFundRewards{},
		&MsgClaimMaker{},
		&MsgClaimProtocol{}, &MsgSpendTreasury{},
		&MsgAddLiquiditySingle{},
		&MsgRemoveLiquiditySingle{},
		&MsgSwapRouteExactIn{},
		&MsgSwapRouteExactOut{},
		&MsgClaimRewards{},
		&MsgExtendLock{},
		&MsgSweep{},
		&MsgUpdatePool{},
		&MsgProposeMaker{},
		&MsgAcceptMaker{},
		&MsgPausePool{},
		&MsgUpdateParams{},
	)
	msgservice.RegisterMsgServiceDesc(registry, &Msg_serviceDesc)
}
