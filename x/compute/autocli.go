package compute

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/alita-network/alita/x/compute/types"
)

// AutoCLIOptions implements the autocli.HasAutoCLIConfig interface.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	args := func(fields ...string) []*autocliv1.PositionalArgDescriptor {
		var out []*autocliv1.PositionalArgDescriptor
		for _, f := range fields {
			out = append(out, &autocliv1.PositionalArgDescriptor{ProtoField: f})
		}
		return out
	}
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service: types.Query_serviceDesc.ServiceName,
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				{RpcMethod: "Params", Use: "params", Short: "Show the parameters"},
				{RpcMethod: "Program", Use: "program [program-id]", Short: "Show a program", PositionalArgs: args("program_id")},
				{RpcMethod: "ProgramCode", Use: "program-code [program-id]", Short: "Show the code of a program", PositionalArgs: args("program_id")},
				{RpcMethod: "Programs", Use: "programs", Short: "List the programs"},
				{RpcMethod: "Job", Use: "job [job-id]", Short: "Show a job", PositionalArgs: args("job_id")},
				{RpcMethod: "JobsByPool", Use: "jobs-by-pool [pool-id]", Short: "List the jobs of a pool", PositionalArgs: args("pool_id")},
				{RpcMethod: "JobsByConsumer", Use: "jobs-by-consumer [consumer]", Short: "List the jobs of a consumer", PositionalArgs: args("consumer")},
				{RpcMethod: "Contribution", Use: "contribution [job-id] [record-id]", Short: "Show a contribution", PositionalArgs: args("job_id", "record_id")},
				{RpcMethod: "Contributions", Use: "contributions [job-id]", Short: "List the contributions to a job", PositionalArgs: args("job_id")},
				{RpcMethod: "Delivery", Use: "delivery [job-id] [record-id]", Short: "Show a sealed vector", PositionalArgs: args("job_id", "record_id")},
				{
					RpcMethod:      "QuoteJob",
					Use:            "quote-job [pool-id] [program-id]",
					Short:          "Estimate what a job over all records of a pool costs at most",
					Example:        "alitad query compute quote-job 1 $PROGRAM --columns 1 --length 3 --price-per-mop 500000",
					PositionalArgs: args("pool_id", "program_id"),
				},
			},
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service: types.Msg_serviceDesc.ServiceName,
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				// A command of its own reads the code from a file.
				{RpcMethod: "StoreProgram", Skip: true},
				{RpcMethod: "OpenJob", Use: "open-job", Short: "Open a job; `alitad compute run` does it all", Long: "Open a job from its fields. `alitad compute run` opens one, waits for it and shows the answer."},
				{RpcMethod: "CancelJob", Use: "cancel-job [job-id]", Short: "Take a job back before anybody has contributed", PositionalArgs: args("job_id")},
				{RpcMethod: "Contribute", Use: "contribute", Short: "Attest a run on a record; workers do it by themselves"},
				{RpcMethod: "Deliver", Use: "deliver [job-id] [record-id]", Short: "Hand over a sealed vector; workers do it by themselves", PositionalArgs: args("job_id", "record_id")},
				{RpcMethod: "UpdateParams", GovProposal: true, Short: "Propose new parameters"},
			},
			EnhanceCustomCommand: true,
		},
	}
}
