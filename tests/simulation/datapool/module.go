package simulation

import (
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	"github.com/cosmos/cosmos-sdk/types/module"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/tests/simulation/fees"
	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/types"
)

var _ module.AppModuleSimulation = Module{}

// Module plays random messages of x/datapool. It stands beside the module, not in it, so that a
// node links nothing of a simulation.
type Module struct{ keeper *keeper.Keeper }

// NewModule returns the simulation of the module that the keeper belongs to.
func NewModule(k *keeper.Keeper) Module { return Module{keeper: k} }

// GenerateGenesisState implements module.AppModuleSimulation.
func (Module) GenerateGenesisState(simState *module.SimulationState) {
	RandomizedGenState(simState)
}

// RegisterStoreDecoder implements module.AppModuleSimulation.
func (m Module) RegisterStoreDecoder(sdr simtypes.StoreDecoderRegistry) {
	sdr[types.StoreKey] = simtypes.NewStoreDecoderFuncFromCollectionsSchema(m.keeper.Schema)
}

// WeightedOperations implements module.AppModuleSimulation; WeightedOperationsX
// stands for it.
func (Module) WeightedOperations(module.SimulationState) []simtypes.WeightedOperation { return nil }

// WeightedOperationsX registers the messages of the
func (m Module) WeightedOperationsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg = fees.Random(reg)
	reg.Add(weights.Get("msg_create_pool", 20), MsgCreatePoolFactory(m.keeper))
	reg.Add(weights.Get("msg_swap_exact_in", 100), MsgSwapExactInFactory(m.keeper))
	reg.Add(weights.Get("msg_swap_exact_out", 60), MsgSwapExactOutFactory(m.keeper))
	reg.Add(weights.Get("msg_add_liquidity", 40), MsgAddLiquidityFactory(m.keeper))
	reg.Add(weights.Get("msg_remove_liquidity", 30), MsgRemoveLiquidityFactory(m.keeper))
	reg.Add(weights.Get("msg_add_liquidity_single", 40), MsgAddLiquiditySingleFactory(m.keeper))
	reg.Add(weights.Get("msg_remove_liquidity_single", 30), MsgRemoveLiquiditySingleFactory(m.keeper))
	reg.Add(weights.Get("msg_swap_route_exact_in", 40), MsgSwapRouteExactInFactory(m.keeper))
	reg.Add(weights.Get("msg_swap_route_exact_out", 30), MsgSwapRouteExactOutFactory(m.keeper))
	reg.Add(weights.Get("msg_fund_rewards", 20), MsgFundRewardsFactory(m.keeper))
	reg.Add(weights.Get("msg_claim_maker", 20), MsgClaimMakerFactory(m.keeper))
	reg.Add(weights.Get("msg_claim_protocol", 10), MsgClaimProtocolFactory(m.keeper))
	reg.Add(weights.Get("msg_update_pool", 10), MsgUpdatePoolFactory(m.keeper))
	reg.Add(weights.Get("msg_propose_maker", 10), MsgProposeMakerFactory(m.keeper))
	reg.Add(weights.Get("msg_accept_maker", 20), MsgAcceptMakerFactory(m.keeper))
	reg.Add(weights.Get("msg_sweep", 10), MsgSweepFactory(m.keeper))
	reg.Add(weights.Get("msg_claim_rewards", 10), MsgClaimRewardsFactory(m.keeper))
}

// ProposalMsgsX registers what governance proposes in the
func (m Module) ProposalMsgsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg.Add(weights.Get("msg_update_params", 100), MsgUpdateParamsFactory())
	reg.Add(weights.Get("msg_pause_pool", 20), MsgPausePoolFactory(m.keeper))
}
