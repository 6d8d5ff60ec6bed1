package cmd_test

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	cmtcfg "github.com/cometbft/cometbft/config"
	cmtlog "github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/rpc/client/local"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/alita-network/alita/app"
)

// startNode runs a node on new files in the test's process, with consensus and RPC as they are everywhere, and
// returns its home and the address of its RPC. The node ends with the test.
func startNode(t *testing.T) (home, rpc string) {
	t.Helper()
	home = t.TempDir()
	newGenesis(t, home)
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
	require.NoError(t, err)

	cfg := app.DefaultCometConfig()
	cfg.SetRoot(home)
	rpc = freeAddress(t)
	cfg.RPC.ListenAddress, cfg.P2P.ListenAddress = rpc, "tcp://127.0.0.1:0"
	cfg.Consensus.TimeoutCommit = 200 * time.Millisecond
	cfg.Instrumentation.Prometheus = false

	a := app.New(log.NewNopLogger(), dbm.NewMemDB(), true, simtestutil.AppOptionsMap{}, baseapp.SetChainID(genesis.ChainID),
		baseapp.SetMinGasPrices(app.DefaultMinGasPrice))
	key, err := p2p.LoadOrGenNodeKey(cfg.NodeKeyFile())
	require.NoError(t, err)
	n, err := node.NewNode(cfg, privval.LoadOrGenFilePV(cfg.PrivValidatorKeyFile(), cfg.PrivValidatorStateFile()), key,
		proxy.NewLocalClientCreator(server.NewCometABCIWrapper(a)),
		func() (*cmttypes.GenesisDoc, error) { return genesis.ToGenesisDoc() },
		cmtcfg.DefaultDBProvider, node.DefaultMetricsProvider(cfg.Instrumentation), cmtlog.NewNopLogger())
	require.NoError(t, err)
	ctx := client.Context{}.WithCodec(a.AppCodec()).WithInterfaceRegistry(a.InterfaceRegistry()).WithTxConfig(a.TxConfig()).
		WithAccountRetriever(authtypes.AccountRetriever{}).WithChainID(genesis.ChainID).WithClient(local.New(n))
	a.RegisterTxService(ctx)
	a.RegisterTendermintService(ctx)
	settings := serverconfig.DefaultConfig()
	settings.MinGasPrices = app.DefaultMinGasPrice
	a.RegisterNodeService(ctx, *settings)

	blocks, err := n.EventBus().Subscribe(t.Context(), "test", cmttypes.EventQueryNewBlock)
	require.NoError(t, err)
	require.NoError(t, n.Start())
	t.Cleanup(func() {
		require.NoError(t, n.Stop())
		n.Wait()
		require.NoError(t, a.Close())
	})
	select {
	case <-blocks.Out():
	case <-blocks.Canceled():
		require.NoError(t, blocks.Err())
	}
	return home, rpc
}

// freeAddress is a TCP address of this machine that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return fmt.Sprintf("tcp://%s", l.Addr())
}
