package simulation

import (
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	"github.com/cosmos/cosmos-sdk/types/module"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/tests/simulation/fees"
	metadatasim "github.com/alita-network/alita/tests/simulation/metadata"
	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
)

var _ module.AppModuleSimulation = Module{}

// Module plays random messages of x/compute. It stands beside the module, not in it, so that a
// node links nothing of a simulation.
type Module struct {
	keeper  *keeper.Keeper
	records *metadatakeeper.Keeper
}

// NewModule returns the simulation of the module that the keeper belongs to, with the keeper of the records.
func NewModule(k *keeper.Keeper, records *metadatakeeper.Keeper) Module {
	return Module{keeper: k, records: records}
}

// GenerateGenesisState implements module.AppModuleSimulation.
func (Module) GenerateGenesisState(simState *module.SimulationState) {
	RandomizedGenState(simState)
}

// RegisterStoreDecoder implements module.AppModuleSimulation.
func (m Module) RegisterStoreDecoder(registry simtypes.StoreDecoderRegistry) {
	registry[types.StoreKey] = simtypes.NewStoreDecoderFuncFromCollectionsSchema(m.keeper.Schema)
}

// WeightedOperations implements module.AppModuleSimulation; WeightedOperationsX has them.
func (Module) WeightedOperations(module.SimulationState) []simtypes.WeightedOperation { return nil }

// WeightedOperationsX registers the messages of the  Direct delivery
// has none of its own beside opening and cancelling; the keeper's property tests have.
func (m Module) WeightedOperationsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg = fees.Random(reg)
	reg.Add(weights.Get("msg_store_program", 20), MsgStoreProgramFactory())
	reg.Add(weights.Get("msg_open_job", 80), MsgOpenJobFactory(m.keeper, m.records))
	reg.Add(weights.Get("msg_propose_panel_of_a_program", 15), metadatasim.MsgProposePanelFactory(m.records, programIDs(m.keeper)))
	reg.Add(weights.Get("msg_open_job_over_a_panel", 80), MsgOpenPanelJobFactory(m.keeper, m.records))
	reg.Add(weights.Get("msg_grant_programs", 40), MsgGrantFactory(m.keeper, m.records))
	reg.Add(weights.Get("msg_cancel_job", 20), MsgCancelJobFactory(m.keeper))
	reg.Add(weights.Get("msg_register_seat", 15), MsgRegisterSeatFactory(m.keeper))
	reg.Add(weights.Get("msg_leave_seat", 10), MsgLeaveSeatFactory(m.keeper))
	Turns(m.keeper, m.records, func(name string, weight uint32, factory simsx.SimMsgFactoryX) {
		reg.Add(weights.Get(name, weight), factory)
	})
}
