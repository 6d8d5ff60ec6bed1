package terms

import (
	"fmt"
	"io"
	"math/big"

	"github.com/alita-network/alita/crypto/dgauss"
)

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
	if bits < 1 || bits > 63 {
		return Noise{}, fmt.Errorf("bits %d: expected 1 to 63", bits)
	}
	bound, err := dgauss.Bound(dgauss.Variance{Num: variance, Den: 1}, NoiseBits)
	if err != nil {
		return Noise{}, err
	}
	n := Noise{variance: variance, bound: uint64(bound), bits: bits}
	if room := uint64(1) << bits; 2*n.bound+1 >= room {
		return Noise{}, fmt.Errorf("noise_variance %d: its noise is up to %d, expected at most %d in a slot of %d bits", variance, bound, room/2-1, bits)
	}
	return n, nil
}

// Bound is the largest size of the noise of a slot.
func (n Noise) Bound() uint64 { return n.bound }

// MaxRows is the largest number of rows whose counts fit beside the noise: 2^bits - 1 - 2 Bound. It does not depend on data.
func (n Noise) MaxRows() uint64 { return uint64(1)<<n.bits - 1 - 2*n.bound }

// MicroRho is what one contribution with this noise discloses about a row, in millionths of rho and rounded up:
// 10^6 sensitivity / (2 variance), where sensitivity is the largest sum of squares by which a row changes the slots.
func (n Noise) MicroRho(sensitivity uint64) (uint64, error) {
	if sensitivity == 0 {
		return 0, fmt.Errorf("sensitivity 0: expected at least 1")
	}
	return dgauss.Rho(sensitivity, dgauss.Variance{Num: n.variance, Den: 1})
}

// Add returns the slots with their noise, as they are shared. The randomness must be that of one contribution alone. It fails,
// without saying anything of the slots' values, where there are more rows than MaxRows or a slot counts more than the rows.
func (n Noise) Add(random io.Reader, rows uint64, counts []uint64) ([]uint64, error) {
	if rows > n.MaxRows() {
		return nil, fmt.Errorf("%d rows: expected at most %d beside noise of variance %d in slots of %d bits", rows, n.MaxRows(), n.variance, n.bits)
	}
	sampler, err := dgauss.New(random, dgauss.Variance{Num: n.variance, Den: 1})
	if err != nil {
		return nil, err
	}
	noised := make([]uint64, len(counts))
	for i, c := range counts {
		if c > rows {
			return nil, fmt.Errorf("slot %d: expected a count of at most the %d rows", i, rows)
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

// SumVariance bounds the variance of the noise of each slot of a sum of contributions; it is that of the noise but for less
// than one part in a thousand where the variance is at least 1.
func (n Noise) SumVariance(contributions uint64) *big.Int {
	return new(big.Int).Mul(new(big.Int).SetUint64(n.variance), new(big.Int).SetUint64(contributions))
}
