package pedersen

import (
	"fmt"
)

// Check checks that the share and the blinding open the commitment. It returns nil, ErrMismatch, or ErrShare if the share is
// malformed. An aggregator calls it before it accepts a contribution.
func (s *Scheme) Check(c Commitment, share []byte, r Blinding) error {
	got, err := s.Commit(share, r)
	if err != nil {
		return err
	}
	if got != c {
		return ErrMismatch
	}
	return nil
}

// Sum adds up shares and blindings, slot by slot as integers. An aggregator keeps one.
type Sum struct {
	scheme   *Scheme
	count    uint64
	slots    []integer
	blinding Blinding
}

// NewSum is the sum of no shares.
func (s *Scheme) NewSum() *Sum { return &Sum{scheme: s, slots: make([]integer, s.Length())} }

// Add adds a share and its blinding. The sum is unchanged after an error.
func (s *Sum) Add(share []byte, r Blinding) error {
	if s.count == MaxCount {
		return fmt.Errorf("%w: expected at most %d shares, got one more", ErrCount, s.count)
	}
	values, err := decodeElements(share, len(s.slots))
	if err != nil {
		return err
	}
	for j, v := range values {
		s.slots[j], _ = s.slots[j].add(v)
	}
	s.blinding = s.blinding.Add(r)
	s.count++
	return nil
}

// Count is the number of shares added.
func (s *Sum) Count() uint64 { return s.count }

// Opening is the encoded opening of the sum: its slots as integers, little-endian in SumSize bytes each, then the blinding.
func (s *Sum) Opening() []byte {
	out := make([]byte, 0, s.scheme.OpeningSize())
	for _, v := range s.slots {
		out = v.appendTo(out, SumSize)
	}
	return append(out, s.blinding.Bytes()...)
}

// Format keeps the sum out of logs, with every verb.
func (s *Sum) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// OpeningSize is the length of an encoded opening in bytes.
func (s *Scheme) OpeningSize() int { return s.Length()*SumSize + BlindingSize }

// Verify checks that an opening opens the sum of count commitments, 0 to MaxCount, and returns the sum of the shares modulo p,
// encoded as a share: Prio3 calls it an aggregate share. It fails with ErrOpening if the opening is malformed or its slots
// are larger than the sum of count shares can be, and with ErrMismatch if it does not open the commitment.
// Its cost does not depend on count.
func (s *Scheme) Verify(sum Commitment, count uint64, opening []byte) ([]byte, error) {
	values, r, err := s.decodeOpening(count, opening)
	if err != nil {
		return nil, err
	}
	if s.commit(values, 8*SumSize, r, count) != sum {
		return nil, ErrMismatch
	}
	out := make([]byte, 0, s.ShareSize())
	for _, v := range values {
		out = v.mod(modulus).appendTo(out, ElementSize)
	}
	return out, nil
}

func (s *Scheme) decodeOpening(count uint64, opening []byte) ([]integer, Blinding, error) {
	if count > MaxCount {
		return nil, Blinding{}, fmt.Errorf("%w: expected at most %d shares, got %d", ErrCount, uint64(MaxCount), count)
	}
	if len(opening) != s.OpeningSize() {
		return nil, Blinding{}, fmt.Errorf("%w: expected %d bytes, got %d", ErrOpening, s.OpeningSize(), len(opening))
	}
	largest, _ := modulus.sub(integer{1})
	largest = largest.times(count)
	values := make([]integer, s.Length())
	for j := range values {
		values[j] = readInteger(opening[j*SumSize : (j+1)*SumSize])
		if largest.less(values[j]) {
			return nil, Blinding{}, fmt.Errorf("%w: slot %d: expected at most what %d shares can add up to, got more", ErrOpening, j, count)
		}
	}
	r, err := ParseBlinding(opening[len(opening)-BlindingSize:])
	if err != nil {
		return nil, Blinding{}, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	return values, r, nil
}
