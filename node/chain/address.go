package chain

import (
	"crypto/sha256"
	"fmt"

	"github.com/cosmos/btcutil/bech32"
	"golang.org/x/crypto/ripemd160" //nolint:gosec,staticcheck // addresses of accounts are defined by it
)

// AddressPrefix starts the bech32 form of account addresses.
const AddressPrefix = "alita"

const (
	maxAddressText  = 1023
	maxAddressBytes = 255
)

// ParseAddress returns the bytes of an account's address.
func ParseAddress(text string) ([]byte, error) {
	b, err := decodeAddress(text)
	if err != nil {
		return nil, fmt.Errorf("account: expected an address of the form %s1..., got %q: %w", AddressPrefix, text, err)
	}
	return b, nil
}

func decodeAddress(text string) ([]byte, error) {
	prefix, words, err := bech32.Decode(text, maxAddressText)
	if err != nil {
		return nil, err
	}
	if prefix != AddressPrefix {
		return nil, fmt.Errorf("prefix: expected %q, got %q", AddressPrefix, prefix)
	}
	b, err := bech32.ConvertBits(words, 5, 8, false)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 || len(b) > maxAddressBytes {
		return nil, fmt.Errorf("length: expected 1 to %d bytes, got %d", maxAddressBytes, len(b))
	}
	return b, nil
}

// addressOf is the address of the account of a compressed secp256k1 key: RIPEMD-160 of its SHA-256, in bech32.
func addressOf(public []byte) (string, error) {
	sum := sha256.Sum256(public)
	h := ripemd160.New() //nolint:gosec // see the import
	h.Write(sum[:])
	words, err := bech32.ConvertBits(h.Sum(nil), 8, 5, true)
	if err != nil {
		return "", err
	}
	return bech32.Encode(AddressPrefix, words)
}
