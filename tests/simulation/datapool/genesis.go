// Package simulation makes random states and messages of the datapool module.
package simulation

import (
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/alita-network/alita/x/datapool/types"
)

// RandomizedGenState sets random parameters: small pools, and short histories that
// wrap within a simulation.
func RandomizedGenState(simState *module.SimulationState) {
	r := simState.Rand
	gs := types.DefaultGenesis()
	gs.Params = types.Params{
		CreationFee:          sdk.NewInt64Coin(types.BaseDenom, r.Int63n(1000)),
		MinLiquidityAlita:    math.NewInt(1 + r.Int63n(10_000)),
		MaxSwapFeePpm:        uint32(r.Intn(types.MaxSwapFeePPM + 1)),
		ProtocolPpm:          uint32(r.Intn(types.MaxProtocolPPM + 1)),
		TwapWindow:           uint64(types.MinTwapWindow + r.Intn(60)),
		MaxPriceObservations: uint32(types.MinObservations + r.Intn(64)),
		OutletPpm:            uint32(types.MinOutletPPM + r.Intn(types.MaxOutletPPM-types.MinOutletPPM+1)),
		RaiseDelay:           uint64(types.MinRaiseDelay + r.Intn(types.MaxRaiseDelay-types.MinRaiseDelay+1)),
		// Above what the messages ask for: a pool starts with at most half of it, and raises slowly.
		MaxMatchPpm: uint32(types.MaxMatchPPM - r.Intn(types.MaxMatchPPM/4)),
	}
	simState.GenState[types.ModuleName] = simState.Cdc.MustMarshalJSON(gs)
}
