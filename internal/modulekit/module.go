// Package modulekit has what the modules of x/ do alike: the base of a module, the answer of a message's handler, and
// pages of a query.
package modulekit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/cosmos/gogoproto/proto"
	gwruntime "github.com/grpc-ecosystem/grpc-gateway/runtime"

	"cosmossdk.io/core/address"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Definition is a module without its state. The base calls it on its zero value.
type Definition[G any] interface {
	// Name is the name of the module.
	Name() string
	// ConsensusVersion is raised by every change of the module that breaks its state.
	ConsensusVersion() uint64
	// RegisterLegacyAminoCodec registers the messages that hardware wallets sign as amino JSON.
	RegisterLegacyAminoCodec(cdc *codec.LegacyAmino)
	// RegisterInterfaces registers the module's messages.
	RegisterInterfaces(registry codectypes.InterfaceRegistry)
	// RegisterGateway registers the REST routes of the module's queries.
	RegisterGateway(ctx context.Context, mux *gwruntime.ServeMux, conn client.Context) error
	// DefaultGenesis is the state of a new network.
	DefaultGenesis() *G
	// ValidateGenesis checks all of a genesis state that needs no other module's state.
	ValidateGenesis(gs G, accounts address.Codec) error
}

// StateKeeper loads and exports the state of a module.
type StateKeeper[G any] interface {
	InitGenesis(ctx context.Context, gs G) error
	ExportGenesis(ctx context.Context) (*G, error)
}

// Base is the part of an AppModule that is the same in every module: registration and genesis as JSON. G is the genesis
// state, P the pointer to it, and D the definition of the module. The zero value can do all that needs no state.
type Base[G any, P interface {
	*G
	proto.Message
}, D Definition[G]] struct {
	keeper StateKeeper[G]
}

// NewBase returns the base of a module with a state.
func NewBase[G any, P interface {
	*G
	proto.Message
}, D Definition[G]](keeper StateKeeper[G]) Base[G, P, D] {
	return Base[G, P, D]{keeper: keeper}
}

func (Base[G, P, D]) definition() (d D) { return d }

// IsOnePerModuleType implements depinject.OnePerModuleType.
func (Base[G, P, D]) IsOnePerModuleType() {}

// IsAppModule implements appmodule.AppModule.
func (Base[G, P, D]) IsAppModule() {}

// Name implements module.AppModuleBasic.
func (b Base[G, P, D]) Name() string { return b.definition().Name() }

// ConsensusVersion implements module.HasConsensusVersion.
func (b Base[G, P, D]) ConsensusVersion() uint64 { return b.definition().ConsensusVersion() }

// RegisterLegacyAminoCodec implements module.AppModuleBasic.
func (b Base[G, P, D]) RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	b.definition().RegisterLegacyAminoCodec(cdc)
}

// RegisterInterfaces implements module.AppModuleBasic.
func (b Base[G, P, D]) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	b.definition().RegisterInterfaces(registry)
}

// RegisterGRPCGatewayRoutes implements module.AppModuleBasic.
func (b Base[G, P, D]) RegisterGRPCGatewayRoutes(conn client.Context, mux *gwruntime.ServeMux) {
	if err := b.definition().RegisterGateway(context.Background(), mux, conn); err != nil {
		panic(fmt.Errorf("%s: REST routes: %w", b.Name(), err))
	}
}

// DefaultGenesis implements module.HasGenesisBasics.
func (b Base[G, P, D]) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	return cdc.MustMarshalJSON(P(b.definition().DefaultGenesis()))
}

// ValidateGenesis implements module.HasGenesisBasics.
func (b Base[G, P, D]) ValidateGenesis(cdc codec.JSONCodec, _ client.TxEncodingConfig, raw json.RawMessage) error {
	accounts, err := accountCodec(cdc)
	if err != nil {
		return err
	}
	var gs G
	if err := cdc.UnmarshalJSON(raw, P(&gs)); err != nil {
		return fmt.Errorf("genesis of %s: %w", b.Name(), err)
	}
	return b.definition().ValidateGenesis(gs, accounts)
}

// InitGenesis implements module.HasGenesis.
func (b Base[G, P, D]) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, raw json.RawMessage) {
	var gs G
	cdc.MustUnmarshalJSON(raw, P(&gs))
	if err := b.keeper.InitGenesis(ctx, gs); err != nil {
		panic(fmt.Errorf("genesis of %s: %w", b.Name(), err))
	}
}

// ExportGenesis implements module.HasGenesis.
func (b Base[G, P, D]) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	gs, err := b.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(fmt.Errorf("export of %s: %w", b.Name(), err))
	}
	return cdc.MustMarshalJSON(P(gs))
}

// accountCodec returns how a codec writes addresses of accounts.
func accountCodec(cdc codec.JSONCodec) (address.Codec, error) {
	full, ok := cdc.(codec.Codec)
	if !ok {
		return nil, fmt.Errorf("codec of a genesis: expected one that knows addresses, got %T", cdc)
	}
	return full.InterfaceRegistry().SigningContext().AddressCodec(), nil
}
