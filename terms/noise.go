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

// Noises is the number of noises in a sum, each of the whole variance of its slot. Each seat hands in one, so the answer is private while one
// seat is honest, which its secrecy needs anyway, and the noise in a slot of the sum has the parameter seats * sigma^2 whatever the cohort.
// Everything that depends on who adds the noise asks here.
func (s SecureSum) Noises() uint64 {
	if s.MicroRho == 0 {
		return 0
	}
	return uint64(s.Seats)
}

// bound is the largest size of the noise in each of the slots; 0 without noise.
func (s SlotRange) bound() (int64, error) {
	if s.Variance == 0 {
		return 0, nil
	}
	return dgauss.Bound(dgauss.Variance{Num: s.Variance, Den: 1}, NoiseBits)
}

// NoiseBounds is the largest value of each slot of a noise vector: twice the bound of the noise, since the vector is shifted by it.
func (r Ranges) NoiseBounds() ([]uint64, error) {
	out := make([]uint64, 0, r.Length())
	for i, s := range r {
		bound, err := s.bound()
		if err != nil {
			return nil, fmt.Errorf("%w: range %d: %w", ErrRanges, i, err)
		}
		for range s.Count {
			out = append(out, 2*uint64(bound))
		}
	}
	return out, nil
}

// Noise draws a noise vector, as a seat shares it: in each slot noise plus its bound, which is at least 0. No other sum may have the same
// randomness. The ranges are valid ones with noise.
func (r Ranges) Noise(random io.Reader) ([]uint64, error) {
	noise := make([]uint64, 0, r.Length())
	for i, s := range r {
		bound, err := s.bound()
		if err != nil {
			return nil, fmt.Errorf("%w: range %d: %w", ErrRanges, i, err)
		}
		sampler, err := dgauss.New(random, dgauss.Variance{Num: s.Variance, Den: 1})
		if err != nil {
			return nil, fmt.Errorf("%w: range %d: %w", ErrRanges, i, err)
		}
		for range s.Count {
			x, err := sampler.SampleWithin(bound)
			if err != nil {
				return nil, err
			}
			noise = append(noise, uint64(bound+x))
		}
	}
	return noise, nil
}

// removeBounds takes the bounds of so many noises away from a sum.
func (r Ranges) removeBounds(sum []*big.Int, noises uint64) ([]*big.Int, error) {
	out, all := make([]*big.Int, 0, len(sum)), new(big.Int).SetUint64(noises)
	for i, s := range r {
		bound, err := s.bound()
		if err != nil {
			return nil, fmt.Errorf("%w: range %d: %w", ErrRanges, i, err)
		}
		offset := new(big.Int).Mul(all, big.NewInt(bound))
		for range s.Count {
			out = append(out, new(big.Int).Sub(sum[len(out)], offset))
		}
	}
	return out, nil
}

// Reveal returns what the rows of all contributions add up to, with the noise, from the sum of the shared slots. The rows are those of all
// of their records together. A slot may be below zero. Without ranges it is the sum itself. The error is ErrRanges.
func (s SecureSum) Reveal(sum []*big.Int, rows uint64) ([]*big.Int, error) {
	if len(s.Ranges) == 0 {
		return sum, nil
	}
	if uint64(len(sum)) != s.Ranges.Length() {
		return nil, fmt.Errorf("%w: slots: expected %d, got %d", ErrRanges, s.Ranges.Length(), len(sum))
	}
	out, err := s.Ranges.removeBounds(sum, s.Noises())
	if err != nil {
		return nil, err
	}
	return s.Ranges.Unshift(rows, out), nil
}

// CheckRanges checks the ranges and the noise of a job over the program, in slots of SlotBits bits. A row program has ranges, of its whole
// vector, with room for at least one row; another program has none, since nobody bounds what a row changes there, and no noise. The
// error is ErrRanges.
func (s SecureSum) CheckRanges(p Program) error {
	if !p.Row {
		if len(s.Ranges) > 0 || s.MicroRho > 0 {
			return fmt.Errorf("%w: expected neither ranges nor micro_rho for a program that takes batches, got %d and %d", ErrRanges, len(s.Ranges), s.MicroRho)
		}
		return nil
	}
	if err := s.Ranges.Validate(s.Length, s.MicroRho); err != nil {
		return err
	}
	return s.CheckRows(p, 1)
}

// CheckRows checks that the sum of so many rows fits a slot. Rows and ranges are public, so everybody decides this alike and before a file is
// opened. A program that takes batches is not bound. The error is ErrRanges.
func (s SecureSum) CheckRows(p Program, rows uint64) error {
	if !p.Row {
		return nil
	}
	needed, err := s.Ranges.Bits(rows)
	if err != nil {
		return err
	}
	if bits := s.SlotBits(p); needed > bits {
		return fmt.Errorf("%w: bits: expected at least %d for the sum of %d rows, got %d", ErrRanges, needed, rows, bits)
	}
	return nil
}
