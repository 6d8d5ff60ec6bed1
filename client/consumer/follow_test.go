package consumer_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/client/consumer"
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
func newRun(t *testing.T, p analysis.Parameters, rounds uint32, public bool) (string, *consumer.SavedRun, *ownersChain) {
	t.Helper()
	home := t.TempDir()
	run := &consumer.SavedRun{Saved: consumer.Saved{ChainID: chainID, JobID: jobID, From: "consumer", Question: consumer.Question{Parameters: &p}}}
	values := owners
	if p.Program == "moments" {
		values = [][]int64{{1, 5, 900}, {17, 18, 19}, {1023, 33}}
	}
	c := newOwnersChain(t, run, p, rounds, public, values...)
	require.NoError(t, run.Create(home))
	return home, run, c
}

func follow(t *testing.T, c *ownersChain, home string, run *consumer.SavedRun) (types.Job, consumer.Answer, string, error) {
	t.Helper()
	var out bytes.Buffer
	r, err := consumer.NewRun(c, home, run)
	require.NoError(t, err)
	job, err := r.Follow(t.Context(), writeEvents(&out))
	return job, r.Answer(), out.String(), err
}

// writeEvents writes a line for each event.
func writeEvents(out *bytes.Buffer) func(consumer.Event) {
	return func(e consumer.Event) {
		switch e := e.(type) {
		case consumer.JobSeen:
			fmt.Fprintf(out, "round %d, attempt %d: %s\n", e.Job.Round, e.Job.Attempt, e.Job.Status)
		case consumer.RoundVerified:
			fmt.Fprintf(out, "round %d verified: %s\n", e.Number, e.Round.Text())
		case consumer.RoundUnreadable:
			fmt.Fprintf(out, "round %d unreadable: %s\n", e.Number, e.Err)
		case consumer.SumDisputed:
			fmt.Fprintf(out, "seat %d (%s) disputed: %s\n", e.Seat, e.Operator, e.Err)
		}
	}
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
			require.Equal(t, []string{"x", "8", "2016", "252"}, answer.Result.Table.Rows[0][:4])
			require.Equal(t, 3, answer.Result.Contributions)
			require.Contains(t, out, "round 1 verified: 3 contributions")
			if public {
				require.Empty(t, kinds(c))
			} else {
				require.Equal(t, []string{"accept"}, kinds(c))
			}
			b := consumer.NewBill(job, run.Rounds)
			require.EqualValues(t, 3*95, b.Owners.Alita.Int64())
			require.EqualValues(t, 3*5, b.Stakers.Alita.Int64())
			require.EqualValues(t, 3*3*seatFee, b.SeatsTotal.Alita.Int64())
			require.Equal(t, b.Budget.Alita, b.Owners.Alita.Add(b.Stakers.Alita).Add(b.SeatsTotal.Alita).Add(b.Refunded.Alita))
		})
	}
}

// medianOf is the answer of three rounds: the smallest of the nine values with at least half of them at or below it.
func checkMedian(t *testing.T, a consumer.Answer) {
	t.Helper()
	require.NoError(t, a.Stuck)
	require.True(t, a.Result.Converged)
	require.Equal(t, "19", a.Result.Table.Rows[0][1])
}

// Rounds follow from the sums, and the job is ended as soon as there is an answer.
func TestRounds(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	job, answer, out, err := follow(t, c, home, run)
	require.NoError(t, err)
	checkMedian(t, answer)
	require.Equal(t, []string{"accept", "next", "accept", "next", "accept", "done"}, kinds(c))
	require.Contains(t, out, "round 3 verified")
	require.Contains(t, out, "round 2, attempt 1: JOB_STATUS_CONTRIBUTING")
	b := consumer.NewBill(job, run.Rounds)
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
	require.False(t, answer.Result.Converged)
	require.Len(t, answer.Result.Rounds, 2)
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
		r, err := consumer.NewRun(&interrupted{c, after, cancel}, home, run)
		require.NoError(t, err)
		_, err = r.Follow(ctx, nil)
		requireUnfinished(t, err)
		require.ErrorIs(t, err, consumer.ErrInterrupted)

		again, err := consumer.LoadRun(home, jobID)
		require.NoError(t, err)
		job, answer, _, err := follow(t, c, home, &again)
		require.NoError(t, err)
		checkMedian(t, answer)
		require.Equal(t, []string{"accept", "next", "dispute", "accept", "next", "accept", "done"}, kinds(c), "after %d", after)
		require.Len(t, again.Rounds, 3)
		b := consumer.NewBill(job, again.Rounds)
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
	require.Equal(t, "2016", answer.Result.Table.Rows[0][2])
	require.Len(t, job.Lost, 1)
	require.Contains(t, out, "the sum of seat 2 (seat2) does not open its commitment")
	require.Contains(t, out, "attempt 2: JOB_STATUS_CONTRIBUTING")
	kept, err := consumer.LoadRun(home, jobID)
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
			require.ErrorIs(t, err, consumer.ErrNode)
			require.Nil(t, answer.Result)
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
		require.ErrorIs(t, err, consumer.ErrNode)
		require.ErrorIs(t, err, types.ErrNoFault)
		require.Nil(t, answer.Result)
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
	requireUnfinished(t, err)
}

// A job that fails in a later round keeps the answer of the rounds before, and says what happened and what to do.
func TestFailsInSecondRound(t *testing.T) {
	home, run, c := newRun(t, median, 20, false)
	c.failAt, c.failure = 2, types.FAILURE_REASON_SEATS
	job, answer, _, err := follow(t, c, home, run)
	require.NoError(t, err)
	require.Equal(t, types.JOB_STATUS_FAILED, job.Status)
	require.Len(t, answer.Result.Rounds, 1)
	var failed *consumer.FailedError
	require.ErrorAs(t, answer.Err(), &failed)
	require.Equal(t, types.FAILURE_REASON_SEATS, failed.Job.Failure)
}

// requireUnfinished checks that an error says that the job can be gone on with.
func requireUnfinished(t *testing.T, err error) {
	t.Helper()
	var unfinished *consumer.UnfinishedError
	require.ErrorAs(t, err, &unfinished)
	require.Equal(t, jobID, unfinished.JobID)
}
