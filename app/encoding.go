package app

import (
	"fmt"

	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/std"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	"github.com/cosmos/cosmos-sdk/x/tx/signing"
)

// The address codecs of the chain.
var (
	accountCodec   = address.NewBech32Codec(AccountAddressPrefix)
	validatorCodec = address.NewBech32Codec(AccountAddressPrefix + "valoper")
	consensusCodec = address.NewBech32Codec(AccountAddressPrefix + "valcons")
)

// encoding holds the codecs shared by the modules, the node and its clients.
type encoding struct {
	interfaceRegistry codectypes.InterfaceRegistry
	appCodec          codec.Codec
	legacyAmino       *codec.LegacyAmino
	txConfig          client.TxConfig
}

// newEncoding returns the codecs with the SDK's basic types registered; the
// modules' types are registered with the modules.
func newEncoding() (encoding, error) {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          accountCodec,
			ValidatorAddressCodec: validatorCodec,
		},
	})
	if err != nil {
		return encoding{}, fmt.Errorf("interface registry: %w", err)
	}
	if err := registry.SigningContext().Validate(); err != nil {
		return encoding{}, fmt.Errorf("signers of the messages: %w", err)
	}
	cdc := codec.NewProtoCodec(registry)
	e := encoding{
		interfaceRegistry: registry,
		appCodec:          cdc,
		legacyAmino:       codec.NewLegacyAmino(),
		txConfig:          authtx.NewTxConfig(cdc, authtx.DefaultSignModes),
	}
	std.RegisterLegacyAminoCodec(e.legacyAmino)
	std.RegisterInterfaces(e.interfaceRegistry)
	return e, nil
}
