package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// perContext is how many messages share one uncommitted context, as in a block.
const perContext = 50

// benchmark runs a message perContext times in each of many cached contexts and
// reports gas for each run of it.
func benchmark(b *testing.B, f *testutil.Fixture, run func(ctx sdk.Context) error) {
	b.Helper()
	b.ReportAllocs()
	var gas uint64
	ctx := f.Ctx
	for i := 0; b.Loop(); i++ {
		if i%perContext == 0 {
			b.StopTimer()
			ctx, _ = f.Ctx.CacheContext()
			b.StartTimer()
		}
		before := ctx.GasMeter().GasConsumed()
		// A message has an event manager of its own, as under baseapp.
		if err := run(ctx.WithEventManager(sdk.NewEventManager())); err != nil {
			b.Fatal(err)
		}
		gas += ctx.GasMeter().GasConsumed() - before
	}
	b.ReportMetric(float64(gas)/float64(b.N), "gas/op")
}

// BenchmarkKeeper measures messages and quotes against a bank send in one run, in
// pools without and with the block guard.
func BenchmarkKeeper(b *testing.B) {
	f := testutil.New(b)
	plain := f.CreatePool(b, 1, "SPEED", nil)
	guarded := f.CreatePool(b, 1, "LIGHT", func(m *types.MsgCreatePool) { m.BlockGuard = true })
	_, text := f.Funded(b, 2, 1_000_000_000_000)
	_, other := f.Funded(b, 3, 1_000_000)

	bank := bankkeeper.NewMsgServerImpl(f.Bank)
	send := &banktypes.MsgSend{FromAddress: text, ToAddress: other, Amount: sdk.NewCoins(sdk.NewInt64Coin(types.BaseDenom, 1000))}
	b.Run("bank send", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := bank.Send(ctx, send); return err })
	})
	for _, pool := range []struct {
		name string
		id   uint64
	}{{"plain", plain}, {"guarded", guarded}} {
		// The trader has all coins of the pool before, as most traders do.
		for _, in := range []string{"1000000ualita", "1000" + types.DataDenom(pool.id)} {
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, pool.id, in))
			require.NoError(b, err)
		}
		_, err := f.Msg.AddLiquidity(f.Ctx, addMsg(f, text, pool.id, 10_000))
		require.NoError(b, err)
		f.NextBlock(1)
		b.Run(pool.name, func(b *testing.B) { benchmarkPool(b, f, text, pool.id) })
	}
	b.Run("routes", func(b *testing.B) {
		in := &types.MsgSwapRouteExactIn{
			Sender: text, TokenIn: sdk.NewInt64Coin(types.DataDenom(plain), 10_000), DenomOut: types.DataDenom(guarded),
			MinOut: math.OneInt(), Deadline: f.Deadline(),
		}
		b.Run("exact in", func(b *testing.B) {
			benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapRouteExactIn(ctx, in); return err })
		})
		out := &types.MsgSwapRouteExactOut{
			Sender: text, DenomIn: types.DataDenom(plain), TokenOut: sdk.NewInt64Coin(types.DataDenom(guarded), 9_000),
			MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
		}
		b.Run("exact out", func(b *testing.B) {
			benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapRouteExactOut(ctx, out); return err })
		})
	})
}

func addMsg(f *testutil.Fixture, sender string, id uint64, alita int64) *types.MsgAddLiquidity {
	return &types.MsgAddLiquidity{
		Sender: sender, PoolId: id, MaxAlita: math.NewInt(alita), MaxData: math.NewInt(10 * alita),
		MinShares: math.OneInt(), Deadline: f.Deadline(),
	}
}

// benchmarkPool measures the messages and quotes of one pool.
func benchmarkPool(b *testing.B, f *testutil.Fixture, sender string, id uint64) {
	in := swapIn(f, sender, id, "10000ualita")
	b.Run("swap exact in", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapExactIn(ctx, in); return err })
	})
	out := &types.MsgSwapExactOut{
		Sender: sender, PoolId: id, TokenOut: sdk.NewInt64Coin(types.DataDenom(id), 10000),
		MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
	}
	b.Run("swap exact out", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapExactOut(ctx, out); return err })
	})
	add := addMsg(f, sender, id, 10_000)
	remove := &types.MsgRemoveLiquidity{
		Sender: sender, PoolId: id, Shares: math.NewInt(10_000), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
	}
	b.Run("add and remove", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error {
			if _, err := f.Msg.AddLiquidity(ctx, add); err != nil {
				return err
			}
			_, err := f.Msg.RemoveLiquidity(ctx, remove)
			return err
		})
	})
	give := &types.MsgAddLiquiditySingle{
		Sender: sender, PoolId: id, TokenIn: sdk.NewInt64Coin(types.BaseDenom, 10_000), MinShares: math.OneInt(), Deadline: f.Deadline(),
	}
	b.Run("add one coin", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.AddLiquiditySingle(ctx, give); return err })
	})
	take := &types.MsgRemoveLiquiditySingle{
		Sender: sender, PoolId: id, Shares: math.NewInt(100), DenomOut: types.BaseDenom, MinOut: math.OneInt(), Deadline: f.Deadline(),
	}
	b.Run("remove to one coin", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.RemoveLiquiditySingle(ctx, take); return err })
	})
	quote := &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: "10000ualita"}
	b.Run("quote query", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Query.QuoteSwapExactIn(ctx, quote); return err })
	})
}
