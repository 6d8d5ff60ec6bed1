package feemarket_test

import (
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/x/feemarket"
	"github.com/alita-network/alita/x/feemarket/keeper"
	"github.com/alita-network/alita/x/feemarket/types"
)

// What a hardware wallet signs is the same by the old amino codec, which clients still use, and by the chain's verifier.
func TestAminoJSON(t *testing.T) {
	encoding := moduletestutil.MakeTestEncodingConfig(feemarket.AppModule{})
	cdc := codec.NewProtoCodec(encoding.InterfaceRegistry)
	for _, msg := range []sdk.Msg{&types.MsgUpdateParams{Authority: app.Authority(), Params: types.DefaultParams()}, &types.MsgUpdateParams{}} {
		legacy, err := encoding.Amino.MarshalJSON(msg)
		require.NoError(t, err)
		signed, err := cdc.MarshalAminoJSON(msg)
		require.NoError(t, err)
		require.JSONEq(t, string(legacy), string(signed))
	}
}

// Every method has a command, and every positional argument is a field of its request.
func TestCommandsCoverTheServices(t *testing.T) {
	files, err := gogoproto.MergedRegistry()
	require.NoError(t, err)
	options := feemarket.AppModule{}.AutoCLIOptions()
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		desc, err := files.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		methods := desc.(protoreflect.ServiceDescriptor).Methods()
		require.Len(t, service.RpcCommandOptions, methods.Len())
		for _, rpc := range service.RpcCommandOptions {
			method := methods.ByName(protoreflect.Name(rpc.RpcMethod))
			require.NotNil(t, method, rpc.RpcMethod)
			require.NotEmpty(t, rpc.Short)
			for _, arg := range rpc.PositionalArgs {
				require.NotNil(t, method.Input().Fields().ByName(protoreflect.Name(arg.ProtoField)), "%s %s", rpc.RpcMethod, arg.ProtoField)
			}
		}
	}
}

func TestGenesisOfTheModule(t *testing.T) {
	encoding := moduletestutil.MakeTestEncodingConfig(feemarket.AppModule{})
	cdc := codec.NewProtoCodec(encoding.InterfaceRegistry)
	chain := apptest.New(t, apptest.WithFees())
	module := feemarket.NewAppModule(chain.App.FeemarketKeeper)
	require.NoError(t, module.ValidateGenesis(cdc, encoding.TxConfig, module.DefaultGenesis(cdc)))
	require.ErrorIs(t, module.ValidateGenesis(cdc, encoding.TxConfig, []byte(`{"params":{}}`)), types.ErrInvalidParams)
	require.JSONEq(t, string(module.DefaultGenesis(cdc)), string(module.ExportGenesis(chain.Ctx(), cdc)))
	require.Panics(t, func() { module.InitGenesis(chain.Ctx(), cdc, []byte(`{"params":{}}`)) })
}

// TestUpdateParams: governance alone, and whole or not at all; the price follows in the next block.
func TestUpdateParams(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees())
	server := keeper.NewMsgServer(chain.App.FeemarketKeeper)
	ctx := chain.Ctx()
	params := types.DefaultParams()
	params.MinGasPrice = 5_000_000
	_, err := server.UpdateParams(ctx, &types.MsgUpdateParams{Authority: apptest.NamedAccount("alice").String(), Params: params})
	require.ErrorIs(t, err, sdkerrors.ErrUnauthorized)
	_, err = server.UpdateParams(ctx, &types.MsgUpdateParams{Authority: app.Authority()})
	require.ErrorIs(t, err, types.ErrInvalidParams)
	_, err = server.UpdateParams(ctx, &types.MsgUpdateParams{Authority: app.Authority(), Params: params})
	require.NoError(t, err)
	require.NoError(t, chain.App.FeemarketKeeper.Count(ctx, 0, 40_000_000))
	price, err := keeper.NewQueryServer(chain.App.FeemarketKeeper).GasPrice(ctx, &types.QueryGasPriceRequest{})
	require.NoError(t, err)
	require.Equal(t, types.GasPrice{
		Height: 1, Now: 2_500_000, Next: 5_000_000, ContributionsNow: 2_500_000, ContributionsNext: 5_625_000,
	}, price.GasPrice)
	got, err := keeper.NewQueryServer(chain.App.FeemarketKeeper).Params(ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, params, got.Params)
}

// TestExportAfterARaise: a least price that was raised since the last block is in what is exported.
func TestExportAfterARaise(t *testing.T) {
	chain := apptest.New(t, apptest.WithFees())
	ctx, k := chain.Ctx(), chain.App.FeemarketKeeper
	params := types.DefaultParams()
	params.MinGasPrice = 5_000_000
	_, err := keeper.NewMsgServer(k).UpdateParams(ctx, &types.MsgUpdateParams{Authority: app.Authority(), Params: params})
	require.NoError(t, err)
	exported, err := k.ExportGenesis(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 5_000_000, exported.GasPrice)
	require.NoError(t, k.InitGenesis(ctx, *exported))
}
