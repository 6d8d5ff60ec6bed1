package app_test

import (
	"context"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/x/datapool/ledger"
)

// A node does not start with a restriction on sending in x/bank: pools settle over the bank's balances, where it would
// silently not hold.
func TestNoStartWithASendRestriction(t *testing.T) {
	start := func(change func(*app.App)) error {
		a := app.New(log.NewNopLogger(), dbm.NewMemDB(), false, simtestutil.AppOptionsMap{})
		change(a)
		return a.LoadLatestVersion()
	}
	require.NoError(t, start(func(*app.App) {}))
	require.ErrorIs(t, start(func(a *app.App) {
		a.BankKeeper.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
			return to, nil
		})
	}), ledger.ErrRestricted)
}
