package app

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	"github.com/cosmos/cosmos-sdk/x/auth/posthandler"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
)

// setAnteHandler installs the checks that run before the messages of a
// transaction: size, fee (with fee grants), signatures, sequence or nonce.
// They are the SDK's and come in its order.
func (app *App) setAnteHandler() {
	accounts := app.AccountKeeper
	app.checks = app.bounded(sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(), // must be the first
		ante.NewExtensionOptionsDecorator(nil),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(accounts),
		ante.NewConsumeGasForTxSizeDecorator(accounts),
		ante.NewDeductFeeDecorator(accounts, virtualFeeBank{app.BankKeeper}, app.FeeGrantKeeper, app.checkFee),
		ante.NewSetPubKeyDecorator(accounts), // before all that need keys
		ante.NewValidateSigCountDecorator(accounts),
		ante.NewSigGasConsumeDecorator(accounts, ante.DefaultSigVerificationGasConsumer),
		chargeNonces{},
		newVerified(accounts),
		ante.NewSigVerificationDecorator(accounts, app.txConfig.SignModeHandler(),
			ante.WithUnorderedTxGasCost(0),
			ante.WithMaxUnorderedTxTimeoutDuration(ante.DefaultMaxTimeoutDuration)),
		ante.NewIncrementSequenceDecorator(accounts),
	))
	app.SetAnteHandler(app.admittedOnce)
}

func (app *App) setPostHandler() error {
	handler, err := posthandler.NewPostHandler(posthandler.HandlerOptions{})
	if err != nil {
		return fmt.Errorf("post handler: %w", err)
	}
	app.SetPostHandler(handler)
	return nil
}

// virtualFeeBank collects fees in the block's object store, from which the
// bank credits the collector once, at the end of the block. With a normal send
// every transaction would write the collector's balance, so that no two
// transactions of a block could run in parallel.
type virtualFeeBank struct{ bankkeeper.BaseKeeper }

// SendCoinsFromAccountToModule implements the bank that the fee decorator expects.
func (b virtualFeeBank) SendCoinsFromAccountToModule(
	ctx context.Context, sender sdk.AccAddress, module string, amount sdk.Coins,
) error {
	return b.SendCoinsFromAccountToModuleVirtual(ctx, sender, module, amount)
}
