package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/devnet/localnet"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// turn replaces the process of a seat by one that lies, as soon as owners may contribute to a job for the first time.
type turn struct {
	e    *secureExchange
	t    *testing.T
	lie  string
	seat *localnet.Seat
	bond sdk.Coin // of the seat before
}

func (l *turn) at(ctx context.Context, job computetypes.Job) {
	if job.Status != computetypes.JOB_STATUS_CONTRIBUTING || l.seat != nil {
		return
	}
	l.seat = l.e.seatOf(job.Seats[1].Account)
	l.bond = l.e.bond(ctx, l.seat)
	require.NoError(l.t, l.seat.Kill())
	require.NoError(l.t, l.seat.StartAs(liar(), "--lie", l.lie))
}

// back makes the seat an honest one with a bond again.
func (l *turn) back(ctx context.Context) {
	require.NoError(l.t, l.seat.Stop())
	if l.e.bond(ctx, l.seat).IsZero() {
		require.NoError(l.t, l.e.net.Bond(ctx, l.seat, localnet.SeatBond))
	}
	require.NoError(l.t, l.seat.Start())
}

// bond is what a seat has at stake.
func (e *secureExchange) bond(ctx context.Context, s *localnet.Seat) sdk.Coin {
	e.t.Helper()
	res, err := e.query.Seats(ctx, &computetypes.QuerySeatsRequest{Pagination: &query.PageRequest{Limit: 100}})
	require.NoError(e.t, err)
	for _, seat := range res.Seats {
		if seat.Operator == s.Operator {
			return seat.Bond
		}
	}
	e.t.Fatalf("no seat %s", s.Operator)
	return sdk.Coin{}
}

// requireCaught checks that a job was summed without a seat that lied, which lost its whole bond, and that nothing is left in escrow.
func (l *turn) requireCaught(ctx context.Context, job computetypes.Job, fault computetypes.SeatFault) {
	l.t.Helper()
	require.Equal(l.t, computetypes.JOB_STATUS_SETTLED, job.Status, job.Failure)
	require.Len(l.t, job.Lost, 1)
	lost := job.Lost[0]
	require.Equal(l.t, l.seat.Operator, lost.Operator)
	require.Equal(l.t, fault, lost.Fault)
	require.Equal(l.t, l.bond, lost.Slashed)
	require.True(l.t, l.e.bond(ctx, l.seat).IsZero())
	require.EqualValues(l.t, 2, job.Attempt)
	for _, s := range job.Seats {
		require.NotEqual(l.t, l.seat.Operator, s.Operator)
	}
	l.e.requireEmptyEscrow(ctx, job)
}

// requireEmptyEscrow checks that a job holds no coin.
func (e *secureExchange) requireEmptyEscrow(ctx context.Context, job computetypes.Job) {
	e.t.Helper()
	res, err := banktypes.NewQueryClient(e.conn).AllBalances(ctx, &banktypes.QueryAllBalancesRequest{Address: computetypes.EscrowAddress(job.Id).String()})
	require.NoError(e.t, err)
	require.Empty(e.t, res.Balances)
}

// checkLies has a seat lie in every way that the reader need not find out.
func (e *secureExchange) checkLies(ctx context.Context, t *testing.T) {
	for _, tc := range []struct {
		lie    string
		public bool
		fault  computetypes.SeatFault
		// accused tells that nobody but an owner can know.
		accused bool
	}{
		{lie: "proof", fault: computetypes.SEAT_FAULT_PREPARATION, accused: true},
		{lie: "refuse", fault: computetypes.SEAT_FAULT_PREPARATION, accused: true},
		{lie: "joint", fault: computetypes.SEAT_FAULT_PREPARATION},
		{lie: "sum", public: true, fault: computetypes.SEAT_FAULT_SUM},
	} {
		e.run(t, fmt.Sprintf("%s, public %t", tc.lie, tc.public), func(t *testing.T) {
			l := &turn{e: e, t: t, lie: tc.lie}
			id := e.openJob(ctx, func(s *computev1.JobSpec) {
				if tc.public { // a public answer is not made again: this one is to another question
					s.Secure.PublicResult, s.Input = true, rawMoments(t, 21)
				}
			})
			job, sums := e.drive(ctx, id, l.at)
			if tc.public {
				sums = append(sums, e.read(ctx, job))
			}
			e.requireSettled(job, sums)
			l.requireCaught(ctx, job, tc.fault)
			accusations := 0
			for _, o := range e.owners {
				accusations += lines(t, o.Worker.LogFile(), "accused a seat that judged falsely", id)
			}
			require.Equal(t, tc.accused, accusations > 0, accusations)
			l.back(ctx)
		})
	}
	e.run(t, "twice", func(t *testing.T) {
		l := &turn{e: e, t: t, lie: "twice"}
		id := e.openJob(ctx, nil)
		job, sums := e.drive(ctx, id, l.at)
		e.requireSettled(job, sums)
		require.Empty(t, job.Lost)
		require.EqualValues(t, 1, job.Attempt)
		e.requireEmptyEscrow(ctx, job)
		require.Equal(t, l.bond, e.bond(ctx, l.seat))
		again := logged(t, l.seat.LogFile(), "said again", "")
		require.Len(t, again, 8, "four times each, after the judgement and after the sum")
		for _, line := range again {
			require.Contains(t, line, `"taken":false`)
		}
		l.back(ctx)
	})
}

// asked is a run of `alitad compute run` that goes on.
type asked struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

// begin asks, and returns the job once the chain has it.
func (e *secureExchange) begin(ctx context.Context, args ...string) (*asked, string) {
	e.t.Helper()
	jobs := func() []computetypes.Job {
		res, err := e.query.JobsByConsumer(ctx, &computetypes.QueryJobsByConsumerRequest{
			Consumer: e.net.Address("consumer"), Pagination: &query.PageRequest{Limit: 100},
		})
		if err != nil {
			return nil // a listing that meets a commit can fail; the next one does not
		}
		return res.Jobs
	}
	before := len(jobs())
	a := &asked{cmd: e.net.Command(ctx, append([]string{
		"compute", "run", "--pool", "1", "--columns", "speed_km_s", "--price", "1ALITA", "--from", "consumer", "--yes", "--output", "json",
		"--seat-blocks", fmt.Sprint(windows), "--verify-blocks", fmt.Sprint(windows), "--open-blocks", fmt.Sprint(windows),
	}, args...)...)}
	a.cmd.Stdout, a.cmd.Stderr = &a.stdout, &a.stderr
	require.NoError(e.t, a.cmd.Start())
	var id string
	require.NoError(e.t, localnet.Wait(ctx, jobLimit, "the job that was asked for", func(context.Context) (bool, error) {
		list := jobs()
		if len(list) <= before {
			return false, nil
		}
		id = list[len(list)-1].Id
		return true, nil
	}))
	return a, id
}

// end waits for the answer.
func (a *asked) end(t *testing.T, out any) {
	t.Helper()
	require.NoError(t, a.cmd.Wait(), a.stderr.String())
	require.NoError(t, json.Unmarshal(a.stdout.Bytes(), out), a.stdout.String())
}

// checkWrongSum has a seat seal a wrong sum to a reader that is the real command.
func (e *secureExchange) checkWrongSum(ctx context.Context, t *testing.T) {
	l := &turn{e: e, t: t, lie: "sum"}
	const bins, width = 2, 250
	a, id := e.begin(ctx, "--program", "histogram_row", "--panels", e.panel, "--bins", fmt.Sprint(bins), "--lower", "299600", "--width", fmt.Sprint(width),
		"--bits", "20", "--contribute-blocks", fmt.Sprint(windows))
	job := e.watch(ctx, id, l.at)
	var answer struct {
		Status string `json:"status"`
		Lost   []struct {
			Operator string `json:"operator"`
			Fault    string `json:"fault"`
		} `json:"lost_seats"`
		Slots []string `json:"slots"`
	}
	a.end(t, &answer)
	require.Equal(t, "settled", answer.Status)
	want := []string{"100"} // rows used
	for _, n := range e.counts(t, bins, width, len(e.owners)) {
		want = append(want, fmt.Sprint(n))
	}
	require.Equal(t, want, answer.Slots)
	require.Len(t, answer.Lost, 1)
	require.Equal(t, l.seat.Operator, answer.Lost[0].Operator)
	require.Equal(t, "sum", answer.Lost[0].Fault)
	require.Contains(t, a.stderr.String(), "disputing it")
	l.requireCaught(ctx, job, computetypes.SEAT_FAULT_SUM)
	l.back(ctx)
}

// watch follows a job that somebody else reads.
func (e *secureExchange) watch(ctx context.Context, id string, at func(context.Context, computetypes.Job)) (last computetypes.Job) {
	e.t.Helper()
	require.NoError(e.t, localnet.Wait(ctx, jobLimit, "the end of job "+id, func(ctx context.Context) (bool, error) {
		last = e.job(ctx, id)
		if at != nil {
			at(ctx, last)
		}
		return !last.Open(), nil
	}))
	return last
}

// checkNoise asks for counts with noise, and again where one owner's budget is spent.
func (e *secureExchange) checkNoise(ctx context.Context, t *testing.T) {
	const variance, rho = 6, 100_000 // above 10^6 / (2 * rho), with room for the rows used
	for i, o := range e.owners {
		budget := 2 * rho
		if i == 2 {
			budget--
		}
		e.tx(ctx, o.Name, "metadata", "set-privacy-budget", e.ids[i], fmt.Sprint(budget))
	}
	spent := func() (all []uint64) {
		for _, id := range e.ids {
			res, err := metadatatypes.NewQueryClient(e.conn).Record(ctx, &metadatatypes.QueryRecordRequest{RecordId: id})
			require.NoError(t, err)
			all = append(all, res.Record.PrivacySpent)
		}
		return all
	}
	// ask returns the slots of a histogram of the readings with noise: below, the bins, above and missing.
	ask := func(bins, width, cohort, window int) (slots []int64, job computetypes.Job) {
		a, id := e.begin(ctx, "--program", "histogram", "--bins", fmt.Sprint(bins), "--lower", "299600", "--width", fmt.Sprint(width),
			"--bits", "20", "--max-rows", "1000", "--rho", "0.1", "--min-cohort", fmt.Sprint(cohort),
			"--contribute-blocks", fmt.Sprint(window))
		job = e.watch(ctx, id, nil)
		var answer struct {
			Status string    `json:"status"`
			Slots  []string  `json:"slots"`
			Noise  *struct{} `json:"noise"`
		}
		a.end(t, &answer)
		require.Equal(t, "settled", answer.Status)
		require.NotNil(t, answer.Noise)
		for _, text := range answer.Slots {
			v, err := strconv.ParseInt(text, 10, 64)
			require.NoError(t, err)
			slots = append(slots, v)
		}
		require.Len(t, slots, 1+bins+3)
		slots = slots[1:] // without the rows used
		require.EqualValues(t, rho, job.MicroRho)
		e.requireEmptyEscrow(ctx, job)
		return slots, job
	}
	// That no slot of 14 has any noise has a probability of about (2 pi n variance)^(-14/2), below 2^-70.
	near := func(slots []int64, truth []int64, n int) {
		t.Helper()
		for i := range slots {
			requireNear(t, truth[i], slots[i], n, variance)
		}
		require.NotEqual(t, truth, slots)
	}
	slots, job := ask(11, 50, 3, windows)
	require.EqualValues(t, 3, job.Valid)
	near(slots, e.counts(t, 11, 50, 3), 3)
	require.Equal(t, []uint64{rho, rho, rho}, spent())

	// The third owner has one too few left and takes no part, so that the window has to pass.
	slots, job = ask(12, 40, 2, 60)
	require.EqualValues(t, 2, job.Valid)
	near(slots, e.counts(t, 12, 40, 2), 2)
	require.Equal(t, []uint64{2 * rho, 2 * rho, rho}, spent())
	require.Equal(t, 1, lines(t, e.owners[2].Worker.LogFile(), "declined", job.Id))
}

// requireNear checks the distance of a slot from the truth. The noise is subgaussian with its parameter, so that the sum of n of them exceeds
// t with a probability of at most 2 exp(-t^2 / (2 n variance)): here 2^-60.
func requireNear(t *testing.T, truth, got int64, n int, variance uint64) {
	t.Helper()
	limit := math.Ceil(math.Sqrt(2 * float64(n) * float64(variance) * 61 * math.Ln2))
	require.LessOrEqual(t, math.Abs(float64(got-truth)), limit)
}

// counts is the histogram of the first n owners' readings.
func (e *secureExchange) counts(t *testing.T, bins, width, n int) []int64 {
	t.Helper()
	out := make([]int64, bins+3)
	for _, o := range e.owners[:n] {
		for _, v := range e.readings(o) {
			switch bin := (int(v) - 299600) / width; {
			case v < 299600:
				out[0]++
			case bin >= bins:
				out[bins+1]++
			default:
				out[1+bin]++
			}
		}
	}
	return out
}

// run is t.Run with the exchange's own checks on the inner test.
func (e *secureExchange) run(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) {
		outer := e.t
		e.t = t
		defer func() { e.t = outer }()
		f(t)
	})
}
