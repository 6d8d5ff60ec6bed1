package dgauss

import (
	"fmt"
	"io"
	"math/big"
)

var (
	one = big.NewInt(1)
	two = big.NewInt(2)
)

// uniform makes exact coins of uniform bits.
type uniform struct {
	source io.Reader
	buf    []byte
}

// below draws uniformly from 0 to n-1, n >= 1: it draws as many bits as n-1 has until the number is below n.
func (u *uniform) below(n *big.Int) (*big.Int, error) {
	out := new(big.Int)
	bits := new(big.Int).Sub(n, one).BitLen()
	if bits == 0 {
		return out, nil
	}
	size := (bits + 7) / 8
	if cap(u.buf) < size {
		u.buf = make([]byte, size)
	}
	b := u.buf[:size]
	for {
		if _, err := io.ReadFull(u.source, b); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRandom, err)
		}
		b[0] &= 0xff >> (8*size - bits)
		if out.SetBytes(b).Cmp(n) < 0 {
			return out, nil
		}
	}
}

// bernoulli is true with probability num/den, 0 <= num <= den.
func (u *uniform) bernoulli(num, den *big.Int) (bool, error) {
	x, err := u.below(den)
	if err != nil {
		return false, err
	}
	return x.Cmp(num) < 0, nil
}

// bernoulliExp is true with probability exp(-num/den), num >= 0 (algorithm 1).
func (u *uniform) bernoulliExp(num, den *big.Int) (bool, error) {
	whole, rest := new(big.Int).QuoRem(num, den, new(big.Int))
	for i := new(big.Int); i.Cmp(whole) < 0; i.Add(i, one) {
		ok, err := u.bernoulliExpFraction(one, one)
		if err != nil || !ok {
			return false, err
		}
	}
	return u.bernoulliExpFraction(rest, den)
}

// bernoulliExpFraction is true with probability exp(-num/den), 0 <= num <= den: the number of coins of probability
// num/(den k), k = 1, 2, ..., until the first that fails, is odd with just that probability.
func (u *uniform) bernoulliExpFraction(num, den *big.Int) (bool, error) {
	scaled := new(big.Int)
	for k := int64(1); ; k++ {
		ok, err := u.bernoulli(num, scaled.Mul(den, big.NewInt(k)))
		if err != nil {
			return false, err
		}
		if !ok {
			return k%2 == 1, nil
		}
	}
}
