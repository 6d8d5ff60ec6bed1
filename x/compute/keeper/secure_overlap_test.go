package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// runTo runs a job over records with a cohort to its end.
func (f *secureFixture) runTo(n uint64, cohort uint32, records []string) types.Job {
	f.t.Helper()
	all := f.records
	defer func() { f.records = all }()
	f.records = records
	spec := f.secureSpec()
	spec.MinCohort = cohort
	id := f.open(f.consumer, n, spec)
	f.attempt(id)
	f.prepareAll(id)
	f.endBlock()
	if f.job(id).Status == types.JOB_STATUS_AGGREGATING {
		f.openAll(id)
		f.endBlocks(7)
	}
	return f.job(id)
}

// TestOverlapKeepsTheGreaterCohort: an owner that agreed only to cohorts of at least four is not disclosed by the difference to
// a query with a cohort of two, in either order.
func TestOverlapKeepsTheGreaterCohort(t *testing.T) {
	f := newSecureFixture(t, 3, 8)
	require.Equal(t, types.JOB_STATUS_SETTLED, f.runTo(1, 4, f.records[:6]).Status)
	require.Equal(t, types.FAILURE_REASON_OVERLAP, f.runTo(2, 2, f.records[:3]).Failure, "three owners make the difference")
	require.Equal(t, types.JOB_STATUS_SETTLED, f.runTo(3, 2, f.records[:2]).Status, "four do")
	require.Equal(t, types.JOB_STATUS_SETTLED, f.runTo(4, 2, f.records[:6]).Status, "the same as the first")

	g := newSecureFixture(t, 3, 8)
	require.Equal(t, types.JOB_STATUS_SETTLED, g.runTo(1, 2, g.records[:3]).Status)
	require.Equal(t, types.FAILURE_REASON_OVERLAP, g.runTo(2, 4, g.records[:6]).Failure)
	require.Equal(t, types.JOB_STATUS_SETTLED, g.runTo(3, 3, g.records[:6]).Status)
	// The cohort of three stands for this set; asking the first again with a greater one is remembered with it.
	require.Equal(t, types.JOB_STATUS_SETTLED, g.runTo(4, 3, g.records[:3]).Status)
	require.Equal(t, types.FAILURE_REASON_OVERLAP, g.runTo(5, 2, g.records[:5]).Failure)
}

// TestOverlapAfterSilence: a seat that has not opened its sum, although the others have, may know the whole sum. So the next
// attempt must be over the same owners, or differ by enough of them.
func TestOverlapAfterSilence(t *testing.T) {
	for _, same := range []bool{true, false} {
		f := newSecureFixture(t, 4, 4)
		before := f.funds(f.consumer)
		id := f.toVerifying(f.secureSpec())
		f.prepareAll(id)
		f.endBlock()
		f.openSums(id, 0, 1)
		f.endBlocks(6)
		if !same {
			f.records = f.records[:3]
		}
		f.attempt(id)
		f.prepareAll(id)
		f.endBlocks(2)
		if same {
			require.Equal(t, types.JOB_STATUS_AGGREGATING, f.job(id).Status)
			continue
		}
		require.Equal(t, types.FAILURE_REASON_OVERLAP, f.job(id).Failure)
		require.Equal(t, drawn(before).Text(), f.funds(f.consumer).Text(), "a full refund")
	}
}

// TestRoundsOfTheSameInputOverlap: rounds are queries like others.
func TestRoundsOfTheSameInputOverlap(t *testing.T) {
	f := newSecureFixture(t, 3, 4)
	spec := f.secureSpec()
	spec.Secure.Rounds, spec.Secure.NextBlocks = 2, 5
	id := f.toVerifying(spec)
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlocks(7)
	require.Equal(t, types.JOB_STATUS_WAITING, f.job(id).Status)
	paid := f.job(id).Paid
	_, err := f.msg.NextRound(f.ctx, &types.MsgNextRound{Consumer: bech(f.consumer), JobId: id, Round: 2, Input: spec.Input})
	require.NoError(t, err)
	f.records = f.records[:3]
	f.contributing(id)
	f.prepareAll(id)
	f.endBlock()
	job := f.job(id)
	require.Equal(t, types.FAILURE_REASON_OVERLAP, job.Failure)
	require.Equal(t, paid.Text(), job.Paid.Text(), "the first round stays paid, the second costs nothing")
}
