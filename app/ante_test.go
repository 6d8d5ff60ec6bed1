package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
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
