package simulate

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
)

// Seats are the seats of a job on this machine: a secure sum as the network does it, without the chain between its parts.
type Seats struct {
	program terms.Program
	sum     terms.SecureSum
	random  io.Reader // of the noise
	private []seal.PrivateKey
	public  []seal.PublicKey
}

// NewSeats makes the keys of 2 to 8 seats for vectors of a kind, of so many slots of so many bits, 1 to 63, without noise.
func NewSeats(kind terms.VectorKind, count, length, bits int) (*Seats, error) {
	if count < 2 || count > 8 {
		return nil, fmt.Errorf("seats: expected 2 to 8, got %d", count)
	}
	return newSeats(terms.Program{Kind: kind, Bits: uint32(bits)}, terms.SecureSum{Length: uint32(length), Seats: uint32(count)}, rand.Reader)
}

// newSeats makes the keys of the seats of a sum, whose noise they draw from a source of randomness.
func newSeats(program terms.Program, sum terms.SecureSum, random io.Reader) (*Seats, error) {
	sum.Session, sum.Draft = securesum.Session{Chain: "simulation", Job: "0", Attempt: 1}, securesum.Draft
	s := &Seats{program: program, sum: sum, random: random}
	if _, err := s.protocol(); err != nil {
		return nil, err
	}
	for range sum.Seats {
		key, err := seal.GenerateKey()
		if err != nil {
			return nil, err
		}
		s.private, s.public = append(s.private, key), append(s.public, key.Public())
	}
	return s, nil
}

func (s *Seats) protocol() (securesum.Protocol, error) { return s.sum.Protocol(s.program) }

// Sum adds up a round's vectors. Each is shared among the seats, judged by all of them, and added share by share. Every seat's sum is
// verified against the commitments before the sums are put together. A vector that does not fit the slots is refused.
func (s *Seats) Sum(vectors [][]int64) ([]*big.Int, error) {
	if len(vectors) == 0 {
		return nil, errors.New("vectors: expected at least 1, got none")
	}
	s.sum.Session.Round++
	p, err := s.protocol()
	if err != nil {
		return nil, err
	}
	verifyKey := make([]byte, securesum.SecretSize)
	if _, err := rand.Read(verifyKey); err != nil {
		return nil, err
	}
	sums, commitments := make([]*securesum.Sum, len(s.private)), make([][]byte, len(s.private))
	for i := range sums {
		sums[i] = p.NewSum()
	}
	for i, v := range vectors {
		slots := make([]uint64, len(v))
		for j, x := range v {
			slots[j] = uint64(x)
		}
		of := securesum.Contribution{Record: fmt.Sprintf("%032x", i), Version: "1.0.0", Owner: fmt.Appendf(nil, "owner%d", i)}
		if err := s.add(p, of, slots, verifyKey, sums, commitments); err != nil {
			return nil, fmt.Errorf("owner %d: %w", i+1, err)
		}
	}
	if noise, noised := p.Noise(); noised {
		for i := range s.private {
			vector, err := s.sum.Ranges.Noise(s.random)
			if err != nil {
				return nil, err
			}
			if err := s.add(noise, terms.NoiseOf(fmt.Sprintf("seat%d", i)), vector, verifyKey, sums, commitments); err != nil {
				return nil, fmt.Errorf("noise of seat %d: %w", i, err)
			}
		}
	}
	shares := make([][]byte, len(sums))
	for i, sum := range sums {
		if shares[i], err = p.VerifyOpening(commitments[i], uint64(len(vectors)), sum.Opening()); err != nil {
			return nil, fmt.Errorf("seat %d: %w", i, err)
		}
	}
	return p.Unshard(shares, uint64(len(vectors)))
}

// add shares, judges and adds the contribution of one owner, or the noise of one seat.
func (s *Seats) add(p securesum.Protocol, of securesum.Contribution, slots []uint64, verifyKey []byte, sums []*securesum.Sum, commitments [][]byte) error {
	secret := make([]byte, securesum.SecretSize)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	shared, _, err := p.Share(of, s.public, slots, secret)
	if err != nil {
		return err
	}
	said, prepared := make([][]byte, len(sums)), make([]securesum.Prepared, len(sums))
	for i, key := range s.private {
		if said[i], prepared[i], err = p.Prepare(of, shared, verifyKey, i, key); err != nil {
			return err
		}
	}
	message, err := p.Combine(of, shared.PublicShare, said)
	if err != nil {
		return err
	}
	for i := range sums {
		if err := sums[i].Add(prepared[i], message); err != nil {
			return err
		}
		if commitments[i], err = securesum.AddCommitments(commitments[i], shared.Commitments[i]); err != nil {
			return err
		}
	}
	return nil
}
