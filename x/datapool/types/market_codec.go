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
	hourSumVersion     = 1
)

// Bits of the byte that follows a market's version.
const (
	flagPaused = 1 << iota
	flagBlockGuard
	flagRun
	flagsKnown = flagPaused | flagBlockGuard | flagRun
)

// flagSilent is the bit of the byte that follows an observation's version.
const flagSilent = 1

// MarketValue encodes markets for the store: a version byte, the flags, then each
// field in order of the struct, integers as a length byte and as few big-endian
// bytes as hold them, counts and times as varints. The opening is left out if
// the guard is off, the run if nobody trades. Some 150 bytes for an ordinary pool.
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

// HourSumValue encodes sums at the beginnings of hours in the same way.
var HourSumValue collcodec.ValueCodec[HourSum] = recordCodec[HourSum]{
	name:   "alita.datapool.v1.HourSum",
	encode: encodeHourSum,
	decode: decodeHourSum,
}

// marketInts lists the integers of a market in the order of the record.
func marketInts(m *Market) [15]*amm.Int {
	return [...]*amm.Int{
		&m.Reserves.Alita, &m.Reserves.Data, &m.Shares,
		&m.MakerFees.Alita, &m.MakerFees.Data,
		&m.ProtocolFees.Alita, &m.ProtocolFees.Data,
		&m.Rewards.Alita, &m.Rewards.Data,
		&m.AlitaPerData, &m.DataPerAlita,
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
	b = binary.AppendVarint(b, m.Active)
	// Never later than Active, and nearly as late: the difference is shorter.
	b = binary.AppendVarint(b, m.Active-m.ObservedAt)
	b = binary.AppendUvarint(b, m.First)
	b = binary.AppendUvarint(b, m.Last)
	b = binary.AppendUvarint(b, m.Swaps)
	if m.BlockGuard {
		b = appendInt(b, &m.Opening.Alita)
		b = appendInt(b, &m.Opening.Data)
		b = binary.AppendVarint(b, m.OpeningHeight)
	}
	if m.Run != (Run{}) {
		b = binary.BigEndian.AppendUint64(b, m.Run.Trader)
		b = appendInt(b, &m.Run.Above)
		b = appendInt(b, &m.Run.Below)
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
	if m.Run != (Run{}) {
		flags |= flagRun
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
	m.Active = r.varint()
	m.ObservedAt = m.Active - r.varint()
	m.First = r.uvarint()
	m.Last = r.uvarint()
	m.Swaps = r.uvarint()
	if m.BlockGuard {
		r.int(&m.Opening.Alita)
		r.int(&m.Opening.Data)
		m.OpeningHeight = r.varint()
	}
	if flags&flagRun != 0 {
		m.Run.Trader = r.uint64()
		r.int(&m.Run.Above)
		r.int(&m.Run.Below)
		r.failed = r.failed || m.Run == Run{}
	}
	return m, r.end()
}

func encodeObservation(o *Observation) []byte {
	b := make([]byte, 0, 96)
	var flags byte
	if o.Silent {
		flags = flagSilent
	}
	b = append(b, observationVersion, flags)
	b = binary.AppendVarint(b, o.Time)
	b = appendInt(b, &o.AlitaPerData)
	return appendInt(b, &o.DataPerAlita)
}

func decodeObservation(b []byte) (Observation, error) {
	var o Observation
	r := reader{rest: b}
	r.version(observationVersion)
	o.Silent = r.flags(flagSilent) != 0
	o.Time = r.varint()
	r.int(&o.AlitaPerData)
	r.int(&o.DataPerAlita)
	return o, r.end()
}

func encodeHourSum(h *HourSum) []byte {
	b := append(make([]byte, 0, 64), hourSumVersion)
	b = binary.AppendVarint(b, h.Time)
	b = appendInt(b, &h.DataPerAlita)
	return appendInt(b, &h.Price)
}

func decodeHourSum(b []byte) (HourSum, error) {
	var h HourSum
	r := reader{rest: b}
	r.version(hourSumVersion)
	h.Time = r.varint()
	r.int(&h.DataPerAlita)
	r.int(&h.Price)
	return h, r.end()
}
