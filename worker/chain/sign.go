package chain

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdksecp256k1 "github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
)

// Signer signs a worker's transactions.
type Signer struct {
	key     *secp256k1.PrivateKey
	public  *sdksecp256k1.PubKey
	address string
}

// NewSigner returns the signer of an account key.
func NewSigner(key *secp256k1.PrivateKey) (*Signer, error) {
	if key == nil {
		return nil, errors.New("no account key")
	}
	public := &sdksecp256k1.PubKey{Key: key.PubKey().SerializeCompressed()}
	address, err := addresses.BytesToString(public.Address())
	if err != nil {
		return nil, err
	}
	return &Signer{key: key, public: public, address: address}, nil
}

// Address is the account's address.
func (s *Signer) Address() string { return s.address }

// Format keeps the key out of logs whatever the verb.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.address)) }

// Envelope is everything of a transaction but its message.
type Envelope struct {
	ChainID       string
	AccountNumber uint64
	Sequence      uint64
	Gas           uint64
	Fee           sdk.Coins
	FeeGranter    string // account whose grant pays the fee; empty where the signer pays
	TimeoutHeight uint64 // last block that can hold it; 0 is no limit
}

// Sign returns the bytes of a transaction with one message, signed with SIGN_MODE_DIRECT.
func (s *Signer) Sign(msg sdk.Msg, e Envelope) ([]byte, error) {
	raw, err := s.unsigned(msg, e)
	if err != nil {
		return nil, err
	}
	doc, err := (&txtypes.SignDoc{
		BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes, ChainId: e.ChainID, AccountNumber: e.AccountNumber,
	}).Marshal()
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(doc)
	// The first byte only serves to recover the public key; what follows is r||s with the lower s.
	raw.Signatures = [][]byte{ecdsa.SignCompact(s.key, hash[:], false)[1:]}
	return raw.Marshal()
}

// ForSimulation returns the bytes of the transaction with an empty signature, which simulation does not check.
func (s *Signer) ForSimulation(msg sdk.Msg, e Envelope) ([]byte, error) {
	raw, err := s.unsigned(msg, e)
	if err != nil {
		return nil, err
	}
	raw.Signatures = [][]byte{{}}
	return raw.Marshal()
}

func (s *Signer) unsigned(msg sdk.Msg, e Envelope) (*txtypes.TxRaw, error) {
	packed, err := codectypes.NewAnyWithValue(msg)
	if err != nil {
		return nil, err
	}
	body, err := (&txtypes.TxBody{Messages: []*codectypes.Any{packed}, TimeoutHeight: e.TimeoutHeight}).Marshal()
	if err != nil {
		return nil, err
	}
	public, err := codectypes.NewAnyWithValue(s.public)
	if err != nil {
		return nil, err
	}
	auth, err := (&txtypes.AuthInfo{
		SignerInfos: []*txtypes.SignerInfo{{
			PublicKey: public,
			ModeInfo:  &txtypes.ModeInfo{Sum: &txtypes.ModeInfo_Single_{Single: &txtypes.ModeInfo_Single{Mode: signing.SignMode_SIGN_MODE_DIRECT}}},
			Sequence:  e.Sequence,
		}},
		Fee: &txtypes.Fee{Amount: e.Fee, GasLimit: e.Gas, Granter: e.FeeGranter},
	}).Marshal()
	if err != nil {
		return nil, err
	}
	return &txtypes.TxRaw{BodyBytes: body, AuthInfoBytes: auth}, nil
}
