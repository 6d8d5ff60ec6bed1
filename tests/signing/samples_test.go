package signing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	cosmos_proto "github.com/cosmos/cosmos-proto"
	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"cosmossdk.io/api/amino"
	msgv1 "cosmossdk.io/api/cosmos/msg/v1"

	apptest "github.com/alita-network/alita/testutil/app"
)

// signer signs every sample.
var signer = apptest.NamedAccount("alice")

// messages are all messages of the chain's own modules, by name.
func messages(t testing.TB) []protoreflect.MessageDescriptor {
	t.Helper()
	var all []protoreflect.MessageDescriptor
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(file.Package()), "alita.") {
			return true
		}
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			if service.Name() != "Msg" {
				continue
			}
			for j := range service.Methods().Len() {
				all = append(all, service.Methods().Get(j).Input())
			}
		}
		return true
	})
	require.NotEmpty(t, all)
	slices.SortFunc(all, func(a, b protoreflect.MessageDescriptor) int {
		return strings.Compare(string(a.FullName()), string(b.FullName()))
	})
	return all
}

// The variants of a sample.
const (
	// full sets every field, and every list to two elements.
	full = "full"
	// text has what JSON escapes in every text, and parts of seconds.
	text = "text"
	// sparse has the signer only; amounts are zero, lists and texts empty, and the parts that are never left out are empty.
	sparse = "sparse"
	// absent is sparse with nothing on the wire for what is zero or empty, as JavaScript encodes a value that leaves it out.
	absent = "absent"
)

var variants = []string{full, text, sparse, absent}

// sample returns a message in a variant.
func sample(msg protoreflect.MessageDescriptor, variant string) proto.Message {
	m := fill(msg, variant)
	for _, name := range proto.GetExtension(msg.Options(), msgv1.E_Signer).([]string) {
		m.Set(msg.Fields().ByName(protoreflect.Name(name)), protoreflect.ValueOfString(signer.String()))
	}
	return m.Interface()
}

func fill(msg protoreflect.MessageDescriptor, variant string) protoreflect.Message {
	m := dynamicpb.NewMessage(msg)
	if msg.FullName() == "google.protobuf.Timestamp" {
		fillTime(m, variant)
		return m
	}
	for i := range msg.Fields().Len() {
		field := msg.Fields().Get(i)
		switch {
		case variant == absent:
		case variant == sparse:
			if isInt(field) {
				m.Set(field, protoreflect.ValueOfString("0"))
			} else if field.Kind() == protoreflect.MessageKind && !field.IsList() && always(field) {
				m.Set(field, protoreflect.ValueOfMessage(fill(field.Message(), variant)))
			}
		case field.IsList():
			list := m.NewField(field).List()
			list.Append(value(field, variant))
			list.Append(value(field, variant))
			m.Set(field, protoreflect.ValueOfList(list))
		default:
			m.Set(field, value(field, variant))
		}
	}
	return m
}

func fillTime(m protoreflect.Message, variant string) {
	fields := m.Descriptor().Fields()
	switch variant {
	case full:
		m.Set(fields.ByName("seconds"), protoreflect.ValueOfInt64(1_800_000_000))
	case text:
		m.Set(fields.ByName("seconds"), protoreflect.ValueOfInt64(1_800_000_000))
		m.Set(fields.ByName("nanos"), protoreflect.ValueOfInt32(120_300_000))
	}
}

// value returns a value that is not empty.
func value(field protoreflect.FieldDescriptor, variant string) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.MessageKind:
		return protoreflect.ValueOfMessage(fill(field.Message(), variant))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte{0, 1, 62, 63, 250, 251, 255})
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(4_294_967_295)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(18_446_744_073_709_551_615)
	case protoreflect.Int32Kind, protoreflect.Sint32Kind:
		return protoreflect.ValueOfInt32(-5)
	case protoreflect.Int64Kind, protoreflect.Sint64Kind:
		return protoreflect.ValueOfInt64(-9_007_199_254_740_993)
	case protoreflect.StringKind:
		switch {
		case isInt(field):
			return protoreflect.ValueOfString("340282366920938463463374607431768211456")
		case variant == text:
			return protoreflect.ValueOfString("a <b> & \"c\" \\ é 世界 \n\t")
		default:
			return protoreflect.ValueOfString("text")
		}
	default:
		panic(fmt.Sprintf("%s: no sample of %s", field.FullName(), field.Kind()))
	}
}

func isInt(field protoreflect.FieldDescriptor) bool {
	return proto.GetExtension(field.Options(), cosmos_proto.E_Scalar) == "cosmos.Int"
}

// always reports whether a field is signed also if it is empty.
func always(field protoreflect.FieldDescriptor) bool {
	return proto.GetExtension(field.Options(), amino.E_DontOmitempty).(bool)
}
