package securesum

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"math/bits"
	"slices"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
)

// bounds are the bounds of a noise vector's slots, and the bits in which they are proved.
//
// A slot from 0 to m is written in as many bits as m has. Their weights are 1, 2, 4 and so on, but for the last one, which is what is left of m: so
// the bits add up to 0 at least, to m at most, and to each number in between. The shares of a vector add up to it in the field; as integers they
// add up to it and a few times the modulus, less than there are seats, which are proved in bits of the same kind.
type bounds struct {
	largest []uint64
	seats   uint64
	count   int // of the bits
}

func newBounds(shape Shape) (*bounds, error) {
	if shape.Kind != prio3.SumVec {
		return nil, fmt.Errorf("%w: kind of a sum with noise: expected %s, got %s", ErrShape, prio3.SumVec, shape.Kind)
	}
	b := &bounds{largest: shape.Noise, seats: uint64(shape.Seats)}
	for slot, m := range shape.Noise {
		if m < 1 || m>>prio3.MaxBits != 0 {
			return nil, fmt.Errorf("%w: bound of the noise in slot %d: expected 1 to 2^%d - 1, got %d", ErrShape, slot, prio3.MaxBits, m)
		}
		b.count += bits.Len64(m) + bits.Len64(b.seats-1)
	}
	if b.count > pedersen.MaxProvedBits {
		return nil, fmt.Errorf("%w: bits of the noise: expected at most %d, got %d", ErrShape, pedersen.MaxProvedBits, b.count)
	}
	return b, nil
}

// weights are the weights of the bits, slot by slot.
func (b *bounds) weights() []pedersen.Weighted {
	out := make([]pedersen.Weighted, 0, b.count)
	var wraps []pedersen.Weighted
	for _, w := range weightsOf(b.seats - 1) {
		times := new(big.Int).SetUint64(w)
		wraps = append(wraps, weighted(0, times.Mul(times, modulus)))
	}
	for slot, m := range b.largest {
		for _, w := range weightsOf(m) {
			bit := pedersen.Weighted{Slot: slot}
			binary.LittleEndian.PutUint64(bit.Weight[:], w)
			out = append(out, bit)
		}
		for _, bit := range wraps {
			bit.Slot = slot
			out = append(out, bit)
		}
	}
	return out
}

// modulus is that of Field128.
var modulus = new(big.Int).Add(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), new(big.Int).Mul(big.NewInt(7), new(big.Int).Lsh(big.NewInt(1), 66))), big.NewInt(1))

// weightsOf are the weights of the bits of a number from 0 to largest.
func weightsOf(largest uint64) []uint64 {
	out := make([]uint64, bits.Len64(largest))
	left := largest
	for i := range out {
		out[i] = min(1<<i, left)
		left -= out[i]
	}
	return out
}

// bitsOf writes a number from 0 to largest in bits of those weights, with the same steps for all numbers.
func bitsOf(largest, n uint64) []uint64 {
	out := make([]uint64, bits.Len64(largest))
	if len(out) == 0 {
		return out
	}
	last := len(out) - 1
	out[last] = n >> last
	rest := n - out[last]*(largest-(1<<last-1))
	for i := range last {
		out[i] = rest >> i & 1
	}
	return out
}

func weighted(slot int, weight *big.Int) pedersen.Weighted {
	w := pedersen.Weighted{Slot: slot}
	raw := weight.Bytes()
	slices.Reverse(raw)
	copy(w.Weight[:], raw)
	return w
}

// ProvedBits is the number of bits by which a noise vector is proved: the time to prove and to check it grows with it. It is 0 for
// contributions.
func (p Protocol) ProvedBits() int {
	if !p.ofNoise {
		return 0
	}
	return p.noise.count
}

// splitNoise is the noise vector's part of Share.
func (p Protocol) splitNoise(random io.Reader, c Contribution, vector []uint64) (prio3.Shares, []pedersen.Blinding, []pedersen.Commitment, error) {
	fail := func(err error) (prio3.Shares, []pedersen.Blinding, []pedersen.Commitment, error) {
		return prio3.Shares{}, nil, nil, err
	}
	if len(vector) != p.Slots() {
		return fail(fmt.Errorf("%w: slots: expected %d, got %d", ErrForm, p.Slots(), len(vector)))
	}
	for i, v := range vector {
		if v > p.noise.largest[i] {
			return fail(fmt.Errorf("%w: slot %d: expected at most %d, got more", ErrForm, i, p.noise.largest[i]))
		}
	}
	inputs, outputs, err := prio3.Split(random, p.context(c), p.Seats(), vector)
	if err != nil {
		return fail(err)
	}
	blindings := make([]pedersen.Blinding, p.Seats())
	var all pedersen.Blinding
	for i := range blindings {
		if blindings[i], err = pedersen.NewBlinding(random); err != nil {
			return fail(err)
		}
		all = all.Add(blindings[i])
	}
	commitments, err := p.scheme.CommitAll(outputs, blindings, bits.Len64(slices.Max(p.noise.largest)))
	if err != nil {
		return fail(err)
	}
	sum, err := pedersen.Add(commitments...)
	if err != nil {
		return fail(err)
	}
	proof, err := p.scheme.ProveRange(random, p.context(c), sum, uint64(p.Seats()), p.noise.weights(), p.provedBits(vector, outputs), all)
	if err != nil {
		return fail(err)
	}
	return prio3.Shares{Public: proof, Inputs: inputs, Outputs: outputs}, blindings, commitments, nil
}

// provedBits are the bits of a vector and of how often the modulus is in the sum of its shares.
func (p Protocol) provedBits(vector []uint64, outputs [][]byte) (set []uint64) {
	for slot, v := range vector {
		set = append(set, bitsOf(p.noise.largest[slot], v)...)
		sum := new(big.Int)
		for _, out := range outputs {
			raw := slices.Clone(out[slot*prio3.ElementSize : (slot+1)*prio3.ElementSize])
			slices.Reverse(raw)
			sum.Add(sum, new(big.Int).SetBytes(raw))
		}
		set = append(set, bitsOf(uint64(p.Seats())-1, sum.Quo(sum, modulus).Uint64())...)
	}
	return set
}

// CheckNoise refuses, with ErrForm, what CheckShared refuses, and noise whose proof does not hold for this seat and session.
func (p Protocol) CheckNoise(c Contribution, shared Shared) error {
	if !p.ofNoise {
		return fmt.Errorf("%w: expected the protocol of the noise, got that of contributions", ErrForm)
	}
	if err := p.CheckShared(shared); err != nil {
		return err
	}
	commitments := make([]pedersen.Commitment, len(shared.Commitments))
	for i, raw := range shared.Commitments {
		var err error
		if commitments[i], err = pedersen.ParseCommitment(raw); err != nil {
			return fmt.Errorf("%w: commitment %d: %w", ErrForm, i, err)
		}
	}
	sum, err := pedersen.Add(commitments...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	if err := p.scheme.VerifyRange(p.context(c), sum, uint64(p.Seats()), p.noise.weights(), shared.PublicShare); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	return nil
}

// acceptance is what every seat says of a noise vector of which its share opens its commitment: the proof is everybody's to check.
func (p Protocol) acceptance(c Contribution) []byte {
	h := label.Hash("alita/securesum/accepted/v1", p.context(c))
	return h[:]
}

// combineNoise decides on a noise vector: every seat has accepted it.
func (p Protocol) combineNoise(c Contribution, shares [][]byte) ([]byte, error) {
	if len(shares) != p.Seats() {
		return nil, fmt.Errorf("%w: preparation shares: expected %d, got %d", ErrForm, p.Seats(), len(shares))
	}
	accepted := p.acceptance(c)
	for i, s := range shares {
		if !bytes.Equal(s, accepted) {
			return nil, &BlameError{Seat: i, Err: fmt.Errorf("%w: preparation share: expected that it accepts the noise, got other bytes", ErrForm)}
		}
	}
	return accepted, nil
}

// publicSize, inputSize and preparationSize are the sizes of a public share, of the input share of a seat and of a preparation share, in bytes.
func (p Protocol) publicSize() int {
	if p.ofNoise {
		return pedersen.RangeProofSize(p.noise.count)
	}
	return p.params.PublicShareSize()
}

func (p Protocol) inputSize(seat int) int {
	if p.ofNoise {
		return prio3.AdditiveSize(seat, p.Slots())
	}
	return p.params.InputShareSize(seat)
}

func (p Protocol) preparationSize() int {
	if p.ofNoise {
		return label.Size
	}
	return p.params.PrepareShareSize()
}
