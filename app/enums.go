package app

import (
	"sync"

	gogoproto "github.com/cosmos/gogoproto/proto"
	gateway "github.com/golang/protobuf/proto" //nolint:staticcheck // the REST gateway looks names up in this registry
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/runtime/protoimpl"
)

// registerEnums lets the REST gateway read the parameters of queries by the names of enums, as its document writes them.
// The gateway knows the enums of another registry than the one in which the modules' are.
var registerEnums = sync.OnceFunc(func() {
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		registerEnumsOf(file)
		return true
	})
})

// scope is a file or a message, which declares enums and messages.
type scope interface {
	Enums() protoreflect.EnumDescriptors
	Messages() protoreflect.MessageDescriptors
}

func registerEnumsOf(s scope) {
	for i := range s.Enums().Len() {
		enum := s.Enums().Get(i)
		name := protoimpl.X.LegacyEnumName(enum)
		if gateway.EnumValueMap(name) != nil { //nolint:staticcheck // the gateway asks this registry
			continue
		}
		names, numbers := map[int32]string{}, map[string]int32{}
		for j := range enum.Values().Len() {
			value := enum.Values().Get(j)
			names[int32(value.Number())], numbers[string(value.Name())] = string(value.Name()), int32(value.Number())
		}
		gateway.RegisterEnum(name, names, numbers) //nolint:staticcheck // as above
	}
	for i := range s.Messages().Len() {
		registerEnumsOf(s.Messages().Get(i))
	}
}
