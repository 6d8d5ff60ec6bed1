package keeper_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestTradesTouchNothingShared: a swap, a route and a deposit or withdrawal of one coin
// write their pools' markets and histories, the supply of their pools' shares, and the
// balances of their pools and their trader, and nothing else, so that trades of
// different pools run side by side.
func TestTradesTouchNothingShared(t *testing.T) {
	const other, id, second = 1, 2, 3
	for _, tc := range []struct {
		name  string
		pools []uint64
		run   func(f *testutil.Fixture, text string) error
		// changed are the keys that change in the module's store and the bank's.
		module, bank int
	}{
		{"swap exact in", []uint64{id}, func(f *testutil.Fixture, text string) error {
			_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
			return err
		}, 5, 4},
		{"swap exact out", []uint64{id}, func(f *testutil.Fixture, text string) error {
			_, err := f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
				Sender: text, PoolId: id, TokenOut: sdk.NewInt64Coin(types.BaseDenom, 1000), MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
			})
			return err
		}, 5, 4},
		{"route exact in", []uint64{id, second}, func(f *testutil.Fixture, text string) error {
			_, err := f.Msg.SwapRouteExactIn(f.Ctx, &types.MsgSwapRouteExactIn{
				Sender: text, TokenIn: coin("1000data/2"), DenomOut: "data/3", MinOut: math.OneInt(), Deadline: f.Deadline(),
			})
			return err
		}, 10, 6},
		{"route exact out", []uint64{id, second}, func(f *testutil.Fixture, text string) error {
			_, err := f.Msg.SwapRouteExactOut(f.Ctx, &types.MsgSwapRouteExactOut{
				Sender: text, DenomIn: "data/2", TokenOut: coin("1000data/3"), MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
			})
			return err
		}, 10, 6},
		{"add one coin", []uint64{id}, func(f *testutil.Fixture, text string) error {
			_, err := addSingle(f, text, id, coin("100000ualita"))
			return err
		}, 5, 4},
		{"remove to one coin", []uint64{id}, func(f *testutil.Fixture, text string) error {
			_, err := removeSingle(f, text, id, math.NewInt(10_000), "data/2")
			return err
		}, 5, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := testutil.New(t)
			for i, symbol := range []string{"OTHER", "SPEED", "LIGHT"} {
				f.CreatePool(t, uint64(10+i), symbol, guardOn)
			}
			trader, text := f.Funded(t, 2, 1_000_000_000)
			// The trader's balances are made before.
			for _, pool := range []uint64{other, id, second} {
				_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, pool, "1000000ualita"))
				require.NoError(t, err)
				add(t, f, text, pool, 10_000, 100_000)
			}
			f.NextBlock(3600)
			before := map[string]map[string][]byte{}
			for name := range f.Keys {
				before[name] = dump(f.Ctx, f, name)
			}
			require.NoError(t, tc.run(f, text))

			own := func(name string, key []byte) bool {
				for _, pool := range tc.pools {
					id := sdk.Uint64ToBigEndian(pool)
					switch name {
					case types.StoreKey:
						for _, prefix := range [][]byte{
							types.MarketsPrefix.Bytes(), types.ObservationsPrefix.Bytes(), types.ChartsPrefix.Bytes(), types.HourCandlesPrefix.Bytes(),
							types.HourSumsPrefix.Bytes(),
						} {
							if bytes.HasPrefix(key, append(prefix, id...)) {
								return true
							}
						}
					case banktypes.StoreKey:
						if bytes.Contains(key, trader) || bytes.Contains(key, types.PoolAddress(pool)) ||
							bytes.Equal(key, append(banktypes.SupplyKey.Bytes(), types.ShareDenom(pool)...)) {
							return true
						}
					}
				}
				return false
			}
			changed := map[string]int{}
			for name := range f.Keys {
				for key, value := range dump(f.Ctx, f, name) {
					if !bytes.Equal(before[name][key], value) {
						changed[name]++
						require.True(t, own(name, []byte(key)), "%s %x", name, key)
					}
					delete(before[name], key)
				}
				require.Empty(t, before[name], "removed from %s", name)
			}
			require.Equal(t, tc.module, changed[types.StoreKey], "the market, an observation, an hour's sum and candle and the chart of each pool")
			require.Equal(t, tc.bank, changed[banktypes.StoreKey], "balances and supply")
			require.Zero(t, changed[authtypes.StoreKey])
		})
	}
}

func dump(ctx sdk.Context, f *testutil.Fixture, name string) map[string][]byte {
	out := map[string][]byte{}
	it := ctx.KVStore(f.Keys[name]).Iterator(nil, nil)
	defer it.Close()
	for ; it.Valid(); it.Next() {
		out[string(it.Key())] = it.Value()
	}
	return out
}
