package types

import "math/bits"

// maxChange is the inverse of the most that the price changes in a block, as in EIP-1559.
const maxChange = 8

// BillionthsPerUalita is what prices are counted in.
const BillionthsPerUalita = 1_000_000_000

// FeeGas is the gas that a transaction pays for: its gas limit, or more if its bytes take more room in a block than its gas.
func (p Params) FeeGas(gasLimit, bytes uint64) uint64 {
	return max(min(gasLimit, MaxGas), min(bytes, MaxGas)*p.GasPerByte)
}

// NextPrice is the price in the block after one with the given price and fee gas, of which a target would leave it. It is price (1 + (gas - target) / (8 target)),
// rounded towards the price, by at least one unit above the target so that it can leave any price; within the least and the
// highest price (EIP-1559, https://eips.ethereum.org/EIPS/eip-1559).
func (p Params) NextPrice(price, feeGas, target uint64) uint64 {
	price = min(max(price, p.MinGasPrice), MaxGasPrice)
	switch {
	case feeGas > target:
		over := min(feeGas-target, target)
		return min(price+max(mulDiv(price, over, target*maxChange), 1), MaxGasPrice)
	case feeGas < target:
		return max(price-mulDiv(price, target-feeGas, target*maxChange), p.MinGasPrice)
	}
	return price
}

// Fee is the least fee in ualita for the given fee gas at a price: rounded up.
func Fee(feeGas, price uint64) uint64 {
	hi, lo := bits.Mul64(min(feeGas, MaxGas*MaxGasPerByte), min(price, MaxGasPrice))
	lo, carry := bits.Add64(lo, BillionthsPerUalita-1, 0)
	hi += carry
	if hi >= BillionthsPerUalita {
		return 1<<64 - 1 // more than there will ever be
	}
	fee, _ := bits.Div64(hi, lo, BillionthsPerUalita)
	return fee
}

// mulDiv is floor(a b / c). It expects b <= c, so that the result fits.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	q, _ := bits.Div64(hi, lo, c)
	return q
}
