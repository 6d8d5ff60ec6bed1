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
	twap, err := f.Keeper.TWAP(f.Ctx, id, 0)
	require.NoError(t, err)
	require.Equal(t, "184467440737095516160", twap.DataPerAlita.Dec()) // 10 * 2^64
	_, err = f.Keeper.DataPerAlita(f.Ctx, id)
	require.ErrorContains(t, err, "expected an age of at least 1800 seconds before it prices jobs, got 1")
	f.NextBlock(1798)
	_, err = f.Keeper.DataPerAlita(f.Ctx, id)
	require.ErrorIs(t, err, types.ErrNoPrice)

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

	// The observation of t=100 answers a window of 50 s, and the silence before it any longer one.
	twap, err = f.Keeper.TWAP(f.Ctx, id, 50)
	require.NoError(t, err)
	require.Equal(t, uint64(50), twap.Window)
	require.Equal(t, second.String(), twap.DataPerAlita.Dec())
	twap, err = f.Keeper.TWAP(f.Ctx, id, 51)
	require.NoError(t, err)
	require.Equal(t, uint64(51), twap.Window)
	require.Equal(t, first.Add(second.MulRaw(50)).QuoRaw(51).String(), twap.DataPerAlita.Dec())
	// A shorter one begins after the last change.
	twap, err = f.Keeper.TWAP(f.Ctx, id, 7)
	require.NoError(t, err)
	require.Equal(t, uint64(7), twap.Window)
	require.Equal(t, second.String(), twap.DataPerAlita.Dec())

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

// TestMeansAreExact compares every mean with a full record of the prices, over gaps from a
// second to days, and its window with what was asked for.
func TestMeansAreExact(t *testing.T) {
	gaps := []int64{0, 1, 5, 12, 30, 400, 3000, 20_000, 100_000}
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		f.NextBlock(rapid.Int64Range(0, 10_000).Draw(r, "before"))
		created := f.Ctx.BlockTime()
		params := types.DefaultParams()
		params.TwapWindow = rapid.Uint64Range(types.MinTwapWindow, 3000).Draw(r, "window")
		params.MaxPriceObservations = rapid.Uint32Range(types.MinObservations, 40).Draw(r, "observations")
		require.NoError(r, f.UpdateParams(params))
		id := f.CreatePool(t, 1, "SPEED", nil)
		_, text := f.Funded(t, 2, 1_000_000_000_000)

		type span struct {
			seconds int64
			price   math.Int
		}
		var history []span
		most := rapid.IntRange(3, len(gaps)).Draw(r, "longest")
		for range rapid.IntRange(1, 120).Draw(r, "blocks") {
			seconds := rapid.SampledFrom(gaps[:most]).Draw(r, "seconds")
			history = append(history, span{seconds, price(t, f, id)})
			f.NextBlock(seconds)
			if rapid.Bool().Draw(r, "trade") {
				_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "10000000ualita"))
				require.NoError(r, err)
			}
		}
		require.NoError(r, f.Keeper.Invariants(f.Ctx))
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(r, err)
		require.LessOrEqual(r, p.Price.Last-p.Price.First+1, uint64(params.MaxPriceObservations))
		mean := func(window uint64) string {
			sum, left := math.ZeroInt(), int64(window)
			for i := len(history) - 1; i >= 0 && left > 0; i-- {
				s := min(left, history[i].seconds)
				sum = sum.Add(history[i].price.MulRaw(s))
				left -= s
			}
			require.Zero(r, left)
			return sum.QuoRaw(int64(window)).String()
		}

		age := uint64(f.Ctx.BlockTime().Sub(created).Seconds())
		if age == 0 {
			_, err := f.Keeper.Means(f.Ctx, id)
			require.ErrorIs(r, err, types.ErrNoPrice)
			return
		}
		slack := 2 * uint64(params.ObservationSpacing())
		for _, window := range []uint64{1, 7, types.ShortWindow, params.TwapWindow} {
			got, err := f.Keeper.TWAP(f.Ctx, id, window)
			require.NoError(r, err)
			if window <= params.TwapWindow {
				require.GreaterOrEqual(r, got.Window, min(window, age), "the history reaches over the window")
			}
			require.LessOrEqual(r, got.Window, window+slack)
			require.Equal(r, mean(got.Window), got.DataPerAlita.Dec())
		}
		means, err := f.Keeper.Means(f.Ctx, id)
		require.NoError(r, err)
		for _, m := range means {
			require.Equal(r, mean(m.Window), m.DataPerAlita.Dec())
		}
		long := means[2].Window
		if begin := uint64(f.Ctx.BlockTime().Sub(testutil.Start).Seconds()) - long; age > long {
			require.Zero(r, begin%types.HourSeconds, "it begins with an hour")
			require.GreaterOrEqual(r, long, uint64(types.LongWindow))
			require.Less(r, long, uint64(types.LongWindow+types.HourSeconds))
		} else {
			require.Equal(r, age, long)
			require.Less(r, age, uint64(types.LongWindow+types.HourSeconds))
		}
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
