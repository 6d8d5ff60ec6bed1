package app

import (
	"maps"
	goruntime "runtime"
	"slices"

	"github.com/spf13/cast"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/baseapp/blockexec"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// FlagOptimisticExecution is the app.toml key which turns on optimistic
// execution: a proposed block is executed while it is being voted on.
const FlagOptimisticExecution = "alita.optimistic-execution"

// setExecutor installs the executor that the node's app.toml asks for, the
// sequential one by default. Both compute the same state.
func (app *App) setExecutor(appOpts servertypes.AppOptions) {
	// Block-STM must know every mounted store: what it does not track is
	// written in the order of execution and not of the block.
	decode := app.txConfig.TxDecoder()
	blockexec.Apply(app.BaseApp, appOpts, app.GetStoreKeys(), decode,
		func(storetypes.MultiStore) string { return BaseDenom },
		blockexec.WithRunnerWrap(func(inner sdk.TxRunner) sdk.TxRunner { return newRunner(inner, decode, goruntime.GOMAXPROCS(0)) }))
}

// optimisticExecution returns the option that turns on optimistic execution,
// unless it is turned off by name.
func optimisticExecution(appOpts servertypes.AppOptions) []func(*baseapp.BaseApp) {
	if v := appOpts.Get(FlagOptimisticExecution); v != nil && !cast.ToBool(v) {
		return nil
	}
	return []func(*baseapp.BaseApp){baseapp.SetOptimisticExecution()}
}

// GetStoreKeys returns the keys of every mounted store, by name.
func (app *App) GetStoreKeys() []storetypes.StoreKey {
	keys := make([]storetypes.StoreKey, 0, len(app.keys)+len(app.objectKeys))
	for _, name := range slices.Sorted(maps.Keys(app.keys)) {
		keys = append(keys, app.keys[name])
	}
	for _, name := range slices.Sorted(maps.Keys(app.objectKeys)) {
		keys = append(keys, app.objectKeys[name])
	}
	slices.SortFunc(keys, func(a, b storetypes.StoreKey) int {
		if a.Name() < b.Name() {
			return -1
		}
		return 1
	})
	return keys
}
