package ledger_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"

	"github.com/alita-network/alita/x/datapool/ledger"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

// Restrictions on sending and minting are seen, however they were set, and a cleared one is none.
func TestCheckUnrestricted(t *testing.T) {
	f := testutil.New(t)
	check := func(bank bankkeeper.BaseKeeper) error {
		l, err := ledger.New(bank, f.Accounts, f.Address, f.Accounts.GetModuleAddress(types.ModuleName))
		require.NoError(t, err)
		return l.CheckUnrestricted()
	}
	require.NoError(t, check(f.Bank))
	minting := f.Bank.WithMintCoinsRestriction(func(context.Context, sdk.Coins) error { return nil })
	require.ErrorContains(t, check(minting), "minting: expected none, got one")

	pass := func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) { return to, nil }
	f.Bank.AppendSendRestriction(pass)
	require.ErrorIs(t, check(f.Bank), ledger.ErrRestricted)
	f.Bank.ClearSendRestriction()
	require.NoError(t, check(f.Bank))
	f.Bank.PrependSendRestriction(pass)
	require.ErrorContains(t, check(f.Bank), "send restriction: expected none, got one")
}
