package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/node/chain"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

func TestSeatQueries(t *testing.T) {
	n, client := serve(t)
	ctx := t.Context()
	for i, account := range []string{"a", "b", "c"} {
		n.seats = append(n.seats, computetypes.Seat{
			Operator: "operator " + account, Account: account, Bond: sdk.NewInt64Coin("ualita", int64(10+i)), Fee: math.NewInt(int64(i)), Jobs: uint32(i), LeavingHeight: int64(i),
		})
	}
	got, err := client.SeatOf(ctx, "c")
	require.NoError(t, err)
	require.Equal(t, chain.Seat{Operator: "operator c", Account: "c", Bond: math.NewInt(12), Fee: math.NewInt(2), Jobs: 2, LeavingHeight: 2}, got)
	_, err = client.SeatOf(ctx, "d")
	require.ErrorIs(t, err, chain.ErrNotFound)

	least, err := client.MinSeatBond(ctx)
	require.NoError(t, err)
	require.Equal(t, "1000000000", least.String())

	n.balance = "17"
	funds, err := client.Balance(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, "17", funds.String())

	n.granters = []string{"x", "y"}
	for granter, want := range map[string]bool{"x": true, "y": true, "z": false} {
		granted, err := client.FeesGranted(ctx, granter, "a")
		require.NoError(t, err)
		require.Equal(t, want, granted)
	}
}
