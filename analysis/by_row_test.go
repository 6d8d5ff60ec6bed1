package analysis_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/terms"
)

// A row program's exact sums give the answer of its twin: slot 0 counts the rows, and the gradient has no offset.
func TestByRow(t *testing.T) {
	columns := []analysis.Column{{Name: "y", Bits: 1}, {Name: "x", Bits: 4}}
	const owners, rows = 3, 100
	twin, err := analysis.NewSession(analysis.Parameters{Program: "logistic", Columns: columns, MaxRows: 1000})
	require.NoError(t, err)
	row, err := analysis.NewSession(analysis.Parameters{Program: "logistic_row", Columns: columns, MaxRows: 1000})
	require.NoError(t, err)
	require.Equal(t, "logistic_row", row.Program().Name)
	require.Equal(t, twin.Job().Input, row.Job().Input)
	require.Equal(t, twin.Job().Length+1, row.Job().Length)
	require.Zero(t, row.Job().MicroRho)
	require.NoError(t, row.Job().Ranges.Validate(uint32(row.Job().Length), 0))

	const fraction = 40 // of 61 bits, 10 of them for 1,000 rows
	one := func(n int64, shift uint) *big.Int { return new(big.Int).Lsh(big.NewInt(n), shift) }
	// 100 rows at coefficients 0: the loss is 100 ln 2, the information a quarter of z z'.
	sums := []*big.Int{
		big.NewInt(rows), big.NewInt(0), one(693147, fraction-6-20+6), one(10, fraction), one(7, fraction),
		one(25, fraction), one(12, fraction), one(9, fraction),
	}
	offset := one(owners, uint(fraction+10))
	ofTwin := append([]*big.Int(nil), sums...)
	for i := 3; i < 5; i++ {
		ofTwin[i] = new(big.Int).Add(sums[i], offset)
	}
	require.NoError(t, twin.Advance(ofTwin, owners))
	require.ErrorIs(t, row.Advance(sums, owners), analysis.ErrVector, "without the count of rows")
	require.NoError(t, row.Advance(append([]*big.Int{big.NewInt(rows)}, sums...), owners))
	want, err := twin.Result()
	require.NoError(t, err)
	got, err := row.Result()
	require.NoError(t, err)
	require.Equal(t, want.Table, got.Table)
	require.Equal(t, twin.Job().Input, row.Job().Input, "of the next round")

	histogram, err := analysis.NewSession(analysis.Parameters{Program: "histogram_row", Columns: []analysis.Column{{Name: "x", Bits: 8, Lower: "0", Width: "10", Bins: 3}}})
	require.NoError(t, err)
	require.Equal(t, terms.Ranges{{Count: uint32(histogram.Job().Length), High: 1}}, histogram.Job().Ranges)
	for name, p := range map[string]analysis.Parameters{
		"expected logistic with noise":  {Program: "logistic_row", Columns: columns, MicroRho: 1},
		"or contingency_row, histogram": {Program: "moments_row", Columns: columns[1:]},
	} {
		_, err := analysis.NewSession(p)
		require.ErrorContains(t, err, name)
	}
}
