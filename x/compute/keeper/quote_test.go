package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// A quote is made from the totals of a pool. Against a walk over its records: records, rows and operations are equal, and the
// fees, of which each record's own are rounded down, are at least the sum and less than a unit for each record above it.
func TestQuoteAgainstAWalk(t *testing.T) {
	f := newFixture(t)
	program, err := f.keeper.Program(f.ctx, f.program)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		f.registry.records, f.registry.retired = map[string]metadatatypes.Contributable{}, map[string]bool{}
		f.market.dataPerAlita = math.NewIntFromUint64(rapid.Uint64().Draw(t, "data per alita")).MulRaw(1 << rapid.IntRange(0, 20).Draw(t, "shift"))
		price := math.NewInt(rapid.Int64Range(1, 1_000_000).Draw(t, "price"))
		sum, fees := types.QueryQuoteJobResponse{}, types.ZeroFunds()
		for i, rows := range rapid.SliceOfN(rapid.OneOf(rapid.Uint64Range(1, 3), rapid.Uint64Range(1, 5_000), rapid.Uint64Range(1, 1<<40)), 0, 30).Draw(t, "rows") {
			id := f.addRecord(fmt.Sprint(i), account("owner"), rows)
			if rapid.IntRange(0, 9).Draw(t, "retire") == 0 {
				f.registry.retired[id] = true
				continue
			}
			operations, err := program.Cost.Operations(rows, 1, 3)
			require.NoError(t, err)
			fee, err := types.Fees(operations, price, f.market.dataPerAlita)
			require.NoError(t, err)
			sum.Records++
			sum.Rows += rows
			sum.Operations += operations
			fees = fees.Add(fee)
		}
		quote, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{
			PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: price.String(),
		})
		require.NoError(t, err)
		require.Equal(t, sum.Records, quote.Records)
		require.Equal(t, sum.Rows, quote.Rows)
		require.Equal(t, sum.Operations, quote.Operations)

		most := int64(quote.Records)
		require.False(t, quote.FeeAlita.LT(fees.Alita))
		require.False(t, quote.FeeAlita.GT(fees.Alita.AddRaw(most)))
		require.False(t, quote.FeeData.LT(fees.Data))
		worth, err := terms.DataFee(math.NewInt(most), f.market.dataPerAlita)
		require.NoError(t, err)
		require.False(t, quote.FeeData.GT(fees.Data.Add(worth).AddRaw(2*most)))
		require.Equal(t, types.Funds{Alita: quote.FeeAlita, Data: quote.FeeData}, quote.Total)
	})
}

// Rows that do not fit 64 bits are refused, and nothing wraps around.
func TestQuoteOfTooManyRows(t *testing.T) {
	f := newFixture(t)
	ask := func() error {
		_, err := f.query.QuoteJob(f.ctx, &types.QueryQuoteJobRequest{
			PoolId: poolID, ProgramId: f.program, Columns: 1, Length: 3, PricePerMop: "1",
		})
		return err
	}
	f.addRecord("first", account("ada"), 1<<63)
	require.ErrorIs(t, ask(), types.ErrOverflow, "the operations")
	f.addRecord("second", account("bob"), 1<<63)
	require.ErrorContains(t, ask(), "rows of the pool's records: expected fewer than 2^64, got 18446744073709551616")
}
