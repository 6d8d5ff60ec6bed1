// Package simulation makes random states and messages of the compute module.
package simulation

import (
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// RandomizedGenState sets random parameters: small windows and bounds, so that
// jobs end within a short simulation and queues fill up.
func RandomizedGenState(simState *module.SimulationState) {
	r := simState.Rand
	gs := types.DefaultGenesis()
	gs.Params.MaxPhaseBlocks = uint32(6 + r.Intn(20))
	gs.Params.MaxJobsPerBlock = uint32(1 + r.Intn(4))
	gs.Params.MaxPaymentsPerBlock = uint32(1 + r.Intn(4))
	gs.Params.StakersFeePpm = uint32(r.Intn(terms.PPM / 2))
	gs.Params.MinSeatBond = math.NewInt(1 + r.Int63n(1_000))
	gs.Params.StallSlashPpm = uint32(r.Intn(terms.PPM + 1))
	gs.Params.SeatUnbondBlocks = uint32(1 + r.Intn(10))
	gs.Params.MaxAttempts = uint32(1 + r.Intn(4))
	gs.Params.MaxRounds = uint32(1 + r.Intn(4))
	gs.Params.MinWindowBlocks = uint32(2 + r.Intn(5))
	gs.Params.DrawFee = math.NewInt(r.Int63n(2_000_000))
	simState.GenState[types.ModuleName] = simState.Cdc.MustMarshalJSON(gs)
}
