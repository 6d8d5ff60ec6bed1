package app

import (
	"context"
	"fmt"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
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
		SigVerifyOptions: []ante.SigVerificationDecoratorOption{
			ante.WithUnorderedTxGasCost(ante.DefaultUnorderedTxGasCost),
			ante.WithMaxUnorderedTxTimeoutDuration(ante.DefaultMaxTimeoutDuration),
		},
	})
	if err != nil {
		return fmt.Errorf("ante handler: %w", err)
	}
	app.SetAnteHandler(requireFee(handler))
	return nil
}

// requireFee refuses a transaction without a fee, before the SDK reads the gas limit
// out of it and panics.
func requireFee(next sdk.AnteHandler) sdk.AnteHandler {
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		if p, ok := tx.(interface{ GetProtoTx() *txtypes.Tx }); ok {
			if t := p.GetProtoTx(); t == nil || t.AuthInfo == nil || t.AuthInfo.Fee == nil {
				return ctx, errorsmod.Wrap(sdkerrors.ErrInvalidRequest, "auth_info.fee: expected a fee with a gas limit, got none")
			}
		}
		return next(ctx, tx, simulate)
	}
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
