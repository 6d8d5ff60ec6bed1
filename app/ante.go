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
func (app *App) setAnteHandler() error {
	handler, err := ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper:   app.AccountKeeper,
		BankKeeper:      virtualFeeBank{app.BankKeeper},
		FeegrantKeeper:  app.FeeGrantKeeper,
		SignModeHandler: app.txConfig.SignModeHandler(),
		SigGasConsumer:  ante.DefaultSigVerificationGasConsumer,
		TxFeeChecker:    app.checkFee,
		SigVerifyOptions: []ante.SigVerificationDecoratorOption{
			ante.WithUnorderedTxGasCost(ante.DefaultUnorderedTxGasCost),
			ante.WithMaxUnorderedTxTimeoutDuration(ante.DefaultMaxTimeoutDuration),
		},
	})
	if err != nil {
		return fmt.Errorf("ante handler: %w", err)
	}
	app.SetAnteHandler(app.bounded(handler))
	return nil
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
