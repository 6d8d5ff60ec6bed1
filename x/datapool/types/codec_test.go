package types_test

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// TestEveryMessageIsRegistered: wallets that sign amino JSON know each message of the
// service, by the name that its definition states.
func TestEveryMessageIsRegistered(t *testing.T) {
	cdc := codec.NewLegacyAmino()
	types.RegisterLegacyAminoCodec(cdc)
	registry := codectypes.NewInterfaceRegistry()
	types.RegisterInterfaces(registry)
	file, err := proto.HybridResolver.FindDescriptorByName("alita.datapool.v1.Msg")
	require.NoError(t, err)
	methods := file.(protoreflect.ServiceDescriptor).Methods()
	require.Equal(t, 21, methods.Len())
	for i := range methods.Len() {
		input := methods.Get(i).Input()
		msg, err := registry.Resolve("/" + string(input.FullName()))
		require.NoError(t, err, input.FullName())
		name := aminoName(t, input)
		require.Less(t, len(name), 40, "a hardware wallet shows no longer name")
		bz, err := cdc.MarshalJSON(msg)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(bz), `{"type":"`+name+`"`), "%s: %s", name, bz)
	}
}

// aminoName reads the option amino.name (field 11110001) of a message.
func aminoName(t *testing.T, m protoreflect.MessageDescriptor) string {
	t.Helper()
	var name string
	m.Options().(*descriptorpb.MessageOptions).ProtoReflect().Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if fd.FullName() == "amino.name" {
			name = v.String()
		}
		return true
	})
	require.NotEmpty(t, name, m.FullName())
	return name
}
