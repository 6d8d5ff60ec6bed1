package metadata

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/alita-network/alita/x/metadata/types"
)

// AutoCLIOptions implements autocli.HasAutoCLIConfig.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{Query: queryCommands(), Tx: txCommands()}
}

func queryCommands() *autocliv1.ServiceCommandDescriptor {
	return &autocliv1.ServiceCommandDescriptor{
		Service:              types.Query_serviceDesc.ServiceName,
		EnhanceCustomCommand: true,
		RpcCommandOptions: []*autocliv1.RpcCommandOptions{
			{RpcMethod: "Params", Use: "params", Short: "Show the parameters"},
			{RpcMethod: "Record", Use: "record [record-id]", Short: "Show a record with the version that is computed on", PositionalArgs: args("record_id")},
			{RpcMethod: "RecordsByPool", Use: "records [pool-id]", Short: "List the records of a pool", PositionalArgs: args("pool_id")},
			{RpcMethod: "RecordsByOwner", Use: "records-by-owner [owner]", Short: "List the records of an owner", PositionalArgs: args("owner")},
			{RpcMethod: "Version", Use: "version [record-id] [version]", Short: "Show one version of a record", PositionalArgs: args("record_id", "version")},
			{RpcMethod: "Versions", Use: "versions [record-id]", Short: "List the versions of a record", PositionalArgs: args("record_id")},
			{
				RpcMethod: "JSONLD", Use: "jsonld [record-id]", Short: "Generate the JSON-LD document of a record from the state",
				Long:           "Generate a JSON-LD document of the profile schema.org, croissant or dcat from the state, of the version that is computed on or of the one given.",
				Example:        "alitad query metadata jsonld 00112233445566778899aabbccddeeff --profile croissant",
				PositionalArgs: args("record_id"),
			},
			{RpcMethod: "Worker", Use: "worker [address]", Short: "Show a worker", PositionalArgs: args("address")},
			{RpcMethod: "WorkersByOwner", Use: "workers [owner]", Short: "List the workers of an owner", PositionalArgs: args("owner")},
			{RpcMethod: "Grant", Use: "grant [record-id] [grant-id]", Short: "Show one grant of a record", PositionalArgs: args("record_id", "grant_id")},
			{RpcMethod: "Grants", Use: "grants [record-id]", Short: "List the grants of a record", PositionalArgs: args("record_id")},
			{RpcMethod: "Panel", Use: "panel [panel-id]", Short: "Show a panel: what it answers, its members and its edition", PositionalArgs: args("panel_id")},
			{RpcMethod: "PanelsByPool", Use: "panels [pool-id]", Short: "List the panels of a pool", PositionalArgs: args("pool_id")},
		},
	}
}

func txCommands() *autocliv1.ServiceCommandDescriptor {
	return &autocliv1.ServiceCommandDescriptor{
		Service:              types.Msg_serviceDesc.ServiceName,
		EnhanceCustomCommand: true,
		RpcCommandOptions: []*autocliv1.RpcCommandOptions{
			{
				RpcMethod: "RegisterWorker", Use: "register-worker [worker] [public-key]", Short: "Register a computing node with its HPKE public key (base64)",
				Example:        "alitad tx metadata register-worker alita1... \"$(alita-worker key)\" --name laptop --from owner",
				PositionalArgs: args("worker", "public_key"),
			},
			{RpcMethod: "RemoveWorker", Use: "remove-worker [worker]", Short: "Remove a computing node", PositionalArgs: args("worker")},
			{RpcMethod: "AdmitVersion", Use: "admit [record-id] [version]", Short: "Admit a version of a record (maker of the pool)", PositionalArgs: args("record_id", "version")},
			{RpcMethod: "RefuseVersion", Use: "refuse [record-id] [version] [reason]", Short: "Refuse a version of a record (maker of the pool)", PositionalArgs: args("record_id", "version", "reason")},
			{RpcMethod: "RetireRecord", Use: "retire [record-id]", Short: "Withdraw a record for good", PositionalArgs: args("record_id")},
			{RpcMethod: "RevokeGrant", Use: "revoke [record-id] [grant-id]", Short: "End a grant at once", PositionalArgs: args("record_id", "grant_id")},
			{
				RpcMethod: "SetPrivacyBudget", Use: "set-privacy-budget [record-id] [micro-rho]",
				Short: "Set what sums with noise may disclose about a record in all",
				Long: "Set what sums with noise may disclose about a record in all, in millionths of rho (zero-concentrated differential privacy). " +
					"One that is no more than what is spent lets nothing more out.",
				Example:        "alitad tx metadata set-privacy-budget 00112233445566778899aabbccddeeff 500000 --from owner",
				PositionalArgs: args("record_id", "budget"),
			},
			{
				RpcMethod: "StageContent", Use: "stage [record-id] [version]", Short: "Bring new content of a member of a panel for the next edition",
				Long: "Bring the admitted version of a record for the next edition of its panel, which begins when as many members as the threshold " +
					"have done so and no job runs over the present one. Its rows must have given no exact answer before.",
				PositionalArgs: args("record_id", "version"),
			},
			{
				RpcMethod: "LeavePanel", Use: "leave-panel [panel-id]", Short: "Dissolve a panel for good, or withdraw a proposed one",
				Long: "Dissolve a panel of which one of your records is a member, for good: the others may found another one with new rows only. " +
					"A panel that is only proposed can be withdrawn by its proposer, too.",
				PositionalArgs: args("panel_id"),
			},
			// The module's own commands show or check what is signed.
			{RpcMethod: "Grant", Skip: true},
			{RpcMethod: "ProposePanel", Skip: true},
			{RpcMethod: "SignPanel", Skip: true},
			// Both need a document, a local file and sealing; the module's own commands do that.
			{RpcMethod: "RegisterRecord", Skip: true},
			{RpcMethod: "AddVersion", Skip: true},
			{RpcMethod: "UpdateParams", Use: "update-params-proposal [params]", Short: "Propose new parameters", PositionalArgs: args("params"), GovProposal: true},
		},
	}
}

func args(fields ...string) []*autocliv1.PositionalArgDescriptor {
	descriptors := make([]*autocliv1.PositionalArgDescriptor, len(fields))
	for i, f := range fields {
		descriptors[i] = &autocliv1.PositionalArgDescriptor{ProtoField: f}
	}
	return descriptors
}
