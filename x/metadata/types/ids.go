package types

import (
	"encoding/hex"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/terms/text"
)

const (
	// SaltSize is the length in bytes of the salt from which a record's id is made.
	SaltSize = 16
	// RecordIDSize is the length of a record's id in hexadecimal characters.
	RecordIDSize = 32

	tagRecord = "alita/record/v1"
)

// RecordID is the id of the record that owner registers with salt: the first 16 bytes of the tagged,
// length-prefixed SHA-256 of both, in hexadecimal. A client knows it before it broadcasts, and the label of
// the sealed location binds it.
func RecordID(owner sdk.AccAddress, salt []byte) string {
	h := label.Hash(tagRecord, owner, salt)
	return hex.EncodeToString(h[:RecordIDSize/2])
}

// ValidateRecordID reports whether s has the form of a record's id.
func ValidateRecordID(s string) error {
	if len(s) != RecordIDSize || !isLowerHex(s) {
		return fmt.Errorf("expected the id of a record, %d lower-case hexadecimal characters, got %s", RecordIDSize, quote(s))
	}
	return nil
}

// isLowerHex reports whether s consists of the digits 0-9 and a-f.
func isLowerHex(s string) bool {
	return text.All(s, func(c byte) bool { return text.IsDigit(c) || c >= 'a' && c <= 'f' })
}
