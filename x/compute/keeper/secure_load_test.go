package keeper_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/x/compute/types"
)

// answerOne lets a seat that sends one message every other block send the one that is due first.
func (f *secureFixture) answerOne(operator string, jobs []string) {
	f.t.Helper()
	jobs = slices.Clone(jobs)
	slices.SortStableFunc(jobs, func(a, b string) int { return int(f.job(a).DeadlineHeight - f.job(b).DeadlineHeight) })
	for _, id := range jobs {
		job := f.job(id)
		for i, s := range job.Seats {
			if s.Operator != operator {
				continue
			}
			var err error
			switch {
			case job.Status == types.JOB_STATUS_SEATING && s.Status == types.SEAT_STATUS_DRAWN:
				_, err = f.msg.TakeSeat(f.ctx, &types.MsgTakeSeat{Account: s.Account, JobId: id, Key: f.seatKey(operator, id).Public().Bytes()})
			case job.Status == types.JOB_STATUS_VERIFYING && s.Prepared < job.Contributions:
				_, err = f.msg.Prepare(f.ctx, f.preparations(id, i))
			case job.Status == types.JOB_STATUS_AGGREGATING && s.Status == types.SEAT_STATUS_SEATED:
				_, err = f.msg.OpenSum(f.ctx, f.openMsg(id, i, f.opening(id, i)))
			default:
				continue
			}
			require.NoError(f.t, err)
			return
		}
	}
}

// TestManyJobsAtOnceCostNoBond: many jobs at once, with the shortest windows and with contributions to them all, do not make a
// seat late that answers one after the other.
func TestManyJobsAtOnceCostNoBond(t *testing.T) {
	const jobs = 25
	f := newSecureFixture(t, 4, 2)
	f.fund(f.consumer, 100*whole, 100*whole)
	spec := f.secureSpec()
	spec.ContributeBlocks, spec.MaxCohort = 100, 3
	spec.Secure.PublicResult = true
	var ids []string
	for n := range jobs {
		s := spec
		s.Input = fmt.Appendf(nil, "query %d", n)
		ids = append(ids, f.open(f.consumer, uint64(n), s))
	}
	contributed := map[string]bool{}
	open := func() bool {
		return slices.ContainsFunc(ids, func(id string) bool { return f.job(id).Open() })
	}
	for block := 0; open(); block++ {
		require.Less(t, block, 2_000)
		for _, id := range ids {
			if f.job(id).Status == types.JOB_STATUS_CONTRIBUTING && !contributed[id] {
				contributed[id] = true
				f.contributeAll(id)
			}
		}
		if block%2 == 0 {
			for _, o := range f.operators {
				f.answerOne(f.seatText(o), ids)
			}
		}
		f.endBlock()
	}
	for _, id := range ids {
		require.Equal(t, types.JOB_STATUS_SETTLED, f.job(id).Status)
		require.Empty(t, f.job(id).Lost)
	}
	for _, o := range f.operators {
		require.EqualValues(t, seatBond, f.bondOf(f.seatText(o)).Int64())
	}
}

// TestTimeOfASeatPasses: the work of long ago makes no window longer.
func TestTimeOfASeatPasses(t *testing.T) {
	f := newSecureFixture(t, 3, 0)
	windows := func(n uint64, jobs int) (last int64) {
		for i := range jobs {
			f.open(f.consumer, 100*n+uint64(i), f.secureSpec())
		}
		f.endBlocks(2)
		for i := range jobs {
			id := types.JobID(f.consumer, salt(100*n+uint64(i)))
			last = max(last, f.blocksLeft(id))
			_, err := f.msg.CancelJob(f.ctx, &types.MsgCancelJob{Consumer: bech(f.consumer), JobId: id})
			require.NoError(t, err)
		}
		return last
	}
	f.fund(f.consumer, 100*whole, 100*whole)
	require.EqualValues(t, 5, windows(1, 1))
	require.EqualValues(t, 9*types.BlocksPerAnswer, windows(2, 9))
	f.endBlocks(9 * types.BlocksPerAnswer)
	require.EqualValues(t, 5, windows(3, 1))
}
