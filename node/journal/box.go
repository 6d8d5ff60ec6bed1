package journal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Box encrypts the secrets of a journal by XChaCha20-Poly1305, with a key that follows from a key file's by HKDF-SHA256.
type Box struct{ aead cipher.AEAD }

// Format keeps it out of logs whatever the verb.
func (Box) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("(secret)")) }

// NewBox returns the box of a key file's secret for a purpose. Boxes of different purposes do not open each other's secrets.
func NewBox(secret []byte, purpose string) (Box, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, purpose, chacha20poly1305.KeySize)
	if err != nil {
		return Box{}, err
	}
	aead, err := chacha20poly1305.NewX(key)
	return Box{aead}, err
}

// Seal encrypts a secret. It opens only with the same bound bytes, which say what the secret is for. The nonce of 24 bytes, which is drawn
// from random (nil is the system's), does not repeat.
func (b Box) Seal(random io.Reader, secret, bound []byte) ([]byte, error) {
	if random == nil {
		random = rand.Reader
	}
	nonce := make([]byte, b.aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, err
	}
	return b.aead.Seal(nonce, nonce, secret, bound), nil
}

// Open decrypts a secret. The error is ErrJournal.
func (b Box) Open(sealed, bound []byte) ([]byte, error) {
	if len(sealed) < b.aead.NonceSize() {
		return nil, fmt.Errorf("%w: sealed key: expected at least %d bytes, got %d", ErrJournal, b.aead.NonceSize(), len(sealed))
	}
	secret, err := b.aead.Open(nil, sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():], bound)
	if err != nil {
		return nil, fmt.Errorf("%w: sealed key: expected one that the key file opens, got another", ErrJournal)
	}
	return secret, nil
}
