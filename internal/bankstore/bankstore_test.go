package bankstore_test

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/core/store"
	"cosmossdk.io/log/v2"

	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdktestutil "github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/internal/bankstore"
)

const minter = "minter"

// bank is x/bank over a store of its own.
type bank struct {
	bankkeeper.BaseKeeper
	ctx sdk.Context
	key *storetypes.KVStoreKey
}

func newBank(wrap func(store.KVStoreService) store.KVStoreService) bank {
	keys := storetypes.NewKVStoreKeys(authtypes.StoreKey, banktypes.StoreKey)
	b := bank{ctx: sdktestutil.DefaultContextWithKeys(keys, nil, nil), key: keys[banktypes.StoreKey]}
	encoding := moduletestutil.MakeTestEncodingConfig(auth.AppModuleBasic{})
	codec := addresscodec.Bech32Codec{Bech32Prefix: sdk.GetConfig().GetBech32AccountAddrPrefix()}
	authority := authtypes.NewModuleAddress("gov").String()
	accounts := authkeeper.NewAccountKeeper(encoding.Codec, runtime.NewKVStoreService(keys[authtypes.StoreKey]),
		authtypes.ProtoBaseAccount, map[string][]string{minter: {authtypes.Minter, authtypes.Burner}}, codec,
		codec.Bech32Prefix, authority)
	b.BaseKeeper = bankkeeper.NewBaseKeeper(encoding.Codec, wrap(runtime.NewKVStoreService(b.key)), accounts, nil, authority, log.NewNopLogger())
	return b
}

func stock(s store.KVStoreService) store.KVStoreService { return s }

// dump returns everything in the store of the bank.
func (b bank) dump() map[string]string {
	out := map[string]string{}
	it := b.ctx.KVStore(b.key).Iterator(nil, nil)
	defer it.Close()
	for ; it.Valid(); it.Next() {
		out[hex.EncodeToString(it.Key())] = hex.EncodeToString(it.Value())
	}
	return out
}

func account(n int) sdk.AccAddress {
	a := make(sdk.AccAddress, 20)
	a[19] = byte(n + 1)
	return a
}

// TestSameState runs random mints, sends and burns through x/bank with and without the
// wrapper: every key and value is the same after each.
func TestSameState(t *testing.T) {
	denoms := []string{"data/1", "data/11", "ualita"}
	rapid.Check(t, func(r *rapid.T) {
		plain, wrapped := newBank(stock), newBank(bankstore.New)
		for range rapid.IntRange(5, 40).Draw(r, "steps") {
			what := rapid.SampledFrom([]string{"mint", "send", "send", "send all", "burn", "old"}).Draw(r, "what")
			from, to := account(rapid.IntRange(0, 3).Draw(r, "from")), account(rapid.IntRange(0, 3).Draw(r, "to"))
			coin := sdk.NewInt64Coin(rapid.SampledFrom(denoms).Draw(r, "denom"), rapid.Int64Range(1, 100).Draw(r, "amount"))
			if what == "send all" {
				if coin = plain.GetBalance(plain.ctx, from, coin.Denom); coin.IsZero() {
					continue
				}
			}
			errs := [2]error{}
			for i, b := range []bank{plain, wrapped} {
				ctx, write := b.ctx.CacheContext()
				switch what {
				case "mint":
					if errs[i] = b.MintCoins(ctx, minter, sdk.NewCoins(coin)); errs[i] == nil {
						errs[i] = b.SendCoinsFromModuleToAccount(ctx, minter, to, sdk.NewCoins(coin))
					}
				case "burn":
					if errs[i] = b.SendCoinsFromAccountToModule(ctx, from, minter, sdk.NewCoins(coin)); errs[i] == nil {
						errs[i] = b.BurnCoins(ctx, minter, sdk.NewCoins(coin))
					}
				case "old":
					// An entry as old versions wrote it, of a balance that is there.
					if b.GetBalance(ctx, from, coin.Denom).IsPositive() {
						ctx.KVStore(b.key).Set(entry(coin.Denom, from), []byte{0})
					}
				default:
					errs[i] = b.SendCoins(ctx, from, to, sdk.NewCoins(coin))
				}
				if errs[i] == nil {
					write()
				}
			}
			if errs[0] == nil {
				require.NoError(r, errs[1])
			} else {
				require.EqualError(r, errs[1], errs[0].Error())
			}
			require.Equal(r, plain.dump(), wrapped.dump())
		}
	})
}

// entry is the key (denom, address) in the index of x/bank.
func entry(denom string, a sdk.AccAddress) []byte {
	key := append(banktypes.DenomAddressPrefix.Bytes(), denom...)
	key = append(key, 0, byte(len(a)))
	return append(key, a...)
}

// TestOldEntriesAreReplaced: the value {0} of old versions becomes the empty one when
// the balance changes, as without the wrapper.
func TestOldEntriesAreReplaced(t *testing.T) {
	b := newBank(bankstore.New)
	coins := sdk.NewCoins(sdk.NewInt64Coin("ualita", 10))
	require.NoError(t, b.MintCoins(b.ctx, minter, coins))
	require.NoError(t, b.SendCoinsFromModuleToAccount(b.ctx, minter, account(0), coins))
	kv := b.ctx.KVStore(b.key)
	require.Empty(t, kv.Get(entry("ualita", account(0))))
	require.True(t, kv.Has(entry("ualita", account(0))))

	kv.Set(entry("ualita", account(0)), []byte{0})
	require.NoError(t, b.SendCoins(b.ctx, account(0), account(1), sdk.NewCoins(sdk.NewInt64Coin("ualita", 1))))
	require.True(t, kv.Has(entry("ualita", account(0))))
	require.Empty(t, kv.Get(entry("ualita", account(0))))

	owners, err := b.DenomOwners(b.ctx, &banktypes.QueryDenomOwnersRequest{Denom: "ualita"})
	require.NoError(t, err)
	require.Len(t, owners.DenomOwners, 2)
}

// TestFewerWrites: a send between accounts that have the coin reads two entries of the
// index where x/bank writes them, and costs that much less gas.
func TestFewerWrites(t *testing.T) {
	gas := func(b bank) uint64 {
		coins := sdk.NewCoins(sdk.NewInt64Coin("ualita", 100))
		require.NoError(t, b.MintCoins(b.ctx, minter, coins))
		require.NoError(t, b.SendCoinsFromModuleToAccount(b.ctx, minter, account(0), coins))
		one := sdk.NewCoins(sdk.NewInt64Coin("ualita", 1))
		require.NoError(t, b.SendCoins(b.ctx, account(0), account(1), one))
		before := b.ctx.GasMeter().GasConsumed()
		require.NoError(t, b.SendCoins(b.ctx, account(0), account(1), one))
		return b.ctx.GasMeter().GasConsumed() - before
	}
	// Keys of 1+7+1+20 bytes: 2000+30*29 to write, 1000+3*29 to read.
	require.Equal(t, uint64(2*(2870-1087)), gas(newBank(stock))-gas(newBank(bankstore.New)))
}
