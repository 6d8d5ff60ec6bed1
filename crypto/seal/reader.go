package seal

import (
	"crypto/hpke"
	"crypto/sha256"
	"fmt"

	"github.com/alita-network/alita/crypto/label"
)

// Overhead is the number of bytes that sealing to a reader adds to the plaintext.
const Overhead = EncSize + tagSize

// SealTo encrypts to one reader, and returns the encapsulated key followed by the ciphertext. It binds info and aad
// without sending them: OpenFrom needs the same ones.
func SealTo(reader PublicKey, info, aad, plaintext []byte) ([]byte, error) {
	if !reader.valid() {
		return nil, fmt.Errorf("%w: expected a key, got none", ErrPublicKey)
	}
	enc, sender, err := hpke.NewSender(reader.key, kdf(), aead(), info)
	if err != nil {
		return nil, fmt.Errorf("seal to reader: %w", err)
	}
	ciphertext, err := sender.Seal(aad, plaintext)
	if err != nil {
		return nil, fmt.Errorf("seal to reader: %w", err)
	}
	return append(enc, ciphertext...), nil
}

// OpenFrom decrypts the output of SealTo. The errors are ErrMalformed (too short) and ErrOpen.
func OpenFrom(key PrivateKey, info, aad, sealed []byte) ([]byte, error) {
	if key.key == nil {
		return nil, ErrPrivateKey
	}
	if len(sealed) < Overhead {
		return nil, fmt.Errorf("%w: expected at least %d bytes, got %d", ErrMalformed, Overhead, len(sealed))
	}
	recipient, err := hpke.NewRecipient(sealed[:EncSize], key.key, kdf(), aead(), info)
	if err != nil {
		return nil, ErrOpen
	}
	plaintext, err := recipient.Open(aad, sealed[EncSize:])
	if err != nil {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// ResultInfo is the HPKE info of every sealed result.
func ResultInfo() []byte { return []byte("alita/seal/result/v1") }

// ResultAAD ties a sealed result to one contribution: the chain, the job, the record and its SemVer
// version, and the owner's address bytes.
func ResultAAD(chainID, jobID, recordID, version string, owner []byte) []byte {
	h := label.Hash("alita/seal/resultaad/v1", []byte(chainID), []byte(jobID), []byte(recordID), []byte(version), owner)
	return h[:]
}

// ResultHash is the hash by which an attestation names a sealed result that is delivered later: SHA-256
// over the encapsulated key and the ciphertext. The key has a fixed length, so the border is unambiguous.
func ResultHash(sealed []byte) [sha256.Size]byte {
	return sha256.Sum256(sealed)
}

func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.ChaCha20Poly1305() }
