// Package amm is the arithmetic of the constant-product market: pure functions
// over unsigned 256-bit integers, without allocation, decimals or floats.
//
// Notation: x and y are the reserves of the coin that comes in and the one that
// goes out, k = x*y, S the total of shares. Every division rounds so that the
// pool keeps the remainder. Every function that changes reserves checks its own
// result and answers an error, never a panic, for inputs of any size.
package amm

import (
	"errors"

	"github.com/holiman/uint256"
)

// Int is an unsigned integer below 2^256.
type Int = uint256.Int

const (
	// PPM is one as parts per million, the unit of fees and price impacts.
	PPM = 1_000_000
	// MinimumShares are minted with the first liquidity and locked for ever, so
	// that a pool can neither be emptied nor its share price be inflated by the
	// first depositor (Uniswap v2, MINIMUM_LIQUIDITY).
	MinimumShares = 1000
	// MaxReserveBits: no reserve, supply or total of shares exceeds 2^MaxReserveBits,
	// so that k and every product of two of them fit in 256 bits.
	MaxReserveBits = 127
	// PriceBits is the number of fractional bits of a price.
	PriceBits = 64
)

// Errors of the package. Callers compare with errors.Is.
var (
	// ErrZero: an amount that has to be positive is zero.
	ErrZero = errors.New("amount is zero")
	// ErrTooLarge: an amount, or a reserve after the trade, is above 2^127.
	ErrTooLarge = errors.New("above 2^127")
	// ErrDust: the result rounds to zero.
	ErrDust = errors.New("result rounds to zero")
	// ErrDrained: more was asked than the pool holds or may give.
	ErrDrained = errors.New("more than the pool can give")
	// ErrFees: the fee rates do not make sense together.
	ErrFees = errors.New("fee rates out of range")
	// ErrEmpty: a reserve or the total of shares is zero: not a pool.
	ErrEmpty = errors.New("pool has an empty reserve")
	// ErrInvariant: the result would take value from the pool. It cannot happen;
	// it is checked all the same.
	ErrInvariant = errors.New("k or the value of a share would fall")
)

// maxReserve is 2^127; ppm is 10^6.
var (
	maxReserve = new(Int).Lsh(uint256.NewInt(1), MaxReserveBits)
	ppm        = uint256.NewInt(PPM)
	one        = uint256.NewInt(1)
)

// MaxReserve returns 2^127, the largest reserve.
func MaxReserve() Int { return *maxReserve }

// TooLarge reports whether v is above 2^127.
func TooLarge(v *Int) bool { return v.Gt(maxReserve) }

// checkReserves refuses reserves that no pool can have.
func checkReserves(x, y *Int) error {
	if x.IsZero() || y.IsZero() {
		return ErrEmpty
	}
	if TooLarge(x) || TooLarge(y) {
		return ErrTooLarge
	}
	return nil
}

// mulDiv sets z to floor(a*b/d), with 512 bits between. False if d is zero
// or the result does not fit.
func mulDiv(z, a, b, d *Int) bool {
	if d.IsZero() {
		return false
	}
	_, overflow := z.MulDivOverflow(a, b, d)
	return !overflow
}

// mulDivUp sets z to ceil(a*b/d), with 512 bits between. False if d is zero
// or the result does not fit.
func mulDivUp(z, a, b, d *Int) bool {
	var rem Int
	if d.IsZero() {
		return false
	}
	rem.MulMod(a, b, d)
	if _, overflow := z.MulDivOverflow(a, b, d); overflow {
		return false
	}
	if rem.IsZero() {
		return true
	}
	_, overflow := z.AddOverflow(z, uint256.NewInt(1))
	return !overflow
}
