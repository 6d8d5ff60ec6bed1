package types

import (
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
)

// Pair is an amount of both coins of a pool.
type Pair struct {
	Alita, Data amm.Int
}

// Amounts returns the pair as messages, queries and events carry it.
func (p *Pair) Amounts() Amounts {
	return Amounts{Alita: MathInt(&p.Alita), Data: MathInt(&p.Data)}
}

// Of returns the amount of ALITA or of the Data Token, to read or to change.
func (p *Pair) Of(alita bool) *amm.Int {
	if alita {
		return &p.Alita
	}
	return &p.Data
}

// Coins returns the pair as coins; amounts of zero are left out.
func (p *Pair) Coins(poolID uint64) sdk.Coins {
	return sdk.NewCoins(
		sdk.NewCoin(BaseDenom, MathInt(&p.Alita)),
		sdk.NewCoin(DataDenom(poolID), MathInt(&p.Data)),
	)
}

// String names both amounts, for errors.
func (p *Pair) String() string {
	return p.Alita.Dec() + BaseDenom + " and " + p.Data.Dec() + " of the Data Token"
}

// IsZero reports whether both amounts are zero.
func (p *Pair) IsZero() bool { return p.Alita.IsZero() && p.Data.IsZero() }

// Market is the part of a pool that trades change, kept in a record of its own
// in the store: small, so that a swap reads and writes few bytes however long the
// description of the collection is.
type Market struct {
	// Reserves make the price.
	Reserves Pair
	// Shares is the total of liquidity shares, the locked ones included.
	Shares amm.Int
	// MakerFees, ProtocolFees and Rewards are held for their receivers.
	MakerFees, ProtocolFees, Rewards Pair
	// Fees are the pool's rates, repeated here from the pool's record.
	Fees FeePolicy
	// AlitaPerData and DataPerAlita are the cumulative prices up to Active, with
	// 64 fractional bits, in units times seconds.
	AlitaPerData, DataPerAlita amm.Int
	// High and Low are the range of ALITA per Data Token in the hour of Time, over the
	// prices at which its seconds ended.
	High, Low amm.Int
	// Time is the Unix time of the last change. Active is the active time, in seconds, up
	// to which the sums reach, which is when that was; ObservedAt is the one of the newest
	// observation.
	Time, Active, ObservedAt int64
	// First and Last number the observations that are kept.
	First, Last uint64
	// Volume is what was traded, of both coins.
	Volume Pair
	// Swaps counts the swaps.
	Swaps uint64
	// Run is what the account that has traded last has traded in a row.
	Run Run
	// Paused stops swaps and deposits.
	Paused bool
	// BlockGuard lets nobody trade at better than a block's opening price: Opening are
	// the reserves before the first trade of block OpeningHeight. Both are zero
	// if the guard is off.
	BlockGuard    bool
	Opening       Pair
	OpeningHeight int64
}

// Observation is an entry of a pool's price history.
type Observation struct {
	// Time is the active time in seconds.
	Time int64
	// AlitaPerData and DataPerAlita are the cumulative prices at that time.
	AlitaPerData, DataPerAlita amm.Int
	// Silent reports whether nothing changed the price since the observation before, so
	// that the sums in between are known too.
	Silent bool
}

// HourSum is what the price of ALITA had added up to at the beginning of an hour of active
// time, or of the pool.
type HourSum struct {
	// Time is the active time in seconds.
	Time int64
	// DataPerAlita is the cumulative price at that time, Price the price that stood then
	// since the last change; with 64 fractional bits.
	DataPerAlita, Price amm.Int
}

// Proto returns the observation as queries and the genesis carry it.
func (o Observation) Proto() PriceObservation {
	return PriceObservation{
		Time:         o.Time,
		AlitaPerData: MathInt(&o.AlitaPerData),
		DataPerAlita: MathInt(&o.DataPerAlita),
		Silent:       o.Silent,
	}
}

// ObservationFromProto returns an observation of the genesis; false if a sum is
// missing, negative or too long.
func ObservationFromProto(p PriceObservation) (Observation, bool) {
	o := Observation{Time: p.Time, Silent: p.Silent}
	ok := SetInt(&o.AlitaPerData, p.AlitaPerData) && SetInt(&o.DataPerAlita, p.DataPerAlita)
	return o, ok
}

// Slot is where the ring keeps the sum.
func (h HourSum) Slot() int64 { return h.Time / HourSeconds % HourSums }

// Proto returns the sum as the genesis carries it.
func (h HourSum) Proto() HourSumState {
	return HourSumState{Time: h.Time, DataPerAlita: MathInt(&h.DataPerAlita), Price: MathInt(&h.Price)}
}

// HourSumFromProto returns a sum of the genesis; false if a number is missing, negative
// or too long.
func HourSumFromProto(p HourSumState) (HourSum, bool) {
	h := HourSum{Time: p.Time}
	ok := SetInt(&h.DataPerAlita, p.DataPerAlita) && SetInt(&h.Price, p.Price)
	return h, ok
}

// SplitPool divides a pool into the part that never or seldom changes, the part that
// trades change, and the part that rewards change; observedAt is the time of the
// pool's newest observation. False if an amount is missing, negative or too long.
func SplitPool(p Pool, observedAt int64) (Pool, Market, OutletState, bool) {
	var o OutletState
	m := Market{
		Fees: p.Fees, Time: p.Price.Time, Active: p.Price.Active, ObservedAt: observedAt,
		First: p.Price.First, Last: p.Price.Last, Swaps: p.Swaps,
		Paused: p.Paused, BlockGuard: p.BlockGuard, OpeningHeight: p.Opening.Height,
	}
	ok := setPair(&m.Reserves, p.Reserves) &&
		SetInt(&m.Shares, p.Shares) &&
		setPair(&m.MakerFees, p.MakerFees) &&
		setPair(&m.ProtocolFees, p.ProtocolFees) &&
		setPair(&m.Rewards, p.Rewards) &&
		SetInt(&m.AlitaPerData, p.Price.AlitaPerData) &&
		SetInt(&m.DataPerAlita, p.Price.DataPerAlita) &&
		SetInt(&m.High, p.Hour.High) &&
		SetInt(&m.Low, p.Hour.Low) &&
		setPair(&m.Volume, p.Volume) &&
		m.Run.set(p.Run) &&
		setPair(&m.Opening, p.Opening.Reserves) &&
		o.set(p.Outlet)

	none := NoAmounts()
	p.Reserves, p.MakerFees, p.ProtocolFees, p.Rewards, p.Volume = none, none, none, none, none
	p.Shares = math.ZeroInt()
	p.Swaps = 0
	p.Price = PriceAccumulator{AlitaPerData: math.ZeroInt(), DataPerAlita: math.ZeroInt()}
	p.Run = Run{}.Proto()
	p.Hour = PriceRange{High: math.ZeroInt(), Low: math.ZeroInt()}
	p.Paused, p.BlockGuard = false, false
	p.Opening = Opening{Reserves: none}
	p.Outlet = OutletState{}.Proto()
	return p, m, o, ok
}

// JoinPool is the inverse of SplitPool.
func JoinPool(p Pool, m Market, o OutletState) Pool {
	p.Reserves = m.Reserves.Amounts()
	p.Shares = MathInt(&m.Shares)
	p.MakerFees = m.MakerFees.Amounts()
	p.ProtocolFees = m.ProtocolFees.Amounts()
	p.Rewards = m.Rewards.Amounts()
	p.Volume = m.Volume.Amounts()
	p.Swaps = m.Swaps
	p.Price = PriceAccumulator{
		AlitaPerData: MathInt(&m.AlitaPerData),
		DataPerAlita: MathInt(&m.DataPerAlita),
		Time:         m.Time,
		Active:       m.Active,
		First:        m.First,
		Last:         m.Last,
	}
	p.Hour = PriceRange{High: MathInt(&m.High), Low: MathInt(&m.Low)}
	p.Run = m.Run.Proto()
	p.Paused, p.BlockGuard = m.Paused, m.BlockGuard
	p.Opening = Opening{Height: m.OpeningHeight, Reserves: m.Opening.Amounts()}
	p.Outlet = o.Proto()
	return p
}

// Vested returns how much of the allotment is free at a time: linear from start
// to end, rounded down.
func (v Vesting) Vested(now time.Time) math.Int {
	switch {
	case !now.Before(v.End):
		return v.Total
	case !now.After(v.Start):
		return math.ZeroInt()
	}
	passed, whole := now.Unix()-v.Start.Unix(), v.End.Unix()-v.Start.Unix()
	if passed <= 0 || whole <= 0 {
		return math.ZeroInt()
	}
	return v.Total.MulRaw(passed).QuoRaw(whole)
}

// Free returns how much of the allotment can be claimed at a time: nothing if it vests for
// longer than was said when a part was claimed.
func (v Vesting) Free(now time.Time) math.Int {
	return math.MaxInt(v.Vested(now).Sub(v.Claimed), math.ZeroInt())
}

// NoAmounts are amounts of zero.
func NoAmounts() Amounts { return Amounts{Alita: math.ZeroInt(), Data: math.ZeroInt()} }

// MathInt returns an amount as the SDK's type.
func MathInt(v *amm.Int) math.Int {
	if v.IsZero() {
		return math.ZeroInt()
	}
	return math.NewIntFromBigIntMut(v.ToBig())
}

// SetInt sets z to v; false if v is missing, negative or above 2^256.
func SetInt(z *amm.Int, v math.Int) bool {
	if v.IsNil() || v.IsNegative() {
		return false
	}
	return !z.SetFromBig(v.BigIntMut())
}

func setPair(z *Pair, a Amounts) bool { return SetInt(&z.Alita, a.Alita) && SetInt(&z.Data, a.Data) }

// MaxAmount returns 2^127, the largest reserve, supply and total of shares.
func MaxAmount() math.Int {
	v := amm.MaxReserve()
	return MathInt(&v)
}
