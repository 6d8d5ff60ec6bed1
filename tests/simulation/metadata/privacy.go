package simulation

import (
	"context"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgSetPrivacyBudgetFactory sets a random privacy budget of any record that is not retired.
func MsgSetPrivacyBudgetFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSetPrivacyBudget] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSetPrivacyBudget) {
		record, owner, ok := anyRecord(ctx, k, data, reporter, func(r types.Record) bool { return r.Status != types.RECORD_STATUS_RETIRED })
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgSetPrivacyBudget{
			Owner: owner.AddressBech32, RecordId: record.Id, Budget: data.Rand().Uint64InRange(0, 10_000_000),
		}
	}
}
