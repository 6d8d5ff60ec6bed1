package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestNoPriceInTheBlockOfCreation(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, err := f.Keeper.DataPerAlita(f.Ctx, id)
	require.ErrorIs(t, err, types.ErrNoPrice)
	_, err = f.Keeper.DataPerAlita(f.Ctx, 9)
	require.ErrorIs(t, err, types.ErrPoolNotFound)

	f.NextBlock(1)
	got, err := f.Keeper.DataPerAlita(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, "184467440737095516160", got.String()) // 10 * 2^64
}

func TestTwapIsNotMovedByTheCurrentBlock(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 100_000_000_000)
	f.NextBlock(100)
	before, err := f.Keeper.TWAP(f.Ctx, id, 60)
	require.NoError(t, err)

	// The price is driven up more than a hundredfold and back within one block.
	out, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "10000000000ualita"))
	require.NoError(t, err)
	mid, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.True(t, mid.Reserves.Alita.QuoRaw(10).GT(mid.Reserves.Data), "over a hundred times 0.1")
	during, err := f.Keeper.TWAP(f.Ctx, id, 60)
	require.NoError(t, err)
	require.Equal(t, before, during)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, out.TokenOut.String()))
	require.NoError(t, err)
	after, err := f.Keeper.TWAP(f.Ctx, id, 60)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestTwapOverAWindow(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 100_000_000_000)
	first := price(t, f, id)

	f.NextBlock(100) // t=100: the first price has stood for 100 s
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "500000000ualita"))
	require.NoError(t, err)
	second := price(t, f, id)
	require.NotEqual(t, first, second)

	f.NextBlock(50) // t=150
	got, err := f.Query.Twap(f.Ctx, &types.QueryTwapRequest{PoolId: id})
	require.NoError(t, err)
	require.Equal(t, uint64(150), got.Window, "younger than the window")
	sum := first.MulRaw(100).Add(second.MulRaw(50)).QuoRaw(150)
	twap, err := f.Keeper.TWAP(f.Ctx, id, 0)
	require.NoError(t, err)
	require.Equal(t, sum.String(), twap.DataPerAlita.Dec())
	// From 10 it falls by 0.1 each second of the last 50: 10 - 0.1*(1+...+50)/150 = 9.15.
	clamped := first.MulRaw(150).Sub(first.QuoRaw(100).MulRaw(50 * 51 / 2)).QuoRaw(150)
	require.Equal(t, clamped.String(), twap.ClampedDataPerAlita.Dec())
	require.Equal(t, "9.15", got.ClampedDataPerAlita[:4])
	mean, err := f.Keeper.DataPerAlita(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, clamped.String(), mean.String(), "what the chain itself uses")

	// The observation of t=100 answers a window of 50 s.
	twap, err = f.Keeper.TWAP(f.Ctx, id, 50)
	require.NoError(t, err)
	require.Equal(t, uint64(50), twap.Window)
	require.Equal(t, second.String(), twap.DataPerAlita.Dec())
	// A longer one begins at the next older observation, and says so.
	twap, err = f.Keeper.TWAP(f.Ctx, id, 51)
	require.NoError(t, err)
	require.Equal(t, uint64(150), twap.Window)

	_, err = f.Keeper.TWAP(f.Ctx, id, types.MaxTwapWindow+1)
	require.ErrorIs(t, err, types.ErrInvalidDuration)
}

func price(t *testing.T, f *testutil.Fixture, id uint64) math.Int {
	t.Helper()
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	one := math.NewIntFromUint64(1 << 32).Mul(math.NewIntFromUint64(1 << 32))
	return p.Reserves.Data.Mul(one).Quo(p.Reserves.Alita)
}

// TestHeldPriceMovesTheClampedMeanLittle: a price that somebody holds at a hundred times or
// a hundredth over the end of one block moves the plain mean by as much as that is, and
// the clamped one by at most
//
//	slope*seconds*(seconds+1)/2 + way^2/(2*slope')
//
// over the window: the way there in the seconds of the block, and back at the slope of
// the price that was reached.
func TestHeldPriceMovesTheClampedMeanLittle(t *testing.T) {
	const (
		block  = 6
		window = 1800
	)
	for _, tc := range []struct {
		name, in string
		plain    int64 // by how many parts per million the plain mean moves at least
		cap      int64 // by how many the clamped one at most: 1 % * 6 * (7+6/(1-0.06))/2 / 1800
	}{
		{"ALITA is dear", "90000000000data/1", 300_000, 200},
		{"ALITA is cheap", "9000000000ualita", 3_000, 223},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := testutil.New(t)
			id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
				m.Fees = types.FeePolicy{}
			})
			trader, text := f.Funded(t, 2, 100_000_000_000)
			f.Fund(t, trader, coin("90000000000data/1"))
			params, err := f.Keeper.Params.Get(f.Ctx)
			require.NoError(t, err)
			require.Equal(t, uint64(window), params.TwapWindow)
			require.Equal(t, uint32(10_000), params.ClampPpm)
			first := price(t, f, id)

			f.NextBlock(2 * window)
			out, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, tc.in))
			require.NoError(t, err)
			away := price(t, f, id)
			times := away.ToLegacyDec().Quo(first.ToLegacyDec())
			require.True(t, times.GTE(math.LegacyNewDec(99)) || times.LTE(math.LegacyNewDecWithPrec(101, 4)), times)
			f.NextBlock(block)
			_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, out.TokenOut.String()))
			require.NoError(t, err)

			// The excursion is over; it counts most while the whole of it is in the window.
			f.NextBlock(window - block)
			got, err := f.Keeper.TWAP(f.Ctx, id, window)
			require.NoError(t, err)
			require.Equal(t, uint64(window), got.Window)
			parts := func(mean math.Int) math.Int {
				return mean.Sub(first).Abs().MulRaw(types.PPM).Quo(first)
			}
			plain, clamped := parts(types.MathInt(&got.DataPerAlita)), parts(types.MathInt(&got.ClampedDataPerAlita))
			require.GreaterOrEqual(t, plain.Int64(), tc.plain)
			require.LessOrEqual(t, clamped.Int64(), tc.cap)
			require.True(t, clamped.IsPositive())
		})
	}
}

// TestMovedPriceIsReached: the clamped price reaches one that stays in
// |target - price|/slope seconds, rounded up, and the mean one window later.
func TestMovedPriceIsReached(t *testing.T) {
	for _, in := range []string{"500000000ualita", "5000000000data/1"} {
		t.Run(in, func(t *testing.T) {
			f := testutil.New(t)
			id := f.CreatePool(t, 1, "SPEED", nil)
			trader, text := f.Funded(t, 2, 100_000_000_000)
			f.Fund(t, trader, coin("5000000000data/1"))
			first := price(t, f, id)
			slope := first.QuoRaw(100)
			f.NextBlock(60)
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, in))
			require.NoError(t, err)
			target := price(t, f, id)
			seconds := target.Sub(first).Abs().Sub(math.OneInt()).Quo(slope).AddRaw(1).Int64()
			require.Greater(t, seconds, int64(50))

			start := f.Ctx
			clampedAfter := func(seconds int64) math.Int {
				f.Ctx, _ = start.CacheContext()
				f.NextBlock(seconds)
				_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
				require.NoError(t, err)
				p, err := f.Keeper.Pool(f.Ctx, id)
				require.NoError(t, err)
				return p.Price.ClampedPrice
			}
			require.Equal(t, target.String(), clampedAfter(seconds).String())
			require.Equal(t, target.String(), clampedAfter(seconds+1000).String())
			step := slope.MulRaw(seconds - 1)
			if target.LT(first) {
				step = step.Neg()
			}
			require.Equal(t, first.Add(step).String(), clampedAfter(seconds-1).String())
		})
	}
}

// TestPriceHistory compares the kept observations with a full record of the prices.
func TestPriceHistory(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		params := types.DefaultParams()
		params.TwapWindow = rapid.Uint64Range(types.MinTwapWindow, 300).Draw(r, "window")
		params.MaxPriceObservations = rapid.Uint32Range(types.MinObservations, 40).Draw(r, "observations")
		require.NoError(r, f.UpdateParams(params))
		id := f.CreatePool(t, 1, "SPEED", nil)
		_, text := f.Funded(t, 2, 1_000_000_000_000)

		type span struct {
			seconds int64
			price   math.Int
		}
		var history []span
		// The clamped price of each second; the slope is fixed between two trades.
		var clamped []math.Int
		at := price(t, f, id)
		follow := func(from int) {
			target, begin := price(t, f, id), at
			slope := math.MaxInt(math.OneInt(), begin.MulRaw(int64(params.ClampPpm)).QuoRaw(types.PPM))
			i := int64(0)
			for _, h := range history[from:] {
				for range h.seconds {
					i++
					if target.GT(begin) {
						at = math.MinInt(target, begin.Add(slope.MulRaw(i)))
					} else {
						at = math.MaxInt(target, begin.Sub(slope.MulRaw(i)))
					}
					clamped = append(clamped, at)
				}
			}
		}
		followed := 0
		for range rapid.IntRange(1, 120).Draw(r, "blocks") {
			before := price(t, f, id)
			seconds := rapid.Int64Range(0, 30).Draw(r, "seconds")
			f.NextBlock(seconds)
			history = append(history, span{seconds, before})
			if rapid.Bool().Draw(r, "trade") {
				follow(followed)
				followed = len(history)
				_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "10000000ualita"))
				require.NoError(r, err)
			}
		}
		require.NoError(r, f.Keeper.Invariants(f.Ctx))
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(r, err)
		require.LessOrEqual(r, p.Price.Last-p.Price.First+1, uint64(params.MaxPriceObservations))

		got, err := f.Keeper.TWAP(f.Ctx, id, 0)
		age := f.Ctx.BlockTime().Unix() - testutil.Start.Unix()
		if age == 0 {
			require.ErrorIs(r, err, types.ErrNoPrice)
			return
		}
		require.NoError(r, err)
		require.GreaterOrEqual(r, got.Window, min(params.TwapWindow, uint64(age)), "the history reaches over the window")
		// The mean over the very span that it names, from the full record.
		sum, left := math.ZeroInt(), int64(got.Window)
		for i := len(history) - 1; i >= 0 && left > 0; i-- {
			s := min(left, history[i].seconds)
			sum = sum.Add(history[i].price.MulRaw(s))
			left -= s
		}
		require.Zero(r, left)
		require.Equal(r, sum.QuoRaw(int64(got.Window)).String(), got.DataPerAlita.Dec())
		follow(followed)
		sum = math.ZeroInt()
		for _, c := range clamped[len(clamped)-int(got.Window):] {
			sum = sum.Add(c)
		}
		require.Equal(r, sum.QuoRaw(int64(got.Window)).String(), got.ClampedDataPerAlita.Dec())
	})
}

// TestLoweredHistoryIsTrimmed: a parameter that is lowered takes effect pool by pool,
// a few entries with each trade.
func TestLoweredHistoryIsTrimmed(t *testing.T) {
	f := testutil.New(t)
	params := types.DefaultParams()
	params.TwapWindow, params.MaxPriceObservations = types.MinTwapWindow, 60
	require.NoError(t, f.UpdateParams(params))
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, text := f.Funded(t, 2, 1_000_000_000_000)
	trade := func() {
		f.NextBlock(5)
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
		require.NoError(t, err)
	}
	for range 80 {
		trade()
	}
	kept := func() uint64 {
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(t, err)
		return p.Price.Last - p.Price.First + 1
	}
	require.Equal(t, uint64(60), kept())
	params.MaxPriceObservations = types.MinObservations
	require.NoError(t, f.UpdateParams(params))
	trade()
	require.Equal(t, uint64(57), kept(), "one more and four fewer")
	for range 20 {
		trade()
		require.NoError(t, f.Keeper.Invariants(f.Ctx))
	}
	require.Equal(t, uint64(types.MinObservations), kept())
}
