package app

import (
	"time"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/x/authz"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"github.com/alita-network/alita/app/mempool"
	computetypes "github.com/alita-network/alita/x/compute/types"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

const (
	// maxMessages bounds the messages of a transaction, with those inside of others.
	maxMessages = 64
	// leastWait is how long after the last block a transaction with a time limit must be valid when it arrives: three times
	// what the next block takes. Twice what the last one took counts if that is more.
	leastWait = 2 * time.Second
)

// bounded puts the bounds of a transaction before its other checks, for all ways in which one comes: a fee is there at
// all (the SDK panics without one), few messages, a gas limit that leaves room for others, and a block that can still take
// it. A simulation has no limit of its own and gets the highest one.
func (app *App) bounded(next sdk.AnteHandler) sdk.AnteHandler {
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		// After a start the SDK gives height 0 to what arrives before the next block, as to genesis transactions.
		if ctx.BlockHeight() == 0 && (simulate || ctx.IsCheckTx()) {
			ctx = ctx.WithBlockHeight(app.LastBlockHeight())
		}
		if err := app.checkForm(tx); err != nil {
			return ctx, err
		}
		if app.inGenesis && !simulate && !ctx.IsCheckTx() {
			height := ctx.BlockHeight()
			ctx, err := next(ctx.WithBlockHeight(0), tx, simulate) // by which the SDK knows it, too
			return ctx.WithBlockHeight(height), err
		}
		params, err := app.FeemarketKeeper.Params.Get(unmetered(ctx))
		if err != nil {
			return ctx, err
		}
		limit := gasBound(params, tx)
		if simulate {
			ctx, err = next(ctx, tx, simulate)
			if err != nil {
				return ctx, err
			}
			return metered(ctx, limit)
		}
		if g, ok := tx.(sdk.GasTx); ok && g.GetGas() > limit {
			return ctx, errorsmod.Wrapf(feemarkettypes.ErrGasLimit, "gas limit: expected at most %d, got %d", limit, g.GetGas())
		}
		if ctx.IsCheckTx() {
			if err := app.checkInTime(ctx, tx); err != nil {
				return ctx, err
			}
		}
		return next(ctx, tx, simulate)
	}
}

// checkForm refuses what the SDK's checks would panic at, and too many messages.
func (app *App) checkForm(tx sdk.Tx) error {
	if p, ok := tx.(interface{ GetProtoTx() *txtypes.Tx }); ok {
		t := p.GetProtoTx()
		if t == nil || t.AuthInfo == nil || t.AuthInfo.Fee == nil {
			return errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "auth_info.fee: expected a fee with a gas limit, got none")
		}
		if granter := t.AuthInfo.Fee.Granter; granter != "" {
			if _, err := accountCodec.StringToBytes(granter); err != nil {
				return errorsmod.Wrapf(sdkerrors.ErrInvalidAddress, "fee.granter: expected an account's address, got %.80q (%s)", granter, err)
			}
		}
	}
	n, err := countMessages(tx.GetMsgs())
	if err != nil {
		return err
	}
	if n > maxMessages {
		return errorsmod.Wrapf(feemarkettypes.ErrTooManyMessages, "messages: expected at most %d, got %d", maxMessages, n)
	}
	return nil
}

// countMessages counts messages with those inside of others. It stops above the bound.
func countMessages(msgs []sdk.Msg) (int, error) {
	n := len(msgs)
	for _, msg := range msgs {
		if n > maxMessages {
			break
		}
		var inner []sdk.Msg
		var err error
		switch m := msg.(type) {
		case *authz.MsgExec:
			inner, err = m.GetMessages()
		case *govv1.MsgSubmitProposal:
			inner, err = m.GetMsgs()
		}
		if err != nil {
			return 0, err
		}
		more, err := countMessages(inner)
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}

// checkInTime refuses a transaction that arrives too late for the next block: nodes would hold it for nothing.
func (app *App) checkInTime(ctx sdk.Context, tx sdk.Tx) error {
	if t, ok := tx.(sdk.TxWithTimeoutHeight); ok {
		if h := t.GetTimeoutHeight(); h > 0 && h <= uint64(ctx.BlockHeight()) {
			return errorsmod.Wrapf(sdkerrors.ErrTxTimeoutHeight, "timeout_height: expected more than %d, got %d", ctx.BlockHeight(), h)
		}
	}
	if t, ok := tx.(sdk.TxWithTimeoutTimeStamp); ok {
		clock, err := app.ClockKeeper.Now(ctx)
		if err != nil {
			return err
		}
		least := ctx.BlockTime().Add(max(leastWait, 2*clock.Step))
		if at := t.GetTimeoutTimeStamp(); !at.IsZero() && at.Unix() != 0 && at.Before(least) {
			return errorsmod.Wrapf(sdkerrors.ErrTxTimeout, "timeout_timestamp: expected at least %s, got %s", least, at)
		}
	}
	return nil
}

// gasBound is the highest gas limit of a transaction.
func gasBound(params feemarkettypes.Params, tx sdk.Tx) uint64 {
	if msgs := tx.GetMsgs(); len(msgs) == 1 {
		if _, ok := msgs[0].(*computetypes.MsgStoreProgram); ok {
			return params.MaxProgramGas
		}
	}
	return params.MaxTxGas
}

// metered gives the rest of a simulation a meter with a limit.
func metered(ctx sdk.Context, limit uint64) (sdk.Context, error) {
	used := ctx.GasMeter().GasConsumed()
	if used > limit {
		return ctx, errorsmod.Wrapf(sdkerrors.ErrOutOfGas, "gas: expected at most %d, got %d for the signatures and the size alone", limit, used)
	}
	meter := storetypes.NewGasMeter(limit)
	meter.ConsumeGas(used, "before the messages")
	return ctx.WithGasMeter(meter), nil
}

// unmetered is a context for what is read for every transaction and paid by none.
func unmetered(ctx sdk.Context) sdk.Context {
	return ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
}

// checkFee asks for the chain's price of gas, in ualita, wherever a transaction is checked: also in blocks, so that a
// proposer cannot fill its own for nothing. A node may ask for more before it relays one. Other coins are refused: x/distribution would
// walk over each of them in every later block, for ever.
func (app *App) checkFee(ctx sdk.Context, tx sdk.Tx) (sdk.Coins, int64, error) {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok {
		return nil, 0, errorsmod.Wrapf(sdkerrors.ErrTxDecode, "transaction: expected one with a fee, got %T", tx)
	}
	fee := feeTx.GetFee()
	if ctx.BlockHeight() == 0 { // genesis transactions
		return fee, 0, nil
	}
	paid := math.ZeroInt()
	switch {
	case len(fee) > 1 || len(fee) == 1 && fee[0].Denom != BaseDenom:
		return nil, 0, errorsmod.Wrapf(feemarkettypes.ErrFeeDenom, "fee: expected %s alone, got %s", BaseDenom, fee)
	case len(fee) == 1:
		paid = fee[0].Amount
	}
	params, err := app.FeemarketKeeper.Params.Get(unmetered(ctx))
	if err != nil {
		return nil, 0, err
	}
	price, err := app.priceFor(unmetered(ctx), params, tx)
	if err != nil {
		return nil, 0, err
	}
	gas := params.FeeGas(feeTx.GetGas(), uint64(len(ctx.TxBytes())))
	least := math.NewIntFromUint64(feemarkettypes.Fee(gas, price))
	if ctx.IsCheckTx() {
		own := ctx.MinGasPrices().AmountOf(BaseDenom).MulInt(math.NewIntFromUint64(gas)).Ceil().TruncateInt()
		least = math.MaxInt(least, own)
	}
	if paid.LT(least) {
		return nil, 0, errorsmod.Wrapf(feemarkettypes.ErrFeeTooLow, "fee: expected at least %s%s for %d units of gas, got %s%s", least, BaseDenom, gas, paid, BaseDenom)
	}
	return fee, priority(paid, gas), nil
}

// priority is what a unit of gas pays, in billionths of a ualita.
func priority(paid math.Int, gas uint64) int64 {
	p, err := paid.SafeMul(math.NewInt(feemarkettypes.BillionthsPerUalita))
	if err != nil {
		return 1<<63 - 1
	}
	if p = p.Quo(math.NewIntFromUint64(max(gas, 1))); !p.IsInt64() {
		return 1<<63 - 1
	}
	return p.Int64()
}

// priceFor is the price of gas for a transaction: the least one for answers of seats, contributions' own in their part of a
// block, the general one for all else.
func (app *App) priceFor(ctx sdk.Context, params feemarkettypes.Params, tx sdk.Tx) (uint64, error) {
	general, contributions, err := app.FeemarketKeeper.Prices(ctx)
	if err != nil {
		return 0, err
	}
	switch app.givenLane(ctx, tx) {
	case mempool.Seats:
		return params.MinGasPrice, nil
	case mempool.Contributions:
		return contributions, nil
	default:
		return general, nil
	}
}

// gasLimit reads the gas limit out of an encoded transaction; 0 if it cannot be read.
func gasLimit(bz []byte) uint64 { return readOffer(bz).gas }
