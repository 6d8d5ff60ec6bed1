package simulation

import (
	"context"

	"cosmossdk.io/collections"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// maxPools bounds how many pools a simulation looks at.
const maxPools = 50

// pools returns the first pools.
func pools(ctx context.Context, k *keeper.Keeper) []datapooltypes.Pool {
	var all []datapooltypes.Pool
	for id := uint64(1); id <= maxPools; id++ {
		pool, err := k.Pool(ctx, id)
		if err != nil {
			break
		}
		all = append(all, pool)
	}
	return all
}

// records returns the records that keep accepts, in the order of their ids.
func records(ctx context.Context, k *keeper.Keeper, keep func(types.Record) bool) ([]types.Record, error) {
	var all []types.Record
	err := k.Records.Walk(ctx, nil, func(_ string, r types.Record) (bool, error) {
		if keep(r) {
			all = append(all, r)
		}
		return false, nil
	})
	return all, err
}

// WalkActive calls fn with every active record of a pool, by id, until it stops or fails.
func WalkActive(
	ctx context.Context, k *keeper.Keeper, poolID uint64, fn func(recordID string, c types.Contributable) (stop bool, err error),
) error {
	rng := collections.NewSuperPrefixedTripleRange[uint64, int32, string](poolID, int32(types.RECORD_STATUS_ACTIVE))
	return k.RecordsByPool.Walk(ctx, rng, func(key collections.Triple[uint64, int32, string]) (bool, error) {
		c, err := k.Contributable(ctx, key.K3())
		if err != nil {
			return true, err
		}
		return fn(key.K3(), c)
	})
}

// workers returns the workers of an owner.
func workers(ctx context.Context, k *keeper.Keeper, owner sdk.AccAddress) ([]types.Worker, error) {
	var all []types.Worker
	err := k.WorkersByOwner.Walk(ctx, collections.NewPrefixedPairRange[sdk.AccAddress, sdk.AccAddress](owner),
		func(key collections.Pair[sdk.AccAddress, sdk.AccAddress]) (bool, error) {
			w, err := k.Workers.Get(ctx, key.K2())
			all = append(all, w)
			return false, err
		})
	return all, err
}

// any one of a list, or a skip.
func anyOf[T any](r *simsx.XRand, reporter simsx.SimulationReporter, list []T, err error, what string) (one T, ok bool) {
	if err != nil {
		reporter.Fail(err, what)
		return one, false
	}
	if len(list) == 0 {
		reporter.Skip("no " + what)
		return one, false
	}
	return list[r.Intn(len(list))], true
}

// location seals a made-up location to all workers of an owner, with crypto/rand: the same in every run only if the
// test seeds that, too.
func location(chainID, recordID string, owner sdk.AccAddress, to []types.Worker) (types.SealedLocation, error) {
	keys := make([]seal.PublicKey, 0, len(to))
	for i, w := range to {
		if i == seal.MaxRecipients {
			break
		}
		key, err := seal.ParsePublicKey(w.PublicKey)
		if err != nil {
			return types.SealedLocation{}, err
		}
		keys = append(keys, key)
	}
	s, err := seal.Seal(seal.RecordLabel(chainID, recordID, owner), []byte("/data/"+recordID+".csv"), keys)
	if err != nil {
		return types.SealedLocation{}, err
	}
	return types.NewSealedLocation(s), nil
}
