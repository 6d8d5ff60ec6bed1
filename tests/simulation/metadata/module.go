package simulation

import (
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	"github.com/cosmos/cosmos-sdk/types/module"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/tests/simulation/fees"
	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

var _ module.AppModuleSimulation = Module{}

// Module plays random messages of x/metadata. It stands beside the module, not in it, so that a
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

// WeightedOperations implements module.AppModuleSimulation; WeightedOperationsX takes its place.
func (Module) WeightedOperations(module.SimulationState) []simtypes.WeightedOperation { return nil }

// WeightedOperationsX registers the random messages of a
func (m Module) WeightedOperationsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg = fees.Random(reg)
	reg.Add(weights.Get("msg_register_worker", 60), MsgRegisterWorkerFactory(m.keeper))
	reg.Add(weights.Get("msg_remove_worker", 5), MsgRemoveWorkerFactory(m.keeper))
	reg.Add(weights.Get("msg_register_record", 80), MsgRegisterRecordFactory(m.keeper))
	reg.Add(weights.Get("msg_add_version", 40), MsgAddVersionFactory(m.keeper))
	reg.Add(weights.Get("msg_admit_version", 60), MsgAdmitVersionFactory(m.keeper))
	reg.Add(weights.Get("msg_refuse_version", 10), MsgRefuseVersionFactory(m.keeper))
	reg.Add(weights.Get("msg_retire_record", 5), MsgRetireRecordFactory(m.keeper))
	reg.Add(weights.Get("msg_grant", 40), MsgGrantFactory(m.keeper))
	reg.Add(weights.Get("msg_revoke_grant", 15), MsgRevokeGrantFactory(m.keeper))
	reg.Add(weights.Get("msg_set_privacy_budget", 10), MsgSetPrivacyBudgetFactory(m.keeper))
	reg.Add(weights.Get("msg_propose_panel", 5), MsgProposePanelFactory(m.keeper, nil))
	reg.Add(weights.Get("msg_sign_panel", 40), MsgSignPanelFactory(m.keeper))
	reg.Add(weights.Get("msg_stage_content", 30), MsgStageContentFactory(m.keeper))
	reg.Add(weights.Get("msg_leave_panel", 1), MsgLeavePanelFactory(m.keeper))
}

// ProposalMsgsX registers the random messages of governance proposals.
func (Module) ProposalMsgsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg.Add(weights.Get("msg_update_params", 20), MsgUpdateParamsFactory())
}
