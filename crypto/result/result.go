// Package result seals a worker's vector to the reader of a job and opens it again on the reader's side.
package result

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/alita-network/alita/crypto/seal"
)

// Errors of this package, matched with errors.Is.
var (
	ErrVector = errors.New("invalid vector")
	ErrSealed = errors.New("malformed sealed vector")
)

// Binding names the contribution that a sealed vector belongs to. A vector that is sealed under one binding opens
// under no other.
type Binding struct {
	ChainID  string
	JobID    string
	RecordID string
	Version  string // SemVer version of the record
	Owner    []byte // address bytes of the record's owner
}

// Sealed is a vector that only the reader can open.
type Sealed struct {
	Enc        []byte // encapsulated key, seal.EncSize bytes
	Ciphertext []byte // eight bytes per slot, and the tag
}

// Commitment is the hash that an attestation carries: SHA-256 over the encapsulated key and the ciphertext.
func (s Sealed) Commitment() [32]byte {
	joined := make([]byte, 0, len(s.Enc)+len(s.Ciphertext))
	return seal.ResultHash(append(append(joined, s.Enc...), s.Ciphertext...))
}

// Seal encrypts the vector to the job's reader key. Slots are non-negative; each takes eight little-endian bytes,
// so that the size shows only the vector's length.
func Seal(readerKey []byte, b Binding, vector []int64) (Sealed, error) {
	reader, err := seal.ParsePublicKey(readerKey)
	if err != nil {
		return Sealed{}, err
	}
	plain := make([]byte, 0, 8*len(vector))
	for i, v := range vector {
		if v < 0 {
			return Sealed{}, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
		plain = binary.LittleEndian.AppendUint64(plain, uint64(v))
	}
	sealed, err := seal.SealTo(reader, seal.ResultInfo(), b.aad(), plain)
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{Enc: sealed[:seal.EncSize:seal.EncSize], Ciphertext: sealed[seal.EncSize:]}, nil
}

// Open decrypts a vector of the given length. It fails with ErrSealed, ErrVector (another length, a negative
// slot) or seal.ErrOpen.
func Open(key seal.PrivateKey, b Binding, length int, s Sealed) ([]int64, error) {
	if len(s.Enc) != seal.EncSize {
		return nil, fmt.Errorf("%w: encapsulated key: expected %d bytes, got %d", ErrSealed, seal.EncSize, len(s.Enc))
	}
	joined := append(append(make([]byte, 0, len(s.Enc)+len(s.Ciphertext)), s.Enc...), s.Ciphertext...)
	plain, err := seal.OpenFrom(key, seal.ResultInfo(), b.aad(), joined)
	if err != nil {
		return nil, err
	}
	if len(plain) != 8*length {
		return nil, fmt.Errorf("%w: expected %d bytes for %d slots, got %d", ErrVector, 8*length, length, len(plain))
	}
	vector := make([]int64, length)
	for i := range vector {
		v := binary.LittleEndian.Uint64(plain[8*i:])
		if v > math.MaxInt64 {
			return nil, fmt.Errorf("%w: slot %d: expected at least 0, got a negative number", ErrVector, i)
		}
		vector[i] = int64(v)
	}
	return vector, nil
}

func (b Binding) aad() []byte {
	return seal.ResultAAD(b.ChainID, b.JobID, b.RecordID, b.Version, b.Owner)
}
