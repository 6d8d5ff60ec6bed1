package compute_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/x/compute/types"
)

// Events become lines; a job that has not changed becomes none.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	show := compute.NewProgress(&out)
	job := types.Job{
		Status: types.JOB_STATUS_CONTRIBUTING, Round: 2, Attempt: 1, Owners: 3, DeadlineHeight: 70,
		Spec: types.JobSpec{MinCohort: 2, MaxCohort: 4, Delivery: types.DELIVERY_SECURE_SUM, Secure: &types.SecureSum{Rounds: 3}},
	}
	for _, e := range []consumer.Event{
		consumer.JobSeen{Job: job, Height: 1},
		consumer.JobSeen{Job: job, Height: 2},
		consumer.RoundVerified{Number: 2, Round: analysis.Round{Contributions: 3, Note: "note"}},
		consumer.RoundUnreadable{Number: 3, Err: errors.New("no answer")},
		consumer.SumDisputed{Err: errors.New("the sum of seat 1 (op) does not open its commitment: x")},
	} {
		show(e)
	}
	require.Equal(t, `round 2: contributing: 3 owners of 2 to 4, until block 70
round 2 verified: 3 contributions, note
no answer
the sum of seat 1 (op) does not open its commitment: x; disputing it: the seat loses its bond, the round starts again
`, out.String())
}

func TestFailuresInWords(t *testing.T) {
	job := func(reason types.FailureReason) types.Job {
		return types.Job{
			Status: types.JOB_STATUS_FAILED, Failure: reason, Owners: 2, Attempt: 5, Round: 1,
			Spec: types.JobSpec{MinCohort: 3, PoolId: 7, Delivery: types.DELIVERY_SECURE_SUM, Secure: &types.SecureSum{}},
		}
	}
	for reason, says := range map[types.FailureReason]string{
		types.FAILURE_REASON_COHORT:    "2 owners contributed, 3 were needed",
		types.FAILURE_REASON_SEATS:     "alitad query compute seats",
		types.FAILURE_REASON_CANCELLED: "cancelled",
	} {
		require.Contains(t, compute.FailureText(job(reason)), says)
		require.Contains(t, compute.PhaseLine(job(reason)), "failed: ")
	}
	invalid := job(types.FAILURE_REASON_COHORT)
	invalid.Judged, invalid.Valid, invalid.ValidOwners = 5, 2, 2
	require.Contains(t, compute.FailureText(invalid), "2 of 5 contributions were valid")
}

func TestNoiseOfFailedJob(t *testing.T) {
	job := types.Job{
		Status: types.JOB_STATUS_FAILED, Failure: types.FAILURE_REASON_COHORT, Round: 1, MicroRho: 5_000,
		Spec: types.JobSpec{PoolId: 7, MinCohort: 3, Delivery: types.DELIVERY_SECURE_SUM, Secure: &types.SecureSum{MicroRho: 5_000}},
	}
	require.Contains(t, compute.FailureText(job), "whose grants may ask for a higher --price, or whose privacy budgets have less left than the 5000 millionths of rho that this noise is charged")
	job.MicroRho = 0
	job.Spec.Delivery, job.Spec.Secure = types.DELIVERY_DIRECT, nil
	require.Contains(t, compute.FailureText(job), "whose grants may ask for a higher --price; the owners' workers may also have policies that name neither the program nor its author")
}

// A question of several rounds is charged for each of them.
func TestChargeText(t *testing.T) {
	require.Equal(t, "noise hides each row: rho 0.1 (epsilon 2.72 at delta 1e-09) for each owner's record in each round", compute.ChargeText(100_000, 1))
	require.Equal(t, "noise hides each row: rho 0.1 (epsilon 2.72 at delta 1e-09) for each owner's record in each round, at most rho 0.5 (epsilon 6.47 at delta 1e-09) in all 5; "+
		"a record whose budget has less left can be missing in a later one", compute.ChargeText(100_000, 5))
}
