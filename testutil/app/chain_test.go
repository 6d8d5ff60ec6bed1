package apptest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	apptest "github.com/alita-network/alita/testutil/app"
)

func TestDeliver(t *testing.T) {
	chain := apptest.New(t, apptest.WithFunded(1_000, "alice", "bob"))
	alice, bob := apptest.NamedAccount("alice"), apptest.NamedAccount("bob")
	send := func(amount int64) sdk.Msg {
		return banktypes.NewMsgSend(alice.Address(), bob.Address(), sdk.NewCoins(sdk.NewInt64Coin(app.BaseDenom, amount)))
	}

	chain.Must(alice, send(300))
	require.EqualValues(t, 700, chain.Balance(alice.Address(), app.BaseDenom).Int64())
	require.EqualValues(t, 1_300, chain.Balance(bob.Address(), app.BaseDenom).Int64())

	log := chain.Fails(sdkerrors.ErrInsufficientFunds, alice, send(701))
	require.Contains(t, log, "700ualita")
	require.EqualValues(t, 700, chain.Balance(alice.Address(), app.BaseDenom).Int64())

	res := chain.NextBlock(chain.Sign(alice, send(1)), chain.Sign(alice, send(2)))
	require.Zero(t, res.TxResults[0].Code, res.TxResults[0].Log)
	require.Zero(t, res.TxResults[1].Code, res.TxResults[1].Log)
	require.EqualValues(t, 697, chain.Balance(alice.Address(), app.BaseDenom).Int64())
}
