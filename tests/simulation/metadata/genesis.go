// Package simulation holds the module's random genesis state and random messages.
package simulation

import (
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/alita-network/alita/x/metadata/types"
)

// RandomizedGenState sets a genesis state with random parameters, small enough for the limits to be met.
func RandomizedGenState(simState *module.SimulationState) {
	gs := types.DefaultGenesis()
	gs.Params.MaxVersions = uint32(simState.Rand.Intn(8) + 2)
	gs.Params.MaxWorkers = uint32(simState.Rand.Intn(4) + 1)
	gs.Params.MaxGrants = uint32(simState.Rand.Intn(6) + 1)
	simState.GenState[types.ModuleName] = simState.Cdc.MustMarshalJSON(gs)
}
