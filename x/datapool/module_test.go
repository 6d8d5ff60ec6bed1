package datapool_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	codectestutil "github.com/cosmos/cosmos-sdk/codec/testutil"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"

	"github.com/alita-network/alita/x/datapool"
	"github.com/alita-network/alita/x/datapool/testutil"
	"github.com/alita-network/alita/x/datapool/types"
)

func TestGenesisOfModule(t *testing.T) {
	cdc := moduletestutil.MakeTestEncodingConfig(datapool.AppModule{}).Codec
	module := datapool.AppModule{}
	text := module.DefaultGenesis(cdc)
	require.NoError(t, module.ValidateGenesis(cdc, nil, text))
	require.Error(t, module.ValidateGenesis(cdc, nil, json.RawMessage(`{"params":{}}`)))
	require.Error(t, module.ValidateGenesis(cdc, nil, json.RawMessage(`{`)))

	f := testutil.New(t)
	f.CreatePool(t, 1, "SPEED", nil)
	own := datapool.NewAppModule(f.Keeper)
	exported := own.ExportGenesis(f.Ctx, f.Codec)
	addresses := codectestutil.CodecOptions{AccAddressPrefix: testutil.Prefix}
	require.NoError(t, own.ValidateGenesis(addresses.NewCodec(), nil, exported))
	addresses.AccAddressPrefix = "other"
	require.ErrorIs(t, own.ValidateGenesis(addresses.NewCodec(), nil, exported), types.ErrInvalidGenesis, "accounts of another chain")
	g := testutil.New(t)
	datapool.NewAppModule(g.Keeper).InitGenesis(g.Ctx, g.Codec, exported)
	require.Equal(t, string(exported), string(datapool.NewAppModule(g.Keeper).ExportGenesis(g.Ctx, g.Codec)))
	require.Panics(t, func() { own.InitGenesis(f.Ctx, f.Codec, json.RawMessage(`{"next_pool_id":"0"}`)) })
}

// TestEveryMethodHasACommand: a new method needs a name, words and an example.
func TestEveryMethodHasACommand(t *testing.T) {
	options := datapool.AppModule{}.AutoCLIOptions()
	described := map[string]bool{}
	for _, service := range []struct {
		prefix   string
		commands []*autocliv1.RpcCommandOptions
	}{
		{"alitad query datapool ", options.Query.RpcCommandOptions},
		{"alitad tx datapool ", options.Tx.RpcCommandOptions},
	} {
		for _, c := range service.commands {
			described[c.RpcMethod] = true
			if c.Skip {
				continue
			}
			require.NotEmpty(t, c.Short, c.RpcMethod)
			words := strings.Fields(c.Use)
			require.True(t, strings.HasPrefix(c.Example, service.prefix+words[0]), c.Example)
			require.Len(t, c.PositionalArgs, len(words)-1, c.RpcMethod)
		}
	}
	for _, method := range types.Query_serviceDesc.Methods {
		require.True(t, described[method.MethodName], method.MethodName)
	}
	for _, method := range types.Msg_serviceDesc.Methods {
		require.True(t, described[method.MethodName], method.MethodName)
	}
}
