package app

import (
	"fmt"

	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"

	"github.com/alita-network/alita/docs/openapi"
	"github.com/alita-network/alita/internal/headers"
)

// RegisterAPIRoutes registers the REST routes and, when it is enabled, the
// browsable OpenAPI document at /swagger/.
func (app *App) RegisterAPIRoutes(server *api.Server, cfg config.APIConfig) {
	registerEnums()
	ctx, mux := server.ClientCtx, server.GRPCGatewayRouter
	authtx.RegisterGRPCGatewayRoutes(ctx, mux)
	cmtservice.RegisterGRPCGatewayRoutes(ctx, mux)
	nodeservice.RegisterGRPCGatewayRoutes(ctx, mux)
	app.BasicModuleManager.RegisterGRPCGatewayRoutes(ctx, mux)
	if cfg.Swagger {
		handler, err := openapi.Handler()
		if err != nil {
			panic(fmt.Errorf("OpenAPI document: %w", err))
		}
		server.Router.PathPrefix(openapi.Path).Handler(handler)
	}
}

// RegisterTxService implements servertypes.Application.
func (app *App) RegisterTxService(ctx client.Context) {
	txtypes.RegisterServiceServer(app.GRPCQueryRouter(), txService{
		ServiceServer: authtx.NewTxServer(ctx, app.BaseApp.Simulate, app.interfaceRegistry), simulations: app.simulations,
	})
}

// RegisterTendermintService implements servertypes.Application.
func (app *App) RegisterTendermintService(ctx client.Context) {
	comet := server.NewCometABCIWrapper(app)
	cmtservice.RegisterTendermintService(ctx, app.GRPCQueryRouter(), app.interfaceRegistry, comet.Query)
	headers.Register(app.GRPCQueryRouter(), ctx)
}

// RegisterNodeService implements servertypes.Application.
func (app *App) RegisterNodeService(ctx client.Context, cfg config.Config) {
	service := nodeservice.NewQueryServer(ctx, cfg, func() int64 { return app.CommitMultiStore().EarliestVersion() })
	nodeservice.RegisterServiceServer(app.GRPCQueryRouter(), nodeService{service, app})
}

// AutoCLIOptions returns what the generated command line needs to know.
func (app *App) AutoCLIOptions() autocli.AppOptions {
	modules := make(map[string]appmodule.AppModule)
	for name, m := range app.ModuleManager.Modules {
		if am, ok := m.(appmodule.AppModule); ok {
			modules[name] = am
		}
	}
	return autocli.AppOptions{
		Modules:               modules,
		ModuleOptions:         runtimeservices.ExtractAutoCLIOptions(app.ModuleManager.Modules),
		AddressCodec:          accountCodec,
		ValidatorAddressCodec: validatorCodec,
		ConsensusAddressCodec: consensusCodec,
	}
}
