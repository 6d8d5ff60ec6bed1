// Package clock is the module of the chain's active time, which stands while the chain does. README.md is its
// specification.
package clock

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
	"github.com/alita-network/alita/x/clock/keeper"
	"github.com/alita-network/alita/x/clock/types"
)

// ConsensusVersion is raised by every change of the module that breaks its state.
const ConsensusVersion = 1

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasConsensusVersion = AppModule{}

	_ appmodule.AppModule       = AppModule{}
	_ appmodule.HasServices     = AppModule{}
	_ appmodule.HasBeginBlocker = AppModule{}
)

type base = modulekit.Base[types.GenesisState, *types.GenesisState, definition]

// AppModule is the clock module as the application sees it.
type AppModule struct {
	base
	keeper *keeper.Keeper
}

// NewAppModule returns the clock module.
func NewAppModule(k *keeper.Keeper) AppModule {
	return AppModule{base: modulekit.NewBase[types.GenesisState, *types.GenesisState, definition](k), keeper: k}
}

// RegisterServices implements appmodule.HasServices.
func (am AppModule) RegisterServices(registrar grpc.ServiceRegistrar) error {
	types.RegisterQueryServer(registrar, keeper.NewQueryServer(am.keeper))
	return nil
}

// BeginBlock implements appmodule.HasBeginBlocker.
func (am AppModule) BeginBlock(ctx context.Context) error { return am.keeper.BeginBlock(ctx) }

// definition is the module without its state.
type definition struct{}

func (definition) Name() string { return types.ModuleName }

func (definition) ConsensusVersion() uint64 { return ConsensusVersion }

// RegisterLegacyAminoCodec registers nothing: the module has no messages.
func (definition) RegisterLegacyAminoCodec(*codec.LegacyAmino) {}

// RegisterInterfaces registers nothing: the module has no messages.
func (definition) RegisterInterfaces(codectypes.InterfaceRegistry) {}

func (definition) RegisterGateway(ctx context.Context, mux *gwruntime.ServeMux, conn client.Context) error {
	return types.RegisterQueryHandlerClient(ctx, mux, types.NewQueryClient(conn))
}

func (definition) DefaultGenesis() *types.GenesisState { return types.DefaultGenesis() }

func (definition) ValidateGenesis(gs types.GenesisState, _ address.Codec) error { return gs.Validate() }
