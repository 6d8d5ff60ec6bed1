package metadata

import (
	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	"github.com/cosmos/cosmos-sdk/types/module"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/x/metadata/simulation"
	"github.com/alita-network/alita/x/metadata/types"
)

var _ module.AppModuleSimulation = AppModule{}

// GenerateGenesisState implements module.AppModuleSimulation.
func (AppModule) GenerateGenesisState(simState *module.SimulationState) {
	simulation.RandomizedGenState(simState)
}

// RegisterStoreDecoder implements module.AppModuleSimulation.
func (am AppModule) RegisterStoreDecoder(sdr simtypes.StoreDecoderRegistry) {
	sdr[types.StoreKey] = simtypes.NewStoreDecoderFuncFromCollectionsSchema(am.keeper.Schema)
}

// WeightedOperations implements module.AppModuleSimulation; WeightedOperationsX takes its place.
func (AppModule) WeightedOperations(module.SimulationState) []simtypes.WeightedOperation { return nil }

// WeightedOperationsX registers the random messages of a simulation.
func (am AppModule) WeightedOperationsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg.Add(weights.Get("msg_register_worker", 60), simulation.MsgRegisterWorkerFactory(am.keeper))
	reg.Add(weights.Get("msg_remove_worker", 5), simulation.MsgRemoveWorkerFactory(am.keeper))
	reg.Add(weights.Get("msg_register_record", 80), simulation.MsgRegisterRecordFactory(am.keeper))
	reg.Add(weights.Get("msg_add_version", 40), simulation.MsgAddVersionFactory(am.keeper))
	reg.Add(weights.Get("msg_admit_version", 60), simulation.MsgAdmitVersionFactory(am.keeper))
	reg.Add(weights.Get("msg_refuse_version", 10), simulation.MsgRefuseVersionFactory(am.keeper))
	reg.Add(weights.Get("msg_retire_record", 5), simulation.MsgRetireRecordFactory(am.keeper))
	reg.Add(weights.Get("msg_grant", 40), simulation.MsgGrantFactory(am.keeper))
	reg.Add(weights.Get("msg_revoke_grant", 15), simulation.MsgRevokeGrantFactory(am.keeper))
	reg.Add(weights.Get("msg_set_privacy_budget", 10), simulation.MsgSetPrivacyBudgetFactory(am.keeper))
}

// ProposalMsgsX registers the random messages of governance proposals.
func (AppModule) ProposalMsgsX(weights simsx.WeightSource, reg simsx.Registry) {
	reg.Add(weights.Get("msg_update_params", 20), simulation.MsgUpdateParamsFactory())
}
