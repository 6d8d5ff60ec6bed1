package simulation

import (
	"context"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgRegisterWorkerFactory makes workers with fresh accounts and keys.
func MsgRegisterWorkerFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRegisterWorker] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRegisterWorker) {
		r, owner := data.Rand(), data.AnyAccount(reporter)
		if reporter.IsSkipped() {
			return nil, nil
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Fail(err, "params")
			return nil, nil
		}
		known, err := workers(ctx, k, owner.Address)
		if err != nil {
			reporter.Fail(err, "workers")
			return nil, nil
		}
		if len(known) >= int(params.MaxWorkers) {
			reporter.Skip("owner has all its workers")
			return nil, nil
		}
		account, seed := make([]byte, 20), make([]byte, seal.PrivateKeySize)
		r.Read(account)
		r.Read(seed)
		key, err := seal.ParsePrivateKey(seed)
		if err != nil {
			reporter.Fail(err, "worker key")
			return nil, nil
		}
		text, err := data.AddressCodec().BytesToString(account)
		if err != nil {
			reporter.Fail(err, "worker account")
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgRegisterWorker{
			Owner: owner.AddressBech32, Worker: text, PublicKey: key.Public().Bytes(), Name: "worker",
		}
	}
}

// MsgRemoveWorkerFactory removes any worker.
func MsgRemoveWorkerFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRemoveWorker] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRemoveWorker) {
		owner := data.AnyAccount(reporter)
		if reporter.IsSkipped() {
			return nil, nil
		}
		known, err := workers(ctx, k, owner.Address)
		w, ok := anyOf(data.Rand(), reporter, known, err, "worker")
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgRemoveWorker{Owner: owner.AddressBech32, Worker: w.Address}
	}
}
