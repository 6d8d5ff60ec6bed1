// Package chain talks to a node for a worker: the few queries that it needs, and its transactions. It knows the
// chain through generated clients only.
package chain

import (
	"fmt"

	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/x/tx/signing"

	computetypes "github.com/alita-network/alita/x/compute/types"
)

// AddressPrefix starts the bech32 form of account addresses.
const AddressPrefix = "alita"

var addresses = address.NewBech32Codec(AddressPrefix)

// ParseAddress returns the bytes of an account's address.
func ParseAddress(text string) ([]byte, error) {
	b, err := addresses.StringToBytes(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not an account address of the form %s1...: %w", text, AddressPrefix, err)
	}
	return b, nil
}

// newCodec returns the codec of messages and answers.
func newCodec() (*codec.ProtoCodec, error) {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles:     proto.HybridResolver,
		SigningOptions: signing.Options{AddressCodec: addresses, ValidatorAddressCodec: address.NewBech32Codec(AddressPrefix + "valoper")},
	})
	if err != nil {
		return nil, err
	}
	cryptocodec.RegisterInterfaces(registry)
	txtypes.RegisterInterfaces(registry)
	computetypes.RegisterInterfaces(registry)
	return codec.NewProtoCodec(registry), nil
}
