package types_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/collections/codec"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

func anyInt(t *rapid.T, label string) amm.Int {
	var v amm.Int
	v.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, label))
	return v
}

func anyPair(t *rapid.T, label string) types.Pair {
	return types.Pair{Alita: anyInt(t, label), Data: anyInt(t, label)}
}

func anyMarket(t *rapid.T) types.Market {
	m := types.Market{
		Reserves: anyPair(t, "reserves"), Shares: anyInt(t, "shares"),
		MakerFees: anyPair(t, "maker"), ProtocolFees: anyPair(t, "protocol"), Rewards: anyPair(t, "rewards"),
		Fees: types.FeePolicy{
			SwapFeePpm: rapid.Uint32().Draw(t, "swap"), MakerPpm: rapid.Uint32().Draw(t, "maker ppm"), RewardsPpm: rapid.Uint32().Draw(t, "rewards ppm"),
		},
		AlitaPerData: anyInt(t, "a"), DataPerAlita: anyInt(t, "d"),
		Time: rapid.Int64().Draw(t, "time"), ObservedAt: rapid.Int64().Draw(t, "observed"),
		First: rapid.Uint64().Draw(t, "first"), Last: rapid.Uint64().Draw(t, "last"),
		Volume: anyPair(t, "volume"), Swaps: rapid.Uint64().Draw(t, "swaps"),
		Active: rapid.Int64().Draw(t, "active"),
		Run:    types.Run{Trader: rapid.Uint64().Draw(t, "trader"), Above: anyInt(t, "above"), Below: anyInt(t, "below")},
		High:   anyInt(t, "high"), Low: anyInt(t, "low"),
		Paused: rapid.Bool().Draw(t, "paused"),
	}
	if rapid.Bool().Draw(t, "guard") {
		m.BlockGuard, m.Opening, m.OpeningHeight = true, anyPair(t, "opening"), rapid.Int64().Draw(t, "height")
	}
	return m
}

func anyOutlet(t *rapid.T) types.OutletState {
	return types.OutletState{
		Bucket: anyPair(t, "bucket"), At: rapid.Int64().Draw(t, "at"), Owed: anyInt(t, "owed"),
		Admissions: anyInt(t, "admissions"), MakerFees: anyInt(t, "maker's fees"),
	}
}

// requireOneEncoding checks that a value survives encoding, and that a record which is cut
// short or too long is refused.
func requireOneEncoding[T any](t *rapid.T, c codec.ValueCodec[T], v T) {
	b, err := c.Encode(v)
	require.NoError(t, err)
	got, err := c.Decode(b)
	require.NoError(t, err)
	require.Equal(t, v, got)
	_, err = c.Decode(b[:rapid.IntRange(0, len(b)-1).Draw(t, "cut")])
	require.ErrorIs(t, err, types.ErrInvalidState)
	_, err = c.Decode(append(b, 0))
	require.ErrorIs(t, err, types.ErrInvalidState)
}

func TestRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		requireOneEncoding(t, types.OutletValue, anyOutlet(t))
		requireOneEncoding(t, types.OwnerRewardsValue, types.OwnerRewards{
			Owed: anyInt(t, "owed"), Day: rapid.Int64().Draw(t, "day"), Paid: anyInt(t, "paid"),
		})
		requireOneEncoding(t, types.CandleValue, types.Bar{
			Time: rapid.Int64().Draw(t, "time"), Open: anyInt(t, "open"), High: anyInt(t, "high"), Low: anyInt(t, "low"), Close: anyInt(t, "close"),
			Volume: anyPair(t, "volume"), Swaps: rapid.Uint64().Draw(t, "swaps"),
		})
		begin := types.Beginning{Open: anyInt(t, "open"), Volume: anyPair(t, "volume"), Swaps: rapid.Uint64().Draw(t, "swaps")}
		requireOneEncoding(t, types.ChartValue, types.ChartState{Hour: begin, Day: begin, DayHigh: anyInt(t, "high"), DayLow: anyInt(t, "low")})
		requireOneEncoding(t, types.ObservationValue, types.Observation{
			Time: rapid.Int64().Draw(t, "time"), AlitaPerData: anyInt(t, "a"), DataPerAlita: anyInt(t, "d"), Silent: rapid.Bool().Draw(t, "silent"),
		})
		requireOneEncoding(t, types.HourSumValue, types.HourSum{
			Time: rapid.Int64().Draw(t, "time"), DataPerAlita: anyInt(t, "d"), Price: anyInt(t, "price"),
		})
	})
}

func TestMarketRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMarket(t)
		b, err := types.MarketValue.Encode(m)
		require.NoError(t, err)
		got, err := types.MarketValue.Decode(b)
		require.NoError(t, err)
		require.Equal(t, m, got)
		text, err := types.MarketValue.EncodeJSON(m)
		require.NoError(t, err)
		got, err = types.MarketValue.DecodeJSON(text)
		require.NoError(t, err)
		require.Equal(t, m, got)

		// A record that is cut short or too long is refused.
		_, err = types.MarketValue.Decode(b[:rapid.IntRange(0, len(b)-1).Draw(t, "cut")])
		require.ErrorIs(t, err, types.ErrInvalidState)
		_, err = types.MarketValue.Decode(append(b, 0))
		require.ErrorIs(t, err, types.ErrInvalidState)
	})
}

func TestMarketRecordIsSmall(t *testing.T) {
	m := types.Market{Time: 1_800_000_000, Active: 100_000_000, ObservedAt: 100_000_000, First: 1, Last: 400, Swaps: 100_000}
	for _, v := range []*amm.Int{&m.Reserves.Alita, &m.Reserves.Data, &m.Shares, &m.Volume.Alita, &m.Volume.Data} {
		v.SetUint64(10_000_000_000_000)
	}
	for _, v := range []*amm.Int{&m.MakerFees.Alita, &m.MakerFees.Data, &m.ProtocolFees.Alita, &m.ProtocolFees.Data, &m.Rewards.Alita, &m.Rewards.Data} {
		v.SetUint64(10_000_000_000)
	}
	m.AlitaPerData.Lsh(new(amm.Int).SetUint64(1_000_000), amm.PriceBits)
	m.DataPerAlita = m.AlitaPerData
	m.Run = types.Run{Trader: 1 << 63, Above: m.Reserves.Alita, Below: m.Reserves.Alita}
	for _, v := range []*amm.Int{&m.High, &m.Low} {
		v.Lsh(new(amm.Int).SetUint64(10), amm.PriceBits)
	}
	m.BlockGuard, m.Opening, m.OpeningHeight = true, m.Reserves, 10_000_000
	b, err := types.MarketValue.Encode(m)
	require.NoError(t, err)
	require.LessOrEqual(t, len(b), 192)
}

func TestPoolSplitsAndJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMarket(t)
		o := anyOutlet(t)
		p := types.JoinPool(types.Pool{Id: 7, Symbol: "SPEED", Fees: m.Fees}, m, o)
		record, market, outlet, ok := types.SplitPool(p, m.ObservedAt)
		require.True(t, ok)
		require.Equal(t, m, market)
		require.Equal(t, o, outlet)
		require.Equal(t, p, types.JoinPool(record, market, outlet))
	})
	_, _, _, ok := types.SplitPool(types.Pool{}, 0)
	require.False(t, ok, "missing amounts")
}

func TestVested(t *testing.T) {
	start := time.Unix(1000, 0)
	v := types.Vesting{Total: math.NewInt(1000), Claimed: math.ZeroInt(), Start: start, End: start.Add(3 * time.Second)}
	tests := []struct {
		after time.Duration
		want  int64
	}{{-time.Hour, 0}, {0, 0}, {time.Second, 333}, {2 * time.Second, 666}, {3*time.Second - 1, 666}, {3 * time.Second, 1000}, {time.Hour, 1000}}
	for _, tc := range tests {
		require.Equal(t, tc.want, v.Vested(start.Add(tc.after)).Int64(), tc.after)
	}
	v.End = start
	require.Equal(t, int64(1000), v.Vested(start).Int64(), "no time at all: free at once")
}

func FuzzMarketRecord(f *testing.F) {
	b, err := types.MarketValue.Encode(types.Market{Time: 5, First: 1, Last: 2})
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte{})
	f.Add([]byte{1, 33})
	f.Add([]byte{1, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		fuzzRecord(t, types.MarketValue, b)
		fuzzRecord(t, types.ObservationValue, b)
		fuzzRecord(t, types.CandleValue, b)
		fuzzRecord(t, types.ChartValue, b)
		fuzzRecord(t, types.OutletValue, b)
		fuzzRecord(t, types.OwnerRewardsValue, b)
	})
}

func fuzzRecord[T any](t *testing.T, c codec.ValueCodec[T], b []byte) {
	v, err := c.Decode(b)
	if err != nil {
		return
	}
	again, err := c.Encode(v)
	require.NoError(t, err)
	require.Equal(t, b, again, "each record has one encoding")
}
