package types

import errorsmod "cosmossdk.io/errors"

// Bounds of the parameters.
const (
	// MaxGasPrice is the highest price of a unit of gas, in billionths of a ualita: one ALITA.
	MaxGasPrice = 1_000_000_000_000_000
	// MaxGas bounds all amounts of gas, so that sums and products of them fit.
	MaxGas = 1_000_000_000_000
	// MaxGasPerByte bounds the fee gas of a byte.
	MaxGasPerByte = 10_000
	// minTxGas lets the largest transaction of governance in whatever is voted.
	minTxGas = 2_000_000
)

// DefaultParams are the parameters of a new network. A block that is full by bytes (4 MiB) costs as much as one that is
// full by gas (100 M). The price stays while half of the room that seats do not have to themselves is taken outside of the
// part for contributions, and their price while half of that part is.
func DefaultParams() Params {
	return Params{
		MinGasPrice:            2_500_000, // 0.0025 ualita
		TargetGas:              40_000_000,
		GasPerByte:             24,
		MaxTxGas:               25_000_000,
		MaxProgramGas:          50_000_000,
		ContributionsTargetGas: 15_000_000,
	}
}

// Validate checks ranges.
func (p Params) Validate() error {
	for _, v := range []struct {
		name                 string
		value, least, mostOf uint64
	}{
		{"min_gas_price", p.MinGasPrice, 0, MaxGasPrice},
		{"target_gas", p.TargetGas, minTxGas, MaxGas},
		{"gas_per_byte", p.GasPerByte, 0, MaxGasPerByte},
		{"max_tx_gas", p.MaxTxGas, minTxGas, MaxGas},
		{"max_program_gas", p.MaxProgramGas, p.MaxTxGas, MaxGas},
		{"contributions_target_gas", p.ContributionsTargetGas, 1, MaxGas},
	} {
		if v.value < v.least || v.value > v.mostOf {
			return errorsmod.Wrapf(ErrInvalidParams, "%s: expected %d to %d, got %d", v.name, v.least, v.mostOf, v.value)
		}
	}
	return nil
}
