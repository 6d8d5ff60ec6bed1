package keeper

import (
	"context"
	"math/big"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// defaultCandles and maxCandles are how many candles a query returns.
const (
	defaultCandles = 100
	maxCandles     = 720
)

// Candles implements types.QueryServer. It shows the candles with trades that begin
// before a time, newest first, over as many hours or days as the ring has slots,
// counted back from the newest.
func (q queryServer) Candles(ctx context.Context, req *types.QueryCandlesRequest) (*types.QueryCandlesResponse, error) {
	interval := req.Interval
	if interval == types.CANDLE_INTERVAL_UNSPECIFIED {
		interval = types.CANDLE_INTERVAL_HOUR
	}
	seconds, slots, ok := interval.Ring()
	if !ok {
		return nil, status.Errorf(codes.InvalidArgument, "interval: expected an hour or a day, got %d", req.Interval)
	}
	if req.Before < 0 {
		return nil, status.Errorf(codes.InvalidArgument, "before: expected a Unix time of at least 0, got %d", req.Before)
	}
	if req.Limit > maxCandles {
		return nil, status.Errorf(codes.InvalidArgument, "limit: expected at most %d, got %d", maxCandles, req.Limit)
	}
	limit := int(req.Limit)
	if limit == 0 {
		limit = defaultCandles
	}
	m, err := q.k.market(ctx, req.PoolId)
	if err != nil {
		return nil, err
	}
	newest := m.Time / seconds
	if req.Before > 0 {
		newest = min(newest, (req.Before-1)/seconds)
	}
	bars := make([]types.Bar, 0, limit)
	if newest == m.Time/seconds {
		running, err := q.k.running(ctx, req.PoolId, &m, interval)
		if err != nil {
			return nil, err
		}
		if running.Swaps > 0 {
			bars = append(bars, running)
		}
	}
	if bars, err = q.k.finished(ctx, req.PoolId, interval, newest, int64(slots), bars, limit); err != nil {
		return nil, err
	}
	res := &types.QueryCandlesResponse{Candles: make([]types.PriceCandle, len(bars))}
	for i := range bars {
		res.Candles[i] = priceCandle(&bars[i])
	}
	return res, nil
}

// running returns the candle of the market's time.
func (k *Keeper) running(ctx context.Context, poolID uint64, m *types.Market, interval types.CandleInterval) (types.Bar, error) {
	chart, err := k.Charts.Get(ctx, poolID)
	if err != nil {
		return types.Bar{}, errorsmod.Wrapf(types.ErrInvalidState, "pool %d: expected a chart, got none: %s", poolID, err)
	}
	price, err := alitaPerData(m)
	if err != nil {
		return types.Bar{}, err
	}
	hour, day, err := runningBars(m, &chart, &price)
	if interval == types.CANDLE_INTERVAL_DAY {
		return day, err
	}
	return hour, err
}

// finished appends candles of the ring from number newest downwards, until there are
// limit of them. It walks down the slots from the slot of newest and around the end. A
// slot that was not written since holds a candle of an earlier round, which is left
// out: that keeps the order, and each slot is read once at most.
func (k *Keeper) finished(
	ctx context.Context, poolID uint64, interval types.CandleInterval, newest, slots int64, bars []types.Bar, limit int,
) ([]types.Bar, error) {
	ring := k.HourCandles
	if interval == types.CANDLE_INTERVAL_DAY {
		ring = k.DayCandles
	}
	seconds, _, _ := interval.Ring()
	top := uint64(newest % slots)
	for _, part := range [...]*collections.PairRange[uint64, uint64]{
		collections.NewPrefixedPairRange[uint64, uint64](poolID).EndInclusive(top).Descending(),
		collections.NewPrefixedPairRange[uint64, uint64](poolID).StartExclusive(top).Descending(),
	} {
		if len(bars) >= limit {
			break
		}
		err := ring.Walk(ctx, part, func(_ collections.Pair[uint64, uint64], b types.Bar) (bool, error) {
			if number := b.Time / seconds; number <= newest && number > newest-slots {
				bars = append(bars, b)
			}
			return len(bars) >= limit, nil
		})
		if err != nil {
			return nil, err
		}
	}
	return bars, nil
}

// priceCandle returns a candle in display units. Both coins have the same number of
// decimals, so prices need no scaling.
func priceCandle(b *types.Bar) types.PriceCandle {
	volume := b.Volume.Amounts()
	return types.PriceCandle{
		Time:        time.Unix(b.Time, 0).UTC(),
		Open:        nearestPrice(&b.Open),
		High:        nearestPrice(&b.High),
		Low:         nearestPrice(&b.Low),
		Close:       nearestPrice(&b.Close),
		VolumeAlita: types.FormatUnits(volume.Alita, types.Decimals),
		VolumeData:  types.FormatUnits(volume.Data, types.Decimals),
		Swaps:       b.Swaps,
	}
}

// nearestPrice writes a price to the nearest of PriceDecimals decimals. Its 64
// fractional bits are rounded down and go beyond them, so that 0.1 is 0.1 again.
func nearestPrice(price *amm.Int) string {
	scaled := new(big.Int).Mul(price.ToBig(), big.NewInt(1e18))
	scaled.Add(scaled, new(big.Int).Lsh(big.NewInt(1), amm.PriceBits-1))
	return types.FormatUnits(math.NewIntFromBigInt(scaled.Rsh(scaled, amm.PriceBits)), types.PriceDecimals)
}
