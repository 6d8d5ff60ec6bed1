package types

import (
	"encoding/binary"

	collcodec "cosmossdk.io/collections/codec"

	"github.com/alita-network/alita/x/datapool/amm"
)

const (
	// HourSeconds and DaySeconds are the lengths of candles.
	HourSeconds = 3600
	DaySeconds  = 86400
	// HourCandles and DayCandles are how many a pool keeps: 30 days and some 4 years.
	// Candle n of its kind, counted from 1970, is kept in slot n modulo that
	// number, so that a new one takes the place of the oldest. State depends on
	// them: they are no parameters.
	HourCandles = 720
	DayCandles  = 1461

	candleVersion = 1
	chartVersion  = 1
)

// Bar is a finished candle. Prices are ALITA per Data Token with 64 fractional bits.
type Bar struct {
	// Time is the Unix time at which it begins.
	Time                   int64
	Open, High, Low, Close amm.Int
	// Volume is what was traded in it, of both coins, Swaps the number of swaps.
	Volume Pair
	Swaps  uint64
}

// Beginning is the state when an hour or a day began: the price, and the pool's
// volume and count of swaps.
type Beginning struct {
	Open   amm.Int
	Volume Pair
	Swaps  uint64
}

// ChartState is the part of the current hour and day that the market does not hold.
type ChartState struct {
	Hour, Day Beginning
	// DayHigh and DayLow are the range of the day's hours that are over; both are
	// zero if none is.
	DayHigh, DayLow amm.Int
}

// CandleValue and ChartValue encode them for the store as markets are.
var (
	CandleValue collcodec.ValueCodec[Bar] = recordCodec[Bar]{
		name: "alita.datapool.v1.Candle", encode: encodeCandle, decode: decodeCandle,
	}
	ChartValue collcodec.ValueCodec[ChartState] = recordCodec[ChartState]{
		name: "alita.datapool.v1.Chart", encode: encodeChart, decode: decodeChart,
	}
)

func encodeCandle(c *Bar) []byte {
	b := append(make([]byte, 0, 96), candleVersion)
	b = binary.AppendVarint(b, c.Time)
	for _, v := range [...]*amm.Int{&c.Open, &c.High, &c.Low, &c.Close} {
		b = appendInt(b, v)
	}
	b = appendPairs(b, &c.Volume)
	return binary.AppendUvarint(b, c.Swaps)
}

func decodeCandle(b []byte) (Bar, error) {
	var c Bar
	r := reader{rest: b}
	r.version(candleVersion)
	c.Time = r.varint()
	for _, v := range [...]*amm.Int{&c.Open, &c.High, &c.Low, &c.Close} {
		r.int(v)
	}
	r.pairs(&c.Volume)
	c.Swaps = r.uvarint()
	return c, r.end()
}

func encodeChart(c *ChartState) []byte {
	b := append(make([]byte, 0, 128), chartVersion)
	for _, s := range [...]*Beginning{&c.Hour, &c.Day} {
		b = appendInt(b, &s.Open)
		b = appendPairs(b, &s.Volume)
		b = binary.AppendUvarint(b, s.Swaps)
	}
	b = appendInt(b, &c.DayHigh)
	return appendInt(b, &c.DayLow)
}

func decodeChart(b []byte) (ChartState, error) {
	var c ChartState
	r := reader{rest: b}
	r.version(chartVersion)
	for _, s := range [...]*Beginning{&c.Hour, &c.Day} {
		r.int(&s.Open)
		r.pairs(&s.Volume)
		s.Swaps = r.uvarint()
	}
	r.int(&c.DayHigh)
	r.int(&c.DayLow)
	return c, r.end()
}

// Proto returns the candle as the genesis carries it.
func (c Bar) Proto() Candle {
	return Candle{
		Time: c.Time,
		Open: MathInt(&c.Open), High: MathInt(&c.High), Low: MathInt(&c.Low), Close: MathInt(&c.Close),
		Volume: c.Volume.Amounts(), Swaps: c.Swaps,
	}
}

// BarFromProto returns a candle of the genesis; false if an amount is missing,
// negative or too long.
func BarFromProto(p Candle) (Bar, bool) {
	c := Bar{Time: p.Time, Swaps: p.Swaps}
	ok := SetInt(&c.Open, p.Open) && SetInt(&c.High, p.High) && SetInt(&c.Low, p.Low) && SetInt(&c.Close, p.Close) &&
		setPair(&c.Volume, p.Volume)
	return c, ok
}

// Proto returns the chart as the genesis carries it.
func (c ChartState) Proto() Chart {
	return Chart{
		HourOpen: MathInt(&c.Hour.Open), HourVolume: c.Hour.Volume.Amounts(), HourSwaps: c.Hour.Swaps,
		DayOpen: MathInt(&c.Day.Open), DayVolume: c.Day.Volume.Amounts(), DaySwaps: c.Day.Swaps,
		Day: PriceRange{High: MathInt(&c.DayHigh), Low: MathInt(&c.DayLow)},
	}
}

// ChartFromProto returns a chart of the genesis; false if an amount is missing,
// negative or too long.
func ChartFromProto(p Chart) (ChartState, bool) {
	var c ChartState
	c.Hour.Swaps, c.Day.Swaps = p.HourSwaps, p.DaySwaps
	ok := SetInt(&c.Hour.Open, p.HourOpen) && setPair(&c.Hour.Volume, p.HourVolume) &&
		SetInt(&c.Day.Open, p.DayOpen) && setPair(&c.Day.Volume, p.DayVolume) &&
		SetInt(&c.DayHigh, p.Day.High) && SetInt(&c.DayLow, p.Day.Low)
	return c, ok
}

// Ring returns the length of a candle and the number of them that a pool keeps; false
// for a number that is no interval.
func (i CandleInterval) Ring() (seconds int64, slots uint64, ok bool) {
	switch i {
	case CANDLE_INTERVAL_HOUR:
		return HourSeconds, HourCandles, true
	case CANDLE_INTERVAL_DAY:
		return DaySeconds, DayCandles, true
	}
	return 0, 0, false
}
