// Package app composes the modules into the Alita application.
package app

import (
	"encoding/json"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cast"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/version"

	"github.com/alita-network/alita/app/mempool"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

var (
	_ runtime.AppI            = (*App)(nil)
	_ servertypes.Application = (*App)(nil)
)

// App is the Alita application.
type App struct {
	*baseapp.BaseApp
	encoding
	Keepers

	ModuleManager      *module.Manager
	BasicModuleManager module.BasicManager

	keys              map[string]*storetypes.KVStoreKey
	objectKeys        map[string]*storetypes.ObjectStoreKey
	configurator      module.Configurator
	simulationManager *module.SimulationManager
	simulations       simulations
	pool              *mempool.Pool
	checks            sdk.AnteHandler
	inGenesis         bool        // transactions of the genesis are executed, whose chain may begin at any height
	admitted          []admission // of the block that is executed
	begun             int64       // the height of the proposal whose execution was begun last
}

// New returns the application over db. With loadLatest it loads the last
// committed state; else the caller loads a height. It panics if the binary is
// put together wrongly or the state cannot be read: neither can be mended at
// run time.
func New(
	logger log.Logger,
	db dbm.DB,
	loadLatest bool,
	appOpts servertypes.AppOptions,
	baseAppOptions ...func(*baseapp.BaseApp),
) *App {
	enc, err := newEncoding()
	if err != nil {
		panic(err)
	}
	app := &App{
		BaseApp: baseapp.NewBaseApp(Name, logger, db, enc.txConfig.TxDecoder(),
			append(optimisticExecution(appOpts), baseAppOptions...)...),
		encoding:    enc,
		simulations: newSimulations(),
	}
	app.pool = mempool.New(mempool.DefaultLimits(), app.TxDecode, app.laneOf)
	app.SetMempool(app.pool)
	app.keys, app.objectKeys = newStoreKeys()
	app.SetVersion(version.Version)
	app.SetInterfaceRegistry(enc.interfaceRegistry)
	app.SetTxEncoder(enc.txConfig.TxEncoder())
	app.setExecutor(appOpts)
	if err := app.RegisterStreamingServices(appOpts, app.keys); err != nil {
		panic(fmt.Errorf("streaming services: %w", err))
	}

	app.setKeepers(logger, appOpts)
	if err := app.compose(cast.ToString(appOpts.Get(flags.FlagHome))); err != nil {
		panic(err)
	}
	app.MountKVStores(app.keys)
	app.MountObjectStores(app.objectKeys)
	app.SetCheckTxHandler(app.checkTx)
	app.SetPrepareProposal(app.prepareProposal)
	app.SetProcessProposal(app.processProposal)
	app.SetInitChainer(app.InitChainer)
	app.SetPreBlocker(app.PreBlocker)
	app.SetBeginBlocker(app.BeginBlocker)
	app.SetEndBlocker(app.EndBlocker)
	app.SetPrecommiter(func(sdk.Context) { app.pool.Commit() })

	if loadLatest {
		if err := app.LoadLatestVersion(); err != nil {
			panic(fmt.Errorf("load the last version: %w", err))
		}
	}
	return app
}

// compose sets what is built from the keepers.
func (app *App) compose(home string) error {
	if err := app.setModules(); err != nil {
		return err
	}
	if err := app.registerUpgradeHandlers(upgrades(), home); err != nil {
		return err
	}
	app.setAnteHandler()
	return app.setPostHandler()
}

// InitChainer sets the state of the first block from genesis.
func (app *App) InitChainer(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var genesis map[string]json.RawMessage
	if err := json.Unmarshal(req.AppStateBytes, &genesis); err != nil {
		return nil, fmt.Errorf("genesis state: %w", err)
	}
	if genesis[feemarkettypes.ModuleName] == nil {
		return nil, fmt.Errorf("genesis state: expected the module %s, without which no block can be executed, got none", feemarkettypes.ModuleName)
	}
	if err := app.UpgradeKeeper.SetModuleVersionMap(ctx, app.ModuleManager.GetVersionMap()); err != nil {
		return nil, err
	}
	app.inGenesis = true
	defer func() { app.inGenesis = false }()
	res, err := app.ModuleManager.InitGenesis(ctx, app.appCodec, genesis)
	if err != nil {
		return nil, err
	}
	return res, app.checkGenesis(ctx)
}

// PreBlocker runs before the block's transactions and before BeginBlocker.
func (app *App) PreBlocker(ctx sdk.Context, req *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
	app.pool.Execute(req.Height, req.Txs)
	// Before the modules: they change what has to be read as processProposal did.
	if err := app.admit(ctx, req.Txs); err != nil {
		return nil, err
	}
	return app.ModuleManager.PreBlock(ctx)
}

// BeginBlocker runs before the block's transactions.
func (app *App) BeginBlocker(ctx sdk.Context) (sdk.BeginBlock, error) {
	return app.ModuleManager.BeginBlock(ctx)
}

// EndBlocker runs after the block's transactions.
func (app *App) EndBlocker(ctx sdk.Context) (sdk.EndBlock, error) {
	return app.ModuleManager.EndBlock(ctx)
}

// LoadLatestVersion loads the last state. It fails if the node must not start: a restriction of x/bank would silently not
// hold for pools.
func (app *App) LoadLatestVersion() error {
	if err := app.DatapoolKeeper.CheckBank(); err != nil {
		return err
	}
	return app.BaseApp.LoadLatestVersion()
}

// LoadHeight loads the state of the given height.
func (app *App) LoadHeight(height int64) error { return app.LoadVersion(height) }

// LegacyAmino returns the codec of amino JSON, in which hardware wallets sign.
func (app *App) LegacyAmino() *codec.LegacyAmino { return app.legacyAmino }

// AppCodec returns the protobuf codec.
func (app *App) AppCodec() codec.Codec { return app.appCodec }

// InterfaceRegistry returns the registry of the types that an Any can hold.
func (app *App) InterfaceRegistry() codectypes.InterfaceRegistry { return app.interfaceRegistry }

// TxConfig returns how transactions are encoded and signed.
func (app *App) TxConfig() client.TxConfig { return app.txConfig }

// GetKey returns the key of a module's store, nil for an unknown name.
func (app *App) GetKey(name string) *storetypes.KVStoreKey { return app.keys[name] }

// SimulationManager implements runtime.AppI.
func (app *App) SimulationManager() *module.SimulationManager { return app.simulationManager }
