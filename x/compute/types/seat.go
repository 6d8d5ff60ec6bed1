package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// ValidateSeatTerms checks what a validator offers: a bond of zero or more ualita and a fee.
func ValidateSeatTerms(bond sdk.Coin, fee math.Int) error {
	if bond.Denom != datapooltypes.BaseDenom {
		return errorsmod.Wrapf(ErrInvalidSeat, "bond: expected %s, got %q", datapooltypes.BaseDenom, bond.Denom)
	}
	if err := validateAmount(bond.Amount); err != nil {
		return errorsmod.Wrapf(ErrInvalidSeat, "bond: %s", err)
	}
	if err := validateAmount(fee); err != nil {
		return errorsmod.Wrapf(ErrInvalidSeat, "fee: %s", err)
	}
	return nil
}
