package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func guardOn(m *types.MsgCreatePool) { m.BlockGuard = true }

// TestBlockGuard: who buys and sells in one block sells at no better than the price
// at which the block opened; the rest stays in the reserves.
func TestBlockGuard(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", guardOn)
	_, text := f.Funded(t, 2, 2_000_000_000)
	bought, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	require.Equal(t, "906610893data/1", bought.TokenOut.String(), "the first trade is the curve's")
	require.Equal(t, "0", bought.Surcharge.String())
	open := sdk.UnwrapSDKContext(f.Ctx)

	// The curve gives 99445030, the opening's price of a tenth 90389106 with e = 0.997*906610893:
	// no more than what was bought comes back.
	f.Ctx, _ = open.CacheContext()
	sold, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "906610893data/1"))
	require.NoError(t, err)
	require.Equal(t, "90389106ualita", sold.TokenOut.String())
	require.Equal(t, "9055924", sold.Surcharge.String())
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, math.NewInt(1_099_889_000-90_389_106), p.Reserves.Alita)
	require.Equal(t, types.Opening{
		Height: 1, Reserves: types.Amounts{Alita: math.NewInt(1_000_000_000), Data: math.NewInt(10_000_000_000)},
	}, p.Opening)
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// 80 ALITA exactly: the curve asks 715430904, the opening's price 802407222, for which the
	// curve would give 88939309.
	f.Ctx, _ = open.CacheContext()
	exact, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
		Sender: text, PoolId: id, TokenOut: coin("80000000ualita"), MaxIn: math.NewInt(900_000_000), Deadline: f.Deadline(),
	})
	require.NoError(t, err)
	require.Equal(t, "802407222data/1", exact.TokenIn.String())
	require.Equal(t, "8939309", exact.Surcharge.String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))

	// The next block opens at the price that stands: nothing is withheld.
	f.Ctx = open
	f.NextBlock(5)
	later, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "906610893data/1"))
	require.NoError(t, err)
	require.Equal(t, "99445030ualita", later.TokenOut.String())
	require.Equal(t, "0", later.Surcharge.String())
}

// TestBlockGuardFollowsTheLiquidity: a deposit in the block scales the opening with
// the shares, rounded down, and a deposit before any trade leaves it to the first.
func TestBlockGuardFollowsTheLiquidity(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", guardOn)
	_, text := f.Funded(t, 2, 10_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	in := add(t, f, text, id, 50_000_000, 900_000_000)
	p, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	total := math.NewInt(3_162_277_660)
	scaled := func(v int64) math.Int { return math.NewInt(v).Mul(total.Add(in.Shares.Amount)).Quo(total) }
	require.Equal(t, types.Amounts{Alita: scaled(1_000_000_000), Data: scaled(10_000_000_000)}, p.Opening.Reserves)

	remove(t, f, text, id, in.Shares.Amount)
	p, err = f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	for v, want := range map[string]int64{p.Opening.Reserves.Alita.String(): 1_000_000_000, p.Opening.Reserves.Data.String(): 10_000_000_000} {
		got, ok := math.NewIntFromString(v)
		require.True(t, ok)
		require.True(t, got.GTE(math.NewInt(want-1)) && got.LTE(math.NewInt(want)), "%s, at most a unit below %d", v, want)
	}

	f.NextBlock(5)
	before, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	add(t, f, text, id, 50_000_000, 900_000_000)
	p, err = f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, before.Opening, p.Opening, "no trade yet: the opening of the last block is of no use")
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
	after, err := f.Keeper.Pool(f.Ctx, id)
	require.NoError(t, err)
	require.Equal(t, types.Opening{Height: 2, Reserves: p.Reserves}, after.Opening)
}

// TestBlockGuardInSimulation: a simulated transaction is judged as in the next block,
// and its own messages among themselves as there.
func TestBlockGuardInSimulation(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", guardOn)
	_, text := f.Funded(t, 2, 10_000_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "100000000ualita"))
	require.NoError(t, err)
	both := func(ctx sdk.Context) (first, second *types.MsgSwapExactInResponse) {
		cached, _ := ctx.CacheContext()
		first, err := f.Msg.SwapExactIn(cached, swapIn(f, text, id, "906610893data/1"))
		require.NoError(t, err)
		second, err = f.Msg.SwapExactIn(cached, swapIn(f, text, id, "50000000ualita"))
		require.NoError(t, err)
		return first, second
	}
	first, second := both(f.Ctx.WithExecMode(sdk.ExecModeSimulate))
	require.Equal(t, "99445030ualita", first.TokenOut.String())
	require.True(t, second.Surcharge.IsPositive(), "the second message of the simulated transaction is guarded")
	f.NextBlock(0)
	wantFirst, wantSecond := both(f.Ctx)
	require.Equal(t, wantFirst, first)
	require.Equal(t, wantSecond, second)
}

// TestSandwich: an attacker buys before a victim who accepts 1 % of slippage, and
// sells after it in the same block. In a plain pool the best size earns; in a guarded
// one every size loses, however the sale is made.
func TestSandwich(t *testing.T) {
	f := testutil.New(t)
	pool := map[bool]uint64{
		false: f.CreatePool(t, 1, "SPEED", nil),
		true:  f.CreatePool(t, 1, "LIGHT", guardOn),
	}
	attacker, evil := f.Funded(t, 2, 10_000_000_000)
	_, victim := f.Funded(t, 3, 1_000_000_000)
	start := f.Ctx
	all := func(id uint64) sdk.Coin {
		return sdk.Coin{Denom: types.DataDenom(id), Amount: f.Balance(attacker, types.DataDenom(id))}
	}
	sell := func(id uint64, c sdk.Coin) {
		_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, evil, id, c.String()))
		require.NoError(t, err)
	}
	exits := map[string]func(id uint64){
		"at once": func(id uint64) { sell(id, all(id)) },
		"in ten parts": func(id uint64) {
			part := all(id)
			part.Amount = part.Amount.QuoRaw(10)
			for range 9 {
				sell(id, part)
			}
			sell(id, all(id))
		},
		"exact out": func(id uint64) {
			q, err := f.Keeper.QuoteSwapExactIn(f.Ctx, id, all(id))
			require.NoError(t, err)
			_, err = f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
				Sender: evil, PoolId: id, TokenOut: q.TokenOut(), MaxIn: all(id).Amount, Deadline: f.Deadline(),
			})
			require.NoError(t, err)
		},
		"by way of shares": func(id uint64) {
			in, err := f.Msg.AddLiquiditySingle(f.Ctx, &types.MsgAddLiquiditySingle{
				Sender: evil, PoolId: id, TokenIn: all(id), MinShares: math.OneInt(), Deadline: f.Deadline(),
			})
			require.NoError(t, err)
			_, err = f.Msg.RemoveLiquiditySingle(f.Ctx, &types.MsgRemoveLiquiditySingle{
				Sender: evil, PoolId: id, Shares: in.Shares.Amount, DenomOut: types.BaseDenom, MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
			require.NoError(t, err)
		},
	}
	// sandwich returns what the attacker has gained; false if the victim's bound held.
	sandwich := func(id uint64, size int64, exit func(uint64)) (math.Int, bool) {
		f.Ctx, _ = start.CacheContext()
		q, err := f.Query.QuoteSwapExactIn(f.Ctx, &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: "100000000ualita"})
		require.NoError(t, err)
		had := f.Balance(attacker, types.BaseDenom)
		_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, evil, id, sdk.NewInt64Coin(types.BaseDenom, size).String()))
		require.NoError(t, err)
		trade := swapIn(f, victim, id, "100000000ualita")
		trade.MinOut = q.TokenOut.Amount.MulRaw(99).QuoRaw(100)
		if _, err := f.Msg.SwapExactIn(f.Ctx, trade); err != nil {
			require.ErrorIs(t, err, types.ErrSlippage)
			return math.Int{}, false
		}
		exit(id)
		require.NoError(t, f.Keeper.Invariants(f.Ctx))
		return f.Balance(attacker, types.BaseDenom).Sub(had), true
	}
	for name, exit := range exits {
		t.Run(name, func(t *testing.T) {
			best := map[bool]math.Int{}
			tried := 0
			for size := int64(200_000); size <= 10_000_000; size += 200_000 {
				for guard, id := range pool {
					gain, ok := sandwich(id, size, exit)
					if !ok {
						continue
					}
					tried++
					if best[guard].IsNil() || gain.GT(best[guard]) {
						best[guard] = gain
					}
				}
			}
			require.Greater(t, tried, 20)
			require.True(t, best[true].IsNegative(), "guarded: %s", best[true])
			if name == "at once" {
				require.True(t, best[false].IsPositive(), "plain: %s", best[false])
				t.Logf("best gain of a sandwich around 100 ALITA at 1%% slippage, in ualita: plain %s, guarded %s", best[false], best[true])
			}
		})
	}
	f.Ctx = start
}
