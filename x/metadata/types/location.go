package types

import (
	"crypto/sha256"
	"errors"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
)

// Sealed returns the location in the form of package seal.
func (l SealedLocation) Sealed() seal.Sealed {
	s := seal.Sealed{Body: l.Body, Commitment: l.Commitment}
	for _, st := range l.Stanzas {
		s.Stanzas = append(s.Stanzas, seal.Stanza{KeyID: st.KeyId, Enc: st.Enc, Ciphertext: st.Ciphertext})
	}
	return s
}

// NewSealedLocation returns a location in the form of package seal as a part of a message.
func NewSealedLocation(s seal.Sealed) SealedLocation {
	l := SealedLocation{Body: s.Body, Commitment: s.Commitment, Stanzas: make([]Stanza, 0, len(s.Stanzas))}
	for _, st := range s.Stanzas {
		l.Stanzas = append(l.Stanzas, Stanza{KeyId: st.KeyID, Enc: st.Enc, Ciphertext: st.Ciphertext})
	}
	return l
}

// ValidateLocation reports whether a location has the form of a sealed one (seal.Check). The error never holds any of
// its bytes, which might be the plain location.
func ValidateLocation(l SealedLocation) error {
	err := seal.Check(l.Sealed())
	if err == nil {
		return nil
	}
	if errors.Is(err, seal.ErrNotSealed) {
		return errorsmod.Wrapf(ErrNotSealed, "%s; a location that was broadcast like this is public: move the data", err)
	}
	return errorsmod.Wrapf(ErrNotSealed, "location: expected one that was sealed on the owner's machine to 1 to %d workers, got another form: %s", seal.MaxRecipients, err)
}

// WorkerKeyID names a worker's public key in a stanza: the first 8 bytes of its SHA-256, as seal.PublicKey.ID. It does
// not check the key.
func WorkerKeyID(publicKey []byte) []byte {
	sum := sha256.Sum256(publicKey)
	return sum[:seal.KeyIDSize]
}

// ValidateWorker checks a worker's public key and name.
func ValidateWorker(publicKey []byte, name string) error {
	if _, err := seal.ParsePublicKey(publicKey); err != nil {
		return errorsmod.Wrapf(ErrInvalidWorker, "public_key: expected the key that alita-worker key prints, got %d other bytes: %s", len(publicKey), err)
	}
	if err := workerRule.Check(name); err != nil {
		return errorsmod.Wrapf(ErrInvalidWorker, "name: %s", err)
	}
	return nil
}

// MaxWorkerName bounds a worker's name in characters.
const MaxWorkerName = 64

// ValidateReason checks a reason of a refusal or of a retirement, in bytes.
func ValidateReason(reason string, required bool) error {
	if reason == "" {
		if required {
			return errorsmod.Wrap(ErrInvalidReason, "reason: expected one that tells the owner what to change, got none")
		}
		return nil
	}
	if err := reasonRule.Check(reason); err != nil {
		return errorsmod.Wrapf(ErrInvalidReason, "reason: %s", err)
	}
	return nil
}

// MaxReason bounds a reason in bytes.
const MaxReason = 512

// ValidateSalt checks the salt of a record's id.
func ValidateSalt(salt []byte) error {
	if len(salt) != SaltSize {
		return errorsmod.Wrapf(ErrInvalidSalt, "salt: expected %d random bytes, got %d", SaltSize, len(salt))
	}
	return nil
}
