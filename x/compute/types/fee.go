package types

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

const (
	// PPM is one whole in parts per million, and the operations that a price pays for.
	PPM = terms.PPM
	// MaxAmountBits bounds every amount and price of the module, so that no sum or
	// product of them leaves the 256 bits of an integer of the state.
	MaxAmountBits = terms.MaxAmountBits
)

// ComputationFee is what operations cost: floor(operations * pricePerMop / 10^6), in ualita.
// What is less than one ualita is not billed. It fails with ErrOverflow.
func ComputationFee(operations uint64, pricePerMop math.Int) (math.Int, error) {
	fee, err := terms.ComputationFee(operations, pricePerMop)
	return fee, overflow(err)
}

// DataFee is the Data Tokens of equal value: floor(fee * dataPerAlita / 2^64), in
// Data Token units. dataPerAlita is Data Token units per ualita times 2^64. It fails with ErrOverflow.
func DataFee(fee, dataPerAlita math.Int) (math.Int, error) {
	data, err := terms.DataFee(fee, dataPerAlita)
	return data, overflow(err)
}

// StakersPart is the part of a computation fee that goes to the stakers:
// floor(fee * ppm / 10^6). The owner gets the rest, and so the rounding.
func StakersPart(fee math.Int, ppm uint32) math.Int { return terms.StakersPart(fee, ppm) }

// Fees are both fees of a run. It fails with ErrOverflow.
func Fees(operations uint64, pricePerMop, dataPerAlita math.Int) (Funds, error) {
	fees, err := terms.Fees(operations, pricePerMop, dataPerAlita)
	return Funds(fees), overflow(err)
}

// ValidatePrice checks Data Token units per ualita times 2^64: below 2^192.
func ValidatePrice(dataPerAlita math.Int) error {
	return validateInt(dataPerAlita, MaxAmountBits+terms.PriceBits+1)
}
