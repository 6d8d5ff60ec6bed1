package chain

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	basev1beta1 "cosmossdk.io/api/cosmos/base/v1beta1"
	secp256k1v1 "cosmossdk.io/api/cosmos/crypto/secp256k1"
	signingv1beta1 "cosmossdk.io/api/cosmos/tx/signing/v1beta1"
	txv1beta1 "cosmossdk.io/api/cosmos/tx/v1beta1"
)

// Signer signs the transactions of one account.
type Signer struct {
	key     *secp256k1.PrivateKey
	public  *secp256k1v1.PubKey
	address string
}

// NewSigner returns the signer of an account key.
func NewSigner(key *secp256k1.PrivateKey) (*Signer, error) {
	if key == nil {
		return nil, errors.New("account key: expected one, got none")
	}
	public := key.PubKey().SerializeCompressed()
	address, err := addressOf(public)
	if err != nil {
		return nil, err
	}
	return &Signer{key: key, public: &secp256k1v1.PubKey{Key: public}, address: address}, nil
}

// Address is the account's address.
func (s *Signer) Address() string { return s.address }

// Format keeps the key out of logs whatever the verb.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.address)) }

// Envelope is everything in a transaction except its message.
type Envelope struct {
	ChainID       string
	AccountNumber uint64
	Sequence      uint64
	Gas           uint64
	Fee           Coin
	FeeGranter    string // account whose grant pays the fee; empty if the signer pays
	TimeoutHeight uint64 // last block that can hold it; 0 is no limit
}

// Sign returns the bytes of a transaction with one message, signed with SIGN_MODE_DIRECT.
func (s *Signer) Sign(msg proto.Message, e Envelope) ([]byte, error) {
	raw, err := s.unsigned(msg, e)
	if err != nil {
		return nil, err
	}
	doc, err := encode(&txv1beta1.SignDoc{
		BodyBytes: raw.BodyBytes, AuthInfoBytes: raw.AuthInfoBytes, ChainId: e.ChainID, AccountNumber: e.AccountNumber,
	})
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(doc)
	// The first byte only serves to recover the public key; what follows is r||s with the lower s.
	raw.Signatures = [][]byte{ecdsa.SignCompact(s.key, hash[:], false)[1:]}
	return encode(raw)
}

// ForSimulation returns the bytes of the transaction with an empty signature, which simulation does not check.
func (s *Signer) ForSimulation(msg proto.Message, e Envelope) ([]byte, error) {
	raw, err := s.unsigned(msg, e)
	if err != nil {
		return nil, err
	}
	raw.Signatures = [][]byte{{}}
	return encode(raw)
}

func (s *Signer) unsigned(msg proto.Message, e Envelope) (*txv1beta1.TxRaw, error) {
	packed, err := pack(msg)
	if err != nil {
		return nil, err
	}
	body, err := encode(&txv1beta1.TxBody{Messages: []*anypb.Any{packed}, TimeoutHeight: e.TimeoutHeight})
	if err != nil {
		return nil, err
	}
	public, err := pack(s.public)
	if err != nil {
		return nil, err
	}
	auth, err := encode(&txv1beta1.AuthInfo{
		SignerInfos: []*txv1beta1.SignerInfo{{
			PublicKey: public,
			ModeInfo: &txv1beta1.ModeInfo{Sum: &txv1beta1.ModeInfo_Single_{
				Single: &txv1beta1.ModeInfo_Single{Mode: signingv1beta1.SignMode_SIGN_MODE_DIRECT},
			}},
			Sequence: e.Sequence,
		}},
		Fee: &txv1beta1.Fee{Amount: coins(e.Fee), GasLimit: e.Gas, Granter: e.FeeGranter},
	})
	if err != nil {
		return nil, err
	}
	return &txv1beta1.TxRaw{BodyBytes: body, AuthInfoBytes: auth}, nil
}

func coins(c Coin) []*basev1beta1.Coin {
	if c.IsZero() {
		return nil
	}
	return []*basev1beta1.Coin{{Denom: c.Denom, Amount: c.Amount.String()}}
}

// encode returns the same bytes for the same message, always.
func encode(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// typeURL names a message as transactions do.
func typeURL(m proto.Message) string { return "/" + string(m.ProtoReflect().Descriptor().FullName()) }

func pack(m proto.Message) (*anypb.Any, error) {
	value, err := encode(m)
	if err != nil {
		return nil, err
	}
	return &anypb.Any{TypeUrl: typeURL(m), Value: value}, nil
}
