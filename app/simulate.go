package app

import (
	"context"
	goruntime "runtime"
	"sync/atomic"

	abci "github.com/cometbft/cometbft/abci/types"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
)

// maxWaiting bounds the simulations that wait for one to end.
const maxWaiting = 32

// simulations bounds what strangers can have a public node compute: few at once, few in the queue, none that no block
// would take.
type simulations struct {
	running chan struct{}
	waiting atomic.Int32
}

func newSimulations() *simulations {
	return &simulations{running: make(chan struct{}, max(1, goruntime.GOMAXPROCS(0)/2))}
}

// do runs one simulation when there is room for it, or refuses it.
func (s *simulations) do(bytes int, simulate func() error) error {
	if bytes > maxTxBytes {
		return errorsmod.Wrapf(sdkerrors.ErrTxTooLarge, "transaction: expected at most %d bytes, got %d", maxTxBytes, bytes)
	}
	if s.waiting.Add(1) > maxWaiting {
		s.waiting.Add(-1)
		return errorsmod.Wrapf(sdkerrors.ErrInvalidRequest, "simulations: expected at most %d to wait on this node, got more; try again, or give a gas limit", maxWaiting)
	}
	s.running <- struct{}{}
	s.waiting.Add(-1)
	defer func() { <-s.running }()
	return simulate()
}

// Simulate runs a transaction over the last committed state; nothing of it stays. Its gas is bounded like that of every transaction.
func (app *App) Simulate(bz []byte) (info sdk.GasInfo, result *sdk.Result, err error) {
	err = app.simulations.do(len(bz), func() error {
		info, result, err = app.BaseApp.Simulate(bz)
		return err
	})
	return info, result, err
}

// Query answers an ABCI query. One of its paths simulates as well.
func (app *App) Query(ctx context.Context, req *abci.RequestQuery) (res *abci.ResponseQuery, err error) {
	if req.Path != "/app/simulate" {
		return app.BaseApp.Query(ctx, req)
	}
	if refused := app.simulations.do(len(req.Data), func() error {
		res, err = app.BaseApp.Query(ctx, req)
		return nil
	}); refused != nil {
		return sdkerrors.QueryResult(refused, false), nil
	}
	return res, err
}
