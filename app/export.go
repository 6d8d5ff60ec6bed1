package app

import (
	"encoding/json"
	"errors"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
)

// errZeroHeight refuses an export that would start counting from the first
// block again.
var errZeroHeight = errors.New("export for zero height is not supported: " +
	"the deadlines of open jobs and locks are heights; export without --for-zero-height, which continues at the next height")

// ExportAppStateAndValidators returns the state as a genesis from which a
// network continues at the next height. An empty modules means every module.
func (app *App) ExportAppStateAndValidators(forZeroHeight bool, _, modules []string) (servertypes.ExportedApp, error) {
	if forZeroHeight {
		return servertypes.ExportedApp{}, errZeroHeight
	}
	ctx := app.NewContext(true)
	genesis, err := app.ModuleManager.ExportGenesisForModules(ctx, app.appCodec, modules)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	state, err := json.MarshalIndent(genesis, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	validators, err := staking.WriteValidators(ctx, app.StakingKeeper)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	return servertypes.ExportedApp{
		AppState:   state,
		Validators: validators,
		// CometBFT calls InitChain at the height after the last one.
		Height:          app.LastBlockHeight() + 1,
		ConsensusParams: app.GetConsensusParams(ctx),
	}, nil
}
