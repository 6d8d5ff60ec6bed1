package pedersen

import (
	"fmt"
	"math/bits"

	"github.com/gtank/ristretto255"
)

// Size is the length of an encoded commitment in bytes.
const Size = 32

// Commitment is the canonical encoding of a commitment or of a sum of commitments. The zero value is the sum of none.
type Commitment [Size]byte

// ParseCommitment reads 32 bytes. Only the canonical encoding of an element is accepted, so equal bytes and equal
// commitments are the same thing.
func ParseCommitment(raw []byte) (Commitment, error) {
	if len(raw) != Size {
		return Commitment{}, fmt.Errorf("%w: expected %d bytes, got %d", ErrCommitment, Size, len(raw))
	}
	c := Commitment(raw)
	if _, err := c.element(); err != nil {
		return Commitment{}, err
	}
	return c, nil
}

func (c Commitment) element() (*ristretto255.Element, error) {
	e, err := new(ristretto255.Element).SetCanonicalBytes(c[:])
	if err != nil {
		return nil, fmt.Errorf("%w: expected the canonical encoding of an element, got other bytes", ErrCommitment)
	}
	return e, nil
}

// Add returns the sum of commitments, which opens to the sums of their shares and blindings.
func Add(commitments ...Commitment) (Commitment, error) {
	sum := ristretto255.NewIdentityElement()
	for _, c := range commitments {
		e, err := c.element()
		if err != nil {
			return Commitment{}, err
		}
		sum.Add(sum, e)
	}
	return Commitment(sum.Bytes()), nil
}

// Scheme commits to vectors of one length. It is safe for concurrent use.
type Scheme struct {
	blinding, lengthOf *table
	slots              []*table
}

// New returns the scheme for vectors of length elements, 1 to MaxSlots. The first one of a length in a process computes its
// generators, at some 50 microseconds each.
func New(length int) (*Scheme, error) {
	b, l, slots, err := tables(length)
	if err != nil {
		return nil, err
	}
	return &Scheme{blinding: b, lengthOf: l, slots: slots}, nil
}

// Length is the number of elements of a share.
func (s *Scheme) Length() int { return len(s.slots) }

// ShareSize is the length of an encoded share in bytes.
func (s *Scheme) ShareSize() int { return s.Length() * ElementSize }

const (
	scalarBits = 253
	countBits  = 8 * countSize
)

// Commit commits to an encoded share: the elements one after the other, each little-endian and below the modulus.
func (s *Scheme) Commit(share []byte, r Blinding) (Commitment, error) {
	values, err := decodeElements(share, s.Length())
	if err != nil {
		return Commitment{}, err
	}
	return s.commit(values, 8*ElementSize, r, 1), nil
}

// commit commits to integers below 2^width, as the sum of count vectors.
func (s *Scheme) commit(values []integer, width int, r Blinding, count uint64) Commitment {
	acc := newAccumulator(scalarBits)
	var buf [24]byte
	for j, v := range values {
		acc.add(term{s.slots[j], v.appendTo(buf[:0], len(buf))}, width)
	}
	return s.finish(acc, r, count)
}

func (s *Scheme) finish(acc *accumulator, r Blinding, count uint64) Commitment {
	acc.add(term{s.blinding, r.Bytes()}, scalarBits)
	lengths := integer{uint64(s.Length())}.times(count)
	acc.add(term{s.lengthOf, lengths.appendTo(nil, 24)}, countBits+bits.Len(MaxSlots))
	return acc.sum().encode()
}

// CommitAll commits to all shares of one secret vector, each with its own blinding, and returns what Commit returns for
// each. The secret vector is the sum of the shares modulo p and must have slots below 2^width (1 to 63). Owners call
// it: the sum over all shares is a short vector plus a few times p, so the first commitment follows from the
// others, and one multiplication of full length is saved.
func (s *Scheme) CommitAll(shares [][]byte, r []Blinding, width int) ([]Commitment, error) {
	if len(shares) < 2 || len(shares) > maxShares || len(r) != len(shares) {
		return nil, fmt.Errorf("%w: expected 2 to %d shares and as many blindings, got %d and %d", ErrCount, maxShares, len(shares), len(r))
	}
	if width < 1 || width > 63 {
		return nil, fmt.Errorf("%w: width of a slot: expected 1 to 63 bits, got %d", ErrShare, width)
	}
	sums := make([]integer, s.Length())
	out := make([]Commitment, len(shares))
	var all Blinding
	for i, share := range shares {
		values, err := decodeElements(share, s.Length())
		if err != nil {
			return nil, err
		}
		for j, v := range values {
			sums[j], _ = sums[j].add(v)
		}
		all = all.Add(r[i])
		if i > 0 {
			out[i] = s.commit(values, 8*ElementSize, r[i], 1)
		}
	}
	acc, multiples := newAccumulator(scalarBits), newAccumulator(maxShareBits)
	tooLarge := uint64(0)
	for j, sum := range sums {
		secret, times := reduceFew(sum)
		tooLarge |= secret[0]>>uint(width) | secret[1] | secret[2]
		var buf [24]byte
		acc.add(term{s.slots[j], secret.appendTo(buf[:0], 24)}, width)
		multiples.add(term{s.slots[j], []byte{times}}, maxShareBits)
	}
	if tooLarge != 0 {
		return nil, fmt.Errorf("%w: sum of the shares: expected slots of at most %d bits, got a larger one", ErrShare, width)
	}
	short := s.finish(acc, all, uint64(len(shares)))
	first, err := first(short, multiples.sum().encode(), out[1:])
	if err != nil {
		return nil, err
	}
	out[0] = first
	return out, nil
}

const (
	// maxShares bounds CommitAll; it is the largest number of aggregators of Prio3 here.
	maxShares    = 8
	maxShareBits = 3
)

// reduceFew returns a modulo p and the quotient, for a below maxShares*p, with the same steps for every a.
func reduceFew(a integer) (rest integer, quotient byte) {
	for k := maxShareBits - 1; k >= 0; k-- {
		diff, borrow := a.sub(modulus.shift(uint(k)))
		keep := -borrow // all ones if p*2^k > a
		for i := range a {
			a[i] = a[i]&keep | diff[i]&^keep
		}
		quotient |= byte(1-borrow) << k
	}
	return a, quotient
}

// first returns short + p*multiples - sum(others).
func first(short, multiples Commitment, others []Commitment) (Commitment, error) {
	sum, err := short.element()
	if err != nil {
		return Commitment{}, err
	}
	m, err := multiples.element()
	if err != nil {
		return Commitment{}, err
	}
	factor, err := new(ristretto255.Scalar).SetCanonicalBytes(append(modulus.appendTo(nil, 24), make([]byte, 8)...))
	if err != nil {
		return Commitment{}, err
	}
	sum.Add(sum, m.ScalarMult(factor, m))
	for _, c := range others {
		e, err := c.element()
		if err != nil {
			return Commitment{}, err
		}
		sum.Subtract(sum, e)
	}
	return Commitment(sum.Bytes()), nil
}
