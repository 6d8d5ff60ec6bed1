package tx

import (
	"fmt"
	"sync"

	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"

	"cosmossdk.io/core/address"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/std"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	"github.com/cosmos/cosmos-sdk/x/tx/signing"
)

// AddressPrefix is the bech32 prefix of the chain's accounts.
const AddressPrefix = "alita"

// AddressCodec writes and reads the addresses of accounts.
func AddressCodec() address.Codec { return addresscodec.NewBech32Codec(AddressPrefix) }

// Codec encodes keys and transactions; keyrings are opened with it.
func Codec() codec.Codec { return encoding().codec }

// TxConfig makes and encodes transactions.
func TxConfig() client.TxConfig { return encoding().config }

type encodings struct {
	codec  codec.Codec
	config client.TxConfig
}

// encoding is made once: messages are resolved by the protobuf files that the
// program links.
var encoding = sync.OnceValue(func() encodings {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          AddressCodec(),
			ValidatorAddressCodec: addresscodec.NewBech32Codec(AddressPrefix + "valoper"),
		},
	})
	if err != nil {
		panic(fmt.Errorf("interface registry: %w", err)) // constants only
	}
	std.RegisterInterfaces(registry)
	cdc := codec.NewProtoCodec(registry)
	return encodings{cdc, authtx.NewTxConfig(cdc, authtx.DefaultSignModes)}
})

// Dial connects to the gRPC address of a node, for a Client and for the modules'
// queries. Options say how, for example by transport credentials.
func Dial(target string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, append([]grpc.DialOption{grpc.WithDefaultCallOptions(grpc.ForceCodec(wire{}))}, options...)...)
}

// wire encodes the messages of the SDK. What they wrap stays wrapped, so that the
// transactions of modules that the program does not know can be read.
type wire struct{}

func (wire) Name() string { return "proto" }

func (wire) Marshal(v any) ([]byte, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("encode: expected a protobuf message, got %T", v)
	}
	return proto.Marshal(m)
}

func (wire) Unmarshal(bz []byte, v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("decode: expected a protobuf message, got %T", v)
	}
	return proto.Unmarshal(bz, m)
}
