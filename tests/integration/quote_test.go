package integration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	apptest "github.com/alita-network/alita/testutil/app"
	computekeeper "github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// queryGas is the limit of a query on a default node.
const queryGas = 50_000_000

// withRecords returns a context over the state of a chain in which the one record of the pool is there n times, with another
// id each time. Writes to it are lost.
func withRecords(t testing.TB, chain *apptest.Chain, n int) sdk.Context {
	t.Helper()
	ctx, k := chain.Ctx(), chain.App.MetadataKeeper
	one, err := k.ExportGenesis(ctx)
	require.NoError(t, err)
	require.Len(t, one.Records, 1)
	many := metadatatypes.GenesisState{Params: one.Params}
	for i := range n - 1 {
		record, version := one.Records[0], one.Versions[0]
		record.Id = metadatatypes.RecordID(owners[0].Address(), salt(uint64(1_000+i)))
		version.RecordId = record.Id
		many.Records, many.Versions = append(many.Records, record), append(many.Versions, version)
	}
	require.NoError(t, k.InitGenesis(ctx, many))
	return ctx
}

// A quote costs the same gas whether a pool has 100 records or 10,000, far below what a default node allows a query.
func TestQuoteOfALargePool(t *testing.T) {
	chain := apptest.New(t, funded())
	createPool(chain)
	program := storeMoments(t, chain)
	chain.Must(owners[0], registerWorkerMsg(t, owners[0]))
	listRecord(t, chain, owners[0], 1_025)
	gas := map[int]uint64{}
	for _, n := range []int{100, 10_000} {
		ctx := withRecords(t, chain, n).WithGasMeter(storetypes.NewGasMeter(queryGas))
		quote, err := computekeeper.NewQueryServer(chain.App.ComputeKeeper).QuoteJob(ctx, &computetypes.QueryQuoteJobRequest{
			PoolId: poolID, ProgramId: program, Columns: 1, Length: 3, PricePerMop: "500000",
		})
		require.NoError(t, err)
		gas[n] = ctx.GasMeter().GasConsumed()
		t.Logf("%d records: %d gas", n, gas[n])
		require.EqualValues(t, n, quote.Records)
		require.EqualValues(t, 1_025*n, quote.Rows)
		require.EqualValues(t, 58_799*n, quote.Operations, "1312 + 2*6706 + 43*1025 each")
	}
	require.InDelta(t, gas[100], gas[10_000], 100)
	require.Less(t, gas[10_000], uint64(50_000))
}
