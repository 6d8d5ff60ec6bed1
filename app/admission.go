package app

import (
	errorsmod "cosmossdk.io/errors"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	sdkmempool "github.com/cosmos/cosmos-sdk/types/mempool"

	"github.com/alita-network/alita/app/mempool"
)

// admission is what the checks of a transaction of the block that is executed have said.
type admission struct {
	limit, used uint64 // gas
	priority    int64
	events      sdk.Events
	err         error
}

// admit runs the checks of all transactions of a block, in their order, before any message: over the state that
// processProposal has judged. So what was accepted pays, whatever the messages before it do with its payer's coins, grants
// and allowances. Else a payer that sends its coins away in the first transaction would have the room of all its others for
// nothing.
//
// It moves the prices of gas as well, by what the transactions take of the block: whether they succeed does not matter.
func (app *App) admit(ctx sdk.Context, txs [][]byte) error {
	lanes, err := app.newLanes(ctx)
	if err != nil {
		return err
	}
	given := make([]mempool.Lane, len(txs))
	for i, bz := range txs {
		given[i], _ = lanes.place(bz) // a block that was decided has passed processProposal
	}
	if err := app.FeemarketKeeper.Count(ctx, lanes.feeGas, lanes.feeGasOfParts); err != nil {
		return err
	}
	app.admitted = make([]admission, len(txs))
	for i, bz := range txs {
		app.admitted[i] = app.admitOne(ctx.WithTxIndex(i).WithTxBytes(bz).WithIncarnationCache(inLane(given[i])), bz)
	}
	return nil
}

func (app *App) admitOne(ctx sdk.Context, bz []byte) (a admission) {
	defer func() {
		if r := recover(); r != nil {
			a.err = errorsmod.Wrapf(sdkerrors.ErrPanic, "%v", r)
		}
	}()
	tx, err := app.TxDecode(bz)
	if err != nil {
		a.err = errorsmod.Wrap(sdkerrors.ErrTxDecode, err.Error())
		return a
	}
	store := ctx.MultiStore().CacheMultiStore()
	after, err := app.checks(ctx.WithMultiStore(store).WithEventManager(sdk.NewEventManager()).
		WithGasMeter(storetypes.NewInfiniteGasMeter()).WithIsSigverifyTx(true), tx, false)
	if !after.IsZero() {
		a.limit, a.used, a.priority = after.GasMeter().Limit(), after.GasMeter().GasConsumed(), after.Priority()
	}
	if err != nil {
		a.err = err
		return a
	}
	store.Write()
	a.events = after.EventManager().Events()
	return a
}

// admittedOnce is the ante handler: the checks, but for the transactions of a block, whose checks have run. For one that
// arrives, a place in the pool is the last of them, so that one which gets none uses no sequence. BaseApp inserts it once
// more, which changes nothing.
func (app *App) admittedOnce(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
	i := ctx.TxIndex()
	if simulate || ctx.ExecMode() != sdk.ExecModeFinalize || i < 0 || i >= len(app.admitted) {
		ctx, err := app.checks(ctx, tx, simulate)
		if err == nil && !simulate && ctx.IsCheckTx() && !ctx.IsReCheckTx() {
			err = app.pool.Insert(ctx, tx, sdkmempool.InsertOption{GasWanted: ctx.GasMeter().Limit()})
		}
		return ctx, err
	}
	a := app.admitted[i]
	ctx = ctx.WithGasMeter(spent(a.limit, a.used)).WithPriority(a.priority)
	ctx.EventManager().EmitEvents(a.events)
	return ctx, a.err
}

// spent is a gas meter of which a part is used, or all and more.
func spent(limit, used uint64) (meter storetypes.GasMeter) {
	meter = storetypes.NewGasMeter(limit)
	defer func() { _ = recover() }() // out of gas, which the checks have reported
	meter.ConsumeGas(used, "checks of the transaction")
	return meter
}
