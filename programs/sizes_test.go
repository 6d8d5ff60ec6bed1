package programs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/programs"
)

// TestSizes are the sizes of contributions that README.md states, slots and bits.
func TestSizes(t *testing.T) {
	mass := programs.Column{Name: "m", Bits: 14}
	large := anes96
	large.MaxRows = 0
	for name, tt := range map[string]struct {
		p            programs.Parameters
		length, bits int
	}{
		"moments":     {programs.Parameters{Program: "moments", Columns: []programs.Column{mass, mass, mass, mass}}, 12, 48},
		"histogram":   {programs.Parameters{Program: "histogram", Columns: []programs.Column{{Name: "m", Bits: 14, Lower: "0", Width: "1", Bins: 64}}}, 67, 20},
		"quantiles":   {programs.Parameters{Program: "quantiles", Columns: []programs.Column{mass}, Quantiles: []string{".25", ".5", ".75"}}, 133, 20},
		"contingency": {penguinTable, 25, 20},
		"linear":      {longley, 74, 24},
		"logistic":    {anes96, 30, 51},
		"large":       {large, 30, 61},
		"kmeans":      {penguinClusters, 17, 46},
	} {
		s, err := programs.NewSession(tt.p)
		require.NoError(t, err, name)
		require.Equal(t, []int{tt.length, tt.bits}, []int{s.Job().Length, s.Job().Bits}, name)
		require.LessOrEqual(t, tt.length*tt.bits, 7500, name)
	}
}
