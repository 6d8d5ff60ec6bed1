package types

import errorsmod "cosmossdk.io/errors"

// DefaultGenesis is the state of a new network: it begins at the least price.
func DefaultGenesis() *GenesisState {
	params := DefaultParams()
	return &GenesisState{Params: params, GasPrice: params.MinGasPrice, ContributionsGasPrice: params.MinGasPrice}
}

// Validate checks the parameters and that the prices are within their bounds.
func (gs GenesisState) Validate() error {
	if err := gs.Params.Validate(); err != nil {
		return err
	}
	for _, v := range []struct {
		name  string
		price uint64
	}{{"gas_price", gs.GasPrice}, {"contributions_gas_price", gs.ContributionsGasPrice}} {
		if v.price < gs.Params.MinGasPrice || v.price > MaxGasPrice {
			return errorsmod.Wrapf(ErrInvalidGenesis, "%s: expected %d to %d, got %d", v.name, gs.Params.MinGasPrice, uint64(MaxGasPrice), v.price)
		}
	}
	return nil
}
