package terms_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/terms"
)

// The cost of several runs is the sum of their costs. A sum that does not fit 64 bits fails both ways.
func TestTotalOperationsIsTheSumOfTheRuns(t *testing.T) {
	number := rapid.OneOf(rapid.Uint64Range(0, 10), rapid.Uint64Range(0, 1<<20), rapid.Uint64())
	cost := rapid.Custom(func(t *rapid.T) terms.Cost {
		return terms.Cost{Constant: number.Draw(t, "constant"), PerColumn: number.Draw(t, "per column"), PerSlot: number.Draw(t, "per slot")}
	})
	rapid.Check(t, func(t *rapid.T) {
		model := terms.CostModel{Base: cost.Draw(t, "base"), PerBatch: cost.Draw(t, "per batch"), PerRow: cost.Draw(t, "per row")}
		columns, length := rapid.Uint32Range(1, 64).Draw(t, "columns"), rapid.Uint32Range(1, 4096).Draw(t, "length")
		var (
			totals terms.Totals
			sum    uint64
			failed error
		)
		for _, rows := range rapid.SliceOfN(rapid.Uint64Range(1, 1<<48), 0, 20).Draw(t, "rows") {
			totals.Runs++
			totals.Rows += rows
			totals.Batches += terms.Batches(rows)
			operations, err := model.Operations(rows, columns, length)
			if err == nil {
				sum, err = terms.AddOperations(sum, operations)
			}
			if err != nil {
				failed = err
			}
		}
		got, err := model.TotalOperations(totals, columns, length)
		if failed != nil {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, sum, got)
	})
}

func TestBatches(t *testing.T) {
	for rows, want := range map[uint64]uint64{0: 0, 1: 1, 1_023: 1, 1_024: 1, 1_025: 2, 2_048: 2, 1 << 48: 1 << 38, 1<<64 - 1: 1 << 54} {
		require.Equal(t, want, terms.Batches(rows), "%d rows", rows)
	}
}
