package types

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

// Fees returns both fees of a run. The error is ErrOverflow.
func Fees(operations uint64, pricePerMop, dataPerAlita math.Int) (Funds, error) {
	fees, err := terms.Fees(operations, pricePerMop, dataPerAlita)
	return Funds(fees), overflow(err)
}

// ValidatePrice checks Data Token units per ualita times 2^64: below 2^192.
func ValidatePrice(dataPerAlita math.Int) error {
	return validateInt(dataPerAlita, terms.MaxAmountBits+terms.PriceBits+1)
}
