package securesum

import (
	"crypto/sha3"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/seal"
)

// SecretSize is the least length of an owner's secret in bytes.
const SecretSize = 32

// Sealed is a share, sealed to its seat.
type Sealed struct {
	// Enc is the encapsulated key of HPKE, Ciphertext the share.
	Enc, Ciphertext []byte
}

// bytes is the form in which package seal has it.
func (s Sealed) bytes() []byte {
	return append(append(make([]byte, 0, len(s.Enc)+len(s.Ciphertext)), s.Enc...), s.Ciphertext...)
}

// Shared is what an owner sends.
type Shared struct {
	// PublicShare is what every seat sees.
	PublicShare []byte
	// Sealed holds the seats' input shares with their blindings.
	Sealed []Sealed
	// Commitments are those to the seats' output shares, 32 bytes each.
	Commitments [][]byte
}

// Evidence is the randomness with which each share was sealed. It is secret: the one of a seat opens that seat's share.
type Evidence [][]byte

// Format keeps evidence out of logs whatever the verb.
func (Evidence) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Share shares an owner's vector among the seats with these keys. All randomness comes from the owner's secret, at least 32 uniform
// bytes, together with what is shared: the same call gives the same answer, so that a worker that starts again repeats
// itself, and another vector or another session takes other randomness. ErrForm says that the vector does not fit the shape.
func (p Protocol) Share(c Contribution, keys []seal.PublicKey, vector []uint64, secret []byte) (Shared, Evidence, error) {
	if len(secret) < SecretSize {
		return Shared{}, nil, fmt.Errorf("%w: a secret of %d bytes, at least %d needed", ErrForm, len(secret), SecretSize)
	}
	if len(keys) != p.Seats() {
		return Shared{}, nil, fmt.Errorf("%w: %d keys, expected %d", ErrForm, len(keys), p.Seats())
	}
	instance, err := p.instance(c)
	if err != nil {
		return Shared{}, nil, err
	}
	random := p.randomness(c, keys, vector, secret)
	shares, err := instance.Shard(random, vector)
	if err != nil {
		return Shared{}, nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	blindings := make([]pedersen.Blinding, p.Seats())
	for i := range blindings {
		if blindings[i], err = pedersen.NewBlinding(random); err != nil {
			return Shared{}, nil, err
		}
	}
	commitments, err := p.scheme.CommitAll(shares.Outputs, blindings, p.slotBits())
	if err != nil {
		return Shared{}, nil, err
	}
	shared := Shared{PublicShare: shares.Public, Sealed: make([]Sealed, p.Seats())}
	for _, commitment := range commitments {
		shared.Commitments = append(shared.Commitments, commitment[:])
	}
	evidence := make(Evidence, p.Seats())
	for i, key := range keys {
		evidence[i] = make([]byte, seal.RandomnessSize)
		if _, err := io.ReadFull(random, evidence[i]); err != nil {
			return Shared{}, nil, err
		}
		plaintext := append(append([]byte(nil), shares.Inputs[i]...), blindings[i].Bytes()...)
		sealed, err := seal.SealWith(evidence[i], key, shareInfo(), p.shareAAD(c, i, key, shared), plaintext)
		if err != nil {
			return Shared{}, nil, err
		}
		shared.Sealed[i] = Sealed{Enc: sealed[:seal.EncSize], Ciphertext: sealed[seal.EncSize:]}
	}
	return shared, evidence, nil
}

// randomness is a stream that only who has the secret knows.
func (p Protocol) randomness(c Contribution, keys []seal.PublicKey, vector []uint64, secret []byte) io.Reader {
	raw := make([]byte, 0, 8*len(vector))
	for _, v := range vector {
		raw = binary.BigEndian.AppendUint64(raw, v)
	}
	fields := [][]byte{secret, p.context(c), raw}
	for _, key := range keys {
		fields = append(fields, key.Bytes())
	}
	seed := label.Hash("alita/securesum/owner/v1", fields...)
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write(seed[:])
	return stream
}

func (p Protocol) slotBits() int {
	if p.params.Kind == SumVec {
		return p.params.Bits
	}
	return 1
}

// CheckShared refuses, with ErrForm, what no honest owner could have sent: another number of shares, other sizes, commitments
// that are no points. It decrypts nothing.
func (p Protocol) CheckShared(shared Shared) error {
	if len(shared.PublicShare) != p.params.PublicShareSize() {
		return fmt.Errorf("%w: public share of %d bytes, expected %d", ErrForm, len(shared.PublicShare), p.params.PublicShareSize())
	}
	if len(shared.Sealed) != p.Seats() || len(shared.Commitments) != p.Seats() {
		return fmt.Errorf("%w: %d shares and %d commitments, expected %d of each", ErrForm, len(shared.Sealed), len(shared.Commitments), p.Seats())
	}
	for i, s := range shared.Sealed {
		if len(s.Enc) != seal.EncSize || len(s.Ciphertext) != p.ciphertextSize(i) {
			return fmt.Errorf("%w: share %d of %d and %d bytes, expected %d and %d",
				ErrForm, i, len(s.Enc), len(s.Ciphertext), seal.EncSize, p.ciphertextSize(i))
		}
		if _, err := pedersen.ParseCommitment(shared.Commitments[i]); err != nil {
			return fmt.Errorf("%w: commitment %d: %w", ErrForm, i, err)
		}
	}
	return nil
}

// ciphertextSize is the size of a sealed share without its encapsulated key, in bytes.
func (p Protocol) ciphertextSize(seat int) int {
	return p.params.InputShareSize(seat) + pedersen.BlindingSize + seal.Overhead - seal.EncSize
}

// SharedSize is the size of everything that an owner sends, in bytes, without the framing of its message.
func (p Protocol) SharedSize() int {
	size := p.params.PublicShareSize()
	for i := range p.Seats() {
		size += seal.EncSize + p.ciphertextSize(i) + pedersen.Size
	}
	return size
}

// Hash names what an owner sends, whatever the framing.
func Hash(shared Shared) [label.Size]byte {
	fields := [][]byte{shared.PublicShare, label.Uint64(uint64(len(shared.Sealed)))}
	for _, s := range shared.Sealed {
		fields = append(fields, s.Enc, s.Ciphertext)
	}
	return label.Hash("alita/securesum/shared/v1", append(fields, shared.Commitments...)...)
}
