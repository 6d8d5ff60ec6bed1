package keeper_test

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// charts builds candles from the events of a pool: the oracle of the tests.
type charts struct {
	pool    uint64
	price   amm.Int // that stands
	changed int64   // when reserves changed last
	// high and low are the range of the hour, over the prices at which its seconds ended.
	high, low amm.Int
	// position is how much ALITA the trader has given in its run, most and least the most
	// and the least that it ever was.
	trader                string
	position, most, least *big.Int
	hours                 chart
	days                  chart
}

type chart struct {
	seconds int64
	slots   int64
	open    amm.Int // the price when its hour or day of the last change began
	bars    map[int64]*types.Bar
	ring    map[int64]int64 // which candle a slot holds
}

func newCharts(f *testutil.Fixture, t require.TestingT, pool uint64) *charts {
	p, err := f.Keeper.Pool(f.Ctx, pool)
	require.NoError(t, err)
	price := priceOf(t, p.Reserves)
	side := func(seconds, slots int64) chart {
		return chart{seconds: seconds, slots: slots, open: price, bars: map[int64]*types.Bar{}, ring: map[int64]int64{}}
	}
	return &charts{
		pool: pool, price: price, changed: f.Ctx.BlockTime().Unix(), high: price, low: price,
		hours: side(types.HourSeconds, types.HourCandles), days: side(types.DaySeconds, types.DayCandles),
	}
}

func priceOf(t require.TestingT, reserves types.Amounts) amm.Int {
	var alita, data amm.Int
	require.True(t, types.SetInt(&alita, reserves.Alita) && types.SetInt(&data, reserves.Data))
	price, err := amm.Price(&alita, &data)
	require.NoError(t, err)
	return price
}

// read takes the events of the block and forgets them.
func (c *charts) read(f *testutil.Fixture, t require.TestingT) {
	now := f.Ctx.BlockTime().Unix()
	for _, event := range f.Ctx.EventManager().ABCIEvents() {
		if !strings.HasPrefix(event.Type, "alita.datapool.v1.") {
			continue
		}
		msg, err := sdk.ParseTypedEvent(event)
		require.NoError(t, err)
		switch e := msg.(type) {
		case *types.EventSwap:
			if e.PoolId == c.pool {
				c.swap(t, now, e)
			}
		case *types.EventLiquidityAdded:
			if e.PoolId == c.pool {
				c.begin(now)
				c.stand(priceOf(t, e.Reserves))
			}
		}
	}
	f.Ctx = f.Ctx.WithEventManager(sdk.NewEventManager())
}

func (c *charts) begin(now int64) {
	if now > c.changed {
		widen(&c.high, &c.low, c.price)
	}
	if was := c.changed / c.hours.seconds; now/c.hours.seconds != was {
		if b := c.hours.bars[was]; b != nil {
			*b = c.withRange(*b)
		}
		c.high, c.low, c.trader = c.price, c.price, ""
	}
	for _, s := range []*chart{&c.hours, &c.days} {
		if was := c.changed / s.seconds; now/s.seconds != was {
			if b := s.bars[was]; b != nil {
				*b = withClose(*b)
				s.ring[was%s.slots] = was
			}
			if day := c.days.bars[c.changed/types.DaySeconds]; day != nil {
				*day = withClose(*day)
			}
			s.open = c.price
		}
	}
	c.changed = now
}

func widen(high, low *amm.Int, price amm.Int) {
	if price.Gt(high) {
		*high = price
	}
	if price.Lt(low) {
		*low = price
	}
}

// withRange returns the candle of the hour of the last change with the range of that hour.
func (c *charts) withRange(b types.Bar) types.Bar {
	b.High, b.Low = c.high, c.low
	widen(&b.High, &b.Low, b.Open)
	widen(&b.High, &b.Low, b.Close)
	return b
}

// count returns what counts of a trade as traded: what the trader's run reaches further.
func (c *charts) count(trader string, alita *big.Int, given bool) *big.Int {
	if trader != c.trader {
		c.trader, c.position, c.most, c.least = trader, new(big.Int), new(big.Int), new(big.Int)
	}
	before := new(big.Int).Sub(c.most, c.least)
	if given {
		c.position.Add(c.position, alita)
	} else {
		c.position.Sub(c.position, alita)
	}
	if c.position.Cmp(c.most) > 0 {
		c.most.Set(c.position)
	}
	if c.position.Cmp(c.least) < 0 {
		c.least.Set(c.position)
	}
	return before.Sub(new(big.Int).Sub(c.most, c.least), before)
}

// withClose widens the range of a candle to its close: a deposit moves the price by the
// rounding to whole units.
func withClose(b types.Bar) types.Bar {
	if b.Close.Gt(&b.High) {
		b.High = b.Close
	}
	if b.Close.Lt(&b.Low) {
		b.Low = b.Close
	}
	return b
}

// dayRange widens the range of a day's candle to the range of its hours.
func (c *charts) dayRange(b types.Bar) types.Bar {
	first := b.Time / types.HourSeconds
	for n := first; n < first+24; n++ {
		hour := c.hours.bars[n]
		if hour == nil {
			continue
		}
		h := withClose(*hour)
		if n == c.changed/c.hours.seconds {
			h = c.withRange(h)
		}
		if h.High.Gt(&b.High) {
			b.High = h.High
		}
		if h.Low.Lt(&b.Low) {
			b.Low = h.Low
		}
	}
	return b
}

// stand sets the price at which the candles of now close.
func (c *charts) stand(price amm.Int) {
	c.price = price
	for _, s := range []*chart{&c.hours, &c.days} {
		if b := s.bars[c.changed/s.seconds]; b != nil {
			b.Close = price
		}
	}
}

func (c *charts) swap(t require.TestingT, now int64, e *types.EventSwap) {
	c.begin(now)
	price := priceOf(t, e.Reserves)
	alita, data, given := e.TokenOut.Amount, e.TokenIn.Amount, false
	if e.TokenIn.Denom == types.BaseDenom {
		alita, data, given = data, alita, true
	}
	counted := math.NewIntFromBigInt(c.count(e.Sender, alita.BigInt(), given))
	var traded types.Pair
	require.True(t, types.SetInt(&traded.Alita, counted) && types.SetInt(&traded.Data, data.Mul(counted).Quo(alita)))
	for _, s := range []*chart{&c.hours, &c.days} {
		b := s.bars[now/s.seconds]
		if b == nil {
			b = &types.Bar{Time: now - now%s.seconds, Open: s.open, High: s.open, Low: s.open}
			s.bars[now/s.seconds] = b
		}
		b.Swaps++
		b.Volume.Alita.Add(&b.Volume.Alita, &traded.Alita)
		b.Volume.Data.Add(&b.Volume.Data, &traded.Data)
	}
	c.stand(price)
}

// want returns what a query should answer.
func (c *charts) want(interval types.CandleInterval, before int64, limit int) []types.PriceCandle {
	s := &c.hours
	if interval == types.CANDLE_INTERVAL_DAY {
		s = &c.days
	}
	running := c.changed / s.seconds
	newest := running
	if before > 0 {
		newest = min(newest, (before-1)/s.seconds)
	}
	out := []types.PriceCandle{}
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(s.bars))) {
		kept := n == running || s.ring[n%s.slots] == n
		if n > newest || n <= newest-s.slots || !kept || len(out) == limit {
			continue
		}
		b := withClose(*s.bars[n])
		if interval == types.CANDLE_INTERVAL_HOUR && n == running {
			b = c.withRange(b)
		}
		if interval == types.CANDLE_INTERVAL_DAY {
			b = c.dayRange(b)
		}
		out = append(out, types.PriceCandle{
			Time: time.Unix(b.Time, 0).UTC(), Open: priceText(&b.Open), High: priceText(&b.High), Low: priceText(&b.Low), Close: priceText(&b.Close),
			VolumeAlita: types.FormatUnits(types.MathInt(&b.Volume.Alita), types.Decimals),
			VolumeData:  types.FormatUnits(types.MathInt(&b.Volume.Data), types.Decimals),
			Swaps:       b.Swaps,
		})
	}
	return out
}

// priceText writes a price to the nearest of 18 decimals.
func priceText(price *amm.Int) string {
	text := new(big.Rat).SetFrac(price.ToBig(), new(big.Int).Lsh(big.NewInt(1), amm.PriceBits)).FloatString(18)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func candles(f *testutil.Fixture, t require.TestingT, pool uint64, interval types.CandleInterval, before int64, limit uint32) []types.PriceCandle {
	res, err := f.Query.Candles(f.Ctx, &types.QueryCandlesRequest{PoolId: pool, Interval: interval, Before: before, Limit: limit})
	require.NoError(t, err)
	return res.Candles
}

var intervals = []types.CandleInterval{types.CANDLE_INTERVAL_HOUR, types.CANDLE_INTERVAL_DAY}

// trade lets a trader do something to a pool; a refusal is no failure.
func trade(r *rapid.T, f *testutil.Fixture, trader sdk.AccAddress, id uint64) {
	text := f.Text(trader)
	cached, write := f.Ctx.CacheContext()
	cached = cached.WithEventManager(sdk.NewEventManager())
	amount := math.NewInt(rapid.Int64Range(1, 50_000_000).Draw(r, "amount"))
	var err error
	switch rapid.IntRange(0, 5).Draw(r, "what") {
	case 0:
		_, err = f.Msg.AddLiquidity(cached, &types.MsgAddLiquidity{
			Sender: text, PoolId: id, MaxAlita: amount, MaxData: amount.MulRaw(20), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
	case 1, 2:
		_, err = f.Msg.SwapExactIn(cached, &types.MsgSwapExactIn{
			Sender: text, PoolId: id, TokenIn: sdk.Coin{Denom: types.DataDenom(id), Amount: amount.MulRaw(10)}, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
	case 3:
		_, err = f.Msg.SwapExactOut(cached, &types.MsgSwapExactOut{
			Sender: text, PoolId: id, TokenOut: sdk.Coin{Denom: types.DataDenom(id), Amount: amount}, MaxIn: two255, Deadline: f.Deadline(),
		})
	default:
		_, err = f.Msg.SwapExactIn(cached, &types.MsgSwapExactIn{
			Sender: text, PoolId: id, TokenIn: sdk.Coin{Denom: types.BaseDenom, Amount: amount}, MinOut: math.OneInt(), Deadline: f.Deadline(),
		})
	}
	if err == nil {
		write()
		f.Ctx.EventManager().EmitEvents(cached.EventManager().Events())
	}
}

// traders opens a pool, lets a trader buy a half of its Data Tokens, and returns its
// charts.
func traders(f *testutil.Fixture, t *testing.T) (uint64, sdk.AccAddress, *charts) {
	id := f.CreatePool(t, 1, "SPEED", nil)
	c := newCharts(f, t, id)
	trader, text := f.Funded(t, 2, 1_000_000_000_000)
	f.Ctx = f.Ctx.WithEventManager(sdk.NewEventManager())
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000000ualita"))
	require.NoError(t, err)
	c.read(f, t)
	return id, trader, c
}

// TestCandlesEqualThoseOfTheEvents compares the answers with candles built from all events
// of the pool, over gaps short and long enough to go around both rings.
func TestCandlesEqualThoseOfTheEvents(t *testing.T) {
	const hour, day = types.HourSeconds, types.DaySeconds
	gaps := []int64{0, 1, 60, hour - 1, hour, hour + 1, 5 * hour, day - 1, day, day + 1, 719 * hour, 720 * hour, 721 * hour, 1460 * day, 1461 * day, 1462 * day}
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		id, trader, c := traders(f, t)
		// Mostly short gaps in one run, long ones in another.
		most := rapid.SampledFrom([]int{5, 10, len(gaps)}).Draw(r, "longest")
		for range rapid.IntRange(1, 60).Draw(r, "blocks") {
			f.NextBlock(rapid.SampledFrom(gaps[:most]).Draw(r, "gap") + rapid.Int64Range(0, 40).Draw(r, "more"))
			for range rapid.IntRange(0, 3).Draw(r, "trades") {
				trade(r, f, trader, id)
			}
			c.read(f, r)
		}
		require.NoError(r, f.Keeper.Invariants(f.Ctx))
		// Time that passes without a trade shows nothing new.
		f.NextBlock(rapid.SampledFrom(gaps[:most]).Draw(r, "last gap"))
		for _, interval := range intervals {
			require.Equal(r, c.want(interval, 0, 720), candles(f, r, id, interval, 0, 720))
			require.Equal(r, c.want(interval, 0, 100), candles(f, r, id, interval, 0, 0))
			limit := rapid.Uint32Range(1, 5).Draw(r, "limit")
			// Page by page back to the start.
			before := int64(0)
			for range 30 {
				page := candles(f, r, id, interval, before, limit)
				require.Equal(r, c.want(interval, before, int(limit)), page)
				if len(page) == 0 {
					break
				}
				before = page[len(page)-1].Time.Unix()
			}
			before = f.Ctx.BlockTime().Unix() - rapid.Int64Range(0, 3000*day).Draw(r, "back")
			require.Equal(r, c.want(interval, before, 720), candles(f, r, id, interval, before, 720))
		}
		require.Equal(r, candles(f, r, id, types.CANDLE_INTERVAL_HOUR, 0, 0), candles(f, r, id, types.CANDLE_INTERVAL_UNSPECIFIED, 0, 0))
	})
}

// TestCandleVolumesAddUp: while the rings keep everything, the volumes and counts of
// the candles are the pool's.
func TestCandleVolumesAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		id, trader, _ := traders(f, t)
		for range rapid.IntRange(1, 40).Draw(r, "blocks") {
			f.NextBlock(rapid.Int64Range(0, 60_000).Draw(r, "seconds"))
			trade(r, f, trader, id)
		}
		p, err := f.Keeper.Pool(f.Ctx, id)
		require.NoError(r, err)
		for _, interval := range intervals {
			volume, swaps := types.NoAmounts(), uint64(0)
			for _, c := range candles(f, r, id, interval, 0, 720) {
				alita, err := types.ParseUnits(c.VolumeAlita, types.Decimals)
				require.NoError(r, err)
				data, err := types.ParseUnits(c.VolumeData, types.Decimals)
				require.NoError(r, err)
				volume.Alita, volume.Data = volume.Alita.Add(alita), volume.Data.Add(data)
				swaps += c.Swaps
			}
			require.Equal(r, p.Volume.String(), volume.String())
			require.Equal(r, p.Swaps, swaps)
		}
	})
}

func TestCandlesSurviveAnExport(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		id, trader, _ := traders(f, t)
		for range rapid.IntRange(0, 20).Draw(r, "blocks") {
			f.NextBlock(rapid.Int64Range(0, 20_000).Draw(r, "seconds"))
			trade(r, f, trader, id)
		}
		exported, err := f.Keeper.ExportGenesis(f.Ctx)
		require.NoError(r, err)
		require.NoError(r, exported.Validate())
		g := testutil.New(t)
		g.Accounts.InitGenesis(g.Ctx, *f.Accounts.ExportGenesis(f.Ctx))
		g.Bank.InitGenesis(g.Ctx, f.Bank.ExportGenesis(f.Ctx))
		g.Ctx = g.Ctx.WithBlockTime(f.Ctx.BlockTime())
		require.NoError(r, g.Keeper.InitGenesis(g.Ctx, *exported))
		g.Ctx = f.Ctx.WithMultiStore(g.Ctx.MultiStore())
		// Both go on in the same way, over the end of the hour and the day.
		for _, seconds := range []int64{0, types.HourSeconds, types.DaySeconds} {
			f.NextBlock(seconds)
			g.Ctx = f.Ctx.WithMultiStore(g.Ctx.MultiStore()).WithEventManager(sdk.NewEventManager())
			for _, h := range []*testutil.Fixture{f, g} {
				_, err := h.Msg.SwapExactIn(h.Ctx, swapIn(h, h.Text(trader), id, "1000000ualita"))
				require.NoError(r, err)
			}
			for _, interval := range intervals {
				require.Equal(r, candles(f, r, id, interval, 0, 720), candles(g, r, id, interval, 0, 720))
			}
		}
	})
}

// TestCandleByHand: 1,000 ALITA and 10,000 Data Tokens without a fee.
func TestCandleByHand(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.Fees = types.FeePolicy{} })
	trader, text := f.Funded(t, 2, 100_000_000_000)
	f.Fund(t, trader, coin("100000000000data/1")) // more than there are: the supply is not what is tested
	require.Empty(t, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, 0, 0), "no trades, no candle")

	swap := func(in string) {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, in))
		require.NoError(t, err)
	}
	f.NextBlock(10)
	swap("1000000000ualita") // 2000 and 5000: 0.4
	f.NextBlock(10)
	swap("5000000000data/1") // 1000 and 10000: 0.1; what was bought is sold, which is no more trade
	f.NextBlock(10)
	swap("10000000000data/1") // 500 and 20000: 0.025
	first := types.PriceCandle{
		Time: testutil.Start, Open: "0.1", High: "0.4", Low: "0.025", Close: "0.025", VolumeAlita: "1500", VolumeData: "15000", Swaps: 3,
	}
	require.Equal(t, []types.PriceCandle{first}, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, 0, 0))

	// Three hours later it opens at what stood.
	f.NextBlock(3 * types.HourSeconds)
	swap("500000000ualita") // 1000 and 10000
	second := types.PriceCandle{
		Time: testutil.Start.Add(3 * time.Hour), Open: "0.025", High: "0.1", Low: "0.025", Close: "0.1", VolumeAlita: "500", VolumeData: "10000", Swaps: 1,
	}
	require.Equal(t, []types.PriceCandle{second, first}, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, 0, 0))
	require.Equal(t, []types.PriceCandle{second}, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, 0, 1))
	require.Equal(t, []types.PriceCandle{first}, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, second.Time.Unix(), 0), "before is exclusive")
	require.Len(t, candles(f, t, id, types.CANDLE_INTERVAL_HOUR, second.Time.Unix()+1, 0), 2)
	// 1,800,000,000 is 8:00 of a day.
	require.Equal(t, []types.PriceCandle{{
		Time: testutil.Start.Add(-8 * time.Hour), Open: "0.1", High: "0.4", Low: "0.025", Close: "0.1", VolumeAlita: "2000", VolumeData: "25000", Swaps: 4,
	}}, candles(f, t, id, types.CANDLE_INTERVAL_DAY, 0, 0))
}

// TestDepositsMakeNoCandle: they move no price and are no trades.
func TestDepositsMakeNoCandle(t *testing.T) {
	f := testutil.New(t)
	id, trader, _ := traders(f, t)
	f.NextBlock(types.DaySeconds)
	for _, seconds := range []int64{10, types.HourSeconds, types.DaySeconds} {
		f.NextBlock(seconds)
		_, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
			Sender: f.Text(trader), PoolId: id, MaxAlita: math.NewInt(1_000_000), MaxData: math.NewInt(10_000_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
		require.NoError(t, err)
	}
	for _, interval := range intervals {
		require.Len(t, candles(f, t, id, interval, 0, 0), 1, "the trade of the first day")
	}
	require.Len(t, dumpPrefix(f, types.HourCandlesPrefix.Bytes()), 1)
	require.Len(t, dumpPrefix(f, types.DayCandlesPrefix.Bytes()), 1)
}

// TestRangeHoldsBothEnds: a deposit moves the price by the rounding to whole units, before the
// first trade of a day and after the last; the range holds them all the same.
func TestRangeHoldsBothEnds(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) {
		m.LiquidityData = math.NewInt(1009)
	})
	trader, text := f.Funded(t, 2, 100_000_000_000)
	f.Fund(t, trader, coin("100000data/1"))
	add := func() {
		_, err := f.Msg.AddLiquidity(f.Ctx, &types.MsgAddLiquidity{
			Sender: text, PoolId: id, MaxAlita: math.NewInt(10_000_000), MaxData: math.NewInt(11), MinShares: math.OneInt(), Deadline: f.Deadline(),
		})
		require.NoError(t, err)
	}
	f.NextBlock(types.DaySeconds)
	before, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	open := priceOf(t, before.Reserves)
	add()
	f.NextBlock(types.HourSeconds)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100data/1"))
	require.NoError(t, err)
	f.NextBlock(types.HourSeconds)
	add()
	after, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	last := priceOf(t, after.Reserves)
	day := candles(f, t, id, types.CANDLE_INTERVAL_DAY, 0, 0)[0]
	require.Equal(t, priceText(&open), day.Open)
	require.Equal(t, priceText(&open), day.High, "the deposit lowered the price, the trade lowered it more")
	require.Equal(t, priceText(&last), day.Close)
	require.Equal(t, priceText(&last), day.Low)
	f.NextBlock(types.DaySeconds)
	add()
	require.Equal(t, day, candles(f, t, id, types.CANDLE_INTERVAL_DAY, 0, 0)[0], "as it was kept")
}

// TestGapsOfAnyLengthCostTheSame: the first trade after three years writes one candle of
// each kind, and nothing for the time without trades.
func TestGapsOfAnyLengthCostTheSame(t *testing.T) {
	for _, seconds := range []int64{types.DaySeconds, 3 * 365 * types.DaySeconds} {
		f := testutil.New(t)
		id, trader, _ := traders(f, t)
		f.NextBlock(seconds)
		before := dump(f.Ctx, f, types.StoreKey)
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, f.Text(trader), id, "1000000ualita"))
		require.NoError(t, err)
		changed := 0
		for key, value := range dump(f.Ctx, f, types.StoreKey) {
			if string(before[key]) != string(value) {
				changed++
			}
		}
		require.Equal(t, 6, changed, "the market, an observation, the sum of an hour, the chart and two candles")
	}
}

func dumpPrefix(f *testutil.Fixture, prefix []byte) map[string][]byte {
	out := dump(f.Ctx, f, types.StoreKey)
	maps.DeleteFunc(out, func(key string, _ []byte) bool { return !strings.HasPrefix(key, string(prefix)) })
	return out
}
