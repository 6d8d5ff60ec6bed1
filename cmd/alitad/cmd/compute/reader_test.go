package compute_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/cmd/alitad/cmd/compute"
	"github.com/alita-network/alita/x/compute/types"
)

var (
	jobID   = strings.Repeat("0a", 16)
	moments = analysis.Parameters{Program: "moments", Columns: []analysis.Column{{Name: "x", Bits: 10}}, MaxRows: 1000}
	// The median of values below 2^12: three rounds.
	median = analysis.Parameters{Program: "quantiles", Quantiles: []string{"0.5"}, Columns: []analysis.Column{{Name: "x", Bits: 12}}, MaxRows: 1000}
	owners = [][]int64{{1, 5, 900}, {4000, 17, 18, 19}, {1023, 33}}
)

// newRun keeps a run of a question, on a chain that has its job.
func newRun(t *testing.T, p analysis.Parameters, rounds uint32, public bool) (string, *compute.SavedRun, *ownersChain) {
	t.Helper()
	home := t.TempDir()
	run := &compute.SavedRun{ChainID: chainID, JobID: jobID, From: "consumer", Question: compute.Question{Parameters: &p}}
	values := owners
	if p.Program == "moments" {
		values = [][]int64{{1, 5, 900}, {17, 18, 19}, {1023, 33}}
	}
	c := newOwnersChain(t, run, p, rounds, public, values...)
	require.NoError(t, run.Create(home))
	return home, run, c
}

func follow(t *testing.T, c *ownersChain, home string, run *compute.SavedRun) (types.Job, compute.Answer, string, error) {
	t.Helper()
	var out bytes.Buffer
	r, err := compute.NewReader(c, home, run, &out)
	require.NoError(t, err)
	job, err := r.Follow(t.Context())
	return job, r.Answer(), out.String(), err
}

func kinds(c *ownersChain) (names []string) {
	for _, m := range c.sent {
		names = append(names, kindOf(m))
	}
	return names
}

func kindOf(msg sdk.Msg) string {
	switch m := msg.(type) {
	case *types.MsgAcceptSums:
		return "accept"
	case *types.MsgDisputeSum:
		return "dispute"
	case *types.MsgNextRound:
		if m.Done {
			return "done"
		}
		return "next"
	}
	return fmt.Sprintf("%T", msg)
}

// The sum is opened, verified and accepted; 2016 over 8 values is 252.
func TestReadsSecureSum(t *testing.T) {
	for name, public := range map[string]bool{"sealed": false, "public": true} {
		t.Run(name, func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, public)
			job, answer, out, err := follow(t, c, home, run)
			require.NoError(t, err)
			require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
			require.Equal(t, []string{"x", "8", "2016", "252"}, answer.Result().Table.Rows[0][:4])
			require.Equal(t, 3, answer.Result().Contributions)
			require.Contains(t, out, "round 1 verified: 3 contributions")
			if public {
				require.Empty(t, kinds(c))
			} else {
				require.Equal(t, []string{"accept"}, kinds(c))
			}
			b := compute.NewBill(job, run.Rounds)
			require.EqualValues(t, 3*95, b.Owners.Alita.Int64())
			require.EqualValues(t, 3*5, b.Stakers.Alita.Int64())
			require.EqualValues(t, 3*3*seatFee, b.SeatsTotal.Alita.Int64())
			require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.SeatsTotal.Alita).Add(b.Refunded.Alita))
		})
	}
}

// medianOf is the answer of three rounds: the smallest of the nine values with at least half of them at or below it.
func checkMedian(t *testing.T, a compute.Answer) {
	t.Helper()
	require.NoError(t, a.Stuck())
	require.True(t, a.Result().Converged)
	require.Equal(t, "19", a.Result().Table.Rows[0][1])
}

// Rounds follow from the sums, and the job is ended as soon as there is an answer.
func TestRounds(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	job, answer, out, err := follow(t, c, home, run)
	require.NoError(t, err)
	checkMedian(t, answer)
	require.Equal(t, []string{"accept", "next", "accept", "next", "accept", "done"}, kinds(c))
	require.Contains(t, out, "round 3 verified")
	require.Contains(t, out, "round 2: contributing: 3 owners of 2 to 3")
	b := compute.NewBill(job, run.Rounds)
	require.Len(t, b.Lines, 3)
	for _, l := range b.Lines {
		require.Equal(t, 3, l.Rounds)
		require.EqualValues(t, 3*95, l.Owned.Alita.Int64())
		require.EqualValues(t, 21, l.Operations)
	}
	require.EqualValues(t, 3*3*3*seatFee, b.SeatsTotal.Alita.Int64())
	require.EqualValues(t, 3*3*seatFee, b.Seats[0].Paid.Int64())
}

// The chain's bound of rounds ends the job before there is a last answer: what there is is shown as not converged.
func TestTooFewRounds(t *testing.T) {
	home, run, c := newRun(t, median, 2, false)
	job, answer, _, err := follow(t, c, home, run)
	require.NoError(t, err)
	require.Equal(t, types.JOB_STATUS_SETTLED, job.Status)
	require.False(t, answer.Result().Converged)
	require.Len(t, answer.Result().Rounds, 2)
	require.Equal(t, []string{"accept", "next", "accept"}, kinds(c))
}

// interrupted stops after a number of messages, as a lost process does.
type interrupted struct {
	*ownersChain
	after int
	stop  context.CancelFunc
}

func (c *interrupted) Job(ctx context.Context, id string) (types.Job, int64, error) {
	if len(c.sent) >= c.after {
		c.stop()
		return types.Job{}, 0, ctx.Err()
	}
	return c.ownersChain.Job(ctx, id)
}

// A run that is interrupted after whatever message goes on with what is kept, and comes to the same answer and bill.
func TestGoesOn(t *testing.T) {
	for after := range 6 {
		home, run, c := newRun(t, median, 20, false)
		c.liar[2] = 1
		ctx, cancel := context.WithCancel(t.Context())
		r, err := compute.NewReader(&interrupted{c, after, cancel}, home, run, &bytes.Buffer{})
		require.NoError(t, err)
		_, err = r.Follow(ctx)
		require.ErrorContains(t, err, "compute result "+jobID)

		again, err := compute.LoadRun(home, jobID)
		require.NoError(t, err)
		job, answer, _, err := follow(t, c, home, &again)
		require.NoError(t, err)
		checkMedian(t, answer)
		require.Equal(t, []string{"accept", "next", "dispute", "accept", "next", "accept", "done"}, kinds(c), "after %d", after)
		require.Len(t, again.Rounds, 3)
		b := compute.NewBill(job, again.Rounds)
		require.EqualValues(t, 3*3*3*seatFee, b.SeatsTotal.Alita.Int64())
		require.Equal(t, 3, b.Lines[0].Rounds)
	}
}

// A seat that seals a wrong sum is disputed with a new key, which is kept first; the answer is right.
func TestDisputesWrongSum(t *testing.T) {
	home, run, c := newRun(t, moments, 1, false)
	c.liar[1] = 2
	job, answer, out, err := follow(t, c, home, run)
	require.NoError(t, err)
	require.Equal(t, []string{"dispute", "accept"}, kinds(c))
	require.EqualValues(t, 2, c.sent[0].(*types.MsgDisputeSum).Seat)
	require.Equal(t, "2016", answer.Result().Table.Rows[0][2])
	require.Len(t, job.Lost, 1)
	require.Contains(t, out, "the sum of seat 2 (seat2) does not open its commitment")
	require.Contains(t, out, "attempt 2: contributing")
	kept, err := compute.LoadRun(home, jobID)
	require.NoError(t, err)
	require.Len(t, kept.ReaderKeys, 2)
}

// A node that lies about the sums is found out, whatever it changes: nothing wrong is accepted, and no seat is accused of it.
func TestNodeLies(t *testing.T) {
	for name, tamper := range map[string]func(*types.RoundSums){
		"commitment":  func(s *types.RoundSums) { s.Commitments[0] = s.Commitments[1] },
		"input":       func(s *types.RoundSums) { s.Input = append(slices.Clone(s.Input), 0) },
		"count":       func(s *types.RoundSums) { s.Valid++ },
		"attempt":     func(s *types.RoundSums) { s.Attempt++ },
		"owners":      func(s *types.RoundSums) { s.Owners = 1 },
		"fewer seats": func(s *types.RoundSums) { s.Sums = s.Sums[:2] },
		"round":       func(s *types.RoundSums) { s.Round = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			home, run, c := newRun(t, moments, 1, false)
			c.tamper = tamper
			_, answer, _, err := follow(t, c, home, run)
			require.ErrorContains(t, err, "--node")
			require.Nil(t, answer.Result())
			require.Empty(t, c.sent)
		})
	}
	t.Run("sealed sum", func(t *testing.T) {
		home, run, c := newRun(t, moments, 1, false)
		c.tamper = func(s *types.RoundSums) {
			s.Sums = slices.Clone(s.Sums)
			s.Sums[0].Sealed = s.Sums[1].Sealed
		}
		_, answer, _, err := follow(t, c, home, run)
		require.ErrorContains(t, err, "--node")
		require.ErrorIs(t, err, types.ErrNoFault)
		require.Nil(t, answer.Result())
		require.NotContains(t, kinds(c), "accept")
	})
}

// A message that is lost on its way is sent again.
func TestSendsAgain(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	c.broken = 3
	_, answer, _, err := follow(t, c, home, run)
	require.NoError(t, err)
	checkMedian(t, answer)

	home, run, c = newRun(t, median, 20, false)
	c.broken = 1000
	_, _, _, err = follow(t, c, home, run)
	require.ErrorContains(t, err, "connection lost")
	require.ErrorContains(t, err, "compute result "+jobID)
}

// A job that fails in a later round keeps the answer of the rounds before, and says what happened and what to do.
func TestFailsInSecondRound(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	c.failAt, c.failure = 2, types.FAILURE_REASON_SEATS
	job, answer, out, err := follow(t, c, home, run)
	require.NoError(t, err)
	require.Equal(t, types.JOB_STATUS_FAILED, job.Status)
	require.Len(t, answer.Result().Rounds, 1)
	require.Contains(t, out, "alitad query compute seats")
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
		types.FAILURE_REASON_OVERLAP:   "at least 3 owners have come or gone",
		types.FAILURE_REASON_CANCELLED: "cancelled",
	} {
		require.Contains(t, compute.FailureText(job(reason)), says)
		require.Contains(t, compute.PhaseLine(job(reason)), "failed: ")
	}
	invalid := job(types.FAILURE_REASON_COHORT)
	invalid.Judged, invalid.Valid, invalid.ValidOwners = 5, 2, 2
	require.Contains(t, compute.FailureText(invalid), "2 of 5 contributions were valid")
}

// What a secure sum costs at most: every record and every seat in every round.
func TestSecureBudget(t *testing.T) {
	r, err := compute.ReadRequest(flags(t, "--program", "logistic", "--pool", "1", "--columns", "vote,age", "--bits", "7", "--max-rows", "1000",
		"--price", "1ALITA", "--rounds", "10", "--seats", "4", "--seat-fee", "0.0005ALITA", "--public"))
	require.NoError(t, err)
	spec := r.Spec()
	require.Equal(t, types.DELIVERY_SECURE_SUM, spec.Delivery)
	require.Zero(t, spec.DeliverBlocks)
	require.EqualValues(t, 10, spec.Secure.Rounds)
	require.EqualValues(t, 4, spec.Secure.Seats)
	require.True(t, spec.Secure.PublicResult)
	require.EqualValues(t, 1, r.Question().Parameters.Columns[0].Bits, "a response is 0 or 1")
	require.EqualValues(t, 7, r.Question().Parameters.Columns[1].Bits)
	require.EqualValues(t, 10, r.Question().Parameters.MaxRounds)
	require.NoError(t, r.FillBudget(types.QueryQuoteJobResponse{Records: 5, FeeAlita: math.NewInt(1000), FeeData: math.NewInt(20)}))
	require.EqualValues(t, 10*(1000+4*5*500), r.Spec().Budget.Alita.Int64())
	require.EqualValues(t, 10*20*11/10+1, r.Spec().Budget.Data.Int64())

	r, err = compute.ReadRequest(flags(t, "--program", "moments", "--pool", "1", "--columns", "x", "--price", "1ALITA", "--direct"))
	require.NoError(t, err)
	require.Equal(t, types.DELIVERY_DIRECT, r.Spec().Delivery)
	require.Nil(t, r.Spec().Secure)
	require.NoError(t, r.FillBudget(types.QueryQuoteJobResponse{Records: 5, FeeAlita: math.NewInt(1000), FeeData: math.NewInt(20)}))
	require.EqualValues(t, 1000, r.Spec().Budget.Alita.Int64())
}

func TestSecureRequestRefuses(t *testing.T) {
	base := []string{"--pool", "1", "--price", "1ALITA"}
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"rounds of moments":  {[]string{"--program", "moments", "--columns", "x", "--rounds", "3"}, "--rounds 3: moments has its answer after 1, expected no more"},
		"direct and rounds":  {[]string{"--program", "logistic", "--columns", "y,x", "--direct"}, "only a secure sum"},
		"direct and public":  {[]string{"--program", "moments", "--columns", "x", "--direct", "--public"}, "no --direct"},
		"seat fee":           {[]string{"--program", "moments", "--columns", "x", "--seat-fee", "5"}, "--seat-fee"},
		"log of no column":   {[]string{"--program", "logistic", "--columns", "y,x", "--log", "z=1"}, "one of --columns"},
		"log without number": {[]string{"--program", "logistic", "--columns", "y,x", "--log", "x"}, "COLUMN=NUMBER"},
		"no clusters":        {[]string{"--program", "kmeans", "--columns", "x"}, "clusters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := compute.ReadRequest(flags(t, append(tc.args, base...)...))
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// A vector that no transaction can carry is refused here, with its size.
func TestTooLarge(t *testing.T) {
	params, program := types.DefaultParams(), types.Program{Bits: 63, Kind: types.VECTOR_KIND_SUM}
	spec := types.JobSpec{Length: 121, Secure: &types.SecureSum{Seats: 3}}
	require.ErrorContains(t, compute.CheckSize(chainID, spec, program, params), "expected at most 131072")
	spec.Length = 120
	require.NoError(t, compute.CheckSize(chainID, spec, program, params))
	spec.Length, spec.Secure.Bits = 121, 30
	require.NoError(t, compute.CheckSize(chainID, spec, program, params))
}

// seatQuotes is a chain that quotes seats' fees.
type seatQuotes struct {
	types.QueryClient
	asked []types.QueryQuoteJobRequest
	err   error
}

func (q *seatQuotes) QuoteJob(_ context.Context, req *types.QueryQuoteJobRequest, _ ...grpc.CallOption) (*types.QueryQuoteJobResponse, error) {
	q.asked = append(q.asked, *req)
	return &types.QueryQuoteJobResponse{SeatFee: math.NewInt(20), SpareSeatFee: math.NewInt(60), DrawableSeats: uint32(5 + len(q.asked))}, q.err
}

// Without --seat-fee a run pays what brings spare seats, with it just that; the chain says how many can be drawn for it.
func TestSeatFee(t *testing.T) {
	program := types.Program{Bits: 63, Kind: types.VECTOR_KIND_SUM}
	args := []string{"--program", "moments", "--pool", "4", "--columns", "x", "--price", "1ALITA", "--min-cohort", "7"}
	r, err := compute.ReadRequest(flags(t, args...))
	require.NoError(t, err)
	chain := &seatQuotes{}
	drawable, err := r.PrepareSecure(t.Context(), chain, program)
	require.NoError(t, err)
	require.Equal(t, 7, drawable)
	require.EqualValues(t, 60, r.Spec().Secure.MaxSeatFee.Int64())
	want := types.QueryQuoteJobRequest{
		PoolId: 4, ProgramId: r.Spec().ProgramId, Columns: 1, Length: 3, PricePerMop: "1000000", Seats: 3, Rounds: 1, MinCohort: 7,
	}
	require.Equal(t, want, chain.asked[0])
	want.MaxSeatFee = "60"
	require.Equal(t, want, chain.asked[1])

	r, err = compute.ReadRequest(flags(t, append(args, "--seat-fee", "33ualita")...))
	require.NoError(t, err)
	chain = &seatQuotes{}
	drawable, err = r.PrepareSecure(t.Context(), chain, program)
	require.NoError(t, err)
	require.Equal(t, 6, drawable)
	require.Len(t, chain.asked, 1)
	require.Equal(t, "33", chain.asked[0].MaxSeatFee)
	require.EqualValues(t, 33, r.Spec().Secure.MaxSeatFee.Int64())

	_, err = r.PrepareSecure(t.Context(), &seatQuotes{err: types.ErrTooFewSeats.Wrap("2 validators can be drawn")}, program)
	require.ErrorIs(t, err, types.ErrTooFewSeats)
	require.ErrorContains(t, err, "--seat-fee pays more")
}
