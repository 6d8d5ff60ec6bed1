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

// BenchmarkKeeper measures messages and quotes against a bank send in one run.
func BenchmarkKeeper(b *testing.B) {
	f := testutil.New(b)
	id := f.CreatePool(b, 1, "SPEED", nil)
	trader, text := f.Funded(b, 2, 1_000_000_000_000)
	_, other := f.Funded(b, 3, 1_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(b, err)
	f.NextBlock(1)

	bank := bankkeeper.NewMsgServerImpl(f.Bank)
	send := &banktypes.MsgSend{FromAddress: text, ToAddress: other, Amount: sdk.NewCoins(sdk.NewInt64Coin(types.BaseDenom, 1000))}
	b.Run("bank send", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := bank.Send(ctx, send); return err })
	})
	in := swapIn(f, text, id, "10000ualita")
	b.Run("swap exact in", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapExactIn(ctx, in); return err })
	})
	out := &types.MsgSwapExactOut{
		Sender: text, PoolId: id, TokenOut: sdk.NewInt64Coin(types.DataDenom(id), 10000),
		MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
	}
	b.Run("swap exact out", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Msg.SwapExactOut(ctx, out); return err })
	})
	add := &types.MsgAddLiquidity{
		Sender: text, PoolId: id, MaxAlita: math.NewInt(10_000), MaxData: math.NewInt(100_000),
		MinShares: math.OneInt(), Deadline: f.Deadline(),
	}
	remove := &types.MsgRemoveLiquidity{
		Sender: text, PoolId: id, Shares: math.NewInt(10_000), MinAlita: math.OneInt(), MinData: math.OneInt(), Deadline: f.Deadline(),
	}
	_, err = f.Msg.AddLiquidity(f.Ctx, add)
	require.NoError(b, err)
	require.True(b, f.Balance(trader, types.ShareDenom(id)).IsPositive())
	b.Run("add and remove liquidity", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error {
			if _, err := f.Msg.AddLiquidity(ctx, add); err != nil {
				return err
			}
			_, err := f.Msg.RemoveLiquidity(ctx, remove)
			return err
		})
	})
	quote := &types.QueryQuoteSwapExactInRequest{PoolId: id, TokenIn: "10000ualita"}
	b.Run("quote query", func(b *testing.B) {
		benchmark(b, f, func(ctx sdk.Context) error { _, err := f.Query.QuoteSwapExactIn(ctx, quote); return err })
	})
}
