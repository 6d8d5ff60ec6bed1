package types

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	collcodec "cosmossdk.io/collections/codec"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/amm"
)

// marketVersion and observationVersion begin the stored records.
const (
	marketVersion      = 1
	observationVersion = 1
)

// MarketValue encodes markets for the store: a version byte, then each field in
// order of the struct, integers as a length byte and as few big-endian bytes
// as hold them, counts and times as varints. Some 90 bytes for an ordinary pool.
var MarketValue collcodec.ValueCodec[Market] = recordCodec[Market]{
	name:   "alita.datapool.v1.Market",
	encode: encodeMarket,
	decode: decodeMarket,
}

// ObservationValue encodes observations in the same way.
var ObservationValue collcodec.ValueCodec[Observation] = recordCodec[Observation]{
	name:   "alita.datapool.v1.Observation",
	encode: encodeObservation,
	decode: decodeObservation,
}

// marketInts lists the integers of a market in the order of the record.
func marketInts(m *Market) [13]*amm.Int {
	return [...]*amm.Int{
		&m.Reserves.Alita, &m.Reserves.Data, &m.Shares,
		&m.MakerFees.Alita, &m.MakerFees.Data,
		&m.ProtocolFees.Alita, &m.ProtocolFees.Data,
		&m.Rewards.Alita, &m.Rewards.Data,
		&m.AlitaPerData, &m.DataPerAlita,
		&m.Volume.Alita, &m.Volume.Data,
	}
}

func encodeMarket(m *Market) []byte {
	b := make([]byte, 0, 192)
	b = append(b, marketVersion)
	for _, v := range marketInts(m) {
		b = appendInt(b, v)
	}
	b = binary.AppendUvarint(b, uint64(m.Fees.SwapFeePpm))
	b = binary.AppendUvarint(b, uint64(m.Fees.MakerPpm))
	b = binary.AppendUvarint(b, uint64(m.Fees.RewardsPpm))
	b = binary.AppendVarint(b, m.Time)
	b = binary.AppendVarint(b, m.ObservedAt)
	b = binary.AppendUvarint(b, m.First)
	b = binary.AppendUvarint(b, m.Last)
	return binary.AppendUvarint(b, m.Swaps)
}

func decodeMarket(b []byte) (Market, error) {
	var m Market
	r := reader{rest: b}
	r.version(marketVersion)
	for _, v := range marketInts(&m) {
		r.int(v)
	}
	m.Fees.SwapFeePpm = r.uint32()
	m.Fees.MakerPpm = r.uint32()
	m.Fees.RewardsPpm = r.uint32()
	m.Time = r.varint()
	m.ObservedAt = r.varint()
	m.First = r.uvarint()
	m.Last = r.uvarint()
	m.Swaps = r.uvarint()
	return m, r.end()
}

func encodeObservation(o *Observation) []byte {
	b := make([]byte, 0, 64)
	b = append(b, observationVersion)
	b = binary.AppendVarint(b, o.Time)
	b = appendInt(b, &o.AlitaPerData)
	return appendInt(b, &o.DataPerAlita)
}

func decodeObservation(b []byte) (Observation, error) {
	var o Observation
	r := reader{rest: b}
	r.version(observationVersion)
	o.Time = r.varint()
	r.int(&o.AlitaPerData)
	r.int(&o.DataPerAlita)
	return o, r.end()
}

// appendInt appends a length byte and the big-endian bytes without leading zeros.
func appendInt(b []byte, v *amm.Int) []byte {
	full, n := v.Bytes32(), v.ByteLen()
	b = append(b, byte(n))
	return append(b, full[len(full)-n:]...)
}

// reader takes a record apart; the first failure sticks.
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
	if r.failed || len(r.rest) != 0 {
		return errorsmod.Wrap(ErrInvalidState, "expected a whole record in its shortest form")
	}
	return nil
}

// recordCodec makes a collections codec of two functions.
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
