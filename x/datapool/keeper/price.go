package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// prunePerTrade bounds how many old observations one trade forgets after the
// parameter was lowered.
const prunePerTrade = 4

// advance brings the cumulative prices of a market up to the block's time. It is
// called before reserves change, so the span that ends now counts at the price
// that stood at its start, and nothing that happens in a block moves that block's
// price. If the newest observation is old enough, another one is kept. If another hour has
// begun, so are the candles of the hour and the day that are over.
func (k *Keeper) advance(ctx sdk.Context, poolID uint64, m *types.Market, params *types.Params) error {
	now := ctx.BlockTime().Unix()
	if now > m.Time {
		if err := k.closeCandles(ctx, poolID, m, now); err != nil {
			return err
		}
	}
	if err := accumulate(m, now, params.ClampPpm); err != nil {
		return err
	}
	if now-m.ObservedAt < params.ObservationSpacing() {
		return nil
	}
	m.Last++
	m.ObservedAt = now
	if err := k.Observations.Set(ctx, collections.Join(poolID, m.Last), observation(m)); err != nil {
		return err
	}
	for range prunePerTrade {
		if m.Last-m.First < uint64(params.MaxPriceObservations) {
			break
		}
		if err := k.Observations.Remove(ctx, collections.Join(poolID, m.First)); err != nil {
			return err
		}
		m.First++
	}
	return nil
}

// accumulate adds the price that stands times the seconds since the last change, and
// moves the clamped price towards it.
func accumulate(m *types.Market, now int64, clampPPM uint32) error {
	if now <= m.Time {
		return nil
	}
	seconds := uint64(now - m.Time)
	alita, err := amm.Accumulate(&m.AlitaPerData, &m.Reserves.Alita, &m.Reserves.Data, seconds)
	if err != nil {
		return types.FromAMM(err, "price of the Data Token", &m.Reserves)
	}
	data, err := amm.Accumulate(&m.DataPerAlita, &m.Reserves.Data, &m.Reserves.Alita, seconds)
	if err != nil {
		return types.FromAMM(err, "price of ALITA", &m.Reserves)
	}
	target, err := amm.Price(&m.Reserves.Data, &m.Reserves.Alita)
	if err != nil {
		return types.FromAMM(err, "price of ALITA", &m.Reserves)
	}
	if target.IsZero() {
		target.SetOne() // the least clamped price
	}
	clamped, price, err := amm.ClampedAdvance(&m.Clamped, &m.ClampedPrice, &target, seconds, clampPPM)
	if err != nil {
		return types.FromAMM(err, "clamped price of ALITA", &m.Reserves)
	}
	m.AlitaPerData, m.DataPerAlita, m.Time = alita, data, now
	m.Clamped, m.ClampedPrice = clamped, price
	return nil
}

func observation(m *types.Market) types.Observation {
	return types.Observation{Time: m.Time, AlitaPerData: m.AlitaPerData, DataPerAlita: m.DataPerAlita, Clamped: m.Clamped}
}

// Twap is a mean price over a span of time.
type Twap struct {
	// AlitaPerData and DataPerAlita are the means times 2^64, rounded down.
	AlitaPerData, DataPerAlita amm.Int
	// ClampedDataPerAlita is the mean of the clamped price of ALITA, times 2^64,
	// rounded down.
	ClampedDataPerAlita amm.Int
	// Window is the span that they really cover, in seconds.
	Window uint64
}

// TWAP returns the mean price over at least window seconds that end at the
// block's time; over less if the pool is younger. Zero asks for the
// parameter's window. The span starts at an observation, so the mean is exact.
// The error is ErrNoPrice in the second of the pool's creation.
func (k *Keeper) TWAP(ctx context.Context, poolID, window uint64) (Twap, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return Twap{}, err
	}
	if window == 0 {
		window = params.TwapWindow
	}
	if window > types.MaxTwapWindow {
		return Twap{}, errorsmod.Wrapf(types.ErrInvalidDuration, "window: expected at most %d seconds, got %d", types.MaxTwapWindow, window)
	}
	m, err := k.market(ctx, poolID)
	if err != nil {
		return Twap{}, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	if err := accumulate(&m, now, params.ClampPpm); err != nil {
		return Twap{}, err
	}
	from, err := k.observationBefore(ctx, poolID, &m, now-int64(window))
	if err != nil {
		return Twap{}, err
	}
	if m.Time <= from.Time {
		return Twap{}, errorsmod.Wrapf(types.ErrNoPrice, "pool %d: expected an age of at least 1 second, got 0", poolID)
	}
	t := Twap{Window: uint64(m.Time - from.Time)}
	if t.AlitaPerData, err = amm.Mean(&from.AlitaPerData, &m.AlitaPerData, t.Window); err != nil {
		return Twap{}, types.FromAMM(err, "mean price of the Data Token", &m.AlitaPerData)
	}
	if t.DataPerAlita, err = amm.Mean(&from.DataPerAlita, &m.DataPerAlita, t.Window); err != nil {
		return Twap{}, types.FromAMM(err, "mean price of ALITA", &m.DataPerAlita)
	}
	if t.ClampedDataPerAlita, err = amm.Mean(&from.Clamped, &m.Clamped, t.Window); err != nil {
		return Twap{}, types.FromAMM(err, "mean clamped price of ALITA", &m.Clamped)
	}
	return t, nil
}

// observationBefore returns the newest observation that is not after a time, or the
// oldest that is kept if all are after it. A binary search: at most 13 reads.
func (k *Keeper) observationBefore(ctx context.Context, poolID uint64, m *types.Market, at int64) (types.Observation, error) {
	lo, hi := m.First, m.Last // the answer lies in lo..hi
	for lo < hi {
		mid := hi - (hi-lo)/2
		o, err := k.Observations.Get(ctx, collections.Join(poolID, mid))
		if err != nil {
			return o, err
		}
		if o.Time <= at {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return k.Observations.Get(ctx, collections.Join(poolID, lo))
}

// DataPerAlita returns the mean of the clamped price of ALITA over the parameter's
// window, or since the creation if the pool is younger: Data Token units per
// ualita times 2^64. The clamped price moves by at most clamp_ppm of itself in a
// second, so a price that was held for only a few blocks hardly counts. The error is
// ErrNoPrice in the second of the creation.
func (k *Keeper) DataPerAlita(ctx context.Context, poolID uint64) (math.Int, error) {
	t, err := k.TWAP(ctx, poolID, 0)
	if err != nil {
		return math.Int{}, err
	}
	return types.MathInt(&t.ClampedDataPerAlita), nil
}
