package light

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// The encoders leave zero values out, as proto3 does: what is hashed and signed is exactly that.

func appendVarint(b []byte, n protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), v)
}

// appendMessage appends an embedded message, an empty one as well.
func appendMessage(b []byte, n protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), v)
}

func appendBytes(b []byte, n protowire.Number, v []byte) []byte {
	if len(v) == 0 {
		return b
	}
	return appendMessage(b, n, v)
}

func appendFixed(b []byte, n protowire.Number, v int64) []byte {
	if v == 0 {
		return b
	}
	return binary.LittleEndian.AppendUint64(protowire.AppendTag(b, n, protowire.Fixed64Type), uint64(v))
}

// encodeTime is google.protobuf.Timestamp.
func encodeTime(t time.Time) []byte {
	return appendVarint(appendVarint(nil, 1, uint64(t.Unix())), 2, uint64(t.Nanosecond()))
}

// value is the value of a field: number for a varint, bytes for bytes.
type value struct {
	number uint64
	bytes  []byte
}

// decoders read the fields of a message by their numbers. Other fields are ignored: what they say is covered by no hash
// that this package computes, so a header that needs them does not verify.
type decoders map[protowire.Number]decoder

// decoder reads one field, which must have a wire type.
type decoder struct {
	wire protowire.Type
	read func(v value) error
}

// decode reads a message.
func decode(what string, b []byte, fields decoders) error {
	for len(b) > 0 {
		number, wire, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("%w: %s: expected a field, got other bytes", ErrMalformed, what)
		}
		b = b[n:]
		if n = protowire.ConsumeFieldValue(number, wire, b); n < 0 {
			return fmt.Errorf("%w: %s: field %d: expected a value, got other bytes", ErrMalformed, what, number)
		}
		raw := b[:n]
		b = b[n:]
		field, known := fields[number]
		if !known {
			continue
		}
		if wire != field.wire {
			return fmt.Errorf("%w: %s: field %d: expected wire type %d, got %d", ErrMalformed, what, number, field.wire, wire)
		}
		var v value
		switch wire {
		case protowire.VarintType:
			v.number, _ = protowire.ConsumeVarint(raw)
		case protowire.BytesType:
			v.bytes, _ = protowire.ConsumeBytes(raw)
		}
		if err := field.read(v); err != nil {
			return err
		}
	}
	return nil
}

// number reads a varint into out, which it must fit. Negative numbers are none of ours.
func number[T ~int32 | ~int64 | ~uint32 | ~uint64](what string, out *T) decoder {
	return decoder{protowire.VarintType, func(v value) error {
		if *out = T(v.number); uint64(*out) != v.number || v.number > math.MaxInt64 {
			return fmt.Errorf("%w: %s: expected a number that fits, got %d", ErrMalformed, what, v.number)
		}
		return nil
	}}
}

// raw reads at most limit bytes into out.
func raw(what string, limit int, out *[]byte) decoder {
	return decoder{protowire.BytesType, func(v value) error {
		if len(v.bytes) > limit {
			return fmt.Errorf("%w: %s: expected at most %d bytes, got %d", ErrMalformed, what, limit, len(v.bytes))
		}
		*out = v.bytes
		return nil
	}}
}

// message reads an embedded message.
func message(read func(b []byte) error) decoder {
	return decoder{protowire.BytesType, func(v value) error { return read(v.bytes) }}
}

// maxSeconds is the last second of the year 9999, the last one of a protobuf timestamp.
const maxSeconds = 253402300799

// timestamp reads google.protobuf.Timestamp, from 1970 on.
func timestamp(out *time.Time) decoder {
	return message(func(b []byte) error {
		var seconds, nanos int64
		err := decode("time", b, decoders{1: number("seconds", &seconds), 2: number("nanoseconds", &nanos)})
		if err != nil {
			return err
		}
		if seconds > maxSeconds || nanos > 999_999_999 {
			return fmt.Errorf("%w: time: expected seconds up to %d and nanoseconds below a second, got %d and %d",
				ErrMalformed, int64(maxSeconds), seconds, nanos)
		}
		*out = time.Unix(seconds, nanos).UTC()
		return nil
	})
}
