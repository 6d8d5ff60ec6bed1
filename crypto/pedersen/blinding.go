package pedersen

import (
	"fmt"
	"io"

	"github.com/gtank/ristretto255"
)

// BlindingSize is the length of an encoded blinding in bytes.
const BlindingSize = 32

// Blinding hides a share in its commitment. It is secret until a sum of blindings is opened. The zero value hides nothing.
// It prints as "(secret)" in every format.
type Blinding struct{ scalar ristretto255.Scalar }

// NewBlinding draws a uniform blinding from a cryptographic source of randomness.
func NewBlinding(random io.Reader) (Blinding, error) {
	var uniform [64]byte
	if _, err := io.ReadFull(random, uniform[:]); err != nil {
		return Blinding{}, fmt.Errorf("%w: %w", ErrBlinding, err)
	}
	var b Blinding
	if _, err := b.scalar.SetUniformBytes(uniform[:]); err != nil {
		return Blinding{}, fmt.Errorf("%w: %w", ErrBlinding, err)
	}
	return b, nil
}

// ParseBlinding reads the 32 bytes that Bytes returns; anything not below the group's order is refused.
func ParseBlinding(raw []byte) (Blinding, error) {
	if len(raw) != BlindingSize {
		return Blinding{}, fmt.Errorf("%w: bytes: expected %d, got %d", ErrBlinding, BlindingSize, len(raw))
	}
	var b Blinding
	if _, err := b.scalar.SetCanonicalBytes(raw); err != nil {
		return Blinding{}, fmt.Errorf("%w: scalar: expected a number below the group's order, got a larger one", ErrBlinding)
	}
	return b, nil
}

// Bytes is the canonical encoding, which is secret.
func (b Blinding) Bytes() []byte { return b.scalar.Bytes() }

// Add returns the sum modulo the group's order.
func (b Blinding) Add(c Blinding) Blinding {
	var out Blinding
	out.scalar.Add(&b.scalar, &c.scalar)
	return out
}

// Format keeps the blinding out of logs, with every verb.
func (b Blinding) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("(secret)")) }
