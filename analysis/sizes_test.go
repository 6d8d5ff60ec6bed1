package analysis_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
)

// TestSizes are the sizes of contributions that README.md states, slots and bits.
func TestSizes(t *testing.T) {
	mass := analysis.Column{Name: "m", Bits: 14}
	large := anes96
	large.MaxRows = 0
	for name, tt := range map[string]struct {
		p            analysis.Parameters
		length, bits int
	}{
		"moments":     {analysis.Parameters{Program: "moments", Columns: []analysis.Column{mass, mass, mass, mass}}, 12, 48},
		"histogram":   {analysis.Parameters{Program: "histogram", Columns: []analysis.Column{{Name: "m", Bits: 14, Lower: "0", Width: "1", Bins: 64}}}, 67, 20},
		"quantiles":   {analysis.Parameters{Program: "quantiles", Columns: []analysis.Column{mass}, Quantiles: []string{".25", ".5", ".75"}}, 133, 20},
		"contingency": {penguinTable, 25, 20},
		"linear":      {longley, 74, 24},
		"logistic":    {anes96, 30, 51},
		"large":       {large, 30, 61},
		"kmeans":      {penguinClusters, 17, 46},
	} {
		s, err := analysis.NewSession(tt.p)
		require.NoError(t, err, name)
		require.Equal(t, []int{tt.length, tt.bits}, []int{s.Job().Length, s.Job().Bits}, name)
		require.LessOrEqual(t, tt.length*tt.bits, 7500, name)
	}
}
