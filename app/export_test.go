package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

// TestExportImportExport starts a chain from the export of another and lets
// both make the same block: every module must then export the same state.
func TestExportImportExport(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(10_000_000_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	validator := sdk.ValAddress(apptest.NamedAccount(apptest.ValidatorName).Address()).String()
	coins := func(amount int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount)) }
	expires := chain.Time().Add(time.Hour)

	allowance, err := feegrant.NewMsgGrantAllowance(&feegrant.BasicAllowance{SpendLimit: coins(1_000), Expiration: &expires},
		alice.Address(), bob.Address())
	require.NoError(t, err)
	grant, err := authz.NewMsgGrant(alice.Address(), bob.Address(),
		banktypes.NewSendAuthorization(coins(500), nil), &expires)
	require.NoError(t, err)
	proposal, err := govv1.NewMsgSubmitProposal(nil, coins(1_000_000_000), alice.String(), "ipfs://question", "A question", "Shall we?", false)
	require.NoError(t, err)
	chain.Must(alice, banktypes.NewMsgSend(alice.Address(), bob.Address(), coins(7)))
	chain.Must(alice, stakingtypes.NewMsgDelegate(alice.String(), validator, coins(5_000_000)[0]))
	chain.Must(alice, stakingtypes.NewMsgUndelegate(alice.String(), validator, coins(1_000_000)[0]))
	chain.Must(alice, allowance)
	chain.Must(alice, grant)
	chain.Must(alice, proposal)
	chain.Must(alice, govv1.NewMsgVote(alice.Address(), 1, govv1.OptionYes, ""))

	restarted := chain.Restarted()
	require.Equal(t, chain.Height(), restarted.Height())
	tx := chain.Sign(bob, banktypes.NewMsgSend(bob.Address(), alice.Address(), coins(3)))
	for _, c := range []*apptest.Chain{chain, restarted} {
		res := c.NextBlock(tx)
		require.True(t, res.TxResults[0].IsOK(), res.TxResults[0].Log)
	}
	chain.RequireSameState(restarted)
}

func TestExportRefusesZeroHeight(t *testing.T) {
	chain := apptest.New(t)
	_, err := chain.App.ExportAppStateAndValidators(true, nil, nil)
	require.ErrorContains(t, err, "zero height is not supported")
}
