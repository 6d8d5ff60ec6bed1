package consumer_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// Three contributions with bounds of 95: 285 goes away from every slot.
func TestCountsOfNoisedSum(t *testing.T) {
	job := types.Job{Spec: types.JobSpec{Secure: &types.SecureSum{NoiseVariance: 100, Bits: 11}}, MicroRho: 5_000}
	asked := analysis.Job{Bits: 4} // at most 3 * 16 - 1 counts
	sum := []*big.Int{big.NewInt(285), big.NewInt(292), big.NewInt(280), big.NewInt(332), big.NewInt(333)}
	values, counts, err := consumer.CountsOf(job, types.Program{Bits: 63}, asked, sum, 3)
	require.NoError(t, err)
	texts := func(list []*big.Int) (out []string) {
		for _, x := range list {
			out = append(out, x.String())
		}
		return out
	}
	require.Equal(t, []string{"0", "7", "-5", "47", "48"}, texts(values))
	require.Equal(t, []string{"0", "7", "0", "47", "47"}, texts(counts))
	// sqrt(3 * 100)
	require.Equal(t, "17.3205", consumer.NewNoiseReport(job, 3).StandardDeviation)
	require.EqualValues(t, 5_000, consumer.NewNoiseReport(job, 3).MicroRho)

	job.Spec.Secure.NoiseVariance = 0
	values, counts, err = consumer.CountsOf(job, types.Program{Bits: 63}, asked, sum, 3)
	require.NoError(t, err)
	require.Equal(t, sum, values)
	require.Equal(t, sum, counts)
	require.Nil(t, consumer.NewNoiseReport(job, 3))
}

// A job of which nothing was read says nothing of noise.
func TestNoiseOfFailedJob(t *testing.T) {
	job := types.Job{Spec: types.JobSpec{Secure: &types.SecureSum{NoiseVariance: 100}}, MicroRho: 5_000}
	require.Nil(t, consumer.NewNoiseReport(job, 0))
}
