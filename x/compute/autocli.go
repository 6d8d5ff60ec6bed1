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
				{RpcMethod: "Shares", Use: "shares [job-id] [record-id]", Short: "Show the shared vector of a contribution to a secure sum", PositionalArgs: args("job_id", "record_id")},
				{RpcMethod: "Preparations", Use: "preparations [job-id] [record-id]", Short: "Show what the seats said of a contribution", PositionalArgs: args("job_id", "record_id")},
				{RpcMethod: "Sums", Use: "sums [job-id]", Short: "Show the seats' sums of a round, the last by default", Example: "alitad query compute sums $JOB --round 2", PositionalArgs: args("job_id")},
				{RpcMethod: "Seats", Use: "seats", Short: "List the validators that aggregate, with bond and fee"},
				{
					RpcMethod: "PanelAnswer", Use: "panel-answer [question]", Short: "Show which job has the public answer to a question over an edition of panels",
					PositionalArgs: args("question"),
				},
				{RpcMethod: "JobsBySeat", Use: "jobs-by-seat [account]", Short: "List the open jobs in which a seat sits", PositionalArgs: args("account")},
				{
					RpcMethod:      "QuoteJob",
					Use:            "quote-job [pool-id] [program-id]",
					Short:          "Estimate what a job over all records of a pool costs at most, the seats of a secure sum included",
					Example:        "alitad query compute quote-job 1 $PROGRAM --columns 1 --length 3 --price-per-mop 500000 --seats 3 --rounds 1",
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
				{
					RpcMethod: "RegisterSeat", Use: "register-seat [account] [bond] [fee]",
					Short:          "Make your validator a seat, or add to its bond and change account and fee (ualita for a contribution)",
					Example:        "alitad tx compute register-seat alita1... 1000000000ualita 500 --from operator",
					PositionalArgs: args("account", "bond", "fee"),
				},
				{RpcMethod: "LeaveSeat", Use: "leave-seat", Short: "End your validator's being a seat; its bond returns after the unbonding time", Example: "alitad tx compute leave-seat --from operator"},
				{RpcMethod: "TakeSeat", Skip: true},
				{RpcMethod: "AddNoise", Skip: true},
				{RpcMethod: "Prepare", Skip: true},
				{RpcMethod: "AccuseSeat", Skip: true},
				{RpcMethod: "OpenSum", Skip: true},
				{RpcMethod: "DisputeSum", Use: "dispute-sum [job-id] [seat]", Short: "Prove by the reader's private key that a seat sealed a wrong sum; `alitad compute run` does it by itself", PositionalArgs: args("job_id", "seat")},
				{RpcMethod: "AcceptSums", Use: "accept-sums [job-id]", Short: "End the time in which the sums of a round can be disputed", PositionalArgs: args("job_id")},
				{RpcMethod: "NextRound", Use: "next-round [job-id] [round]", Short: "Give the input of the next round, or end the job with --done", PositionalArgs: args("job_id", "round")},
				{RpcMethod: "UpdateParams", GovProposal: true, Short: "Propose new parameters"},
			},
			EnhanceCustomCommand: true,
		},
	}
}
