package app

import (
	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app/mempool"
)

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

// prepareProposal proposes what the pool has, the dearest first, as far as it fits and passes its checks. What CometBFT
// offers is ignored: it comes in the order of arrival.
func (app *App) prepareProposal(ctx sdk.Context, req *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	left := room{bytes: uint64(max(req.MaxTxBytes, 0)), gas: blockGas(ctx)}
	var txs [][]byte
	app.pool.Propose(func(tx *mempool.Tx) bool {
		after := left
		if !after.take(tx.Bytes, tx.Gas) {
			return false
		}
		// Every validator asks the same in processProposal. A transaction that fails here changes nothing.
		if err := app.checkProposed(sdk.ExecModePrepareProposal, tx.Bytes); err != nil {
			return false
		}
		left = after
		txs = append(txs, tx.Bytes)
		return true
	})
	return &abci.ResponsePrepareProposal{Txs: txs}, nil
}

// ProcessProposal answers whether this node votes for a proposal, and begins to execute it if so. After a refusal an empty
// block is executed in its place: a refused proposal discards the state of the one that was executed before it, and the
// SDK would still take that one's results if it is decided after all, over a state that is not there.
func (app *App) ProcessProposal(req *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
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
// gas than a block may use and transactions that fail their checks, which would take room and pay nothing; the bound on bytes is CometBFT's.
func (app *App) processProposal(ctx sdk.Context, req *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	left := room{bytes: 1<<64 - 1, gas: blockGas(ctx)}
	for i, bz := range req.Txs {
		if gas := gasLimit(bz); !left.take(bz, gas) {
			app.Logger().Error("proposal refused", "height", req.Height, "transaction", i, "gas limit", gas, "gas left in the block", left.gas)
			return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
		}
		if err := app.checkProposed(sdk.ExecModeProcessProposal, bz); err != nil {
			app.Logger().Error("proposal refused", "height", req.Height, "transaction", i, "error", err)
			return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
		}
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}

// checkProposed runs the checks before the messages over the state that a proposal begins with and the transactions
// before this one have changed.
func (app *App) checkProposed(mode sdk.ExecMode, bz []byte) error {
	_, _, _, err := app.RunTx(mode, bz, nil, -1, nil, nil)
	return err
}
