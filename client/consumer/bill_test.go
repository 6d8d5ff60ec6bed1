package consumer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// The bill adds up to the budget: over rounds, with owners, stakers, seats and what returns.
func TestBill(t *testing.T) {
	job := types.Job{
		StakersFeePpm: 50_000, Operations: 5691, Round: 1, Judged: 4, Valid: 3,
		Paid: types.NewFunds(2845, 11_380), Refunded: types.NewFunds(17_155, 68_620), DrawFee: math.NewInt(1_000_000),
		Spec: types.JobSpec{PricePerMop: math.NewInt(500_000), Budget: types.NewFunds(20_000, 80_000)},
	}
	contributions := []types.Contribution{
		{Owner: "ada", Status: types.CONTRIBUTION_STATUS_PAID, Fee: types.NewFunds(2487, 9948), Attestation: types.Attestation{RecordId: "a", Operations: 10}},
		{Owner: "bob", Status: types.CONTRIBUTION_STATUS_PAID, Fee: types.NewFunds(358, 1432), Attestation: types.Attestation{RecordId: "b", Operations: 20}},
		{Owner: "cyd", Status: types.CONTRIBUTION_STATUS_UNPAID, Fee: types.NewFunds(10, 40), Attestation: types.Attestation{RecordId: "c", Operations: 30}},
	}
	first := consumer.BillOfRound(job, contributions)
	b := consumer.NewBill(job, []consumer.RoundBill{first})
	require.EqualValues(t, 2363, b.Lines[0].Owned.Alita.Int64())
	require.EqualValues(t, 124, b.Lines[0].Stakers.Alita.Int64())
	require.True(t, b.Lines[2].Owned.Alita.IsZero())
	require.EqualValues(t, 141, b.Stakers.Alita.Int64())
	require.EqualValues(t, 2704, b.Owners.Alita.Int64())
	require.True(t, b.SeatsTotal.Alita.IsZero())
	require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.Refunded.Alita))
	require.Equal(t, b.Budget.Data, b.Owners.Data.Add(b.Stakers.Data).Add(b.Refunded.Data))

	// A second round with two seats of 7 and 9 for each of 3 contributions, twice: 96 more, and the owners' fees again.
	job.Seats = []types.JobSeat{{Operator: "s", Fee: math.NewInt(7)}, {Operator: "t", Fee: math.NewInt(9)}}
	job.Paid, job.Refunded = types.NewFunds(2*2845+96, 2*11_380), types.NewFunds(20_000-2*2845-96, 80_000-2*11_380)
	rounds := []consumer.RoundBill{consumer.BillOfRound(job, contributions)}
	job.Round = 2
	rounds = append(rounds, consumer.BillOfRound(job, contributions[:2]))
	b = consumer.NewBill(job, rounds)
	require.Len(t, b.Lines, 3)
	require.EqualValues(t, 1_000_000, b.DrawFee.Int64(), "once, in addition to the budget")
	require.EqualValues(t, 2*2363, b.Lines[0].Owned.Alita.Int64())
	require.Equal(t, []int{2, 2, 1}, []int{b.Lines[0].Rounds, b.Lines[1].Rounds, b.Lines[2].Rounds})
	require.EqualValues(t, 20, b.Lines[0].Operations)
	require.EqualValues(t, 96, b.SeatsTotal.Alita.Int64())
	require.EqualValues(t, 42, b.Seats[0].Paid.Int64())
	require.EqualValues(t, 54, b.Seats[1].Paid.Int64())
	require.EqualValues(t, 6, b.Seats[0].Contributions)
	require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.SeatsTotal.Alita).Add(b.Refunded.Alita))
	require.Equal(t, b.Budget.Data, b.Owners.Data.Add(b.Stakers.Data).Add(b.SeatsTotal.Data).Add(b.Refunded.Data))
}
