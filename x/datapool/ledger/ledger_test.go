package ledger_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/ledger"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestMain(m *testing.M) {
	// x/bank writes some addresses with the prefix of the global configuration.
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(testutil.Prefix, testutil.Prefix+"pub")
	os.Exit(m.Run())
}

var denoms = []string{"data/1", "share/1", types.BaseDenom}

// newLedger returns a ledger over x/bank, a pool's account with coins, an account, a
// vesting account of which half is locked, and an address without an account.
func newLedger(t require.TestingT, f *testutil.Fixture) (l *ledger.Ledger, pool sdk.AccAddress, traders []sdk.AccAddress) {
	l, err := ledger.New(f.Bank, f.Accounts, f.Address, f.Accounts.GetModuleAccount(f.Ctx, types.ModuleName).GetAddress())
	require.NoError(t, err)
	pool = types.PoolAddress(1)
	traders = []sdk.AccAddress{testutil.Account(1), testutil.Account(2), testutil.Account(3)}
	var coins, half sdk.Coins
	for _, d := range denoms {
		coins, half = append(coins, sdk.NewInt64Coin(d, 1000)), append(half, sdk.NewInt64Coin(d, 500))
	}
	for _, a := range []sdk.AccAddress{pool, traders[0], traders[1]} {
		require.NoError(t, f.Bank.MintCoins(f.Ctx, types.ModuleName, coins))
		require.NoError(t, f.Bank.SendCoinsFromModuleToAccount(f.Ctx, types.ModuleName, a, coins))
	}
	base := f.Accounts.GetAccount(f.Ctx, traders[1]).(*authtypes.BaseAccount)
	vesting, err := vestingtypes.NewDelayedVestingAccount(base, half, f.Ctx.BlockTime().Add(time.Hour).Unix())
	require.NoError(t, err)
	f.Accounts.SetAccount(f.Ctx, vesting)
	return l, pool, traders
}

// TestSameAsBank runs random payments, mints and burns through x/bank and through the
// ledger. Errors and events are the same, and so are all keys and values of x/bank and
// x/auth. A refused payment has written nothing.
func TestSameAsBank(t *testing.T) {
	f := testutil.New(t)
	l, pool, traders := newLedger(t, f)
	module := f.Accounts.GetModuleAddress(types.ModuleName)
	// property counts the steps that were done, and reports whether one was refused.
	property := func(r *rapid.T) (done int, refused bool) {
		ctx := f.Ctx
		if rapid.Bool().Draw(r, "vested") {
			ctx = ctx.WithBlockTime(ctx.BlockTime().Add(time.Hour))
		}
		addr := rapid.SampledFrom(traders).Draw(r, "trader")
		bank, own := branch(ctx), branch(ctx)
		trader, err := l.Trader(own, addr)
		require.NoError(r, err)
		require.Equal(r, f.Text(addr), trader.String())
		escrow, err := l.Pool(pool)
		require.NoError(r, err)
		for range rapid.IntRange(1, 4).Draw(r, "steps") {
			first := rapid.IntRange(0, 2).Draw(r, "denom")
			last := rapid.IntRange(first, 2).Draw(r, "last denom")
			coins := sdk.Coins{}
			for i := first; i <= last; i++ {
				coins = append(coins, sdk.NewInt64Coin(denoms[i], rapid.Int64Range(1, 700).Draw(r, "amount")))
			}
			before := dump(f, own)
			what := rapid.SampledFrom([]string{"pay", "pay all", "collect", "mint", "burn"}).Draw(r, "what")
			if what == "pay all" {
				if coins = f.Bank.GetAllBalances(own, addr); coins.Empty() {
					continue
				}
			}
			var want, got error
			switch what {
			case "pay", "pay all":
				want, got = f.Bank.SendCoins(bank, addr, pool, coins), l.Send(own, &trader, &escrow, coins...)
			case "collect":
				want, got = f.Bank.SendCoins(bank, pool, addr, coins), l.Send(own, &escrow, &trader, coins...)
			case "mint":
				if want = f.Bank.MintCoins(bank, types.ModuleName, coins[:1]); want == nil {
					want = f.Bank.SendCoins(bank, module, addr, coins[:1])
				}
				got = l.Mint(own, &trader, coins[0])
			case "burn":
				if want = f.Bank.SendCoinsFromAccountToModule(bank, addr, types.ModuleName, coins[:1]); want == nil {
					want = f.Bank.BurnCoins(bank, types.ModuleName, coins[:1])
				}
				got = l.Burn(own, &trader, coins[0])
			}
			if want != nil {
				require.EqualError(r, got, want.Error(), what)
				require.Equal(r, before, dump(f, own), what)
				return done, true // x/bank may have written a part
			}
			done++
			require.NoError(r, got, what)
			require.Less(r, own.GasMeter().GasConsumed(), bank.GasMeter().GasConsumed(), what)
			require.Equal(r, dump(f, bank), dump(f, own), what)
			require.Equal(r, bank.EventManager().ABCIEvents(), own.EventManager().ABCIEvents(), what)
		}
		return done, false
	}
	rapid.Check(t, func(r *rapid.T) { property(r) })
	// Both ends are reached with fixed seeds, so that no run is short of one.
	done, refused := 0, 0
	seeded := rapid.Custom(func(r *rapid.T) [2]int {
		done, refused := property(r)
		if refused {
			return [2]int{done, 1}
		}
		return [2]int{done, 0}
	})
	for seed := range 20 {
		counts := seeded.Example(seed)
		done, refused = done+counts[0], refused+counts[1]
	}
	require.Positive(t, refused)
	require.Positive(t, done)
}

// TestWholeSupplyBurned: supply and balance of zero are not kept.
func TestWholeSupplyBurned(t *testing.T) {
	f := testutil.New(t)
	l, _, traders := newLedger(t, f)
	trader, err := l.Trader(f.Ctx, traders[0])
	require.NoError(t, err)
	c := sdk.NewInt64Coin("share/7", 5)
	require.NoError(t, l.Mint(f.Ctx, &trader, c))
	require.Equal(t, c, f.Bank.GetSupply(f.Ctx, c.Denom))
	require.NoError(t, l.Burn(f.Ctx, &trader, c))
	require.False(t, f.Bank.HasSupply(f.Ctx, c.Denom))
	require.NotContains(t, f.Bank.GetAllBalances(f.Ctx, traders[0]).Denoms(), c.Denom)
}

// TestSwapGas: the two payments of a swap need two reads of accounts and two probes for
// accounts fewer than x/bank's.
func TestSwapGas(t *testing.T) {
	f := testutil.New(t)
	l, pool, traders := newLedger(t, f)
	in, out := sdk.NewInt64Coin(types.BaseDenom, 10), sdk.NewInt64Coin("data/1", 10)

	bank := branch(f.Ctx)
	require.NoError(t, f.Bank.SendCoins(bank, traders[0], pool, sdk.Coins{in}))
	require.NoError(t, f.Bank.SendCoins(bank, pool, traders[0], sdk.Coins{out}))

	own := branch(f.Ctx)
	trader, err := l.Trader(own, traders[0])
	require.NoError(t, err)
	escrow, err := l.Pool(pool)
	require.NoError(t, err)
	require.NoError(t, l.Send(own, &trader, &escrow, in))
	require.NoError(t, l.Send(own, &escrow, &trader, out))

	saved := bank.GasMeter().GasConsumed() - own.GasMeter().GasConsumed()
	probe := branch(f.Ctx)
	f.Accounts.GetAccount(probe, pool)
	f.Accounts.HasAccount(probe, pool)
	f.Accounts.HasAccount(probe, traders[0])
	require.Equal(t, probe.GasMeter().GasConsumed(), saved)
}

// branch returns a copy of the state with events and gas of its own.
func branch(ctx sdk.Context) sdk.Context {
	c, _ := ctx.CacheContext()
	return c.WithEventManager(sdk.NewEventManager()).WithGasMeter(storetypes.NewInfiniteGasMeter())
}

// dump returns everything in the stores of x/bank and x/auth.
func dump(f *testutil.Fixture, ctx sdk.Context) map[string]string {
	ctx = ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	out := map[string]string{}
	for _, name := range []string{banktypes.StoreKey, authtypes.StoreKey} {
		it := ctx.KVStore(f.Keys[name]).Iterator(nil, nil)
		for ; it.Valid(); it.Next() {
			out[name+string(it.Key())] = string(it.Value())
		}
		_ = it.Close()
	}
	return out
}
