package securesum

import (
	"crypto/sha3"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/crypto/prio3"
	"github.com/alita-network/alita/crypto/seal"
)

// SecretSize is the least length of an owner's secret in bytes.
const SecretSize = 32

// Sealed is a share, sealed to its seat.
type Sealed struct {
	// Enc is the encapsulated key of HPKE, Ciphertext the share.
	Enc, Ciphertext []byte
}

// bytes joins both, as package seal wants them.
func (s Sealed) bytes() []byte {
	return append(append(make([]byte, 0, len(s.Enc)+len(s.Ciphertext)), s.Enc...), s.Ciphertext...)
}

// Shared is an owner's message.
type Shared struct {
	// PublicShare is the part for all seats.
	PublicShare []byte
	// Sealed holds the seats' input shares with their blindings.
	Sealed []Sealed
	// Commitments are to the seats' output shares, 32 bytes each.
	Commitments [][]byte
}

// Evidence is the randomness with which each share was sealed, by seat. It is secret: a seat's randomness opens its share.
type Evidence [][]byte

// Format keeps evidence out of logs, with every verb.
func (Evidence) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// Share shares an owner's vector among the seats with these keys. All randomness comes from the owner's secret, at least 32 uniform
// bytes, together with what is shared: the same call gives the same answer, so that a worker that starts again repeats
// itself, and another vector or another session has other randomness. The error is ErrForm if the vector does not fit the shape.
func (p Protocol) Share(c Contribution, keys []seal.PublicKey, vector []uint64, secret []byte) (Shared, Evidence, error) {
	if len(secret) < SecretSize {
		return Shared{}, nil, fmt.Errorf("%w: secret: expected at least %d bytes, got %d", ErrForm, SecretSize, len(secret))
	}
	if len(keys) != p.Seats() {
		return Shared{}, nil, fmt.Errorf("%w: keys: expected %d, got %d", ErrForm, p.Seats(), len(keys))
	}
	random := p.randomness(c, keys, vector, secret)
	split := p.split
	if p.ofNoise {
		split = p.splitNoise
	}
	shares, blindings, commitments, err := split(random, c, vector)
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

// split makes the shares of a contribution, with their blindings and commitments.
func (p Protocol) split(random io.Reader, c Contribution, vector []uint64) (prio3.Shares, []pedersen.Blinding, []pedersen.Commitment, error) {
	fail := func(err error) (prio3.Shares, []pedersen.Blinding, []pedersen.Commitment, error) {
		return prio3.Shares{}, nil, nil, err
	}
	instance, err := p.instance(c)
	if err != nil {
		return fail(err)
	}
	shares, err := instance.Shard(random, vector)
	if err != nil {
		return fail(fmt.Errorf("%w: %w", ErrForm, err))
	}
	blindings := make([]pedersen.Blinding, p.Seats())
	for i := range blindings {
		if blindings[i], err = pedersen.NewBlinding(random); err != nil {
			return fail(err)
		}
	}
	commitments, err := p.scheme.CommitAll(shares.Outputs, blindings, p.slotBits())
	return shares, blindings, commitments, err
}

// randomness is a stream that only the holder of the secret knows.
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

// CheckShared refuses, with ErrForm, shares that no honest owner can have sent: a wrong number of them, wrong sizes, commitments
// that are no points. It decrypts nothing. Noise has a proof in addition: CheckNoise.
func (p Protocol) CheckShared(shared Shared) error {
	if len(shared.PublicShare) != p.publicSize() {
		return fmt.Errorf("%w: public share: expected %d bytes, got %d", ErrForm, p.publicSize(), len(shared.PublicShare))
	}
	if len(shared.Sealed) != p.Seats() || len(shared.Commitments) != p.Seats() {
		return fmt.Errorf("%w: expected %d shares and as many commitments, got %d and %d", ErrForm, p.Seats(), len(shared.Sealed), len(shared.Commitments))
	}
	for i, s := range shared.Sealed {
		if len(s.Enc) != seal.EncSize || len(s.Ciphertext) != p.ciphertextSize(i) {
			return fmt.Errorf("%w: share %d: expected %d and %d bytes, got %d and %d",
				ErrForm, i, seal.EncSize, p.ciphertextSize(i), len(s.Enc), len(s.Ciphertext))
		}
		if _, err := pedersen.ParseCommitment(shared.Commitments[i]); err != nil {
			return fmt.Errorf("%w: commitment %d: %w", ErrForm, i, err)
		}
	}
	return nil
}

// check is the check that contributions need, or noise.
func (p Protocol) check(c Contribution, shared Shared) error {
	if p.ofNoise {
		return p.CheckNoise(c, shared)
	}
	return p.CheckShared(shared)
}

// ciphertextSize is the size of a sealed share without its encapsulated key, in bytes.
func (p Protocol) ciphertextSize(seat int) int {
	return p.inputSize(seat) + pedersen.BlindingSize + seal.Overhead - seal.EncSize
}

// SharedSize is the size of all that an owner sends, in bytes, without the framing of its message.
func (p Protocol) SharedSize() int {
	size := p.publicSize()
	for i := range p.Seats() {
		size += seal.EncSize + p.ciphertextSize(i) + pedersen.Size
	}
	return size
}

// Hash is the hash of all that an owner sends. It does not depend on the framing.
func Hash(shared Shared) [label.Size]byte {
	fields := [][]byte{shared.PublicShare, label.Uint64(uint64(len(shared.Sealed)))}
	for _, s := range shared.Sealed {
		fields = append(fields, s.Enc, s.Ciphertext)
	}
	return label.Hash("alita/securesum/shared/v1", append(fields, shared.Commitments...)...)
}
