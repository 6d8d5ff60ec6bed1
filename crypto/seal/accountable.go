package seal

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cloudflare/circl/hpke"
)

// RandomnessSize is the length in bytes of the randomness of an encapsulation.
const RandomnessSize = 64

// ErrRandomness is randomness that does not lead to the encapsulated key.
var ErrRandomness = errors.New("not the randomness of this encapsulation")

// SealWith is SealTo with randomness of the caller: 64 fresh, uniform and secret bytes. A caller who keeps them can later show to
// everybody, with OpenWith, the plaintext and its reader. The result opens with OpenFrom.
func SealWith(randomness []byte, reader PublicKey, info, aad, plaintext []byte) ([]byte, error) {
	enc, sealer, err := encapsulate(randomness, reader, info)
	if err != nil {
		return nil, err
	}
	ciphertext, err := sealer.Seal(plaintext, aad)
	if err != nil {
		return nil, fmt.Errorf("seal to reader: %w", err)
	}
	return append(enc, ciphertext...), nil
}

// OpenWith opens sealed data with the randomness of its encapsulation, without the reader's private key. The answer depends only on
// the bytes, and equals the answer of the reader's OpenFrom. The error is ErrRandomness if the randomness does not belong to the
// encapsulated key, and ErrMalformed or ErrOpen if nobody can open the bytes.
func OpenWith(randomness []byte, reader PublicKey, info, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, fmt.Errorf("%w: expected at least %d bytes, got %d", ErrMalformed, Overhead, len(sealed))
	}
	enc, sealer, err := encapsulate(randomness, reader, info)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(enc, sealed[:EncSize]) {
		return nil, ErrRandomness
	}
	// Both ends of an HPKE context hold the same secrets; the first byte of its encoding says which end it is.
	raw, err := sealer.MarshalBinary()
	if err != nil {
		return nil, err
	}
	raw[0] = openerRole
	opener, err := hpke.UnmarshalOpener(raw)
	if err != nil {
		return nil, err
	}
	plaintext, err := opener.Open(sealed[EncSize:], aad)
	if err != nil {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// openerRole marks the receiving end in circl's encoding of an HPKE context.
const openerRole = 1

// encapsulate begins an HPKE context of this package's suite with given randomness; the standard library offers none.
func encapsulate(randomness []byte, reader PublicKey, info []byte) ([]byte, hpke.Sealer, error) {
	if len(randomness) != RandomnessSize {
		return nil, nil, fmt.Errorf("%w: expected %d bytes, got %d", ErrRandomness, RandomnessSize, len(randomness))
	}
	if !reader.valid() {
		return nil, nil, fmt.Errorf("%w: expected a key, got none", ErrPublicKey)
	}
	key, err := hpke.KEM_XWING.Scheme().UnmarshalBinaryPublicKey(reader.bytes[:])
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrPublicKey, err)
	}
	suite := hpke.NewSuite(hpke.KEM_XWING, hpke.KDF_HKDF_SHA256, hpke.AEAD_ChaCha20Poly1305)
	sender, err := suite.NewSender(key, info)
	if err != nil {
		return nil, nil, err
	}
	return sender.Setup(bytes.NewReader(randomness))
}
