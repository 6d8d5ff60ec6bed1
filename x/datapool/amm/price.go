package amm

import "github.com/holiman/uint256"

// Price returns floor(num * 2^64 / den), the price of one unit of the coin with
// reserve den in units of the coin with reserve num. It is below 2^192.
func Price(num, den *Int) (Int, error) {
	var p Int
	if err := checkReserves(num, den); err != nil {
		return p, err
	}
	return *p.Div(p.Lsh(num, PriceBits), den), nil
}

// Accumulate returns sum + Price(num, den) * seconds, the cumulative price after
// a span of time that began with these reserves. The price is below 2^192 and
// the seconds of a chain's life below 2^40, so the sum fits; ErrTooLarge if
// it does not.
func Accumulate(sum, num, den *Int, seconds uint64) (Int, error) {
	p, err := Price(num, den)
	if err != nil {
		return p, err
	}
	if _, overflow := p.MulOverflow(&p, uint256.NewInt(seconds)); overflow {
		return p, ErrTooLarge
	}
	if _, overflow := p.AddOverflow(sum, &p); overflow {
		return p, ErrTooLarge
	}
	return p, nil
}

// Mean returns floor((to - from) / seconds), the mean price between two sums.
// ErrZero if no time lies between; ErrInvariant if a sum fell.
func Mean(from, to *Int, seconds uint64) (Int, error) {
	var m Int
	if seconds == 0 {
		return m, ErrZero
	}
	if _, underflow := m.SubOverflow(to, from); underflow {
		return m, ErrInvariant
	}
	return *m.Div(&m, uint256.NewInt(seconds)), nil
}

// Portion returns floor(whole * part / of) for part <= of; zero if of is zero.
func Portion(whole, part, of *Int) Int {
	var z Int
	if of.IsZero() || part.Gt(of) || !mulDiv(&z, whole, part, of) {
		return Int{}
	}
	return z
}
