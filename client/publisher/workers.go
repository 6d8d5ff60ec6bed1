package publisher

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/x/metadata/types"
)

// ErrNoWorker means that there is no worker to seal a location to.
var ErrNoWorker = errors.New("no worker to seal the location to")

// Workers asks a node for the registered workers of an owner: all of them, or the named accounts.
func Workers(ctx context.Context, conn grpc.ClientConnInterface, owner string, named ...string) ([]types.Worker, error) {
	var all []types.Worker
	page := &query.PageRequest{Limit: 100}
	for {
		res, err := types.NewQueryClient(conn).WorkersByOwner(ctx, &types.QueryWorkersByOwnerRequest{Owner: owner, Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("workers of %s: %s", owner, tx.Plain(err))
		}
		all = append(all, res.Workers...)
		if len(res.Pagination.GetNextKey()) == 0 {
			break
		}
		page = &query.PageRequest{Key: res.Pagination.NextKey, Limit: 100}
	}
	return chooseWorkers(all, owner, named)
}

func chooseWorkers(all []types.Worker, owner string, named []string) ([]types.Worker, error) {
	var out []types.Worker
	for _, w := range all {
		// A node that answers wrongly must not make the client seal to somebody else's key.
		if w.Owner != owner {
			return nil, fmt.Errorf("%w: expected workers of %s, got worker %s of %s", ErrNoWorker, owner, w.Address, w.Owner)
		}
		if len(named) == 0 || slices.Contains(named, w.Address) {
			out = append(out, w)
		}
	}
	for _, address := range named {
		if !slices.ContainsFunc(all, func(w types.Worker) bool { return w.Address == address }) {
			return nil, fmt.Errorf("%w: expected a registered worker of %s, got %s", ErrNoWorker, owner, address)
		}
	}
	switch {
	case len(out) == 0:
		return nil, fmt.Errorf("%w: expected a registered worker of %s, got none", ErrNoWorker, owner)
	case len(out) > seal.MaxRecipients:
		return nil, fmt.Errorf("%w: expected at most %d workers, got %d", ErrNoWorker, seal.MaxRecipients, len(out))
	}
	return out, nil
}

func publicKeys(workers []types.Worker) ([]seal.PublicKey, error) {
	keys := make([]seal.PublicKey, len(workers))
	for i, w := range workers {
		key, err := seal.ParsePublicKey(w.PublicKey)
		if err != nil {
			return nil, fmt.Errorf("worker %s: %w", w.Address, err)
		}
		keys[i] = key
	}
	return keys, nil
}
