package keeper_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/keeper"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSwapEventIsTheTypedOne compares the short way with the general one, both ways.
func TestSwapEventIsTheTypedOne(t *testing.T) {
	f := testutil.New(t)
	rapid.Check(t, func(r *rapid.T) {
		amount := func(label string) math.Int {
			if rapid.Bool().Draw(r, label+" zero") {
				return math.ZeroInt()
			}
			return anyAmount(r, label, 200)
		}
		id := rapid.Uint64Min(1).Draw(r, "pool")
		in, out := types.BaseDenom, types.DataDenom(id)
		if rapid.Bool().Draw(r, "back") {
			in, out = out, in
		}
		e := &types.EventSwap{
			PoolId: id, Sender: f.Text(testutil.Account(rapid.Uint64().Draw(r, "sender"))),
			TokenIn: sdk.Coin{Denom: in, Amount: amount("in")}, TokenOut: sdk.Coin{Denom: out, Amount: amount("out")},
			Fee:       types.FeeSplit{Liquidity: amount("l"), Maker: amount("m"), Protocol: amount("p"), Rewards: amount("r")},
			Reserves:  types.Amounts{Alita: amount("alita"), Data: amount("data")},
			Surcharge: amount("surcharge").String(),
		}
		want, err := sdk.TypedEventToEvent(e)
		require.NoError(r, err)
		got := keeper.SwapEvent(e)
		require.Equal(r, want, got)
		back, err := sdk.ParseTypedEvent(abci.Event(got))
		require.NoError(r, err)
		require.Equal(r, e.String(), back.(*types.EventSwap).String())
	})
}

// TestPoolsFromEventsAlone rebuilds what trades, deposits, gifts, rewards and claims
// make of a pool from the events, as an indexer does.
func TestPoolsFromEventsAlone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := testutil.New(t)
		seen := map[uint64]*types.Pool{}
		read := func() {
			for _, event := range f.Ctx.EventManager().Events() {
				follow(r, f, seen, abci.Event(event))
			}
			f.Ctx = f.Ctx.WithEventManager(sdk.NewEventManager())
		}
		ids := anyPools(r, f, r)
		read()
		for range rapid.IntRange(10, 40).Draw(r, "steps") {
			ctx := f.Ctx
			cached, write := ctx.CacheContext()
			f.Ctx = cached.WithEventManager(sdk.NewEventManager())
			if _, err := action(r, f, ids); err != nil {
				f.Ctx = ctx
				continue
			}
			write()
			read()
			f.Ctx = ctx.WithBlockHeight(f.Ctx.BlockHeight()).WithBlockTime(f.Ctx.BlockTime())
		}
		for _, p := range pools(r, f, ids) {
			got := seen[p.Id]
			require.NotNil(r, got)
			require.Equal(r, p.Reserves.String(), got.Reserves.String())
			require.Equal(r, p.Shares.String(), got.Shares.String())
			require.Equal(r, p.MakerFees.String(), got.MakerFees.String())
			require.Equal(r, p.ProtocolFees.String(), got.ProtocolFees.String())
			require.Equal(r, p.Rewards.String(), got.Rewards.String())
			require.Equal(r, p.Volume.String(), got.Volume.String())
			require.Equal(r, p.Swaps, got.Swaps)
			require.Equal(r, p.Vesting.Claimed.String(), got.Vesting.Claimed.String())
			require.Equal(r, p.DataSupply.String(), got.DataSupply.String())
			require.Equal(r, p.Maker, got.Maker)
			require.Equal(r, p.Paused, got.Paused)
		}
	})
}

func follow(r *rapid.T, f *testutil.Fixture, seen map[uint64]*types.Pool, event abci.Event) {
	msg, err := sdk.ParseTypedEvent(event)
	if err != nil {
		return // an event of another module
	}
	number := func(text string) math.Int {
		v, ok := math.NewIntFromString(text)
		require.True(r, ok, text)
		return v
	}
	switch e := msg.(type) {
	case *types.EventPoolCreated:
		none := types.Amounts{Alita: math.ZeroInt(), Data: math.ZeroInt()}
		seen[e.PoolId] = &types.Pool{
			Id: e.PoolId, Reserves: e.Reserves, Shares: number(e.Shares), DataSupply: number(e.DataSupply), Rewards: e.Rewards,
			MakerFees: none, ProtocolFees: none, Volume: none, Vesting: types.Vesting{Claimed: math.ZeroInt()},
			Hour:  types.PriceRange{Low: math.ZeroInt()},
			Maker: e.Maker, Run: types.Run{}.Proto(),
		}
	case *types.EventSwap:
		p := seen[e.PoolId]
		gave, got := &p.Reserves.Data, &p.Reserves.Alita
		alita, data := e.TokenOut.Amount, e.TokenIn.Amount
		fees, protocol, rewards := &p.MakerFees.Data, &p.ProtocolFees.Data, &p.Rewards.Data
		if e.TokenIn.Denom == types.BaseDenom {
			gave, got = got, gave
			alita, data = data, alita
			fees, protocol, rewards = &p.MakerFees.Alita, &p.ProtocolFees.Alita, &p.Rewards.Alita
		}
		*gave = gave.Add(e.TokenIn.Amount).Sub(e.Fee.Maker).Sub(e.Fee.Protocol).Sub(e.Fee.Rewards)
		*got = got.Sub(e.TokenOut.Amount)
		for to, part := range map[*math.Int]math.Int{fees: e.Fee.Maker, protocol: e.Fee.Protocol, rewards: e.Fee.Rewards} {
			*to = to.Add(part)
		}
		// What an account trades in a row in an hour counts once.
		if hour := f.Ctx.BlockTime().Unix() / types.HourSeconds; hour != p.Hour.Low.Int64() {
			p.Hour.Low, p.Run = math.NewInt(hour), types.Run{}.Proto()
		}
		trader, err := f.Address.StringToBytes(e.Sender)
		require.NoError(r, err)
		run := types.Run{Trader: p.Run.Trader}
		var traded amm.Int
		require.True(r, types.SetInt(&run.Above, p.Run.Above) && types.SetInt(&run.Below, p.Run.Below) && types.SetInt(&traded, alita))
		traded = run.Counted(trader, &traded, e.TokenIn.Denom == types.BaseDenom)
		p.Run = run.Proto()
		p.Volume.Alita = p.Volume.Alita.Add(types.MathInt(&traded))
		p.Volume.Data = p.Volume.Data.Add(data.Mul(types.MathInt(&traded)).Quo(alita))
		p.Swaps++
		require.False(r, number(e.Surcharge).IsNegative())
		require.Equal(r, e.Reserves.String(), p.Reserves.String(), "the amounts of a swap lead to the reserves after")
	case *types.EventLiquidityAdded:
		p := seen[e.PoolId]
		p.Reserves = types.Amounts{Alita: p.Reserves.Alita.Add(e.Used.Alita), Data: p.Reserves.Data.Add(e.Used.Data)}
		p.Shares = p.Shares.Add(number(e.Shares))
		require.Equal(r, e.Reserves.String(), p.Reserves.String(), "the amounts of a deposit lead to the reserves after")
		require.Equal(r, e.TotalShares, p.Shares.String())
	case *types.EventLiquidityRemoved:
		p := seen[e.PoolId]
		p.Reserves = types.Amounts{Alita: p.Reserves.Alita.Sub(e.Paid.Alita), Data: p.Reserves.Data.Sub(e.Paid.Data)}
		p.Shares = p.Shares.Sub(number(e.Shares))
		require.Equal(r, e.Reserves.String(), p.Reserves.String(), "the amounts of a withdrawal lead to the reserves after")
		require.Equal(r, e.TotalShares, p.Shares.String())
	case *types.EventSwept:
		seen[e.PoolId].Rewards, seen[e.PoolId].Shares = e.Rewards, number(e.TotalShares)
	case *types.EventPoolPaused:
		seen[e.PoolId].Paused = e.Paused
	case *types.EventRewardMatched:
		p := seen[e.PoolId]
		p.Rewards.Data = p.Rewards.Data.Sub(number(e.Paid))
		require.Equal(r, e.Rewards.String(), p.Rewards.String(), "what is matched leaves the budget")
	case *types.EventMakerChanged:
		seen[e.PoolId].Maker = e.Maker
	case *types.EventRewardsFunded:
		seen[e.PoolId].Rewards = e.Rewards
	case *types.EventRewardPaid:
		p := seen[e.PoolId]
		p.Rewards = types.Amounts{Alita: p.Rewards.Alita.Sub(e.Paid.Alita), Data: p.Rewards.Data.Sub(e.Paid.Data)}
		require.Equal(r, e.Rewards.String(), p.Rewards.String(), "what is paid leaves the budget")
	case *types.EventMakerClaimed:
		p := seen[e.PoolId]
		p.MakerFees = types.Amounts{Alita: math.ZeroInt(), Data: math.ZeroInt()}
		p.Vesting.Claimed = p.Vesting.Claimed.Add(number(e.Vested))
	case *types.EventProtocolClaimed:
		seen[e.PoolId].ProtocolFees = types.Amounts{Alita: math.ZeroInt(), Data: math.ZeroInt()}
	}
}
