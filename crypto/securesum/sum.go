package securesum

import (
	"fmt"
	"math/big"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
)

// Sum is a seat's sum over the valid contributions. It is secret.
type Sum struct{ sum *pedersen.Sum }

// NewSum returns a sum of no contributions.
func (p Protocol) NewSum() *Sum { return &Sum{sum: p.scheme.NewSum()} }

// Format keeps it out of logs, with every verb.
func (*Sum) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Add finishes a contribution with the message that the chain has made of its preparation shares, and adds it.
func (s *Sum) Add(prepared Prepared, message []byte) error {
	if prepared.state == nil {
		return s.sum.Add(prepared.output, prepared.blinding) // the proof of noise needs no message
	}
	output, err := prepared.state.Next(message)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return s.sum.Add(output, prepared.blinding)
}

// Opening opens the sum of the commitments.
func (s *Sum) Opening() []byte { return s.sum.Opening() }

// OpeningSize is the size of an opening in bytes.
func (p Protocol) OpeningSize() int { return p.scheme.OpeningSize() }

// SealedOpeningSize is the size of a sealed opening's ciphertext in bytes, without the encapsulated key.
func (p Protocol) SealedOpeningSize() int { return p.OpeningSize() + seal.Overhead - seal.EncSize }

// AddCommitments adds two commitments, 32 bytes each; an empty one counts as zero.
func AddCommitments(a, b []byte) ([]byte, error) {
	var list []pedersen.Commitment
	for _, raw := range [][]byte{a, b} {
		if len(raw) == 0 {
			continue
		}
		c, err := pedersen.ParseCommitment(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrForm, err)
		}
		list = append(list, c)
	}
	sum, err := pedersen.Add(list...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	return sum[:], nil
}

// VerifyOpening returns a seat's share of the sum if its opening opens the sum of the commitments to count contributions and to the noise
// of all seats, else ErrOpening. The cost does not depend on count.
func (p Protocol) VerifyOpening(commitment []byte, count uint64, opening []byte) ([]byte, error) {
	c, err := pedersen.ParseCommitment(commitment)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	all := count + uint64(p.Noises())
	if all < count {
		return nil, fmt.Errorf("%w: contributions: expected at most %d, got %d", ErrOpening, uint64(pedersen.MaxCount), count)
	}
	share, err := p.scheme.Verify(c, all, opening)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	return share, nil
}

// SealOpening seals a seat's opening to the reader.
func (p Protocol) SealOpening(reader seal.PublicKey, seat int, opening []byte) (Sealed, error) {
	sealed, err := seal.SealTo(reader, sumInfo(), p.sumAAD(seat), opening)
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{Enc: sealed[:seal.EncSize], Ciphertext: sealed[seal.EncSize:]}, nil
}

// OpenSealed opens what a seat has sealed to the reader.
func (p Protocol) OpenSealed(reader seal.PrivateKey, seat int, enc, ciphertext []byte) ([]byte, error) {
	return seal.OpenFrom(reader, sumInfo(), p.sumAAD(seat), Sealed{Enc: enc, Ciphertext: ciphertext}.bytes())
}

func sumInfo() []byte { return []byte("alita/seal/sum/v1") }

// sumAAD ties a sealed sum to its session and its seat.
func (p Protocol) sumAAD(seat int) []byte {
	s := p.session
	parts := [][]byte{[]byte(s.Chain), []byte(s.Job), label.Uint64(uint64(s.Round)), label.Uint64(uint64(s.Attempt)), label.Uint64(uint64(seat))}
	if s.Terms != nil {
		parts = append(parts, s.Terms)
	}
	h := label.Hash("alita/securesum/sum/v1", parts...)
	return h[:]
}

// Unshard returns the sum of the vectors of count contributions and of the noise of all seats from the seats' shares of it, as
// VerifyOpening returns them.
func (p Protocol) Unshard(shares [][]byte, count uint64) ([]*big.Int, error) {
	var more []*big.Int
	if p.Noises() > 0 {
		for _, m := range p.noise.largest {
			most := new(big.Int).SetUint64(m)
			more = append(more, most.Mul(most, big.NewInt(int64(p.Noises()))))
		}
	}
	sum, err := prio3.UnshardWith(p.params, shares, count, more)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOpening, err)
	}
	return sum, nil
}
