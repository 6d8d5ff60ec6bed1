package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestSpendTreasury: only governance pays out of the treasury, only what is there, and to accounts that may receive coins.
func TestSpendTreasury(t *testing.T) {
	f := testutil.New(t)
	id := f.CreatePool(t, 1, "SPEED", nil)
	_, trader := f.Funded(t, 2, 100_000_000)
	_, err := f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000ualita"))
	require.NoError(t, err)
	_, err = f.Msg.SwapExactIn(f.Ctx, swapIn(f, trader, id, "100000000data/1"))
	require.NoError(t, err)
	_, err = f.Msg.ClaimProtocol(f.Ctx, &types.MsgClaimProtocol{Sender: trader, PoolId: id})
	require.NoError(t, err)

	to := testutil.Account(3)
	spend := func(change func(*types.MsgSpendTreasury)) error {
		msg := &types.MsgSpendTreasury{Authority: f.Authority, Recipient: f.Text(to), Amount: sdk.NewCoins(coin("20000data/1"))}
		change(msg)
		_, err := f.Msg.SpendTreasury(f.Ctx, msg)
		return err
	}
	require.ErrorIs(t, spend(func(m *types.MsgSpendTreasury) { m.Authority = trader }), sdkerrors.ErrUnauthorized)
	require.ErrorIs(t, spend(func(m *types.MsgSpendTreasury) { m.Recipient = "alita1" }), types.ErrInvalidAddress)
	for _, amount := range []sdk.Coins{nil, {coin("0data/1")}, {coin("1data/1"), coin("1data/1")}, make(sdk.Coins, 17)} {
		require.ErrorIs(t, spend(func(m *types.MsgSpendTreasury) { m.Amount = amount }), sdkerrors.ErrInvalidCoins)
	}
	require.NoError(t, spend(func(*types.MsgSpendTreasury) {}))
	require.Equal(t, "20000", f.Balance(to, types.DataDenom(id)).String())
	require.ErrorIs(t, spend(func(*types.MsgSpendTreasury) {}), sdkerrors.ErrInsufficientFunds, "10000 are left")
	require.Equal(t, "10000", f.Balance(types.TreasuryAddress(), types.DataDenom(id)).String())
	require.NoError(t, f.Keeper.Invariants(f.Ctx))
}
