package consumer_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// Three contributions with 10 rows: three bounds of 95 go away from every slot, and ten times the least that a row may add is put back.
func TestRevealed(t *testing.T) {
	job := types.Job{Spec: types.JobSpec{Length: 3, Secure: &types.SecureSum{
		Seats: 3, MicroRho: 5_000, Bits: 11, Ranges: types.RangesOf(terms.Ranges{{Count: 2, High: 1, Variance: 100}, {Count: 1, Low: -5, High: 5, Variance: 100}}),
	}}, MicroRho: 5_000}
	sums := types.RoundSums{Valid: 3, Rows: 10}
	got, err := consumer.Revealed(job, sums, []*big.Int{big.NewInt(285), big.NewInt(280), big.NewInt(340)})
	require.NoError(t, err)
	require.Equal(t, "[0 -5 5]", fmt.Sprint(got))
	// sqrt(3 * 100)
	report := consumer.NewNoiseReport(job, 3)
	require.InDelta(t, math.Sqrt(300), report.Slots[0].StandardDeviation, 1e-12)
	require.EqualValues(t, 5_000, report.MicroRho)

	job.Spec.Secure = &types.SecureSum{Bits: 11}
	sum := []*big.Int{big.NewInt(285)}
	got, err = consumer.Revealed(job, sums, sum)
	require.NoError(t, err)
	require.Equal(t, sum, got)
	require.Nil(t, consumer.NewNoiseReport(job, 3))
}

// A job of which nothing was read says nothing of noise.
func TestNoiseOfFailedJob(t *testing.T) {
	job := types.Job{Spec: types.JobSpec{Secure: &types.SecureSum{MicroRho: 5_000}}, MicroRho: 5_000}
	require.Nil(t, consumer.NewNoiseReport(job, 0))
}

// A question with noise asks the row program, with ranges for all of its slots, and knows that the answer is to have noise.
func TestNoisedSpec(t *testing.T) {
	p := analysis.Parameters{
		Program: "histogram", MaxRows: 1000, MicroRho: 100_000, Columns: []analysis.Column{{Name: "x", Bits: 32, Lower: "0", Width: "1", Bins: 3}},
	}
	spec, err := consumer.SpecOf(asked(p))
	require.NoError(t, err)
	session, err := analysis.NewSession(p)
	require.NoError(t, err)
	require.Equal(t, "histogram_row", session.Program().Name)
	require.Equal(t, session.Program().Hash, spec.ProgramId)
	require.EqualValues(t, 7, spec.Length)
	require.EqualValues(t, 100_000, spec.Secure.MicroRho)
	require.Equal(t, types.RangesOf(session.Job().Ranges), spec.Secure.Ranges)
	require.EqualValues(t, session.Job().Bits, spec.Secure.Bits)
	program := types.Program{Row: true, Kind: types.VECTOR_KIND_SUM, Bits: 63}
	microRho, err := types.MicroRho(spec, program)
	require.NoError(t, err, "the chain takes it")
	require.EqualValues(t, 100_000, microRho)
	require.NoError(t, spec.CheckRows(program, 1000))

	r := asked(p)
	r.Direct = true
	require.ErrorContains(t, r.Check(), "rho: expected none with direct delivery")
}
