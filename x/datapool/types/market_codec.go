package types

import (
	"encoding/binary"

	collcodec "cosmossdk.io/collections/codec"

	"github.com/alita-network/alita/x/datapool/amm"
)

// marketVersion and observationVersion begin the stored records.
const (
	marketVersion      = 1
	observationVersion = 1
)

// Bits of the byte that follows a market's version.
const (
	flagPaused = 1 << iota
	flagBlockGuard
	flagsKnown = flagPaused | flagBlockGuard
)

// MarketValue encodes markets for the store: a version byte, the flags, then each
// field in order of the struct, integers as a length byte and as few big-endian
// bytes as hold them, counts and times as varints. The opening is left out if
// the guard is off. Some 150 bytes for an ordinary pool.
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
func marketInts(m *Market) [17]*amm.Int {
	return [...]*amm.Int{
		&m.Reserves.Alita, &m.Reserves.Data, &m.Shares,
		&m.MakerFees.Alita, &m.MakerFees.Data,
		&m.ProtocolFees.Alita, &m.ProtocolFees.Data,
		&m.Rewards.Alita, &m.Rewards.Data,
		&m.AlitaPerData, &m.DataPerAlita, &m.Clamped, &m.ClampedPrice,
		&m.High, &m.Low,
		&m.Volume.Alita, &m.Volume.Data,
	}
}

func encodeMarket(m *Market) []byte {
	b := make([]byte, 0, 256)
	b = append(b, marketVersion, marketFlags(m))
	for _, v := range marketInts(m) {
		b = appendInt(b, v)
	}
	b = binary.AppendUvarint(b, uint64(m.Fees.SwapFeePpm))
	b = binary.AppendUvarint(b, uint64(m.Fees.MakerPpm))
	b = binary.AppendUvarint(b, uint64(m.Fees.RewardsPpm))
	b = binary.AppendVarint(b, m.Time)
	// Never later than Time, and nearly as late: the difference is shorter.
	b = binary.AppendVarint(b, m.Time-m.ObservedAt)
	b = binary.AppendUvarint(b, m.First)
	b = binary.AppendUvarint(b, m.Last)
	b = binary.AppendUvarint(b, m.Swaps)
	if m.BlockGuard {
		b = appendInt(b, &m.Opening.Alita)
		b = appendInt(b, &m.Opening.Data)
		b = binary.AppendVarint(b, m.OpeningHeight)
	}
	return b
}

func marketFlags(m *Market) (flags byte) {
	if m.Paused {
		flags |= flagPaused
	}
	if m.BlockGuard {
		flags |= flagBlockGuard
	}
	return flags
}

func decodeMarket(b []byte) (Market, error) {
	var m Market
	r := reader{rest: b}
	r.version(marketVersion)
	flags := r.flags(flagsKnown)
	m.Paused, m.BlockGuard = flags&flagPaused != 0, flags&flagBlockGuard != 0
	for _, v := range marketInts(&m) {
		r.int(v)
	}
	m.Fees.SwapFeePpm = r.uint32()
	m.Fees.MakerPpm = r.uint32()
	m.Fees.RewardsPpm = r.uint32()
	m.Time = r.varint()
	m.ObservedAt = m.Time - r.varint()
	m.First = r.uvarint()
	m.Last = r.uvarint()
	m.Swaps = r.uvarint()
	if m.BlockGuard {
		r.int(&m.Opening.Alita)
		r.int(&m.Opening.Data)
		m.OpeningHeight = r.varint()
	}
	return m, r.end()
}

func encodeObservation(o *Observation) []byte {
	b := make([]byte, 0, 96)
	b = append(b, observationVersion)
	b = binary.AppendVarint(b, o.Time)
	b = appendInt(b, &o.AlitaPerData)
	b = appendInt(b, &o.DataPerAlita)
	return appendInt(b, &o.Clamped)
}

func decodeObservation(b []byte) (Observation, error) {
	var o Observation
	r := reader{rest: b}
	r.version(observationVersion)
	o.Time = r.varint()
	r.int(&o.AlitaPerData)
	r.int(&o.DataPerAlita)
	r.int(&o.Clamped)
	return o, r.end()
}
