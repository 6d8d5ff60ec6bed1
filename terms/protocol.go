package terms

import (
	"errors"
	"fmt"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
)

// ErrDraft means that a job was opened under another draft of the protocol than this binary has. Drafts do not understand each other:
// whoever judged by the wrong one would refuse what is right.
var ErrDraft = errors.New("another draft of secure sums")

// SecureSum says how the contributions to one attempt of a round are added up. Everybody who has the same values makes and
// checks the same shares and proofs.
type SecureSum struct {
	// Session names the chain, the job, the round and the attempt.
	Session securesum.Session
	// Draft names the protocol of the shares and proofs, which the job was opened under.
	Draft string
	// Length is the number of slots, Seats the number of seats.
	Length, Seats uint32
	// Bits is the width of a slot, zero for the program's.
	Bits uint32
	// Ranges are those of a row program's slots, with their noise; nil for a program that takes batches.
	Ranges Ranges
	// MicroRho bounds what a row discloses of itself, in millionths of rho; zero is an exact sum.
	MicroRho uint64
}

// SlotBits is the width of a slot of a contribution.
func (s SecureSum) SlotBits(p Program) uint32 {
	if s.Bits == 0 {
		return p.Bits
	}
	return s.Bits
}

// Protocol returns the protocol of the sum: a one-hot vector is proved to be one, every other kind to have slots below 2^SlotBits. The
// shares are bound to the ranges and to MicroRho: made for others they are refused. The errors are securesum.ErrShape and ErrDraft.
func (s SecureSum) Protocol(p Program) (securesum.Protocol, error) {
	if s.Draft != securesum.Draft {
		return securesum.Protocol{}, fmt.Errorf("%w: vdaf: expected %s, the draft of this binary, got %.80q", ErrDraft, securesum.Draft, s.Draft)
	}
	shape := securesum.Shape{Kind: securesum.SumVec, Length: s.Length, Bits: s.SlotBits(p), Seats: s.Seats}
	if p.Kind == VectorOneHot {
		shape.Kind = securesum.OneHot
	}
	session := s.Session
	if len(s.Ranges) > 0 {
		bound := s.RangesHash()
		session.Terms = bound[:]
	}
	if s.MicroRho > 0 {
		if err := s.Ranges.Validate(s.Length, s.MicroRho); err != nil {
			return securesum.Protocol{}, fmt.Errorf("%w: %w", securesum.ErrShape, err)
		}
		noise, err := s.Ranges.NoiseBounds()
		if err != nil {
			return securesum.Protocol{}, fmt.Errorf("%w: %w", securesum.ErrShape, err)
		}
		shape.Noise = noise
	}
	return securesum.New(shape, session)
}

// NoiseOf names the noise vector of a seat's validator as a contribution: by the operator address in place of a record.
func NoiseOf(operator string) securesum.Contribution { return securesum.Contribution{Record: operator} }

// RangesHash binds to the ranges and to MicroRho, and to the seats' adding the noise.
func (s SecureSum) RangesHash() [label.Size]byte {
	return label.Hash("alita/terms/ranges/v2", label.Uint64(s.MicroRho), s.Ranges.encode())
}

// SealedVectorHash returns the hash by which an attestation names a vector, sealed as enc and ciphertext, that is delivered later; 32
// bytes.
func SealedVectorHash(enc, ciphertext []byte) []byte {
	sealed := make([]byte, 0, len(enc)+len(ciphertext))
	hash := seal.ResultHash(append(append(sealed, enc...), ciphertext...))
	return hash[:]
}

// SealedVectorSize is the length in bytes of the ciphertext of a vector that is delivered directly: eight for each slot, and the tag.
func SealedVectorSize(length uint32) int { return int(length)*8 + seal.Overhead - seal.EncSize }
