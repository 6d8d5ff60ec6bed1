package worker_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
)

// TestColumnsAreKeptUntilTheJobIsOver: the rounds of a secure sum read the file once; nothing is kept of other jobs, or afterwards.
func TestColumnsAreKeptUntilTheJobIsOver(t *testing.T) {
	f := newFixture(t)
	c := computer(t, f)
	c.Columns = source.NewCache(1 << 20)
	compute := func() {
		t.Helper()
		cand := f.candidate()
		cand.MaxShared = 1 << 20
		plan, decline := f.policy.Decide(cand)
		require.Nil(t, decline)
		c.Policy = f.policy
		out, err := c.Compute(t.Context(), cand, plan, f.code)
		require.NoError(t, err)
		require.Equal(t, plan.Operations, out.Operations)
	}
	compute()
	require.Empty(t, c.Columns.Jobs(), "a job of one round")

	s := newNoisedLedger(t, f)
	f.job.Spec.Secure.Rounds = 1
	compute()
	require.Empty(t, c.Columns.Jobs(), "a secure sum of one round")
	f.job.Spec.Secure.Rounds = 2
	for f.job.Round = 1; f.job.Round <= 2; f.job.Round++ {
		compute()
		require.Equal(t, []string{f.job.Id}, c.Columns.Jobs())
	}

	jobs := map[string]bool{f.job.Id: true}
	for _, status := range []chain.JobStatus{chain.JobContributing, chain.JobAggregating, chain.JobSettled} {
		s.job.Status = status
		require.NoError(t, worker.ForgetColumns(t.Context(), s, c.Columns, jobs))
		require.Equal(t, status != chain.JobSettled, len(c.Columns.Jobs()) == 1, "%s", status)
	}
	require.NoError(t, worker.ForgetColumns(t.Context(), s, nil, jobs))
}
