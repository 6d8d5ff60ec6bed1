package app_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/app"
)

// TestConfigIsNamed: addresses are read in the application's prefix, from settings
// that the SDK finds by name.
func TestConfigIsNamed(t *testing.T) {
	require.NotEmpty(t, os.Getenv(sdk.EnvConfigScope))
	require.Equal(t, app.AccountAddressPrefix, sdk.GetConfig().GetBech32AccountAddrPrefix())
}
