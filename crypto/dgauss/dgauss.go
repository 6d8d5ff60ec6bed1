// Package dgauss draws from the discrete Gaussian distribution, exactly: the probability of an integer x is
// exp(-x^2 / (2 sigma^2)) divided by the sum of that over all integers. Noise of this kind gives concentrated
// differential privacy to sums of integers.
//
// There is no float and no approximation anywhere: with uniform bits the distribution is exactly the one above. So the
// privacy that is computed for it holds for the real draws. Sampling from rounded or float Gaussians has no such
// guarantee (I. Mironov, "On significance of the least significant bits for differential privacy", CCS 2012).
//
// The time of a draw depends on its result, so draws must not be observable one by one. A seat that draws for a whole
// vector and then computes for milliseconds shows little of them; this package hides no more.
//
// Source: C. Canonne, G. Kamath, T. Steinke, "The discrete Gaussian for differential privacy", NeurIPS 2020
// (arXiv:2004.00010), algorithms 1 to 3, whose results on the privacy of the mechanism and on its subgaussian tail are
// used too; zero-concentrated privacy is from M. Bun, T. Steinke, "Concentrated differential privacy", TCC 2016.
package dgauss

import (
	"errors"
	"fmt"
	"io"
	"math/big"
)

// Errors of this package, matched with errors.Is.
var (
	ErrVariance = errors.New("invalid variance parameter")
	ErrBound    = errors.New("invalid bound")
	// ErrRandom is a source of randomness that ends or fails.
	ErrRandom = errors.New("no randomness")
)

// Bounds of the parameter, so that a draw fits an int64 with a margin of 2^31 standard deviations or more.
const (
	MaxNum = 1 << 62
	MaxDen = 1 << 32
)

// Variance is the parameter sigma^2 = Num/Den of the distribution. The distribution's variance is at most sigma^2.
type Variance struct{ Num, Den uint64 }

// Validate checks 1 <= Num <= MaxNum and 1 <= Den <= MaxDen.
func (v Variance) Validate() error {
	if v.Num < 1 || v.Num > MaxNum {
		return fmt.Errorf("%w: numerator: expected 1 to %d, got %d", ErrVariance, uint64(MaxNum), v.Num)
	}
	if v.Den < 1 || v.Den > MaxDen {
		return fmt.Errorf("%w: denominator: expected 1 to %d, got %d", ErrVariance, uint64(MaxDen), v.Den)
	}
	return nil
}

// Sampler draws from one distribution. It is not safe for concurrent use.
type Sampler struct {
	uniform     uniform
	num         *big.Int
	scale       *big.Int // t = floor(sigma) + 1
	scaleDen    *big.Int // t * Den
	denominator *big.Int // 2 * Num * t^2 * Den
}

// New returns a sampler that takes its bits from a cryptographic source of randomness.
func New(random io.Reader, v Variance) (*Sampler, error) {
	if err := v.Validate(); err != nil {
		return nil, err
	}
	num, den := new(big.Int).SetUint64(v.Num), new(big.Int).SetUint64(v.Den)
	scale := new(big.Int).Quo(num, den)
	scale.Sqrt(scale).Add(scale, one)
	s := &Sampler{uniform: uniform{source: random}, num: num, scale: scale, scaleDen: new(big.Int).Mul(scale, den)}
	s.denominator = new(big.Int).Mul(s.scaleDen, scale)
	s.denominator.Mul(s.denominator, num).Lsh(s.denominator, 1)
	return s, nil
}

// Sample draws one integer (algorithm 3).
func (s *Sampler) Sample() (int64, error) {
	for {
		y, err := s.laplace()
		if err != nil {
			return 0, err
		}
		// Accept with probability exp(-(|y| - sigma^2/t)^2 / (2 sigma^2)).
		exponent := new(big.Int).Abs(y)
		exponent.Mul(exponent, s.scaleDen).Sub(exponent, s.num)
		exponent.Mul(exponent, exponent)
		accept, err := s.uniform.bernoulliExp(exponent, s.denominator)
		if err != nil {
			return 0, err
		}
		if accept && y.IsInt64() {
			return y.Int64(), nil
		}
	}
}

// SampleWithin draws one integer from -bound to bound. It draws until the result is in the range, so the distribution is the
// one above, conditioned on the range. The two differ by no more than the probability beyond the bound, which the caller
// keeps negligible with Bound. The bound must be at least floor(sigma) and 1, so that few draws are needed.
func (s *Sampler) SampleWithin(bound int64) (int64, error) {
	if bound < 1 || new(big.Int).SetInt64(bound).Cmp(new(big.Int).Sub(s.scale, one)) < 0 {
		return 0, fmt.Errorf("%w: expected at least 1 and at least sigma, got %d", ErrBound, bound)
	}
	for {
		x, err := s.Sample()
		if err != nil {
			return 0, err
		}
		if -bound <= x && x <= bound {
			return x, nil
		}
	}
}

// laplace draws from the discrete Laplace distribution of scale t: probability proportional to exp(-|x|/t) (algorithm 2).
func (s *Sampler) laplace() (*big.Int, error) {
	for {
		u, err := s.uniform.below(s.scale)
		if err != nil {
			return nil, err
		}
		ok, err := s.uniform.bernoulliExp(u, s.scale)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		v := int64(0)
		for {
			again, err := s.uniform.bernoulliExpFraction(one, one)
			if err != nil {
				return nil, err
			}
			if !again {
				break
			}
			v++
		}
		x := new(big.Int).Mul(s.scale, big.NewInt(v))
		x.Add(x, u)
		sign, err := s.uniform.below(two)
		if err != nil {
			return nil, err
		}
		if sign.Sign() == 0 {
			return x, nil
		}
		if x.Sign() != 0 { // zero has one sign only
			return x.Neg(x), nil
		}
	}
}

// Bound returns a bound m such that at most 2^-bits of the distribution lies at or beyond m on either side together, by the
// subgaussian tail 2 exp(-m^2 / (2 sigma^2)); bits is at most 256.
func Bound(v Variance, bits uint32) (int64, error) {
	if err := v.Validate(); err != nil {
		return 0, err
	}
	if bits > 256 {
		return 0, fmt.Errorf("%w: bits: expected at most 256, got %d", ErrBound, bits)
	}
	// m^2 >= 2 sigma^2 (bits + 1) ln 2, with ln 2 rounded up.
	m := new(big.Int).SetUint64(v.Num)
	m.Mul(m, big.NewInt(2*(int64(bits)+1)*693147181))
	m = ceilQuo(m, new(big.Int).Mul(new(big.Int).SetUint64(v.Den), big.NewInt(1_000_000_000)))
	root := new(big.Int).Sqrt(m)
	if new(big.Int).Mul(root, root).Cmp(m) < 0 {
		root.Add(root, one)
	}
	return root.Int64(), nil
}
