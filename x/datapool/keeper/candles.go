package keeper

import (
	"context"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// closeCandles widens the range of the hour by the price at which the second of m.Time
// has ended, and writes the candles of an hour and a day when a later one begins: the
// candle of the hour of m.Time and, if another day begins too, the candle of its day.
// So a candle holds prices at which somebody else could trade, and not what one account
// does and undoes within a block. Hours and days without trades leave no candle, so a gap
// of any length costs the same. It is called before m.Time, the volume and the reserves
// change.
func (k *Keeper) closeCandles(ctx context.Context, poolID uint64, m *types.Market, now int64) error {
	price, err := alitaPerData(m)
	if err != nil {
		return err
	}
	widen(&m.High, &m.Low, &price, &price)
	if now/types.HourSeconds == m.Time/types.HourSeconds {
		return nil
	}
	m.Run = types.Run{}
	chart, err := k.Charts.Get(ctx, poolID)
	if err != nil {
		return errorsmod.Wrapf(types.ErrInvalidState, "pool %d: expected a chart, got none: %s", poolID, err)
	}
	hour, day, err := runningBars(m, &chart, &price)
	if err != nil {
		return err
	}
	if hour.Swaps > 0 {
		if err := setBar(ctx, k.HourCandles, poolID, types.HourSeconds, types.HourCandles, hour); err != nil {
			return err
		}
	}
	begin := types.Beginning{Open: price, Volume: m.Volume, Swaps: m.Swaps}
	chart.Hour = begin
	chart.DayHigh, chart.DayLow = day.High, day.Low
	if now/types.DaySeconds != m.Time/types.DaySeconds {
		if day.Swaps > 0 {
			if err := setBar(ctx, k.DayCandles, poolID, types.DaySeconds, types.DayCandles, day); err != nil {
				return err
			}
		}
		chart.Day = begin
		chart.DayHigh.Clear()
		chart.DayLow.Clear()
	}
	m.High, m.Low = price, price
	return k.Charts.Set(ctx, poolID, chart)
}

// runningBars returns the candles of the hour and the day of m.Time as they stand,
// with the present price as their close. A day without trades has no range. The error
// is ErrInvalidState if a sum of the market is lower than at the beginning.
func runningBars(m *types.Market, chart *types.ChartState, price *amm.Int) (hour, day types.Bar, err error) {
	if hour, err = since(m, &chart.Hour, types.HourSeconds, price); err != nil {
		return hour, day, err
	}
	if day, err = since(m, &chart.Day, types.DaySeconds, price); err != nil {
		return hour, day, err
	}
	hour.High, hour.Low = m.High, m.Low
	holdEnds(&hour)
	day.High, day.Low = chart.DayHigh, chart.DayLow
	switch {
	case day.Swaps == 0:
		return hour, day, nil
	case hour.Swaps == day.Swaps:
		day.High, day.Low = hour.High, hour.Low
	case hour.Swaps > 0:
		widen(&day.High, &day.Low, &hour.High, &hour.Low)
	}
	holdEnds(&day)
	return hour, day, nil
}

// holdEnds widens the range of a candle to its open and its close: a deposit before
// the first trade or after the last moves the price by the rounding to whole units.
func holdEnds(b *types.Bar) {
	widen(&b.High, &b.Low, &b.Open, &b.Open)
	widen(&b.High, &b.Low, &b.Close, &b.Close)
}

// since returns the candle that began at the last multiple of seconds, without its range.
func since(m *types.Market, begin *types.Beginning, seconds int64, price *amm.Int) (types.Bar, error) {
	b := types.Bar{Time: m.Time - m.Time%seconds, Open: begin.Open, Close: *price, Swaps: m.Swaps - begin.Swaps}
	_, alita := b.Volume.Alita.SubOverflow(&m.Volume.Alita, &begin.Volume.Alita)
	_, data := b.Volume.Data.SubOverflow(&m.Volume.Data, &begin.Volume.Data)
	if alita || data || m.Swaps < begin.Swaps {
		return b, errorsmod.Wrapf(types.ErrInvalidState, "chart: expected volume and swaps of at most the pool's, got %d swaps of %d", begin.Swaps, m.Swaps)
	}
	return b, nil
}

// setBar writes a candle to its slot, in the place of the one a whole ring older.
func setBar(
	ctx context.Context, ring collections.Map[collections.Pair[uint64, uint64], types.Bar],
	poolID uint64, seconds int64, slots uint64, b types.Bar,
) error {
	return ring.Set(ctx, collections.Join(poolID, uint64(b.Time/seconds)%slots), b)
}

// widen extends a range to hold another one.
func widen(high, low, toHigh, toLow *amm.Int) {
	if toHigh.Gt(high) {
		*high = *toHigh
	}
	if toLow.Lt(low) {
		*low = *toLow
	}
}

// alitaPerData returns the present price of the Data Token with 64 fractional bits.
func alitaPerData(m *types.Market) (amm.Int, error) {
	price, err := amm.Price(&m.Reserves.Alita, &m.Reserves.Data)
	return price, types.FromAMM(err, "price of the Data Token", &m.Reserves)
}

// dataPerAlita returns the present price of ALITA with 64 fractional bits.
func dataPerAlita(m *types.Market) (amm.Int, error) {
	price, err := amm.Price(&m.Reserves.Data, &m.Reserves.Alita)
	return price, types.FromAMM(err, "price of ALITA", &m.Reserves)
}
