package types

import errorsmod "cosmossdk.io/errors"

// DefaultGenesis is the state of a new network: it begins at the least price.
func DefaultGenesis() *GenesisState {
	params := DefaultParams()
	return &GenesisState{Params: params, GasPrice: params.MinGasPrice}
}

// Validate checks the parameters and that the price is within its bounds.
func (gs GenesisState) Validate() error {
	if err := gs.Params.Validate(); err != nil {
		return err
	}
	if gs.GasPrice < gs.Params.MinGasPrice || gs.GasPrice > MaxGasPrice {
		return errorsmod.Wrapf(ErrInvalidGenesis, "gas_price: expected %d to %d, got %d", gs.Params.MinGasPrice, uint64(MaxGasPrice), gs.GasPrice)
	}
	return nil
}
