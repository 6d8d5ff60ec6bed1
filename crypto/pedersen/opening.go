package pedersen

import (
	"fmt"
)

// Check says whether the share and the blinding open the commitment: nil, ErrMismatch, or ErrShare for a share that is not
// well formed. An aggregator calls it before it accepts a contribution.
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

// Sum adds up shares and blindings, slot by slot as integers. It is what an aggregator keeps.
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
		return fmt.Errorf("%w: %d shares already, expected at most that", ErrCount, s.count)
	}
	values, err := s.scheme.field.elements(share, len(s.slots))
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
		out = v.appendTo(out, s.scheme.field.SumSize())
	}
	return append(out, s.blinding.Bytes()...)
}

// Format keeps the sum out of logs whatever the verb.
func (s *Sum) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// OpeningSize is the length of an encoded opening in bytes.
func (s *Scheme) OpeningSize() int { return s.Length()*s.field.SumSize() + BlindingSize }

// Verify says whether an opening opens the sum of count commitments, 0 to MaxCount, and returns the sum of the shares modulo p,
// encoded as a share: what Prio3 calls an aggregate share. It fails with ErrOpening for an opening that is not well formed or
// whose slots are larger than count shares can be, and with ErrMismatch for one that belongs to something else.
// Its cost does not depend on count.
func (s *Scheme) Verify(sum Commitment, count uint64, opening []byte) ([]byte, error) {
	values, r, err := s.decodeOpening(count, opening)
	if err != nil {
		return nil, err
	}
	if s.commit(values, 8*s.field.SumSize(), r, count) != sum {
		return nil, ErrMismatch
	}
	p := s.field.modulus()
	out := make([]byte, 0, s.ShareSize())
	for _, v := range values {
		out = v.mod(p).appendTo(out, s.field.Size())
	}
	return out, nil
}

func (s *Scheme) decodeOpening(count uint64, opening []byte) ([]integer, Blinding, error) {
	if count > MaxCount {
		return nil, Blinding{}, fmt.Errorf("%w: %d shares, expected at most %d", ErrCount, count, uint64(MaxCount))
	}
	if len(opening) != s.OpeningSize() {
		return nil, Blinding{}, fmt.Errorf("%w: %d bytes, expected %d", ErrOpening, len(opening), s.OpeningSize())
	}
	largest, _ := s.field.modulus().sub(integer{1})
	largest = largest.times(count)
	size := s.field.SumSize()
	values := make([]integer, s.Length())
	for j := range values {
		values[j] = readInteger(opening[j*size : (j+1)*size])
		if largest.less(values[j]) {
			return nil, Blinding{}, fmt.Errorf("%w: slot %d is more than %d shares can add up to", ErrOpening, j, count)
		}
	}
	r, err := ParseBlinding(opening[len(opening)-BlindingSize:])
	if err != nil {
		return nil, Blinding{}, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	return values, r, nil
}
