package clock

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/alita-network/alita/x/clock/types"
)

// AutoCLIOptions implements autocli.HasAutoCLIConfig.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{Query: &autocliv1.ServiceCommandDescriptor{
		Service: types.Query_serviceDesc.ServiceName,
		RpcCommandOptions: []*autocliv1.RpcCommandOptions{
			{RpcMethod: "Clock", Use: "now", Short: "Show the chain's active time, which stands while the chain does"},
		},
	}}
}
