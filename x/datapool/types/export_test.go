package types

import "math/big"

// ExpBits are the fractional bits of ExpAbove.
const ExpBits = expBits

// ExpAbove is expAbove.
func ExpAbove(num, den *big.Int) *big.Int { return expAbove(num, den) }
