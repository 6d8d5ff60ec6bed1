package txflags

import (
	"errors"
	"fmt"

	"github.com/cosmos/cosmos-sdk/client/flags"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/client/tx"
	feemarkettypes "github.com/alita-network/alita/x/feemarket/types"
)

// hinted adds to an error of a transaction what it means and what to do next.
func hinted(err error) error {
	var refused *tx.RefusedError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, tx.ErrPending):
		// The error names the transaction.
		return fmt.Errorf("%w: before you send it again, ask with `alitad query tx` and its name what became of it", plain(err))
	case !errors.As(err, &refused):
		return plain(err)
	case refused.Stage == tx.Simulated:
		return fmt.Errorf("%w; nothing was sent", err)
	case errors.Is(err, sdkerrors.ErrWrongSequence):
		return fmt.Errorf("%w; nothing was paid: another transaction of the account is under way, send this one again after it", err)
	case errors.Is(err, sdkerrors.ErrInsufficientFee), errors.Is(err, feemarkettypes.ErrFeeTooLow):
		return fmt.Errorf("%w; nothing was paid: without --%s and --%s the node's own price is paid", err, flags.FlagFees, flags.FlagGasPrices)
	case errors.Is(err, sdkerrors.ErrOutOfGas):
		return fmt.Errorf("%w; without --%s the gas is measured first", err, flags.FlagGas)
	case refused.Stage == tx.Checked:
		return fmt.Errorf("%w; nothing was paid", err)
	default:
		return fmt.Errorf("%w; the fee is paid and nothing else has happened: `alitad query tx %s` shows all of it", err, refused.Response.TxHash)
	}
}
