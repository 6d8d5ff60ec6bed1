// Package simulation makes random states and messages of the compute module.
package simulation

import (
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/alita-network/alita/x/compute/types"
)

// RandomizedGenState sets random parameters: small windows and bounds, so that
// jobs end within a short simulation and queues fill up.
func RandomizedGenState(simState *module.SimulationState) {
	r := simState.Rand
	gs := types.DefaultGenesis()
	gs.Params.MaxPhaseBlocks = uint32(2 + r.Intn(20))
	gs.Params.MaxJobsPerBlock = uint32(1 + r.Intn(4))
	gs.Params.MaxPaymentsPerBlock = uint32(1 + r.Intn(4))
	gs.Params.StakersFeePpm = uint32(r.Intn(types.PPM / 2))
	simState.GenState[types.ModuleName] = simState.Cdc.MustMarshalJSON(gs)
}
