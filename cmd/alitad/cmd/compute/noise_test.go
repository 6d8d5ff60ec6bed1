package compute_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/x/compute/types"
)

// The noise of variance 100 is up to 95, so 1,000 rows of 10 bits need 11 bits: 1023 + 190 < 2048.
func TestNoiseMakesRoom(t *testing.T) {
	base := []string{"--pool", "1", "--price", "1ALITA", "--columns", "x", "--max-rows", "1000"}
	r, err := compute.ReadRequest(flags(t, append(base, "--program", "histogram", "--bins", "3", "--noise-variance", "100")...))
	require.NoError(t, err)
	require.EqualValues(t, 100, r.Spec().Secure.NoiseVariance)
	require.EqualValues(t, 11, r.Spec().Secure.Bits)
	r, err = compute.ReadRequest(flags(t, append(base, "--program", "histogram", "--bins", "3")...))
	require.NoError(t, err)
	require.Zero(t, r.Spec().Secure.NoiseVariance)
	require.EqualValues(t, 10, r.Spec().Secure.Bits)

	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"sums":      {[]string{"--program", "moments", "--noise-variance", "1"}, "moments is none of histogram and contingency"},
		"quantiles": {[]string{"--program", "quantiles", "--quantiles", "0.5", "--noise-variance", "1"}, "quantiles is none of"},
		"too much":  {[]string{"--program", "histogram", "--bins", "3", "--noise-variance", "4611686018427387905"}, "expected 1 to 4611686018427387904"},
		"direct":    {[]string{"--program", "histogram", "--bins", "3", "--direct", "--noise-variance", "1"}, "no --direct"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := compute.ReadRequest(flags(t, append(base, tc.args...)...))
			require.ErrorContains(t, err, tc.says)
			require.ErrorContains(t, err, "--noise-variance")
		})
	}
}

// Three contributions with bounds of 95: 285 goes away from every slot.
func TestCountsOfNoisedSum(t *testing.T) {
	job := types.Job{Spec: types.JobSpec{Secure: &types.SecureSum{NoiseVariance: 100, Bits: 11}}, MicroRho: 5_000}
	asked := analysis.Job{Bits: 4} // at most 3 * 16 - 1 counts
	sum := []*big.Int{big.NewInt(285), big.NewInt(292), big.NewInt(280), big.NewInt(332), big.NewInt(333)}
	values, counts, err := compute.CountsOf(job, types.Program{Bits: 63}, asked, sum, 3)
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
	require.Equal(t, "17.3205", compute.NewNoiseReport(job, 3).StandardDeviation)
	require.EqualValues(t, 5_000, compute.NewNoiseReport(job, 3).MicroRho)

	job.Spec.Secure.NoiseVariance = 0
	values, counts, err = compute.CountsOf(job, types.Program{Bits: 63}, asked, sum, 3)
	require.NoError(t, err)
	require.Equal(t, sum, values)
	require.Equal(t, sum, counts)
	require.Nil(t, compute.NewNoiseReport(job, 3))
}

// A job of which nothing was read says nothing of noise and charges, and one that asked for noise says why nobody may have come.
func TestNoiseOfFailedJob(t *testing.T) {
	job := types.Job{
		Status: types.JOB_STATUS_FAILED, Failure: types.FAILURE_REASON_COHORT, Round: 1, MicroRho: 5_000,
		Spec: types.JobSpec{PoolId: 7, MinCohort: 3, Delivery: types.DELIVERY_SECURE_SUM, Secure: &types.SecureSum{NoiseVariance: 100}},
	}
	require.Nil(t, compute.NewNoiseReport(job, 0))
	require.Contains(t, compute.FailureText(job), "whose grants may ask for a higher --price, or whose privacy budgets have less left than the 5000 millionths of rho that this noise is charged")
	job.Spec.Secure.NoiseVariance = 0
	require.Contains(t, compute.FailureText(job), "whose grants may ask for a higher --price, or allow no sums without noise; the owners' workers may also have policies that name neither the program nor its author")
	job.Spec.Delivery, job.Spec.Secure = types.DELIVERY_DIRECT, nil
	require.NotContains(t, compute.FailureText(job), "without noise")
}
