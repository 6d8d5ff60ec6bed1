package types

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/amm"
)

// appendInt appends a length byte and the big-endian bytes without leading zeros.
func appendInt(b []byte, v *amm.Int) []byte {
	full, n := v.Bytes32(), v.ByteLen()
	b = append(b, byte(n))
	return append(b, full[len(full)-n:]...)
}

// appendPairs appends both integers of each pair.
func appendPairs(b []byte, pairs ...*Pair) []byte {
	for _, p := range pairs {
		b = appendInt(appendInt(b, &p.Alita), &p.Data)
	}
	return b
}

// reader reads a record field by field; after the first failure it reads nothing more.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if r.failed || n > len(r.rest) {
		r.failed = true
		return nil
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) version(want byte) {
	if b := r.take(1); len(b) != 1 || b[0] != want {
		r.failed = true
	}
}

// flags reads a byte of which only the known bits may be set.
func (r *reader) flags(known byte) byte {
	b := r.take(1)
	if len(b) != 1 || b[0]&^known != 0 {
		r.failed = true
		return 0
	}
	return b[0]
}

// int reads an integer; only the shortest form is accepted, so that each value
// has one encoding.
func (r *reader) int(v *amm.Int) {
	b := r.take(1)
	if len(b) != 1 || b[0] > 32 {
		r.failed = true
		return
	}
	if b = r.take(int(b[0])); r.failed || (len(b) > 0 && b[0] == 0) {
		r.failed = true
		return
	}
	v.SetBytes(b)
}

func (r *reader) pairs(pairs ...*Pair) {
	for _, p := range pairs {
		r.int(&p.Alita)
		r.int(&p.Data)
	}
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || len(binary.AppendUvarint(nil, v)) != n {
		r.failed = true
		return 0
	}
	r.take(n)
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 || len(binary.AppendVarint(nil, v)) != n {
		r.failed = true
		return 0
	}
	r.take(n)
	return v
}

func (r *reader) uint32() uint32 {
	v := r.uvarint()
	if v > 1<<32-1 {
		r.failed = true
	}
	return uint32(v)
}

func (r *reader) end() error {
	if r.failed {
		return errorsmod.Wrap(ErrInvalidState, "record: expected whole fields in their shortest form, got another one")
	}
	if len(r.rest) != 0 {
		return errorsmod.Wrapf(ErrInvalidState, "record: expected its end, got %d more bytes", len(r.rest))
	}
	return nil
}

// recordCodec is a collections codec made from two functions.
type recordCodec[T any] struct {
	name   string
	encode func(*T) []byte
	decode func([]byte) (T, error)
}

// Encode implements codec.ValueCodec.
func (c recordCodec[T]) Encode(v T) ([]byte, error) { return c.encode(&v), nil }

// Decode implements codec.ValueCodec.
func (c recordCodec[T]) Decode(b []byte) (T, error) { return c.decode(b) }

// EncodeJSON implements codec.ValueCodec.
func (c recordCodec[T]) EncodeJSON(v T) ([]byte, error) { return json.Marshal(&v) }

// DecodeJSON implements codec.ValueCodec.
func (c recordCodec[T]) DecodeJSON(b []byte) (T, error) {
	var v T
	err := json.Unmarshal(b, &v)
	return v, err
}

// Stringify implements codec.ValueCodec.
func (c recordCodec[T]) Stringify(v T) string { return fmt.Sprintf("%+v", v) }

// ValueType implements codec.ValueCodec.
func (c recordCodec[T]) ValueType() string { return c.name }
