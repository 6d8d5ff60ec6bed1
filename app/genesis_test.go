package app_test

import (
	"testing"
	"time"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/app/mempool"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

func blank() *app.App {
	return app.New(log.NewNopLogger(), dbm.NewMemDB(), true, simtestutil.EmptyAppOptions{})
}

func TestDefaultGenesis(t *testing.T) {
	a := blank()
	genesis := a.DefaultGenesis()
	require.NoError(t, a.BasicModuleManager.ValidateGenesis(a.AppCodec(), a.TxConfig(), genesis))

	var bank banktypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(genesis["bank"], &bank)
	require.Len(t, bank.DenomMetadata, 1)
	require.NoError(t, bank.DenomMetadata[0].Validate())
	require.Equal(t, "ualita", bank.DenomMetadata[0].Base)
	require.Equal(t, "ALITA", bank.DenomMetadata[0].Symbol)

	var staking stakingtypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(genesis["staking"], &staking)
	require.Equal(t, "ualita", staking.Params.BondDenom)
	require.Equal(t, 21*24*time.Hour, staking.Params.UnbondingTime)
	require.Equal(t, "0.050000000000000000", staking.Params.MinCommissionRate.String())

	var mint minttypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(genesis["mint"], &mint)
	require.Equal(t, "ualita", mint.Params.MintDenom)
	require.EqualValues(t, 48_550_153, mint.Params.BlocksPerYear)

	var gov govv1.GenesisState
	a.AppCodec().MustUnmarshalJSON(genesis["gov"], &gov)
	require.Equal(t, "1000000000ualita", gov.Params.MinDeposit[0].String())

	var slashing slashingtypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(genesis["slashing"], &slashing)
	require.EqualValues(t, 44_307, slashing.Params.SignedBlocksWindow)
}

func TestDefaultConsensusParams(t *testing.T) {
	params := app.DefaultConsensusParams()
	require.NoError(t, params.ValidateBasic())
	require.EqualValues(t, 4_194_304, params.Block.MaxBytes)
	require.EqualValues(t, 100_000_000, params.Block.MaxGas)
	// Evidence must stay valid for as long as the stake can be slashed.
	require.Equal(t, app.UnbondingTime, params.Evidence.MaxAgeDuration)
}

func TestServerDefaults(t *testing.T) {
	_, cfg := app.DefaultServerConfig()
	require.NoError(t, cfg.ValidateBasic())
	require.Equal(t, "0.0025ualita", cfg.MinGasPrices)
	require.EqualValues(t, 50_000_000, cfg.QueryGasLimit)
	require.True(t, cfg.API.Enable && cfg.API.Swagger && cfg.GRPC.Enable)
	require.NotZero(t, cfg.StateSync.SnapshotInterval)
	require.True(t, cfg.Alita.OptimisticExecution)

	comet := app.DefaultCometConfig()
	require.NoError(t, comet.ValidateBasic())
	// A transaction with the largest program fits, with room for the rest.
	require.Greater(t, comet.Mempool.MaxTxBytes, int(computetypes.DefaultParams().MaxCodeBytes)+1<<16)
	require.Less(t, comet.Mempool.MaxTxBytes, app.MaxBlockBytes)
	require.Greater(t, int(comet.RPC.MaxBodyBytes), comet.Mempool.MaxTxBytes*4/3)
	require.Equal(t, 500*time.Millisecond, comet.Consensus.TimeoutCommit)
	// CometBFT's list is never full before the pool, which gives up cheap transactions for dear ones.
	var places, bytes int
	for _, lane := range mempool.DefaultLimits() {
		places, bytes = places+lane.Txs, bytes+lane.Bytes
	}
	require.GreaterOrEqual(t, comet.Mempool.Size, 4*places)
	require.GreaterOrEqual(t, comet.Mempool.MaxTxsBytes, 2*int64(bytes))
	require.Greater(t, comet.Mempool.CacheSize, comet.Mempool.Size)
}

func TestBlockedAddresses(t *testing.T) {
	blocked := app.BlockedAddresses()
	a := blank()
	for name, permissions := range a.AccountKeeper.GetModulePermissions() {
		address := permissions.GetAddress().String()
		require.True(t, blocked[address], name)
	}
}
