package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"

	"github.com/alita-network/alita/crypto/label"
)

// Limits of a sealed location.
const (
	// MaxRecipients bounds the workers a location is sealed to; at least one is needed.
	MaxRecipients = 8
	// PadBlock is the unit in bytes to which a location is padded, so that its length shows little.
	PadBlock = 256
	// MaxBlocks bounds the padded location.
	MaxBlocks = 16
	// MaxLocation is the longest location in bytes: the padded form starts with its length.
	MaxLocation = MaxBlocks*PadBlock - lengthPrefix
	// WrappedKeySize is the length in bytes of a stanza's ciphertext, a 32-byte key and its tag.
	WrappedKeySize = dekSize + tagSize
	// CommitmentSize is the length in bytes of the commitment to the key.
	CommitmentSize = 32

	dekSize      = 32
	lengthPrefix = 4
)

const (
	tagRecord  = "alita/seal/record/v1"
	tagStanza  = "alita/seal/stanza/v1"
	tagStanzas = "alita/seal/stanzas/v1"
	tagBody    = "alita/seal/body/v1"
	tagBodyKey = "alita/seal/bodykey/v1"
	tagCommit  = "alita/seal/commit/v1"
)

// Stanza is the content key, wrapped to one recipient.
type Stanza struct {
	KeyID      []byte // PublicKey.ID of the recipient
	Enc        []byte // encapsulated key, EncSize bytes
	Ciphertext []byte // wrapped content key, WrappedKeySize bytes
}

// Sealed is a location that only the recipients of its stanzas can read.
type Sealed struct {
	Stanzas    []Stanza
	Body       []byte // AES-256-GCM of the padded location
	Commitment []byte // commitment to the content key, CommitmentSize bytes
}

// RecordLabel is the label of a record's location: it ties the sealed form to one record of one owner
// on one chain, so that it cannot be copied elsewhere. owner is the account's address bytes.
func RecordLabel(chainID, recordID string, owner []byte) []byte {
	h := label.Hash(tagRecord, []byte(chainID), []byte(recordID), owner)
	return h[:]
}

// Seal encrypts a location to all recipients under a label. It refuses an empty location or one longer
// than MaxLocation (ErrLocation), and no, too many or repeated recipients (ErrRecipients).
func Seal(lab, location []byte, recipients []PublicKey) (Sealed, error) {
	if len(location) == 0 || len(location) > MaxLocation {
		return Sealed{}, fmt.Errorf("%w: expected 1 to %d bytes, got %d", ErrLocation, MaxLocation, len(location))
	}
	if len(recipients) == 0 || len(recipients) > MaxRecipients {
		return Sealed{}, fmt.Errorf("%w: expected 1 to %d recipients, got %d", ErrRecipients, MaxRecipients, len(recipients))
	}
	dek := make([]byte, dekSize)
	rand.Read(dek) // it never fails
	sealed := Sealed{Stanzas: make([]Stanza, 0, len(recipients))}
	seen := make(map[[KeyIDSize]byte]bool, len(recipients))
	for _, r := range recipients {
		if !r.valid() {
			return Sealed{}, fmt.Errorf("%w: expected keys, got an empty one", ErrRecipients)
		}
		id := r.ID()
		if seen[id] {
			return Sealed{}, fmt.Errorf("%w: key %x: expected once, got twice", ErrRecipients, id)
		}
		seen[id] = true
		enc, sender, err := hpke.NewSender(r.key, kdf(), aead(), stanzaInfo(lab))
		if err != nil {
			return Sealed{}, fmt.Errorf("seal to key %x: %w", id, err)
		}
		wrapped, err := sender.Seal(id[:], dek)
		if err != nil {
			return Sealed{}, fmt.Errorf("seal to key %x: %w", id, err)
		}
		sealed.Stanzas = append(sealed.Stanzas, Stanza{KeyID: id[:], Enc: enc, Ciphertext: wrapped})
	}
	gcm, commitment, err := contentKeys(dek, lab)
	if err != nil {
		return Sealed{}, err
	}
	// The key is used for this one body, so a constant nonce never repeats under it.
	sealed.Body = gcm.Seal(nil, make([]byte, gcm.NonceSize()), pad(location), bodyAAD(lab, sealed.Stanzas))
	sealed.Commitment = commitment
	return sealed, nil
}

// Open returns the location. The errors are Check's, ErrNotRecipient if no stanza names the key, and
// ErrOpen if anything was changed, moved from another label, or made for another key.
func Open(lab []byte, sealed Sealed, key PrivateKey) ([]byte, error) {
	if err := Check(sealed); err != nil {
		return nil, err
	}
	if key.key == nil {
		return nil, ErrPrivateKey
	}
	id := key.public.ID()
	for _, s := range sealed.Stanzas {
		if subtle.ConstantTimeCompare(s.KeyID, id[:]) == 1 {
			return openWith(lab, sealed, s, key)
		}
	}
	return nil, ErrNotRecipient
}

func openWith(lab []byte, sealed Sealed, s Stanza, key PrivateKey) ([]byte, error) {
	recipient, err := hpke.NewRecipient(s.Enc, key.key, kdf(), aead(), stanzaInfo(lab))
	if err != nil {
		return nil, ErrOpen
	}
	dek, err := recipient.Open(s.KeyID, s.Ciphertext)
	if err != nil || len(dek) != dekSize {
		return nil, ErrOpen
	}
	gcm, commitment, err := contentKeys(dek, lab)
	if err != nil {
		return nil, err
	}
	// AES-GCM alone lets one ciphertext open under two keys; the commitment rules that out.
	if subtle.ConstantTimeCompare(commitment, sealed.Commitment) != 1 {
		return nil, ErrOpen
	}
	padded, err := gcm.Open(nil, make([]byte, gcm.NonceSize()), sealed.Body, bodyAAD(lab, sealed.Stanzas))
	if err != nil {
		return nil, ErrOpen
	}
	return unpad(padded)
}

// contentKeys derives the body's cipher and the commitment from the content key.
func contentKeys(dek, lab []byte) (cipher.AEAD, []byte, error) {
	commitment, err := hkdf.Key(sha256.New, dek, lab, tagCommit, CommitmentSize)
	if err != nil {
		return nil, nil, err
	}
	key, err := hkdf.Key(sha256.New, dek, lab, tagBodyKey, 32)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, err
	}
	return gcm, commitment, nil
}

func stanzaInfo(lab []byte) []byte {
	h := label.Hash(tagStanza, lab)
	return h[:]
}

// bodyAAD binds the label and every stanza, so a recipient can be neither added nor taken away.
func bodyAAD(lab []byte, stanzas []Stanza) []byte {
	fields := make([][]byte, 0, 3*len(stanzas))
	for _, s := range stanzas {
		fields = append(fields, s.KeyID, s.Enc, s.Ciphertext)
	}
	all := label.Hash(tagStanzas, fields...)
	h := label.Hash(tagBody, lab, all[:])
	return h[:]
}

// pad writes the length as four big-endian bytes, the location, and zeros up to a multiple of PadBlock.
func pad(location []byte) []byte {
	n := (lengthPrefix + len(location) + PadBlock - 1) / PadBlock * PadBlock
	out := make([]byte, n)
	binary.BigEndian.PutUint32(out, uint32(len(location)))
	copy(out[lengthPrefix:], location)
	return out
}

func unpad(padded []byte) ([]byte, error) {
	if len(padded) < PadBlock || len(padded)%PadBlock != 0 {
		return nil, ErrOpen
	}
	n := binary.BigEndian.Uint32(padded)
	if n == 0 || uint64(n) > uint64(len(padded)-lengthPrefix) {
		return nil, ErrOpen
	}
	location, rest := padded[lengthPrefix:lengthPrefix+n], padded[lengthPrefix+n:]
	for _, b := range rest {
		if b != 0 {
			return nil, ErrOpen
		}
	}
	return location, nil
}
