// Package feemarket is the module that sets the price of gas, which every transaction must pay, by how full blocks are.
package feemarket

import (
	"context"

	gwruntime "github.com/grpc-ecosystem/grpc-gateway/runtime"
	"google.golang.org/grpc"

	"cosmossdk.io/core/address"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/feemarket/keeper"
	"github.com/alita-network/alita/x/feemarket/types"
)

// ConsensusVersion is raised by every change of the module that breaks its state.
const ConsensusVersion = 1

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasConsensusVersion = AppModule{}

	_ appmodule.AppModule   = AppModule{}
	_ appmodule.HasServices = AppModule{}
)

type base = modulekit.Base[types.GenesisState, *types.GenesisState, definition]

// AppModule is the feemarket module as the application sees it.
type AppModule struct {
	base
	keeper *keeper.Keeper
}

// NewAppModule returns the feemarket module.
func NewAppModule(k *keeper.Keeper) AppModule {
	return AppModule{base: modulekit.NewBase[types.GenesisState, *types.GenesisState, definition](k), keeper: k}
}

// RegisterServices implements appmodule.HasServices.
func (am AppModule) RegisterServices(registrar grpc.ServiceRegistrar) error {
	types.RegisterMsgServer(registrar, keeper.NewMsgServer(am.keeper))
	types.RegisterQueryServer(registrar, keeper.NewQueryServer(am.keeper))
	return nil
}

// definition is the module without its state.
type definition struct{}

func (definition) Name() string { return types.ModuleName }

func (definition) ConsensusVersion() uint64 { return ConsensusVersion }

func (definition) RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	types.RegisterLegacyAminoCodec(cdc)
}

func (definition) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	types.RegisterInterfaces(registry)
}

func (definition) RegisterGateway(ctx context.Context, mux *gwruntime.ServeMux, conn client.Context) error {
	return types.RegisterQueryHandlerClient(ctx, mux, types.NewQueryClient(conn))
}

func (definition) DefaultGenesis() *types.GenesisState { return types.DefaultGenesis() }

func (definition) ValidateGenesis(gs types.GenesisState, _ address.Codec) error {
	return gs.Validate()
}
