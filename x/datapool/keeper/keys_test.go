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

// TestSwapTouchesNothingShared: a swap writes its pool's market and history and the
// balances of its pool and its trader, and nothing else, so that swaps of different
// pools run side by side.
func TestSwapTouchesNothingShared(t *testing.T) {
	f := testutil.New(t)
	f.CreatePool(t, 1, "OTHER", nil)
	id := f.CreatePool(t, 1, "SPEED", nil)
	trader, text := f.Funded(t, 2, 1_000_000_000)
	// The first swap makes the trader's balance of Data Tokens.
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
	f.NextBlock(3600)

	before := map[string]map[string][]byte{}
	for name := range f.Keys {
		before[name] = dump(f.Ctx, f, name)
	}
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, text, id, "1000000ualita"))
	require.NoError(t, err)
	_, err = f.Msg.SwapExactOut(f.Ctx, &types.MsgSwapExactOut{
		Sender: text, PoolId: id, TokenOut: sdk.NewInt64Coin(types.BaseDenom, 1000), MaxIn: math.NewInt(1_000_000), Deadline: f.Deadline(),
	})
	require.NoError(t, err)

	own := func(name string, key []byte) bool {
		switch name {
		case types.StoreKey:
			pool := sdk.Uint64ToBigEndian(id)
			return bytes.Equal(key, append(types.MarketsPrefix.Bytes(), pool...)) ||
				bytes.HasPrefix(key, append(types.ObservationsPrefix.Bytes(), pool...)) ||
				bytes.Equal(key, append(types.ChartsPrefix.Bytes(), pool...)) ||
				bytes.HasPrefix(key, append(types.HourCandlesPrefix.Bytes(), pool...))
		case banktypes.StoreKey:
			return bytes.Contains(key, trader) || bytes.Contains(key, types.PoolAddress(id))
		}
		return false
	}
	changed := map[string]int{}
	for name := range f.Keys {
		after := dump(f.Ctx, f, name)
		for key, value := range after {
			if !bytes.Equal(before[name][key], value) {
				changed[name]++
				require.True(t, own(name, []byte(key)), "%s %x", name, key)
			}
			delete(before[name], key)
		}
		require.Empty(t, before[name], "removed from %s", name)
	}
	require.Equal(t, 4, changed[types.StoreKey], "the market, an observation, an hour's candle and the chart")
	require.Equal(t, 4, changed[banktypes.StoreKey], "two balances each")
	require.Zero(t, changed[authtypes.StoreKey])
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
