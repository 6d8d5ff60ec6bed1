package app

import (
	"context"
	"fmt"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
)

// namedUpgrade is one software upgrade that governance can schedule by name.
type namedUpgrade struct {
	name string
	// stores lists the stores that appear, vanish or change their name.
	stores storetypes.StoreUpgrades
	// after runs when the modules' own migrations are done; may be nil.
	after func(ctx context.Context, app *App) error
}

// upgrades returns all upgrades that this binary knows, oldest first. The chain
// starts with none: the first release is its genesis.
func upgrades() []namedUpgrade { return nil }

// registerUpgradeHandlers installs the handlers of the known upgrades and, when
// the node stopped for one of them, the loader that changes the stores. An
// application without a home directory has nothing on disk.
func (app *App) registerUpgradeHandlers(known []namedUpgrade, home string) error {
	for _, u := range known {
		app.UpgradeKeeper.SetUpgradeHandler(u.name,
			func(ctx context.Context, _ upgradetypes.Plan, from module.VersionMap) (module.VersionMap, error) {
				versions, err := app.ModuleManager.RunMigrations(ctx, app.configurator, from)
				if err != nil || u.after == nil {
					return versions, err
				}
				return versions, u.after(ctx, app)
			})
	}
	if home == "" {
		return nil
	}
	info, err := app.UpgradeKeeper.ReadUpgradeInfoFromDisk()
	if err != nil {
		return fmt.Errorf("upgrade info: %w", err)
	}
	for _, u := range known {
		if info.Name == u.name && !app.UpgradeKeeper.IsSkipHeight(info.Height) {
			app.SetStoreLoader(upgradetypes.UpgradeStoreLoader(info.Height, &u.stores))
		}
	}
	return nil
}
