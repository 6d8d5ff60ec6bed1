package light

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Root is what somebody trusts at the beginning: the hash of one header, which they have compared with what others say.
type Root struct {
	Height int64
	Hash   []byte
}

// ParseRoot reads HEIGHT:HASH, the hash in hexadecimal.
func ParseRoot(text string) (Root, error) {
	height, hash, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(height, 10, 64)
	b, err2 := hex.DecodeString(hash)
	r := Root{Height: n, Hash: b}
	if err != nil || err2 != nil || r.Check() != nil {
		return Root{}, fmt.Errorf("%w: expected HEIGHT:HASH, a positive number and %d hexadecimal characters, got %.100q", ErrRoot, 2*sha256.Size, text)
	}
	return r, nil
}

// Check reports what is wrong with a root.
func (r Root) Check() error {
	if r.Height <= 0 || len(r.Hash) != sha256.Size {
		return fmt.Errorf("%w: expected a positive height and a hash of %d bytes, got %d and %d bytes", ErrRoot, sha256.Size, r.Height, len(r.Hash))
	}
	return nil
}

// String is HEIGHT:HASH, as ParseRoot reads it.
func (r Root) String() string { return fmt.Sprintf("%d:%X", r.Height, r.Hash) }

// Equal reports whether two roots are the same.
func (r Root) Equal(o Root) bool { return r.Height == o.Height && bytes.Equal(r.Hash, o.Hash) }
