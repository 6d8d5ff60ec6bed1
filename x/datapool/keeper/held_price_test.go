package keeper_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	sdkmath "cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// market is a pool of 1,000 ALITA and 10,000 Data Tokens with a fee of 0.3 %, a day old, in
// which an attacker and others trade.
type market struct {
	t    *testing.T
	f    *testutil.Fixture
	id   uint64
	rand *rand.Rand
	others
}

// others trade now and then by a part of the reserve, and bring the price back to the fair
// one; the attacker pushes it again. Times are means in seconds; zero is never.
type others struct {
	name        string
	noise, size float64
	arbitrage   float64
	again       bool
}

const (
	fair   = 0.1 // ALITA for a Data Token
	fee    = 0.003
	jobFee = 200.0 // the computation fee of the job, which Data Tokens of equal worth match
)

var attacker, other = testutil.Account(2), testutil.Account(3)

func newMarket(t *testing.T, seed uint64, o others) *market {
	t.Helper()
	m := &market{t: t, f: testutil.New(t), rand: rand.New(rand.NewPCG(11, seed)), others: o}
	m.id = m.f.CreatePool(t, 1, "SPEED", func(msg *types.MsgCreatePool) { msg.Fees = types.FeePolicy{SwapFeePpm: 3000} })
	for _, a := range []sdk.AccAddress{attacker, other} {
		m.f.Fund(t, a, coin("1000000000000ualita"), coin("10000000000000data/1")) // more than there are: the supply is not what is tested
	}
	m.f.NextBlock(22 * 3600)
	m.pass(2*3600, nil)
	return m
}

func (m *market) price() float64 {
	p, err := m.f.Keeper.Pool(m.f.Ctx, m.id)
	require.NoError(m.t, err)
	return float64(p.Reserves.Alita.Int64()) / float64(p.Reserves.Data.Int64())
}

// sell sells an amount, in whole coins.
func (m *market) sell(who sdk.AccAddress, alita bool, amount float64) {
	denom := types.BaseDenom
	if !alita {
		denom = types.DataDenom(m.id)
	}
	_, err := m.f.Msg.SwapExactIn(m.f.Ctx, &types.MsgSwapExactIn{
		Sender: m.f.Text(who), PoolId: m.id, TokenIn: sdk.NewInt64Coin(denom, int64(amount*1e6)+1), MinOut: sdkmath.OneInt(), Deadline: m.f.Deadline(),
	})
	require.NoError(m.t, err)
}

// to trades to a price.
func (m *market) to(who sdk.AccAddress, price float64) {
	p, err := m.f.Keeper.Pool(m.f.Ctx, m.id)
	require.NoError(m.t, err)
	x, y := float64(p.Reserves.Alita.Int64())/1e6, float64(p.Reserves.Data.Int64())/1e6
	if in := math.Sqrt(x*y*price) - x; in > 0 {
		m.sell(who, true, in/(1-fee))
	} else if in := math.Sqrt(x*y/price) - y; in > 0 {
		m.sell(who, false, in/(1-fee))
	}
}

// pass lets seconds pass in which the others trade; watch is called after they have
// brought the price back.
func (m *market) pass(seconds float64, watch func()) {
	for seconds > 0 {
		wait, kind := seconds, 0
		if m.noise > 0 {
			if d := m.rand.ExpFloat64() * m.noise; d < wait {
				wait, kind = d, 1
			}
		}
		if m.arbitrage > 0 {
			if d := m.rand.ExpFloat64() * m.arbitrage; d < wait {
				wait, kind = d, 2
			}
		}
		wait = math.Ceil(wait)
		m.f.NextBlock(int64(wait))
		seconds -= wait
		switch kind {
		case 1:
			if m.rand.IntN(2) == 0 {
				m.sell(other, true, 1000*m.size*m.rand.Float64())
			} else {
				m.sell(other, false, 10_000*m.size*m.rand.Float64())
			}
		case 2:
			if now := m.price(); now > fair*(1+fee) {
				m.to(other, fair*(1+fee))
			} else if now < fair*(1-fee) {
				m.to(other, fair*(1-fee))
			}
			if watch != nil && m.again {
				watch()
			}
		}
	}
}

// dataFee is what a job pays in Data Tokens.
func (m *market) dataFee() float64 {
	price, err := m.f.Keeper.DataPerAlita(m.f.Ctx, m.id)
	require.NoError(m.t, err)
	per, _ := new(big.Float).SetInt(price.BigInt()).Float64()
	return jobFee * per / math.Exp2(64)
}

func (m *market) balance(denom string) float64 {
	return float64(m.f.Balance(attacker, denom).Int64()) / 1e6
}

// attack moves the price by a factor, holds it, opens a job, and undoes its trades. It
// returns the gain in ALITA at the fair price: of a consumer who makes Data Tokens dear, or of
// an owner who makes them cheap for a job that takes at most 2 % more than its quote.
func (m *market) attack(push float64, hold float64) float64 {
	alita, data := m.balance(types.BaseDenom), m.balance(types.DataDenom(m.id))
	quote, target := m.dataFee(), m.price()*push
	m.to(attacker, target)
	m.f.NextBlock(1)
	m.pass(hold, func() {
		if now := m.price(); push > 1 && now < target*0.995 || push < 1 && now > target*1.005 {
			m.to(attacker, target)
		}
	})
	paid := m.dataFee()
	if held := m.balance(types.DataDenom(m.id)) - data; held > 0 {
		m.f.NextBlock(1)
		m.sell(attacker, false, held)
	} else if held < 0 {
		p, err := m.f.Keeper.Pool(m.f.Ctx, m.id)
		require.NoError(m.t, err)
		if -held*1e6 >= 0.99*float64(p.Reserves.Data.Int64()) {
			return math.Inf(-1) // others have bought what was sold: it costs more than all that could be gained
		}
		_, err = m.f.Msg.SwapExactOut(m.f.Ctx, &types.MsgSwapExactOut{
			Sender: m.f.Text(attacker), PoolId: m.id, TokenOut: sdk.NewInt64Coin(types.DataDenom(m.id), int64(-held*1e6)), MaxIn: sdkmath.NewInt(1_000_000_000_000), Deadline: m.f.Deadline(),
		})
		require.NoError(m.t, err)
		paid = math.Max(paid, m.dataFee())
	}
	cost := m.balance(types.BaseDenom) - alita
	if push > 1 {
		return (quote-paid)*fair + cost
	}
	return math.Min(paid-quote, 0.02*quote)*fair + cost
}

// best is what an attack gains at most, and how.
type best struct{ gain, push, hold float64 }

func (b *best) take(gain, push, hold float64) {
	if gain > b.gain {
		*b = best{gain, push, hold}
	}
}

func (b best) String() string {
	return fmt.Sprintf("%.2f (price times %.2f for %.0f s)", b.gain, b.push, b.hold)
}

// TestAttackHeldPrice is the table of docs/adr/0031-three-means.md: what a price that is
// pushed and held saves the consumer, or earns the owner, of a job with 200 ALITA of
// computation fee. The pool is idle, thin or busy. It logs its row of the table.
func TestAttackHeldPrice(t *testing.T) {
	for _, tc := range []struct {
		others
		holds            []float64
		seeds            uint64
		hours, day, dump float64 // the most that is gained
	}{
		{others{name: "idle"}, []float64{0, 30, 300, 900, 1800, 3600, 4 * 3600, 25 * 3600}, 1, 22.5, 148, 4.0},
		{others{"thin", 3600, 0.01, 7200, true}, []float64{0, 300, 1800, 4 * 3600}, 4, 3, 3, 5.5},
		{others{"busy", 30, 0.002, 60, true}, []float64{0, 30, 300, 1800}, 8, 0.2, 0.2, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var hours, day, dump best
			base := make([]*market, tc.seeds)
			for seed := range base {
				base[seed] = newMarket(t, uint64(seed), tc.others)
			}
			for _, hold := range tc.holds {
				for _, push := range []float64{1.02, 1.05, 1.2, 1.5, 4, 1 / 1.02, 1 / 1.05, 1 / 1.5, 0.25} {
					gain := 0.0
					for seed, b := range base {
						m := *b
						f := *b.f
						f.Ctx, _ = b.f.Ctx.CacheContext()
						m.f, m.rand = &f, rand.New(rand.NewPCG(uint64(seed), uint64(hold)))
						gain += m.attack(push, hold) / float64(tc.seeds)
					}
					if push < 1 {
						dump.take(gain, push, hold)
						continue
					}
					day.take(gain, push, hold)
					if hold <= 4*3600 {
						hours.take(gain, push, hold)
					}
				}
			}
			t.Logf("pump of up to 4 h: %v ALITA; of any time: %v; dump: %v", hours, day, dump)
			require.LessOrEqual(t, hours.gain, tc.hours, "a pump of up to 4 h")
			require.LessOrEqual(t, day.gain, tc.day)
			require.LessOrEqual(t, dump.gain, tc.dump)
		})
	}
}

// TestAttackPaintedCandles: one account that trades with itself paints neither prices nor
// volume: what it does and undoes within a second is in no candle, and what it trades
// back and forth counts once.
func TestAttackPaintedCandles(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", func(m *types.MsgCreatePool) { m.Fees = types.FeePolicy{} })
	trader, text := f.Funded(t, 2, 100_000_000_000)
	f.Fund(t, trader, coin("100000000000data/1"))
	for range 50 {
		f.NextBlock(1)
		out, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "2000000000ualita")) // nine times the price
		require.NoError(t, err)
		f.NextBlock(0) // another block of the same second
		_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, out.TokenOut.String()))
		require.NoError(t, err)
	}
	f.NextBlock(1)
	got := candles(f, t, id, types.CANDLE_INTERVAL_HOUR, 0, 0)
	require.Len(t, got, 1)
	require.EqualValues(t, 100, got[0].Swaps)
	require.InDelta(t, 2000, toFloat(t, got[0].VolumeAlita), 0.001, "of 200,000")
	require.InDelta(t, 6666.666, toFloat(t, got[0].VolumeData), 0.001)
	require.Equal(t, "0.1", got[0].Open)
	require.InDelta(t, 0.1, toFloat(t, got[0].High), 1e-6)
	require.InDelta(t, 0.1, toFloat(t, got[0].Low), 1e-6)
}

func toFloat(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}
