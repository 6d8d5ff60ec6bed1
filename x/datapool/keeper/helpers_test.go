package keeper_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestMain(m *testing.M) {
	// As a node does. Without a name the SDK makes one whenever it reads an address, and benchmarks of
	// bank sends, which read more of them than swaps, flatter the swaps.
	if err := os.Setenv(sdk.EnvConfigScope, "alitad"); err != nil {
		panic(err)
	}
	// The SDK writes some addresses with the prefix of its global configuration.
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(testutil.Prefix, testutil.Prefix+"pub")
	cfg.SetBech32PrefixForValidator(testutil.Prefix+"valoper", testutil.Prefix+"valoperpub")
	cfg.SetBech32PrefixForConsensusNode(testutil.Prefix+"valcons", testutil.Prefix+"valconspub")
	os.Exit(m.Run())
}

// coin reads an amount and a denom such as "5data/1".
func coin(text string) sdk.Coin {
	c, err := types.ParseCoin(text)
	if err != nil {
		panic(err)
	}
	return c
}

// swapIn returns a message that sells an amount for whatever it brings.
func swapIn(f *testutil.Fixture, sender string, pool uint64, tokenIn string) *types.MsgSwapExactIn {
	return &types.MsgSwapExactIn{Sender: sender, PoolId: pool, TokenIn: coin(tokenIn), MinOut: math.OneInt(), Deadline: f.Deadline()}
}

func coins(text string) sdk.Coins { return sdk.Coins{coin(text)} }

func amounts(alita, data int64) types.Amounts {
	return types.Amounts{Alita: math.NewInt(alita), Data: math.NewInt(data)}
}

// events returns the events of a kind that the block has emitted so far.
func events(t *testing.T, f *testutil.Fixture, sample sdk.Msg) []sdk.Msg {
	t.Helper()
	var out []sdk.Msg
	for _, e := range f.Ctx.EventManager().ABCIEvents() {
		if e.Type != sdk.MsgTypeURL(sample)[1:] {
			continue
		}
		m, err := sdk.ParseTypedEvent(e)
		require.NoError(t, err)
		out = append(out, m)
	}
	return out
}
