package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/terms/text/texttest"
	"github.com/alita-network/alita/x/datapool/types"
)

// TestNewerCharacters: a node that was built with a Go that knows more characters refuses them as all others do.
func TestNewerCharacters(t *testing.T) {
	for _, r := range texttest.Newer() {
		s := "AB" + string(r)
		require.Error(t, types.ValidateSymbol(s), "%U", r)
		require.Error(t, types.ValidateName(s), "%U", r)
		require.Error(t, types.ValidateDescription(s), "%U", r)
		require.Error(t, types.Requirements{Columns: []types.RequiredColumn{{Name: s}}}.Validate(), "%U", r)
	}
}

// The symbols that were found to be free although they pass for another.
func TestSymbolsThatLookNative(t *testing.T) {
	for _, symbol := range []string{"ALITA", "AL1TA", "UALITA", "UAL1TA"} {
		err := types.ValidateSymbol(symbol)
		require.ErrorIs(t, err, types.ErrInvalidSymbol)
		require.ErrorContains(t, err, "does not look like the native coin's ALITA, got "+symbol)
	}
	for _, symbol := range []string{"USDC", "USDT", "BTC", "ATOM", "AT0M", "S0L", "D0GE", "B1TC01N"} {
		err := types.ValidateSymbol(symbol)
		require.ErrorIs(t, err, types.ErrInvalidSymbol)
		require.ErrorContains(t, err, "does not look like a known coin's, got "+symbol)
	}
	for _, symbol := range []string{"ALITB", "USDCARS", "SOLAR", "ATOMS"} {
		require.NoError(t, types.ValidateSymbol(symbol))
	}
	require.Equal(t, types.SymbolKey("SPOIL"), types.SymbolKey("SP01L"))
	require.NotEqual(t, types.SymbolKey("POOL1"), types.SymbolKey("POOL2"))
}
