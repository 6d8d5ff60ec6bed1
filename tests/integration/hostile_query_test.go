package integration_test

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// maxQueryGas is what one hostile question may cost on a small chain; a node stops at 50 million.
const maxQueryGas = 5_000_000

// questions are the methods of all queries of the chain's own modules.
func questions(t *testing.T, l *living) (all []protoreflect.MethodDescriptor) {
	t.Helper()
	gogoproto.HybridResolver.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			if !strings.HasPrefix(string(service.FullName()), "alita.") || service.Name() != "Query" {
				continue
			}
			for j := range service.Methods().Len() {
				if method := service.Methods().Get(j); l.App.GRPCQueryRouter().Route(route(method)) != nil {
					all = append(all, method)
				}
			}
		}
		return true
	})
	require.Greater(t, len(all), 40)
	return all
}

func route(method protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
}

// hostile are the values that a stranger would try in a field.
func (l *living) hostile(field protoreflect.FieldDescriptor) (values []protoreflect.Value) {
	switch field.Kind() {
	case protoreflect.StringKind:
		for _, s := range []string{
			"", "0", "00", "-1", "1.0.0", " ", "\x00", "%00", "../../x", "'\"<b>", strings.Repeat("0", 32), strings.Repeat("f", 32), strings.Repeat("F", 32),
			strings.Repeat("g", 32), strings.Repeat("0", 64), strings.Repeat("0", 63), strings.Repeat("é", 32), strings.Repeat("a", 1<<16),
			l.direct, l.secure, l.records[0], l.delivered, l.panel, l.program, strings.ToUpper(l.direct), consumer.String(), strings.ToUpper(consumer.String()),
			sdk.ValAddress(consumer.Address()).String(), "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a", "alita1", "alita1" + strings.Repeat("q", 200),
			"1ualita", "-1ualita", "0ualita", "1ualita,1data/1", "1data/1", "1data/18446744073709551616", "1share/1", "1" + strings.Repeat("0", 100) + "ualita",
			"ualita", "data/1", "data/0", "data/01", "data/18446744073709551615", "share/1", strings.Repeat("9", 78), strings.Repeat("9", 400), "-5", "1e9", "0x10",
			"340282366920938463463374607431768211456", "NaN",
		} {
			values = append(values, protoreflect.ValueOfString(s))
		}
	case protoreflect.BytesKind:
		for _, n := range []int{0, 1, 7, 8, 9, 16, 20, 32, 33, 64, 1 << 16} {
			values = append(values, protoreflect.ValueOfBytes(make([]byte, n)), protoreflect.ValueOfBytes([]byte(strings.Repeat("\xff", n))))
		}
		values = append(values, protoreflect.ValueOfBytes([]byte(l.direct)))
	case protoreflect.Uint64Kind:
		for _, n := range []uint64{0, 1, 2, 100, 1 << 32, 1 << 63, math.MaxUint64 - 1, math.MaxUint64} {
			values = append(values, protoreflect.ValueOfUint64(n))
		}
	case protoreflect.Uint32Kind:
		for _, n := range []uint32{0, 1, 2, 1 << 16, 1 << 31, math.MaxUint32} {
			values = append(values, protoreflect.ValueOfUint32(n))
		}
	case protoreflect.Int64Kind:
		for _, n := range []int64{0, 1, -1, math.MinInt64, math.MaxInt64} {
			values = append(values, protoreflect.ValueOfInt64(n))
		}
	case protoreflect.Int32Kind:
		for _, n := range []int32{0, 1, -1, math.MinInt32, math.MaxInt32} {
			values = append(values, protoreflect.ValueOfInt32(n))
		}
	case protoreflect.EnumKind:
		for _, n := range []protoreflect.EnumNumber{0, 1, 2, -1, 99, math.MinInt32, math.MaxInt32} {
			values = append(values, protoreflect.ValueOfEnum(n))
		}
	case protoreflect.BoolKind:
		values = append(values, protoreflect.ValueOfBool(false), protoreflect.ValueOfBool(true))
	}
	return values
}

// base is a request that has an answer, as far as names of fields say how.
func (l *living) base(method protoreflect.MethodDescriptor) *dynamicpb.Message {
	m := dynamicpb.NewMessage(method.Input())
	samples := l.samples("/alita/" + string(method.Name()))
	for i := range method.Input().Fields().Len() {
		field := method.Input().Fields().Get(i)
		if field.Kind() != protoreflect.StringKind || field.IsList() {
			if field.Name() == "pool_id" {
				m.Set(field, protoreflect.ValueOfUint64(1))
			}
			continue
		}
		if sample, ok := samples[string(field.Name())]; ok {
			m.Set(field, protoreflect.ValueOfString(sample))
		}
	}
	return m
}

// set puts a hostile value into a field, deep in the request if the field is a message.
func (l *living) set(r *rand.Rand, m protoreflect.Message, field protoreflect.FieldDescriptor, value protoreflect.Value) {
	switch {
	case field.IsList():
		list := m.NewField(field).List()
		for range r.Intn(100) {
			if field.Kind() == protoreflect.MessageKind {
				list.Append(list.NewElement())
			} else {
				list.Append(value)
			}
		}
		m.Set(field, protoreflect.ValueOfList(list))
	case field.Kind() == protoreflect.MessageKind:
		inner := m.NewField(field).Message()
		for i := range field.Message().Fields().Len() {
			if deep := field.Message().Fields().Get(i); r.Intn(2) == 0 && deep.Kind() != protoreflect.MessageKind {
				values := l.hostile(deep)
				l.set(r, inner, deep, values[r.Intn(len(values))])
			}
		}
		m.Set(field, protoreflect.ValueOfMessage(inner))
	default:
		m.Set(field, value)
	}
}

// TestAttackQueries: a stranger asks every question with what is no id, no page and no amount. There is an answer or an error that
// says why, at a bounded price; nothing panics.
func TestAttackQueries(t *testing.T) {
	l := newLiving(t)
	asked, answered := 0, 0
	worst, refused, repeats := map[string]uint64{}, map[codes.Code]int{}, map[string]string{}
	ask := func(method protoreflect.MethodDescriptor, data []byte, what string) {
		asked++
		ctx, _ := l.Ctx().CacheContext()
		ctx = ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		defer func() {
			if r := recover(); r != nil {
				t.Errorf("%s, %s: panic: %v", method.FullName(), what, r)
			}
		}()
		_, err := l.App.GRPCQueryRouter().Route(route(method))(ctx, &abci.RequestQuery{Path: route(method), Data: data})
		worst[route(method)] = max(worst[route(method)], ctx.GasMeter().GasConsumed())
		if err == nil {
			answered++
			return
		}
		refused[status.Code(err)]++
		require.NotContains(t, err.Error(), "goroutine", "%s, %s", method.FullName(), what)
		if len(err.Error()) > 1<<10 {
			repeats[fmt.Sprintf("%s, %.40s", method.FullName(), what)] = fmt.Sprintf("%.200s", err)
		}
	}
	encode := func(m proto.Message) []byte {
		bz, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		require.NoError(t, err)
		return bz
	}
	for _, method := range questions(t, l) {
		r := rand.New(rand.NewSource(1))
		fields := method.Input().Fields()
		ask(method, nil, "nothing")
		ask(method, encode(l.base(method)), "what is right")
		for i := range fields.Len() {
			field := fields.Get(i)
			values := l.hostile(field)
			for len(values) < 40 {
				values = append(values, protoreflect.Value{}) // a message, filled at random
			}
			for _, value := range values {
				if !value.IsValid() && field.Kind() != protoreflect.MessageKind {
					continue
				}
				m := l.base(method)
				l.set(r, m, field, value)
				ask(method, encode(m), fmt.Sprintf("%s = %.80v", field.Name(), m.Get(field)))
			}
		}
		for range 100 {
			m := l.base(method)
			for i := range fields.Len() {
				field := fields.Get(i)
				if values := l.hostile(field); r.Intn(3) == 0 && len(values) > 0 {
					l.set(r, m, field, values[r.Intn(len(values))])
				}
			}
			ask(method, encode(m), "at random")
			garbage := encode(m)
			for range 3 {
				if len(garbage) > 0 {
					garbage[r.Intn(len(garbage))] ^= byte(1 << r.Intn(8))
				}
			}
			ask(method, garbage, "garbage")
		}
		ask(method, protowire.AppendTag(nil, 536870911, protowire.BytesType), "a tag without a value")
	}
	t.Logf("%d questions, %d answered; refused: %v", asked, answered, refused)
	for method, gas := range worst {
		require.Less(t, gas, uint64(maxQueryGas), method)
	}
	require.Empty(t, repeats, "an error repeats what was sent")
	require.Greater(t, answered, len(worst), "the questions must reach the handlers")
}
