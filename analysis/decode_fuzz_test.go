package analysis_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
)

// FuzzDecode gives every decoder any input with a vector of the right or any length: an error or a result, never a panic.
func FuzzDecode(f *testing.F) {
	for _, p := range programs.All() {
		trials, err := costcheck.Trials(p)
		require.NoError(f, err)
		for _, t := range trials[:2] {
			f.Add(t.Input, uint16(t.Length), uint64(1), uint8(40))
		}
	}
	f.Fuzz(func(t *testing.T, input []byte, length uint16, seed uint64, bits uint8) {
		if length > 4096 {
			return
		}
		r := rand.New(rand.NewPCG(seed, 0))
		vector := make([]int64, length)
		for i := range vector {
			vector[i] = int64(r.Uint64() >> (1 + bits%63))
		}
		sum, err := analysis.Add(nil, vector)
		require.NoError(t, err)
		_, _ = analysis.DecodeMoments(input, sum)
		_, _ = analysis.DecodeHistogram(input, sum)
		_, _ = analysis.DecodeContingency(input, sum)
		_, _ = analysis.DecodeQuantiles(input, sum)
		_, _ = analysis.DecodeKMeans(input, sum)
		if c, err := analysis.DecodeLinear(input, sum); err == nil && len(c.Products) < 8 {
			columns, _, err := fixedpoint.ParseHeader(input)
			require.NoError(t, err)
			_, _ = c.Fit(columns)
		}
		if n, err := analysis.DecodeLogistic(input, sum, int(seed%50)); err == nil && len(n.Gradient) < 8 {
			_, _ = n.Solve()
		}
		for _, parse := range []func() (string, error){
			func() (string, error) {
				columns, step, err := analysis.ParseLogistic(input)
				if err != nil {
					return "", err
				}
				again, _, err := analysis.EncodeLogistic(columns, step)
				return string(again), err
			},
			func() (string, error) {
				columns, step, err := analysis.ParseKMeans(input)
				if err != nil {
					return "", err
				}
				again, _, err := analysis.EncodeKMeans(columns, step)
				if err != nil { // more centroids than a vector has room for
					return string(input), nil
				}
				return string(again), nil
			},
		} {
			if again, err := parse(); err == nil {
				require.Equal(t, string(input), again)
			}
		}
	})
}
