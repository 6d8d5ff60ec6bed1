package trader_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/trader"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount(testutil.Prefix, testutil.Prefix+"pub")
	os.Exit(m.Run())
}

// setup returns a market with pools 1, SPEED, and 2, LIGHT, of 1,000 ALITA and 10,000 tokens each, with a fee of 0.3 %,
// and a trader with 100,000 ALITA.
func setup(t *testing.T) (*testutil.Fixture, trader.Market, string) {
	t.Helper()
	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", nil)
	f.CreatePool(t, 1, "LIGHT", nil)
	_, sender := f.Funded(t, 2, 100_000_000_000)
	return f, trader.New(f.Serve(t)), sender
}

func pool(t *testing.T, m trader.Market, ref string) types.Pool {
	t.Helper()
	p, err := m.Pool(t.Context(), ref)
	require.NoError(t, err)
	return p
}

func TestPool(t *testing.T) {
	_, m, _ := setup(t)
	for _, ref := range []string{"2", "LIGHT", "light", "Light", "data/2", "share/2"} {
		require.EqualValues(t, 2, pool(t, m, ref).Id, ref)
	}
	_, err := m.Pool(t.Context(), "9")
	require.Equal(t, codes.NotFound, status.Code(err))
	_, err = m.Pool(t.Context(), "OTHER")
	require.Equal(t, codes.NotFound, status.Code(err))
}

func alita(n int64) sdk.Coin { return sdk.NewInt64Coin("ualita", n) }
func data1(n int64) sdk.Coin { return sdk.NewInt64Coin("data/1", n) }
func data2(n int64) sdk.Coin { return sdk.NewInt64Coin("data/2", n) }

// TestSwapOrders checks the sides, the bounds and the message of each way to swap. The amounts are those of
// x/datapool's README: 100 ALITA bring 906.610893 SPEED; 100 SPEED bring 9.87158 ALITA, which bring 97.46045 LIGHT.
func TestSwapOrders(t *testing.T) {
	_, m, sender := setup(t)
	speed, light := pool(t, m, "SPEED"), pool(t, m, "LIGHT")
	terms := trader.Terms{Sender: sender, Tolerance: 5000, Deadline: time.Unix(1_900_000_000, 0).UTC()}
	for name, c := range map[string]struct {
		quote             func() (trader.Quote, error)
		kind              trader.Kind
		give, get         sdk.Coin
		most, least       []sdk.Coin
		through           sdk.Coin
		paid, before, fee string
		impact            uint32
		msg               sdk.Msg
	}{
		"sell": {
			func() (trader.Quote, error) { return m.Sell(t.Context(), speed, alita(100_000_000)) },
			trader.Sale, alita(100_000_000), data1(906_610_893), nil,
			[]sdk.Coin{data1(902_077_838)},
			sdk.Coin{},
			"0.110300903", "0.100000000", "300000ualita", 90_662,
			&types.MsgSwapExactIn{Sender: sender, PoolId: 1, TokenIn: alita(100_000_000), MinOut: math.NewInt(902_077_838), Deadline: terms.Deadline},
		},
		"buy": {
			func() (trader.Quote, error) { return m.Buy(t.Context(), speed, data1(906_610_893)) },
			trader.Purchase, alita(100_000_000), data1(906_610_893),
			[]sdk.Coin{alita(100_500_000)},
			nil,
			sdk.Coin{},
			"0.110300903", "0.100000000", "300000ualita", 90_662,
			&types.MsgSwapExactOut{Sender: sender, PoolId: 1, TokenOut: data1(906_610_893), MaxIn: math.NewInt(100_500_000), Deadline: terms.Deadline},
		},
		"sell by a route": {
			func() (trader.Quote, error) { return m.SellRoute(t.Context(), speed, light, data1(100_000_000)) },
			trader.Sale, data1(100_000_000), data2(97_460_450), nil,
			[]sdk.Coin{data2(96_973_147)},
			alita(9_871_580),
			"1.026057237", "1.000000000", "300000data/1 29614ualita", 19_523,
			&types.MsgSwapRouteExactIn{Sender: sender, TokenIn: data1(100_000_000), DenomOut: "data/2", MinOut: math.NewInt(96_973_147), Deadline: terms.Deadline},
		},
		"buy by a route": {
			func() (trader.Quote, error) { return m.BuyRoute(t.Context(), speed, light, data2(98_000_000)) },
			trader.Purchase, data1(100_564_692), data2(98_000_000),
			[]sdk.Coin{data1(101_067_516)},
			nil, alita(9_926_771),
			"1.026170327", "1.000000000", "301694data/1 29780ualita", 19_630,
			&types.MsgSwapRouteExactOut{Sender: sender, DenomIn: "data/1", TokenOut: data2(98_000_000), MaxIn: math.NewInt(101_067_516), Deadline: terms.Deadline},
		},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := c.quote()
			require.NoError(t, err)
			require.Equal(t, c.kind, q.Kind)
			require.Equal(t, []sdk.Coin{c.give}, q.Give)
			require.Equal(t, []sdk.Coin{c.get}, q.Get)
			require.Equal(t, c.through, q.Through)
			require.Zero(t, q.Swapped)
			paid, before := q.Prices()
			require.Equal(t, c.paid, paid.FloatString(9))
			require.Equal(t, c.before, before.FloatString(9))
			fees := ""
			for _, f := range q.Fees {
				require.EqualValues(t, 3000, f.RatePPM)
				fees += " " + f.Total().String()
			}
			require.Equal(t, " "+c.fee, fees)
			require.Equal(t, c.impact, q.ImpactPPM)
			o := q.Order(terms)
			require.Equal(t, c.most, o.Most)
			require.Equal(t, c.least, o.Least)
			require.Equal(t, c.msg, o.Msg)
		})
	}
}

func TestLimit(t *testing.T) {
	_, m, sender := setup(t)
	q, err := m.Buy(t.Context(), pool(t, m, "SPEED"), data1(906_610_893))
	require.NoError(t, err)
	terms := trader.Terms{Sender: sender, Tolerance: 5000}
	for limit, most := range map[int64]int64{100_000_000: 100_000_000, 100_100_000: 100_100_000, 200_000_000: 100_500_000} {
		limited, err := q.Limit(alita(limit))
		require.NoError(t, err)
		o := limited.Order(terms)
		require.Equal(t, []sdk.Coin{alita(most)}, o.Most)
		require.Equal(t, math.NewInt(most), o.Msg.(*types.MsgSwapExactOut).MaxIn)
	}
	require.Equal(t, []sdk.Coin{alita(100_500_000)}, q.Order(terms).Most, "the quote itself has no limit")
	_, err = q.Limit(alita(99_999_999))
	require.ErrorContains(t, err, "expected at least 100 ALITA, which is asked, got 99.999999 ALITA")
	_, err = q.Limit(data1(1))
	require.ErrorContains(t, err, "expected a limit in the coin of 100 ALITA")
	sale, err := m.Sell(t.Context(), pool(t, m, "SPEED"), alita(1_000_000))
	require.NoError(t, err)
	_, err = sale.Limit(alita(2_000_000))
	require.ErrorContains(t, err, "expected a purchase")
}

// TestLiquidityOrders sends the message of each order: the chain does what was quoted.
func TestLiquidityOrders(t *testing.T) {
	f, m, sender := setup(t)
	account := testutil.Account(2)
	f.Fund(t, account, data1(1_000_000_000))
	terms := trader.Terms{Sender: sender, Tolerance: 5000, Deadline: f.Deadline()}
	order := func(q trader.Quote, err error) trader.Order {
		t.Helper()
		require.NoError(t, err)
		o := q.Order(terms)
		require.NotNil(t, o.Least, "shares and coins are quoted")
		paid, before := q.Prices()
		require.Nil(t, paid)
		require.Nil(t, before)
		return o
	}

	// 5 ALITA go with 50 SPEED: the pool holds 1,000 and 10,000.
	o := order(m.Deposit(t.Context(), pool(t, m, "SPEED"), alita(5_000_000)))
	require.Equal(t, trader.Deposit, o.Kind)
	require.Equal(t, []sdk.Coin{alita(5_000_000), data1(50_000_000)}, o.Give)
	require.Equal(t, []sdk.Coin{alita(5_000_000), data1(50_250_002)}, o.Most, "no more of the named coin; the other with the tolerance")
	added, err := f.Msg.AddLiquidity(f.Ctx, o.Msg.(*types.MsgAddLiquidity))
	require.NoError(t, err)
	require.Equal(t, o.Get, []sdk.Coin{added.Shares})
	require.Equal(t, o.Give, []sdk.Coin{alita(added.Used.Alita.Int64()), data1(added.Used.Data.Int64())})

	o = order(m.Deposit(t.Context(), pool(t, m, "SPEED"), data1(10_000_000)))
	require.Equal(t, data1(10_000_000), o.Most[1])
	_, err = f.Msg.AddLiquidity(f.Ctx, o.Msg.(*types.MsgAddLiquidity))
	require.NoError(t, err)

	o = order(m.DepositSingle(t.Context(), pool(t, m, "SPEED"), alita(7_000_000)))
	require.Nil(t, o.Most)
	require.Equal(t, "ualita", o.Swapped.Denom)
	single, err := f.Msg.AddLiquiditySingle(f.Ctx, o.Msg.(*types.MsgAddLiquiditySingle))
	require.NoError(t, err)
	require.Equal(t, o.Get, []sdk.Coin{single.Shares})
	require.Equal(t, o.Swapped, single.Swapped)

	held := f.Balance(account, "share/1")
	half, err := m.Shares(t.Context(), pool(t, m, "SPEED"), sender, "50%")
	require.NoError(t, err)
	require.Equal(t, held.QuoRaw(2), half)
	o = order(m.Withdraw(t.Context(), pool(t, m, "SPEED"), half))
	require.Equal(t, trader.Withdrawal, o.Kind)
	require.Nil(t, o.Most)
	require.Len(t, o.Least, 2)
	removed, err := f.Msg.RemoveLiquidity(f.Ctx, o.Msg.(*types.MsgRemoveLiquidity))
	require.NoError(t, err)
	require.Equal(t, o.Get, []sdk.Coin{alita(removed.Paid.Alita.Int64()), data1(removed.Paid.Data.Int64())})

	rest, err := m.Shares(t.Context(), pool(t, m, "SPEED"), sender, "100%")
	require.NoError(t, err)
	o = order(m.WithdrawSingle(t.Context(), pool(t, m, "SPEED"), rest, "data/1"))
	require.Equal(t, "ualita", o.Swapped.Denom)
	last, err := f.Msg.RemoveLiquiditySingle(f.Ctx, o.Msg.(*types.MsgRemoveLiquiditySingle))
	require.NoError(t, err)
	require.Equal(t, o.Get, []sdk.Coin{last.TokenOut})

	_, err = m.Shares(t.Context(), pool(t, m, "SPEED"), sender, "1%")
	require.ErrorContains(t, err, "none of share/1")
	for _, bad := range []string{"101%", "x%", "5ALITA", "5"} {
		_, err = m.Shares(t.Context(), pool(t, m, "SPEED"), sender, bad)
		require.Error(t, err, bad)
	}
	some, err := m.Shares(t.Context(), pool(t, m, "SPEED"), sender, "0.5speed-share")
	require.NoError(t, err)
	require.Equal(t, "500000", some.String())
}
