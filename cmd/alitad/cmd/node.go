package cmd

import (
	"os"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/rs/zerolog"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	"github.com/alita-network/alita/app"
)

// newApp returns the application of a running node.
func newApp(logger log.Logger, db dbm.DB, appOpts servertypes.AppOptions) servertypes.Application {
	if err := app.TuneCollector(); err != nil {
		logger.Warn("memory limit not set, GOMEMLIMIT sets one", "error", err)
	}
	return app.New(logger, db, true, appOpts, server.DefaultBaseappOptions(appOpts)...)
}

// exportApp returns the state at a height, -1 for the last one, as genesis. The
// node's logger writes to standard output, where the genesis goes, so it is
// replaced by one that writes warnings to standard error.
func exportApp(
	_ log.Logger,
	db dbm.DB,
	height int64,
	forZeroHeight bool,
	jailAllowed []string,
	appOpts servertypes.AppOptions,
	modules []string,
) (servertypes.ExportedApp, error) {
	logger := log.NewLogger(os.Stderr, log.LevelOption(zerolog.WarnLevel))
	a := app.New(logger, db, height == -1, appOpts)
	if height != -1 {
		if err := a.LoadHeight(height); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
	return a.ExportAppStateAndValidators(forZeroHeight, jailAllowed, modules)
}
