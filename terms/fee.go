package terms

import (
	"fmt"
	"math/big"

	"cosmossdk.io/math"
)

const (
	// PPM is one whole in parts per million, and the operations that a price pays for.
	PPM = 1_000_000
	// PriceBits is the number of binary places of a price of Data Tokens.
	PriceBits = 64
	// MaxAmountBits bounds every amount and price of the module, so that no sum or
	// product of them leaves the 256 bits of an integer of the state.
	MaxAmountBits = 127
)

// ComputationFee returns the price of operations: floor(operations * pricePerMop / 10^6), in ualita.
// Less than one ualita is not billed. The error is ErrOverflow if the fee does not fit MaxAmountBits.
func ComputationFee(operations uint64, pricePerMop math.Int) (math.Int, error) {
	product := new(big.Int).Mul(new(big.Int).SetUint64(operations), pricePerMop.BigInt())
	return amount(product.Quo(product, big.NewInt(PPM)))
}

// DataFee returns the Data Tokens of equal value: floor(fee * dataPerAlita / 2^64), in
// Data Token units. dataPerAlita is Data Token units per ualita times 2^64.
// The error is ErrOverflow if the fee does not fit MaxAmountBits.
func DataFee(fee, dataPerAlita math.Int) (math.Int, error) {
	product := new(big.Int).Mul(fee.BigInt(), dataPerAlita.BigInt())
	return amount(product.Rsh(product, PriceBits))
}

// StakersPart returns the part of a computation fee that goes to the stakers:
// floor(fee * ppm / 10^6). The owner gets the rest, so rounding favours the owner.
func StakersPart(fee math.Int, ppm uint32) math.Int {
	return fee.MulRaw(int64(ppm)).QuoRaw(PPM)
}

// Fees returns both fees of a run. The error is ErrOverflow if one does not fit MaxAmountBits.
func Fees(operations uint64, pricePerMop, dataPerAlita math.Int) (Funds, error) {
	alita, err := ComputationFee(operations, pricePerMop)
	if err != nil {
		return Funds{}, err
	}
	data, err := DataFee(alita, dataPerAlita)
	if err != nil {
		return Funds{}, err
	}
	return Funds{Alita: alita, Data: data}, nil
}

// SeatsFees returns the most that the seats get in a round: the fee for each seat and each record, in ualita.
func SeatsFees(fee math.Int, seats, records uint32) math.Int {
	return fee.MulRaw(int64(seats)).MulRaw(int64(records))
}

// JobCost returns the most that a job costs: the owners' fees and the seats' fees, in ualita, of all rounds.
func JobCost(owners Funds, seats math.Int, rounds uint32) Funds {
	return Funds{Alita: owners.Alita.Add(seats).MulRaw(int64(rounds)), Data: owners.Data.MulRaw(int64(rounds))}
}

func amount(v *big.Int) (math.Int, error) {
	if v.BitLen() > MaxAmountBits {
		return math.Int{}, fmt.Errorf("%w: amount: expected at most %d bits, got %d", ErrOverflow, MaxAmountBits, v.BitLen())
	}
	return math.NewIntFromBigInt(v), nil
}
