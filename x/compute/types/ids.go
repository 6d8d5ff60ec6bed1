package types

import (
	"crypto/sha256"
	"encoding/hex"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
)

const (
	// QuestionSize is the length of the hash that names a question over panels, in bytes.
	QuestionSize = sha256.Size
	// SaltSize is the length of the salt of a job's id, in bytes.
	SaltSize = 16
	// idSize is the length of a record's or a job's id, in bytes.
	idSize = 16
)

// JobID is the id of the job that consumer opens with salt: the first 16 bytes,
// in hexadecimal, of a hash over both. The consumer knows it before the job exists.
func JobID(consumer sdk.AccAddress, salt []byte) string {
	sum := label.Hash("alita/job/v1", consumer, salt)
	return hex.EncodeToString(sum[:idSize])
}

// ValidateJobID accepts 32 lower-case hexadecimal characters.
func ValidateJobID(id string) error {
	if !isLowerHex(id, idSize) {
		return errorsmod.Wrapf(ErrInvalidJob, "job id: expected %d lower-case hexadecimal characters, got %.80q", 2*idSize, id)
	}
	return nil
}

// ValidateProgramID accepts 64 lower-case hexadecimal characters.
func ValidateProgramID(id string) error {
	if !isLowerHex(id, sha256.Size) {
		return errorsmod.Wrapf(ErrInvalidProgram, "program id: expected %d lower-case hexadecimal characters, got %.80q", 2*sha256.Size, id)
	}
	return nil
}

// ValidateRecordID accepts 32 lower-case hexadecimal characters.
func ValidateRecordID(id string) error {
	if !isLowerHex(id, idSize) {
		return errorsmod.Wrapf(ErrInvalidAttestation, "record id: expected %d lower-case hexadecimal characters, got %.80q", 2*idSize, id)
	}
	return nil
}

func isLowerHex(s string, size int) bool {
	if len(s) != 2*size {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
