package simulation

import (
	"context"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgAdmitVersionFactory admits any version that waits and is newer than the admitted one.
func MsgAdmitVersionFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgAdmitVersion] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgAdmitVersion) {
		version, record, maker, ok := pendingVersion(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		if version.Number < record.Admitted {
			reporter.Skip("a newer version is admitted")
			return nil, nil
		}
		return []simsx.SimAccount{maker}, &types.MsgAdmitVersion{Maker: maker.AddressBech32, RecordId: record.Id, Version: version.Content.Version}
	}
}

// MsgRefuseVersionFactory refuses any version that waits.
func MsgRefuseVersionFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRefuseVersion] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRefuseVersion) {
		version, record, maker, ok := pendingVersion(ctx, k, data, reporter)
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{maker}, &types.MsgRefuseVersion{
			Maker: maker.AddressBech32, RecordId: record.Id, Version: version.Content.Version, Reason: "not what the pool is about",
		}
	}
}
