// Package types holds the messages and state of the datapool module and the rules for them.
package types

import (
	"errors"
	"fmt"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/amm"
)

// FromAMM turns an error of the arithmetic into one of the module. what names the
// amount that it is about, and got is the amount. Nil stays nil.
func FromAMM(err error, what string, got fmt.Stringer) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, amm.ErrZero):
		return errorsmod.Wrapf(ErrInvalidAmount, "%s: expected at least 1, got 0", what)
	case errors.Is(err, amm.ErrTooLarge):
		return errorsmod.Wrapf(ErrTooLarge, "%s: expected amounts and resulting reserves of at most 2^127, got %s", what, got)
	case errors.Is(err, amm.ErrDust):
		return errorsmod.Wrapf(ErrDust, "%s: expected enough to return at least 1 unit, got %s", what, got)
	case errors.Is(err, amm.ErrDrained):
		return errorsmod.Wrapf(ErrDrained, "%s: expected less than what the pool can give, got %s", what, got)
	case errors.Is(err, amm.ErrFees):
		return errorsmod.Wrapf(ErrInvalidFees, "%s %s: expected the pool's rates below 1000000 ppm, got higher ones", what, got)
	}
	return errorsmod.Wrapf(ErrInvariant, "%s %s: %s", what, got, err)
}
