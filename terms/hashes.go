package terms

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/alita-network/alita/crypto/seal"
)

// ProgramID is the id of a program: the SHA-256 of its code, in hexadecimal.
func ProgramID(code []byte) string {
	sum := sha256.Sum256(code)
	return hex.EncodeToString(sum[:])
}

// SealedVectorHash is what an attestation says of a vector, sealed as enc and ciphertext, that is delivered later; 32 bytes.
func SealedVectorHash(enc, ciphertext []byte) []byte {
	sealed := make([]byte, 0, len(enc)+len(ciphertext))
	hash := seal.ResultHash(append(append(sealed, enc...), ciphertext...))
	return hash[:]
}
