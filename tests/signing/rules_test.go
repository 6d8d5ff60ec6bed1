package signing_test

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/gogoproto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/runtime/protoimpl"
	"google.golang.org/protobuf/types/descriptorpb"

	"cosmossdk.io/api/amino"
)

// nullable is the option of the Go generator by which a part is written always, also if it is empty.
//
//nolint:staticcheck // the generator's own description of it is of the older kind
var nullable = &protoimpl.ExtensionInfo{
	ExtendedType:  (*descriptorpb.FieldOptions)(nil),
	ExtensionType: gogoproto.E_Nullable.ExtensionType,
	Field:         gogoproto.E_Nullable.Field,
	Name:          gogoproto.E_Nullable.Name,
	Tag:           gogoproto.E_Nullable.Tag,
	Filename:      gogoproto.E_Nullable.Filename,
}

// written reports whether the chain writes a part always. The option is read here, since no registry knows it.
func written(t *testing.T, field protoreflect.FieldDescriptor) bool {
	t.Helper()
	var types protoregistry.Types
	require.NoError(t, types.RegisterExtension(nullable))
	bz, err := proto.Marshal(field.Options())
	require.NoError(t, err)
	var options descriptorpb.FieldOptions
	require.NoError(t, proto.UnmarshalOptions{Resolver: &types}.Unmarshal(bz, &options))
	return proto.HasExtension(&options, nullable) && !proto.GetExtension(&options, nullable).(bool)
}

// TestRules: what is signed follows from the descriptors alone, by rules that converters in other languages keep. A list is
// always signed, [] if it is empty. An amount is always signed, "0" if it is zero. A part that the chain always writes is
// always signed. Nothing in a message is a map, a oneof, a duration or a fraction, for which each language has its own way.
func TestRules(t *testing.T) {
	seen := map[protoreflect.FullName]bool{}
	var walk func(msg protoreflect.MessageDescriptor)
	walk = func(msg protoreflect.MessageDescriptor) {
		if seen[msg.FullName()] || !strings.HasPrefix(string(msg.FullName()), "alita.") {
			return
		}
		seen[msg.FullName()] = true
		require.Zero(t, msg.Oneofs().Len(), "%s: expected no oneof", msg.FullName())
		for i := range msg.Fields().Len() {
			field := msg.Fields().Get(i)
			encoding := proto.GetExtension(field.Options(), amino.E_Encoding)
			switch {
			case field.IsMap(), field.Kind() == protoreflect.DoubleKind, field.Kind() == protoreflect.FloatKind:
				t.Errorf("%s: expected a kind that is signed alike everywhere, got %s", field.FullName(), field.Kind())
			case field.IsList():
				require.True(t, always(field) && (encoding == "null_slice_as_empty" || encoding == "legacy_coins"),
					"%s: expected (amino.dont_omitempty) = true and (amino.encoding) = \"null_slice_as_empty\", as all lists have", field.FullName())
			case isInt(field):
				require.True(t, always(field), "%s: expected (amino.dont_omitempty) = true, as all amounts have", field.FullName())
			case field.Kind() == protoreflect.MessageKind:
				require.Equal(t, written(t, field), always(field), "%s: (amino.dont_omitempty): expected it exactly if the field is not nullable", field.FullName())
				require.NotEqual(t, protoreflect.FullName("google.protobuf.Duration"), field.Message().FullName(), field.FullName())
			default:
				require.False(t, always(field), "%s: expected no (amino.dont_omitempty)", field.FullName())
			}
			if field.Kind() == protoreflect.MessageKind {
				walk(field.Message())
			}
		}
	}
	for _, msg := range messages(t) {
		require.True(t, proto.HasExtension(msg.Options(), amino.E_Name), "%s: expected (amino.name)", msg.FullName())
		require.LessOrEqual(t, len(proto.GetExtension(msg.Options(), amino.E_Name).(string)), 39, "Ledger shows at most 39 characters: %s", msg.FullName())
		walk(msg)
	}
	require.Greater(t, len(seen), 60)
}
