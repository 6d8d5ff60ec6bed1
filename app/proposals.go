package app

import (
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app/mempool"
)

// maxFailing is how long the checks of transactions that fail may take in a proposal. They are tried once.
const maxFailing = 500 * time.Millisecond

// room is what is left of a block.
type room struct{ bytes, gas uint64 }

// take takes the room of a transaction and reports whether there was enough.
func (r *room) take(bz []byte, gas uint64) bool {
	size := uint64(cmttypes.ComputeProtoSizeForTxs([]cmttypes.Tx{bz}))
	if size > r.bytes || gas > r.gas {
		return false
	}
	r.bytes -= size
	r.gas -= gas
	return true
}

// blockGas is the most gas of a block; without a bound there is no end to it.
func blockGas(ctx sdk.Context) uint64 {
	if b := ctx.ConsensusParams().Block; b != nil && b.MaxGas > 0 {
		return uint64(b.MaxGas)
	}
	return 1<<64 - 1
}

// blockBytes is the most bytes of a block; without a bound there is no end to it.
func blockBytes(ctx sdk.Context) uint64 {
	if b := ctx.ConsensusParams().Block; b != nil && b.MaxBytes > 0 {
		return uint64(b.MaxBytes)
	}
	return 1<<64 - 1
}

// prepareProposal proposes what the pool has, lane by lane, the dearest first, as far as it fits and passes its checks. What CometBFT
// offers is ignored: it comes in the order of arrival.
func (app *App) prepareProposal(ctx sdk.Context, req *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	res := &abci.ResponsePrepareProposal{} // what the SDK proposes after an error, no node would accept
	lanes, err := app.newLanes(ctx)
	if err != nil {
		app.Logger().Error("nothing to propose", "height", req.Height, "error", err)
		return res, nil
	}
	defer func() {
		if r := recover(); r != nil {
			app.Logger().Error("proposal cut off", "height", req.Height, "panic", r)
		}
	}()
	left := room{bytes: uint64(max(req.MaxTxBytes, 0)), gas: blockGas(ctx)}
	var failing time.Duration
	app.pool.Propose(func(tx *mempool.Tx, offered mempool.Lane) mempool.Verdict {
		after, with := left, lanes.clone()
		if failing > maxFailing || !after.take(tx.Bytes, tx.Gas) {
			return mempool.Refused
		}
		lane, ok := with.place(tx.Bytes)
		switch {
		case !ok:
			return mempool.Refused
		case lane > offered: // its lane is full, and it is no better than others of the next
			return mempool.Later
		case lane == mempool.General && tx.Price < int64(lanes.general):
			return mempool.Refused // it waits for room in its lane
		}
		// Every validator asks the same in processProposal. A transaction that fails here changes nothing.
		// It passed them in the order of arrival; if it does not in this one, it could hold its place for nothing.
		began := time.Now() //nolint:forbidigo // a proposer bounds its own time; nobody else computes it again
		if err := app.checkProposed(sdk.ExecModePrepareProposal, tx.Bytes, lane); err != nil {
			app.pool.Drop(tx)
			failing += time.Since(began) //nolint:forbidigo // as above
			return mempool.Refused
		}
		left, lanes = after, with
		res.Txs = append(res.Txs, tx.Bytes)
		return mempool.Taken
	})
	return res, nil
}

// PrepareProposal answers what this node proposes. The SDK gives up the execution of an earlier round's proposal for that, and
// would answer with its failure if that one is decided after all: an empty block is executed in its place.
func (app *App) PrepareProposal(req *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	res, err := app.BaseApp.PrepareProposal(req)
	if err != nil || app.begun != req.Height {
		return res, err
	}
	_, err = app.BaseApp.ProcessProposal(&abci.RequestProcessProposal{
		Height: req.Height, Time: req.Time, Hash: []byte("given up"),
		ProposerAddress: req.ProposerAddress, NextValidatorsHash: req.NextValidatorsHash,
	})
	return res, err
}

// ProcessProposal answers whether this node votes for a proposal, and begins to execute it if so. After a refusal an empty
// block is executed in its place: a refused proposal discards the state of the one that was executed before it, and the
// SDK would still take that one's results if it is decided after all, over a state that is not there.
func (app *App) ProcessProposal(req *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	app.begun = req.Height
	res, err := app.BaseApp.ProcessProposal(req)
	if err != nil || res.Status == abci.ResponseProcessProposal_ACCEPT {
		return res, err
	}
	nothing := *req
	nothing.Txs, nothing.Hash = nil, []byte("refused")
	if _, err := app.BaseApp.ProcessProposal(&nothing); err != nil {
		return nil, err
	}
	return res, nil
}

// processProposal judges a proposal by what the validators share: the bytes and the last committed state. It refuses more
// gas and bytes than the parts of a block have and transactions that fail their checks, which would take room and pay nothing.
func (app *App) processProposal(ctx sdk.Context, req *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	lanes, err := app.newLanes(ctx)
	if err != nil {
		return nil, err
	}
	for i, bz := range req.Txs {
		lane, ok := lanes.place(bz)
		if !ok {
			app.Logger().Error("proposal refused", "height", req.Height, "transaction", i, "gas limit", gasLimit(bz), "gas left", lanes.rest.gas, "bytes", len(bz), "bytes left", lanes.rest.bytes)
			return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
		}
		if err := app.checkProposed(sdk.ExecModeProcessProposal, bz, lane); err != nil {
			app.Logger().Error("proposal refused", "height", req.Height, "transaction", i, "error", err)
			return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
		}
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}

// checkProposed runs the checks before the messages over the state that a proposal begins with and the transactions
// before this one have changed.
func (app *App) checkProposed(mode sdk.ExecMode, bz []byte, lane mempool.Lane) error {
	_, _, _, err := app.RunTx(mode, bz, nil, -1, nil, inLane(lane))
	return err
}
