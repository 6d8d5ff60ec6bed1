package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/amm"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestRun: the volume of an account that trades in a row is the way from the most to the
// least that it has ever given.
func TestRun(t *testing.T) {
	alice, bob := sdk.AccAddress("alice               "), sdk.AccAddress("bob                 ")
	alice[19], bob[19] = 1, 2
	var run types.Run
	for i, tc := range []struct {
		trader  sdk.AccAddress
		alita   uint64
		given   bool
		counted uint64
	}{
		{alice, 100, true, 100},
		{alice, 100, false, 0}, // back
		{alice, 100, true, 0},
		{alice, 100, false, 0},
		{alice, 30, false, 30}, // below where it began
		{alice, 130, true, 0},
		{alice, 7, true, 7},
		{bob, 50, false, 50},
		{bob, 20, true, 0},
		{bob, 21, false, 1},
		{alice, 100, true, 100}, // another run
		{sdk.AccAddress{1}, 5, true, 5},
		{sdk.AccAddress{1}, 5, false, 0},
	} {
		got := run.Counted(tc.trader, new(amm.Int).SetUint64(tc.alita), tc.given)
		require.Equal(t, tc.counted, got.Uint64(), i)
	}
}
