package tx

import (
	"context"
	"fmt"

	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
)

// Signer holds the key of one account.
type Signer interface {
	// PubKey is the account's public key; its address is the account's address.
	PubKey() cryptotypes.PubKey
	// SignMode says which form of a transaction is signed.
	SignMode() signing.SignMode
	// Sign signs the bytes of a transaction in that form.
	Sign(ctx context.Context, bz []byte) ([]byte, error)
}

// FromKey returns a signer of a private key in memory.
func FromKey(key cryptotypes.PrivKey) Signer { return privateKey{key} }

type privateKey struct{ key cryptotypes.PrivKey }

func (p privateKey) PubKey() cryptotypes.PubKey { return p.key.PubKey() }

func (privateKey) SignMode() signing.SignMode { return signing.SignMode_SIGN_MODE_DIRECT }

func (p privateKey) Sign(_ context.Context, bz []byte) ([]byte, error) { return p.key.Sign(bz) }

// FromKeyring returns a signer of a key in a keyring, which is opened with Codec.
// A key on a Ledger signs the form that the device can show.
func FromKeyring(keys keyring.Keyring, name string) (Signer, error) {
	return FromKeyringWithMode(keys, name, signing.SignMode_SIGN_MODE_UNSPECIFIED)
}

// FromKeyringWithMode is FromKeyring with the form that is signed; unspecified
// leaves it to the kind of the key.
func FromKeyringWithMode(keys keyring.Keyring, name string, mode signing.SignMode) (Signer, error) {
	record, err := keys.Key(name)
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", name, err)
	}
	public, err := record.GetPubKey()
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", name, err)
	}
	switch {
	case mode != signing.SignMode_SIGN_MODE_UNSPECIFIED:
	case record.GetType() == keyring.TypeLedger:
		mode = signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	default:
		mode = signing.SignMode_SIGN_MODE_DIRECT
	}
	return ringKey{keys, name, public, mode}, nil
}

type ringKey struct {
	keys   keyring.Keyring
	name   string
	public cryptotypes.PubKey
	mode   signing.SignMode
}

func (r ringKey) PubKey() cryptotypes.PubKey { return r.public }

func (r ringKey) SignMode() signing.SignMode { return r.mode }

func (r ringKey) Sign(_ context.Context, bz []byte) ([]byte, error) {
	signature, _, err := r.keys.Sign(r.name, bz, r.mode)
	return signature, err
}
