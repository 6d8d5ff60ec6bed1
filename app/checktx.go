package app

import (
	abci "github.com/cometbft/cometbft/abci/types"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
)

// checkTx runs the checks of a transaction when it arrives, and again after each block while CometBFT holds it. One that the
// pool has dropped for a dearer one is refused then, so that CometBFT drops it as well and its sender can offer more.
func (app *App) checkTx(run sdk.RunTx, req *abci.RequestCheckTx) (*abci.ResponseCheckTx, error) {
	if req.Type == abci.CheckTxType_Recheck && !app.pool.Recheck(req.Tx) {
		err := errorsmod.Wrap(sdkerrors.ErrMempoolIsFull, "fee: expected more than other waiting transactions pay, got less")
		return sdkerrors.ResponseCheckTxWithEvents(err, 0, 0, nil, false), nil
	}
	gas, result, events, err := run(req.Tx, nil)
	if err != nil {
		return sdkerrors.ResponseCheckTxWithEvents(err, gas.GasWanted, gas.GasUsed, events, false), nil
	}
	return &abci.ResponseCheckTx{
		GasWanted: int64(gas.GasWanted), GasUsed: int64(gas.GasUsed),
		Log: result.Log, Data: result.Data, Events: result.Events,
	}, nil
}
