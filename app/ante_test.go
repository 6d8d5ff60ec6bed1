package app_test

import (
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// TestFeesReachValidators follows a fee through the virtual collector: the
// payer pays at once, the collector holds it at the end of the block and
// x/distribution shares it out in the next one.
func TestFeesReachValidators(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000_000, "alice", "bob"),
		// Without inflation the collector holds fees alone.
		apptest.WithGenesis(apptest.EditGenesis(minttypes.ModuleName, func(gs *minttypes.GenesisState) {
			zero := math.LegacyZeroDec()
			gs.Params.InflationMin, gs.Params.InflationMax = zero, zero
			gs.Minter = minttypes.InitialMinter(zero)
		})))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	collector := authtypes.NewModuleAddress(authtypes.FeeCollectorName)
	fee := sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 5_000))
	send := func(from, to apptest.Account) []byte {
		return chain.SignWithFee(from, 200_000, fee,
			banktypes.NewMsgSend(from.Address(), to.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 1))))
	}

	require.Zero(t, chain.Balance(collector, app.BaseDenom).Int64())
	res := chain.NextBlock(send(alice, bob), send(bob, alice))
	for _, tx := range res.TxResults {
		require.True(t, tx.IsOK(), tx.Log)
	}
	require.EqualValues(t, 1_000_000-5_000, chain.Balance(alice.Address(), app.BaseDenom).Int64())
	require.EqualValues(t, 10_000, chain.Balance(collector, app.BaseDenom).Int64())

	chain.NextBlock()
	require.Zero(t, chain.Balance(collector, app.BaseDenom).Int64())
	// 2 % go to the community pool.
	pool, err := chain.App.DistrKeeper.FeePool.Get(chain.Ctx())
	require.NoError(t, err)
	require.Equal(t, "200.000000000000000000ualita", pool.CommunityPool.String())
}

// TestGrantedFee: an owner's worker needs no coins of its own.
func TestGrantedFee(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000_000, "owner"), apptest.WithFunded(10, "worker"))
	owner, worker := apptest.NamedAccount("owner"), apptest.NamedAccount("worker")
	fee := sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 5_000))
	msg := banktypes.NewMsgSend(worker.Address(), owner.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 1)))

	res := chain.NextBlock(chain.SignGranted(worker, owner, 200_000, fee, msg)).TxResults[0]
	require.False(t, res.IsOK(), "without a grant")

	grant, err := feegrant.NewMsgGrantAllowance(&feegrant.BasicAllowance{SpendLimit: fee}, owner.Address(), worker.Address())
	require.NoError(t, err)
	chain.Must(owner, grant)
	res = chain.NextBlock(chain.SignGranted(worker, owner, 200_000, fee, msg)).TxResults[0]
	require.True(t, res.IsOK(), res.Log)
	require.EqualValues(t, 1_000_000-5_000+1, chain.Balance(owner.Address(), app.BaseDenom).Int64())
	require.EqualValues(t, 9, chain.Balance(worker.Address(), app.BaseDenom).Int64())

	res = chain.NextBlock(chain.SignGranted(worker, owner, 200_000, fee, msg)).TxResults[0]
	require.False(t, res.IsOK(), "the allowance is spent")
}

// TestUnordered: several transactions of one account need no order among them,
// and none counts twice.
func TestUnordered(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	sign := func(amount int64) []byte {
		return chain.SignUnordered(alice, chain.Time().Add(time.Minute+time.Duration(amount)),
			banktypes.NewMsgSend(alice.Address(), bob.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount))))
	}
	one, two := sign(1), sign(2)
	for _, res := range chain.NextBlock(two, one).TxResults {
		require.True(t, res.IsOK(), res.Log)
	}
	res := chain.NextBlock(one).TxResults[0]
	require.False(t, res.IsOK(), "replayed")
	require.EqualValues(t, 997, chain.Balance(alice.Address(), app.BaseDenom).Int64())

	chain.Advance(2 * time.Minute)
	res = chain.NextBlock(two).TxResults[0]
	require.False(t, res.IsOK(), "too late")
	require.EqualValues(t, 997, chain.Balance(alice.Address(), app.BaseDenom).Int64())
}

// TestAttackExpiringNonces: who has many nonces of unordered transactions expire at one time gets no block that takes long
// for that, and none of the transactions twice.
func TestAttackExpiringNonces(t *testing.T) {
	const many, atOnce = 12_000, 5_000
	var expires time.Time
	chain := apptest.New(t, apptest.WithFunded(1_000, "alice", "bob"), apptest.WithSetup(func(a *app.App) {
		a.SetPreBlocker(func(ctx sdk.Context, req *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
			if req.Height == 2 {
				expires = ctx.BlockTime().Add(time.Minute)
				for i := range uint64(many) {
					if err := a.AccountKeeper.TryAddUnorderedNonce(ctx, sdk.Uint64ToBigEndian(i), expires); err != nil {
						return nil, err
					}
				}
			}
			return a.PreBlocker(ctx, req)
		})
	}))
	chain.NextBlock()
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	transfer := banktypes.NewMsgSend(alice.Address(), bob.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 1)))
	tx := chain.SignUnordered(alice, expires.Add(time.Nanosecond), transfer)
	once := chain.NextBlock(tx).TxResults[0]
	require.True(t, once.IsOK(), once.Log)
	require.InDelta(t, 42_000, once.GasUsed, 1_000, "10,000 of it for the end of the nonce")
	left := func() (n int) {
		require.NoError(t, chain.App.AccountKeeper.UnorderedNonces.Walk(chain.Ctx(), nil, func(collections.Pair[int64, []byte]) (bool, error) {
			n++
			return false, nil
		}))
		return n
	}
	require.Equal(t, many+1, left())
	chain.Advance(2 * time.Minute)
	for _, want := range []int{many + 1 - atOnce, many + 1 - 2*atOnce, 0, 0} {
		require.False(t, chain.NextBlock(tx).TxResults[0].IsOK(), "a replay")
		require.Equal(t, want, left())
	}
	require.EqualValues(t, 999, chain.Balance(alice.Address(), app.BaseDenom).Int64())
}

// TestNoFeeAtAll: the SDK alone panics on a transaction without a fee.
func TestNoFeeAtAll(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000, "alice"))
	alice := apptest.NamedAccount("alice")
	signed := chain.Sign(alice, banktypes.NewMsgSend(alice.Address(), alice.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, 1))))
	var raw txtypes.TxRaw
	require.NoError(t, raw.Unmarshal(signed))
	var info txtypes.AuthInfo
	require.NoError(t, info.Unmarshal(raw.AuthInfoBytes))
	info.Fee = nil
	var err error
	raw.AuthInfoBytes, err = info.Marshal()
	require.NoError(t, err)
	bz, err := raw.Marshal()
	require.NoError(t, err)
	res := chain.NextBlock(bz).TxResults[0]
	require.Equal(t, sdkerrors.ErrInvalidRequest.ABCICode(), res.Code, res.Log)
	require.Contains(t, res.Log, "auth_info.fee: expected a fee with a gas limit")
}
