package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The worker is small and links for Android because it knows the chain through generated clients only: neither the
// SDK, nor CometBFT with its network stack, nor the modules' own types are part of it.
func TestTheWorkerLinksNoNode(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "github.com/alita-network/alita/node/chain")
	for _, p := range packages {
		for _, banned := range []string{
			"github.com/cosmos/cosmos-sdk/", "github.com/cometbft/", "github.com/cosmos/cosmos-db", "github.com/libp2p/",
			"github.com/wlynxg/anet", "github.com/grpc-ecosystem/", "github.com/alita-network/alita/app",
		} {
			require.False(t, strings.HasPrefix(p, banned), p)
		}
		require.False(t, strings.HasPrefix(p, "github.com/alita-network/alita/x/"), p)
	}
}
