package keeper

import (
	"context"
	"errors"
	"time"

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

// advance brings the cumulative prices of a market up to the block. It is called before
// reserves change, so the span that ends now counts at the price that stood at its
// start, and nothing that happens in a block moves that block's price. What has ended
// since the last change is kept: a second, an hour, a day, a spacing of observations.
func (k *Keeper) advance(ctx sdk.Context, poolID uint64, m *types.Market, params *types.Params) error {
	if now := ctx.BlockTime().Unix(); now > m.Time {
		if err := k.closeCandles(ctx, poolID, m, now); err != nil {
			return err
		}
		m.Time = now
	}
	now, err := k.activeSeconds(ctx)
	if err != nil {
		return err
	}
	if now/types.HourSeconds > m.Active/types.HourSeconds {
		if err := k.keepHourSum(ctx, poolID, m, now-now%types.HourSeconds); err != nil {
			return err
		}
	}
	spacing := params.ObservationSpacing()
	// After a silence the sums are known at its beginning, too: so every gap between
	// neighbours is silent, or shorter than two spacings.
	if now-m.Active >= spacing && m.ObservedAt < m.Active {
		if err := k.observe(ctx, poolID, m, params, false); err != nil {
			return err
		}
	}
	silent := m.ObservedAt == m.Active
	if err := accumulate(m, now); err != nil {
		return err
	}
	if now-m.ObservedAt < spacing {
		return nil
	}
	return k.observe(ctx, poolID, m, params, silent)
}

// activeSeconds returns the chain's active time at the block, in seconds.
func (k *Keeper) activeSeconds(ctx context.Context) (int64, error) {
	active, err := k.clock.Active(ctx)
	return int64(active / time.Second), err
}

// observe keeps another observation, and forgets the oldest beyond the parameter.
func (k *Keeper) observe(ctx context.Context, poolID uint64, m *types.Market, params *types.Params, silent bool) error {
	m.Last++
	m.ObservedAt = m.Active
	if err := k.Observations.Set(ctx, collections.Join(poolID, m.Last), observation(m, silent)); err != nil {
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

// keepHourSum keeps what the price of ALITA has added up to at the beginning of an hour,
// which is not before the last change. Hours without a change keep nothing, so a gap of
// any length costs the same.
func (k *Keeper) keepHourSum(ctx context.Context, poolID uint64, m *types.Market, hour int64) error {
	at := *m
	if err := accumulate(&at, hour); err != nil {
		return err
	}
	price, err := dataPerAlita(m)
	if err != nil {
		return err
	}
	return k.setHourSum(ctx, poolID, types.HourSum{Time: hour, DataPerAlita: at.DataPerAlita, Price: price})
}

// setHourSum puts a sum into its slot, in the place of the one a whole ring older.
func (k *Keeper) setHourSum(ctx context.Context, poolID uint64, h types.HourSum) error {
	return k.HourSums.Set(ctx, collections.Join(poolID, uint64(h.Slot())), h)
}

// accumulate adds the price that stands times the seconds since the last change.
func accumulate(m *types.Market, now int64) error {
	if now <= m.Active {
		return nil
	}
	seconds := uint64(now - m.Active)
	alita, err := amm.Accumulate(&m.AlitaPerData, &m.Reserves.Alita, &m.Reserves.Data, seconds)
	if err != nil {
		return types.FromAMM(err, "price of the Data Token", &m.Reserves)
	}
	data, err := amm.Accumulate(&m.DataPerAlita, &m.Reserves.Data, &m.Reserves.Alita, seconds)
	if err != nil {
		return types.FromAMM(err, "price of ALITA", &m.Reserves)
	}
	m.AlitaPerData, m.DataPerAlita, m.Active = alita, data, now
	return nil
}

func observation(m *types.Market, silent bool) types.Observation {
	return types.Observation{Time: m.Active, AlitaPerData: m.AlitaPerData, DataPerAlita: m.DataPerAlita, Silent: silent}
}

// Twap is a mean price over a span of time.
type Twap struct {
	// AlitaPerData and DataPerAlita are the means times 2^64, rounded down.
	AlitaPerData, DataPerAlita amm.Int
	// Window is the span that they really cover, in seconds of active time.
	Window uint64
}

// TWAP returns the mean price over a window of at least so many seconds of active time
// that ends at the block; over less if the pool is younger. Zero asks for the
// parameter's window. It is exact: the span begins where the sums are known, which is
// less than two spacings before the window, and with the window if nothing has changed
// the price around its beginning. The error is ErrNoPrice in the second of the pool's
// creation.
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
	last, m, err := k.priceNow(ctx, poolID)
	if err != nil {
		return Twap{}, err
	}
	return k.mean(ctx, poolID, &last, &m, window)
}

// priceNow returns the market of a pool as it is kept, and with its sums up to the block.
func (k *Keeper) priceNow(ctx context.Context, poolID uint64) (last, m types.Market, err error) {
	if last, err = k.market(ctx, poolID); err != nil {
		return last, m, err
	}
	now, err := k.activeSeconds(ctx)
	if err != nil {
		return last, m, err
	}
	m = last
	err = accumulate(&m, now)
	return last, m, err
}

// mean returns the mean over a window that ends with the sums of m.
func (k *Keeper) mean(ctx context.Context, poolID uint64, last, m *types.Market, window uint64) (Twap, error) {
	from, err := k.sumsAt(ctx, poolID, last, m.Active-int64(window))
	if err != nil {
		return Twap{}, err
	}
	if m.Active <= from.Time {
		return Twap{}, errorsmod.Wrapf(types.ErrNoPrice, "pool %d: expected an age of at least 1 second, got 0", poolID)
	}
	t := Twap{Window: uint64(m.Active - from.Time)}
	if t.AlitaPerData, err = amm.Mean(&from.AlitaPerData, &m.AlitaPerData, t.Window); err != nil {
		return Twap{}, types.FromAMM(err, "mean price of the Data Token", &m.AlitaPerData)
	}
	if t.DataPerAlita, err = amm.Mean(&from.DataPerAlita, &m.DataPerAlita, t.Window); err != nil {
		return Twap{}, types.FromAMM(err, "mean price of ALITA", &m.DataPerAlita)
	}
	return t, nil
}

// sumsAt returns the sums at a time, or at the newest time before it at which they are
// known; at the oldest one if all are later. m is the market as it is kept.
func (k *Keeper) sumsAt(ctx context.Context, poolID uint64, m *types.Market, at int64) (types.Observation, error) {
	if at >= m.Active {
		// Nothing has changed since.
		then := *m
		err := accumulate(&then, at)
		return observation(&then, false), err
	}
	number, from, err := k.observationBefore(ctx, poolID, m, at)
	if err != nil || from.Time >= at || number == m.Last {
		return from, err
	}
	to, err := k.Observations.Get(ctx, collections.Join(poolID, number+1))
	if err != nil || !to.Silent {
		return from, err
	}
	return between(&from, &to, at), nil
}

// between returns the sums at a time between two observations with a silence between
// them. They grow by a whole number in each second, so no division has a remainder.
func between(from, to *types.Observation, at int64) types.Observation {
	var part, whole amm.Int
	part.SetUint64(uint64(at - from.Time))
	whole.SetUint64(uint64(to.Time - from.Time))
	o := types.Observation{Time: at}
	for _, s := range [...]struct{ sum, from, to *amm.Int }{
		{&o.AlitaPerData, &from.AlitaPerData, &to.AlitaPerData},
		{&o.DataPerAlita, &from.DataPerAlita, &to.DataPerAlita},
	} {
		var more amm.Int
		more.Sub(s.to, s.from)
		more = amm.Portion(&more, &part, &whole)
		s.sum.Add(s.from, &more)
	}
	return o
}

// observationBefore returns the newest observation that is not after a time, or the
// oldest that is kept if all are after it, and its number. A binary search: at most 13
// reads.
func (k *Keeper) observationBefore(ctx context.Context, poolID uint64, m *types.Market, at int64) (uint64, types.Observation, error) {
	lo, hi := m.First, m.Last // the answer lies in lo..hi
	for lo < hi {
		mid := hi - (hi-lo)/2
		o, err := k.Observations.Get(ctx, collections.Join(poolID, mid))
		if err != nil {
			return mid, o, err
		}
		if o.Time <= at {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	o, err := k.Observations.Get(ctx, collections.Join(poolID, lo))
	return lo, o, err
}

// Mean is a mean of Data Token units per ualita, times 2^64, rounded down.
type Mean struct {
	DataPerAlita amm.Int
	// Window is the span that it covers, in seconds of active time.
	Window uint64
}

// Means returns the means of the price of ALITA over types.ShortWindow, the parameter's
// window and types.LongWindow, or since the pool's creation if it is younger. The long
// one begins with a full hour, so it covers less than an hour more. They are means of
// Data Tokens for an ALITA: a price that is k times lower for a part q of the window
// lowers them by q*(1 - 1/k) of themselves only, while the mean of its inverse would
// rise by q*(k - 1). The error is ErrNoPrice in the second of the creation.
func (k *Keeper) Means(ctx context.Context, poolID uint64) (means [3]Mean, err error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return means, err
	}
	last, m, err := k.priceNow(ctx, poolID)
	if err != nil {
		return means, err
	}
	for i, window := range [...]uint64{types.ShortWindow, params.TwapWindow} {
		t, err := k.mean(ctx, poolID, &last, &m, window)
		if err != nil {
			return means, err
		}
		means[i] = Mean{DataPerAlita: t.DataPerAlita, Window: t.Window}
	}
	from, err := k.longBefore(ctx, poolID, &last, m.Active)
	if err != nil {
		return means, err
	}
	means[2].Window = uint64(m.Active - from.Time)
	means[2].DataPerAlita, err = amm.Mean(&from.DataPerAlita, &m.DataPerAlita, means[2].Window)
	return means, types.FromAMM(err, "mean price of ALITA", &m.DataPerAlita)
}

// longBefore returns the sum at the beginning of the hour that a long window before now
// begins in, or of the pool. m is the market as it is kept.
func (k *Keeper) longBefore(ctx context.Context, poolID uint64, m *types.Market, now int64) (types.HourSum, error) {
	at := max(now-types.LongWindow, 0)
	at -= at % types.HourSeconds
	if at > m.Active {
		then := *m
		err := accumulate(&then, at)
		return types.HourSum{Time: at, DataPerAlita: then.DataPerAlita}, err
	}
	// The first hour with a change, or the first change in it, keeps the sum; before, since
	// the hour that is asked for, the price stood.
	for hour := at; hour <= m.Active; hour += types.HourSeconds {
		h := types.HourSum{Time: hour}
		h, err := k.HourSums.Get(ctx, collections.Join(poolID, uint64(h.Slot())))
		switch {
		case errors.Is(err, collections.ErrNotFound) || err == nil && h.Time/types.HourSeconds != hour/types.HourSeconds:
			continue
		case err != nil || h.Time == at || h.DataPerAlita.IsZero():
			return h, err // zero is the sum when the pool began
		}
		var before amm.Int
		before.SetUint64(uint64(h.Time - at))
		if _, overflow := before.MulOverflow(&h.Price, &before); overflow || before.Gt(&h.DataPerAlita) {
			break
		}
		h.DataPerAlita.Sub(&h.DataPerAlita, &before)
		h.Time = at
		return h, nil
	}
	return types.HourSum{}, errorsmod.Wrapf(types.ErrInvalidState, "pool %d: expected a sum of an hour from %d to %d, got none", poolID, at, m.Active)
}

// DataPerAlita returns the price at which jobs pay the data fee: the most Data Token
// units per ualita of the three means, times 2^64. So who buys Data Tokens to make them
// dear before a job must hold the price for a day, and who sells them must hold it for
// the short window against everybody else. The error is ErrNoPrice while the pool is
// younger than the parameter's window.
func (k *Keeper) DataPerAlita(ctx context.Context, poolID uint64) (math.Int, error) {
	means, err := k.Means(ctx, poolID)
	if err != nil {
		return math.Int{}, err
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return math.Int{}, err
	}
	// The long mean of a young pool covers its whole age.
	if age, least := means[2].Window, min(params.TwapWindow, types.LongWindow); age < least {
		return math.Int{}, errorsmod.Wrapf(types.ErrNoPrice, "pool %d: expected an age of at least %d seconds before it prices jobs, got %d", poolID, least, age)
	}
	most := mostOf(&means)
	return types.MathInt(&most), nil
}

// mostOf returns the most Data Tokens for an ALITA of the means.
func mostOf(means *[3]Mean) amm.Int {
	most := means[0].DataPerAlita
	for _, m := range means[1:] {
		if m.DataPerAlita.Gt(&most) {
			most = m.DataPerAlita
		}
	}
	return most
}

// DataPerAlitaMeans returns the means of which DataPerAlita is the most, the shortest
// window first.
func (k *Keeper) DataPerAlitaMeans(ctx context.Context, poolID uint64) ([]math.Int, error) {
	means, err := k.Means(ctx, poolID)
	if err != nil {
		return nil, err
	}
	out := make([]math.Int, len(means))
	for i := range means {
		out[i] = types.MathInt(&means[i].DataPerAlita)
	}
	return out, nil
}
