package dgauss

import (
	"errors"
	"fmt"
	"math/big"
)

// Micro is the number of units of privacy budget in rho = 1. Budgets are whole numbers of these.
const Micro = 1_000_000

// ErrBudget is a privacy cost that cannot be expressed.
var ErrBudget = errors.New("invalid privacy budget")

// Rho returns the zero-concentrated privacy loss of releasing a sum with this noise, sensitivity^2 / (2 sigma^2), in
// millionths and rounded up. The square of the sensitivity is the largest sum of squares by which one
// individual's data can change the slots. Losses of several releases add up.
func Rho(sensitivitySquared uint64, v Variance) (uint64, error) {
	if err := v.Validate(); err != nil {
		return 0, err
	}
	num := new(big.Int).SetUint64(sensitivitySquared)
	num.Mul(num, new(big.Int).SetUint64(v.Den)).Mul(num, big.NewInt(Micro))
	den := new(big.Int).SetUint64(v.Num)
	rho := ceilQuo(num, den.Lsh(den, 1))
	if !rho.IsUint64() {
		return 0, fmt.Errorf("%w: expected less than 2^64 millionths, got more for sensitivity^2 %d with sigma^2 %d/%d", ErrBudget, sensitivitySquared, v.Num, v.Den)
	}
	return rho.Uint64(), nil
}

// ceilQuo returns a/b rounded up, for a >= 0 and b > 0.
func ceilQuo(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if r.Sign() != 0 {
		q.Add(q, one)
	}
	return q
}
