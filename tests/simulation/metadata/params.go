package simulation

import (
	"context"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	"github.com/alita-network/alita/x/metadata/types"
)

// MsgUpdateParamsFactory makes random parameters for a proposal.
func MsgUpdateParamsFactory() simsx.SimMsgFactoryFn[*types.MsgUpdateParams] {
	return func(_ context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgUpdateParams) {
		r, params := data.Rand(), types.DefaultParams()
		params.MaxVersions = r.Uint32InRange(2, 10)
		params.MaxWorkers = r.Uint32InRange(1, 5)
		params.MaxGrants = r.Uint32InRange(1, 8)
		return nil, &types.MsgUpdateParams{Authority: data.ModuleAccountAddress(reporter, govtypes.ModuleName), Params: params}
	}
}
