package types

import (
	"encoding/binary"

	collcodec "cosmossdk.io/collections/codec"
)

// streamVersion and streamAccountVersion begin the stored records.
const (
	streamVersion        = 1
	streamAccountVersion = 1
)

// StreamState is the state of a pool's streamed rewards. Each contribution that an
// active record has served is a unit of weight.
type StreamState struct {
	// Weight is the weight of all owners.
	Weight uint64
	// AccruedAt is the Unix time up to which rewards have accrued.
	AccruedAt int64
	// PerWeight are the sums of rewards per unit of weight, with 64 fractional bits.
	PerWeight Pair
	// Owed has accrued and is not claimed.
	Owed Pair
}

// StreamShare is one owner's part of a pool's streamed rewards.
type StreamShare struct {
	// Weight is the weight of the owner's active records.
	Weight uint64
	// PerWeight are the stream's sums when the share last changed.
	PerWeight Pair
	// Owed was earned up to then and is not claimed.
	Owed Pair
}

// StreamValue and StreamShareValue encode them for the store as markets are.
var (
	StreamValue collcodec.ValueCodec[StreamState] = recordCodec[StreamState]{
		name: "alita.datapool.v1.Stream", encode: encodeStream, decode: decodeStream,
	}
	StreamShareValue collcodec.ValueCodec[StreamShare] = recordCodec[StreamShare]{
		name: "alita.datapool.v1.StreamAccount", encode: encodeStreamShare, decode: decodeStreamShare,
	}
)

func encodeStream(s *StreamState) []byte {
	b := append(make([]byte, 0, 96), streamVersion)
	b = binary.AppendUvarint(b, s.Weight)
	b = binary.AppendVarint(b, s.AccruedAt)
	return appendPairs(b, &s.PerWeight, &s.Owed)
}

func decodeStream(b []byte) (StreamState, error) {
	var s StreamState
	r := reader{rest: b}
	r.version(streamVersion)
	s.Weight = r.uvarint()
	s.AccruedAt = r.varint()
	r.pairs(&s.PerWeight, &s.Owed)
	return s, r.end()
}

func encodeStreamShare(s *StreamShare) []byte {
	b := append(make([]byte, 0, 96), streamAccountVersion)
	b = binary.AppendUvarint(b, s.Weight)
	return appendPairs(b, &s.PerWeight, &s.Owed)
}

func decodeStreamShare(b []byte) (StreamShare, error) {
	var s StreamShare
	r := reader{rest: b}
	r.version(streamAccountVersion)
	s.Weight = r.uvarint()
	r.pairs(&s.PerWeight, &s.Owed)
	return s, r.end()
}

// Proto returns the stream as queries and the genesis carry it.
func (s StreamState) Proto() Stream {
	return Stream{
		Weight: s.Weight, AccruedAt: s.AccruedAt,
		AlitaPerWeight: MathInt(&s.PerWeight.Alita), DataPerWeight: MathInt(&s.PerWeight.Data),
		Owed: s.Owed.Amounts(),
	}
}

// set reads a stream of the genesis; false if an amount is missing, negative or
// too long.
func (s *StreamState) set(p Stream) bool {
	s.Weight, s.AccruedAt = p.Weight, p.AccruedAt
	return SetInt(&s.PerWeight.Alita, p.AlitaPerWeight) && SetInt(&s.PerWeight.Data, p.DataPerWeight) && setPair(&s.Owed, p.Owed)
}

// Proto returns the share as queries and the genesis carry it.
func (s StreamShare) Proto() StreamAccount {
	return StreamAccount{
		Weight:         s.Weight,
		AlitaPerWeight: MathInt(&s.PerWeight.Alita), DataPerWeight: MathInt(&s.PerWeight.Data),
		Owed: s.Owed.Amounts(),
	}
}

// StreamShareFromProto returns a share of the genesis; false if an amount is
// missing, negative or too long.
func StreamShareFromProto(p StreamAccount) (StreamShare, bool) {
	s := StreamShare{Weight: p.Weight}
	ok := SetInt(&s.PerWeight.Alita, p.AlitaPerWeight) && SetInt(&s.PerWeight.Data, p.DataPerWeight) && setPair(&s.Owed, p.Owed)
	return s, ok
}
