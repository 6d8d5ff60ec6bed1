package types

import (
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/terms"
)

// slotBytes is the size of a slot in a vector's plaintext: an int64.
const slotBytes = 8

// SealedVectorSize is the length in bytes of the ciphertext of a vector.
func SealedVectorSize(length uint32) int {
	return int(length)*slotBytes + seal.Overhead - seal.EncSize
}

// SealedVectorHash is what an attestation says of a vector that is delivered later.
func SealedVectorHash(v SealedVector) []byte {
	return terms.SealedVectorHash(v.Enc, v.Ciphertext)
}
