// Package seal encrypts to known readers with HPKE (RFC 9180), so that only they can read.
//
// Two things are sealed: the location of a record's file, to the workers of its owner (Seal, Open,
// and Check, which a chain can run without any key), and the answer of a computation, to the reader
// who paid for it (SealTo, OpenFrom). The suite is fixed: MLKEM768-X25519 (X-Wing, secure against
// quantum computers as long as either part holds), HKDF-SHA256 and ChaCha20-Poly1305.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Sizes in bytes of keys and of the encapsulated key that precedes every ciphertext.
const (
	PublicKeySize  = 1184 + 32
	PrivateKeySize = 32
	EncSize        = 1088 + 32
	KeyIDSize      = 8
	tagSize        = 16
)

// Errors of this package, matched with errors.Is. None of them carries anything secret.
var (
	ErrPublicKey    = errors.New("invalid HPKE public key")
	ErrPrivateKey   = errors.New("invalid HPKE private key")
	ErrRecipients   = errors.New("invalid set of recipients")
	ErrLocation     = errors.New("invalid location")
	ErrMalformed    = errors.New("malformed sealed data")
	ErrNotSealed    = errors.New("data is not sealed")
	ErrNotRecipient = errors.New("not sealed to this key")
	ErrOpen         = errors.New("sealed data does not open: other key, other label, or changed")
)

// PublicKey is a reader's key: the encapsulation key of ML-KEM-768 and an X25519 point.
type PublicKey struct {
	key   hpke.PublicKey
	bytes [PublicKeySize]byte
}

// PrivateKey opens data that was sealed to its public key. It prints as "(secret)" in every format.
type PrivateKey struct {
	key    hpke.PrivateKey
	public PublicKey
}

// GenerateKey makes a fresh private key.
func GenerateKey() (PrivateKey, error) {
	k, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		return PrivateKey{}, err
	}
	return newPrivateKey(k)
}

// ParsePrivateKey reads the 32-byte seed that Bytes returns.
func ParsePrivateKey(seed []byte) (PrivateKey, error) {
	if len(seed) != PrivateKeySize {
		return PrivateKey{}, fmt.Errorf("%w: expected %d bytes, got %d", ErrPrivateKey, PrivateKeySize, len(seed))
	}
	k, err := hpke.MLKEM768X25519().NewPrivateKey(seed)
	if err != nil {
		return PrivateKey{}, ErrPrivateKey
	}
	return newPrivateKey(k)
}

func newPrivateKey(k hpke.PrivateKey) (PrivateKey, error) {
	public, err := ParsePublicKey(k.PublicKey().Bytes())
	if err != nil {
		return PrivateKey{}, err
	}
	return PrivateKey{key: k, public: public}, nil
}

// Bytes is the 32-byte seed, which is secret.
func (k PrivateKey) Bytes() ([]byte, error) {
	if k.key == nil {
		return nil, ErrPrivateKey
	}
	return k.key.Bytes()
}

// Public is the key to seal to.
func (k PrivateKey) Public() PublicKey { return k.public }

// Format keeps the key out of logs, with every verb.
func (k PrivateKey) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("(secret)")) }

// ParsePublicKey reads a public key. It accepts only keys that can be sealed to: right length, ML-KEM
// coefficients in range, X25519 point not of small order. The answer depends only on the bytes, so a
// chain can use it in consensus.
func ParsePublicKey(raw []byte) (PublicKey, error) {
	if len(raw) != PublicKeySize {
		return PublicKey{}, fmt.Errorf("%w: expected %d bytes, got %d", ErrPublicKey, PublicKeySize, len(raw))
	}
	k, err := hpke.MLKEM768X25519().NewPublicKey(raw)
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: expected the encoding of an MLKEM768-X25519 key, got other bytes", ErrPublicKey)
	}
	if err := checkOrder(raw[PublicKeySize-32:]); err != nil {
		return PublicKey{}, err
	}
	p := PublicKey{key: k}
	copy(p.bytes[:], raw)
	return p, nil
}

// checkOrder refuses X25519 points of small order: every clamped scalar is a multiple of 8 and takes
// them to zero, which crypto/ecdh reports as an error.
func checkOrder(point []byte) error {
	p, err := ecdh.X25519().NewPublicKey(point)
	if err != nil {
		return fmt.Errorf("%w: expected an X25519 point, got other bytes", ErrPublicKey)
	}
	var scalar [32]byte
	scalar[0] = 8
	k, err := ecdh.X25519().NewPrivateKey(scalar[:])
	if err != nil {
		return err
	}
	if _, err := k.ECDH(p); err != nil {
		return fmt.Errorf("%w: expected an X25519 point of large order, got one of small order", ErrPublicKey)
	}
	return nil
}

// Bytes is the encoding that ParsePublicKey reads.
func (k PublicKey) Bytes() []byte { return append([]byte(nil), k.bytes[:]...) }

// ID is the first 8 bytes of SHA-256 over the encoding: it names the recipient of a stanza.
func (k PublicKey) ID() [KeyIDSize]byte {
	sum := sha256.Sum256(k.bytes[:])
	return [KeyIDSize]byte(sum[:KeyIDSize])
}

func (k PublicKey) valid() bool { return k.key != nil }
