package terms

import (
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/alita-network/alita/crypto/dgauss"
)

// ErrNoise means that a vector cannot carry the noise that a job asks for.
var ErrNoise = errors.New("noise not possible")

// NoiseBits is how rare noise beyond the bound is: less than 2^-64 of the distribution, in each slot. Noise is drawn within
// the bound, so a slot differs from the whole distribution by no more than that.
const NoiseBits = 64

// Noise is the discrete Gaussian noise that a contribution adds to each slot of a vector of counts. A slot of the vector that
// is shared holds count + noise + Bound, which is from 0 to 2^bits - 1 whatever the noise, so that the proof of its range
// holds as it does without noise.
type Noise struct {
	variance, bound uint64
	bits            uint32
}

// NewNoise returns the noise of parameter sigma^2 = variance in slots of bits bits, 1 to 63. It fails unless
// 2 Bound + 1 < 2^bits: there must be room for the noise and a count.
func NewNoise(variance uint64, bits uint32) (Noise, error) {
	if bits < 1 || bits > MaxBits {
		return Noise{}, fmt.Errorf("bits: expected 1 to %d, got %d", MaxBits, bits)
	}
	bound, err := dgauss.Bound(dgauss.Variance{Num: variance, Den: 1}, NoiseBits)
	if err != nil {
		return Noise{}, err
	}
	n := Noise{variance: variance, bound: uint64(bound), bits: bits}
	if room := uint64(1) << bits; 2*n.bound+1 >= room {
		return Noise{}, fmt.Errorf("largest noise of variance %d: expected at most %d in a slot of %d bits, got %d", variance, room/2-1, bits, bound)
	}
	return n, nil
}

// Bound is the largest size of the noise of a slot.
func (n Noise) Bound() uint64 { return n.bound }

// MaxRows is the largest number of rows whose counts fit together with the noise: 2^bits - 1 - 2 Bound. It does not depend on data.
func (n Noise) MaxRows() uint64 { return uint64(1)<<n.bits - 1 - 2*n.bound }

// MicroRho returns what one contribution with this noise discloses about a row, in millionths of rho and rounded up:
// 10^6 sensitivity / (2 variance). Sensitivity is the largest sum of squares by which a row changes the slots. The error is ErrNoise
// if it is zero: then no noise is known to hide a row.
func (n Noise) MicroRho(sensitivity uint64) (uint64, error) {
	if sensitivity == 0 {
		return 0, fmt.Errorf("%w: sensitivity: expected at least 1, got 0", ErrNoise)
	}
	rho, err := dgauss.Rho(sensitivity, dgauss.Variance{Num: n.variance, Den: 1})
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNoise, err)
	}
	return rho, nil
}

// Noise returns the noise that each contribution to a job over the program adds. The error is ErrNoise if a vector of the program's kind
// cannot carry noise, or not in slots of that width.
func (s SecureSum) Noise(p Program) (Noise, error) {
	switch p.Kind {
	case VectorHistogram:
	case VectorOneHot:
		return Noise{}, fmt.Errorf("%w: expected none for a program of %s, with noise its vector would not be one-hot; got variance %d",
			ErrNoise, p.Kind, s.NoiseVariance)
	default:
		return Noise{}, fmt.Errorf("%w: expected none for a program of %s, one row may change its sums by anything; got variance %d",
			ErrNoise, p.Kind, s.NoiseVariance)
	}
	noise, err := NewNoise(s.NoiseVariance, s.SlotBits(p))
	if err != nil {
		return Noise{}, fmt.Errorf("%w: %w", ErrNoise, err)
	}
	return noise, nil
}

// MicroRho returns what each contribution to a job over the program charges to its record's privacy budget, in millionths of rho:
// zero without noise. The error is ErrNoise if the program cannot have the noise, or does not state by how much one row changes its
// vector.
func (s SecureSum) MicroRho(p Program) (uint64, error) {
	if s.NoiseVariance == 0 {
		return 0, nil
	}
	noise, err := s.Noise(p)
	if err != nil {
		return 0, err
	}
	return noise.MicroRho(p.Sensitivity)
}

// Add returns the slots with their noise, as they are shared. No other contribution may have the same randomness. It
// fails if there are more rows than MaxRows or a slot counts more than the rows; the error says nothing about the slots' values.
func (n Noise) Add(random io.Reader, rows uint64, counts []uint64) ([]uint64, error) {
	if rows > n.MaxRows() {
		return nil, fmt.Errorf("rows: expected at most %d with noise of variance %d in slots of %d bits, got %d", n.MaxRows(), n.variance, n.bits, rows)
	}
	sampler, err := dgauss.New(random, dgauss.Variance{Num: n.variance, Den: 1})
	if err != nil {
		return nil, err
	}
	noised := make([]uint64, len(counts))
	for i, c := range counts {
		if c > rows {
			return nil, fmt.Errorf("slot %d: expected at most the number of rows, %d, got more", i, rows)
		}
		x, err := sampler.SampleWithin(int64(n.bound))
		if err != nil {
			return nil, err
		}
		noised[i] = uint64(int64(c+n.bound) + x)
	}
	return noised, nil
}

// Remove returns the sum of contributions without their bounds: the sum of the counts and of the noise, which may be below zero.
func (n Noise) Remove(sum []*big.Int, contributions uint64) []*big.Int {
	bounds := new(big.Int).Mul(new(big.Int).SetUint64(n.bound), new(big.Int).SetUint64(contributions))
	out := make([]*big.Int, len(sum))
	for i, x := range sum {
		out[i] = new(big.Int).Sub(x, bounds)
	}
	return out
}
