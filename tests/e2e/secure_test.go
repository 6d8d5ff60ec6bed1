package e2e_test

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/devnet/localnet"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/testutil/canary"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

// secureExchange is an exchange whose validators aggregate, and a consumer that asks by transactions of its own.
type secureExchange struct {
	*exchange
	panel  string // of all owners; empty where questions have noise
	seats  []*localnet.Seat
	sender *chain.Sender
	reader seal.PrivateKey
	query  computetypes.QueryClient
}

func newSecureExchange(t *testing.T, ctx context.Context, marker string) *secureExchange {
	t.Helper()
	e := seated(newExchange(t, ctx, threeOwners(marker, 4)))
	e.splitRows(testData(t, "michelson.csv"))
	// What is admitted without a review earns nothing; answers earn.
	openPool := strings.NewReplacer(`"min_rows": 1`, `"min_rows": 1, "open_admission": true`, `"reward_per_record": "100LIGHT"`, `"match": "50%"`).Replace(poolFile)
	e.open(ctx, openPool, "moments_row", "histogram_row")
	var both sync.WaitGroup
	both.Go(func() { e.seat(ctx) })
	both.Go(func() { e.list(ctx) })
	both.Wait()
	var err error
	e.panel, err = e.net.FoundPanel(ctx, "maker", localnet.Panel{
		Pool: 1, Records: e.ids, Threshold: 3, Programs: []string{programs.MomentsRow().Hash, programs.HistogramRow().Hash}, MinPricePerMop: 1,
	}, e.owners...)
	require.NoError(t, err)
	e.newConsumer(ctx, "1000000000ualita,100000000data/1")
	return e
}

// seated is an exchange whose seats end with the test.
func seated(e *exchange) *secureExchange {
	s, t := &secureExchange{exchange: e, query: computetypes.NewQueryClient(e.conn)}, e.t
	t.Cleanup(func() {
		for _, seat := range s.seats {
			if seat != nil {
				require.NoError(t, seat.Stop())
			}
		}
	})
	return s
}

// seat makes every validator a seat and starts it.
func (e *secureExchange) seat(ctx context.Context) {
	e.t.Helper()
	dir := e.t.TempDir()
	e.seats = make([]*localnet.Seat, e.net.Validators())
	e.atOnce(len(e.seats), func(i int) (err error) {
		e.seats[i], err = e.net.NewSeat(ctx, i, alitaWorker(), filepath.Join(dir, fmt.Sprint("seat", i)), e.grpc.Addr(), "500")
		if err != nil {
			return err
		}
		return e.seats[i].Start()
	})
}

// newConsumer makes an account that this process signs for.
func (e *secureExchange) newConsumer(ctx context.Context, coins string) {
	keys, err := keyfile.Generate()
	require.NoError(e.t, err)
	signer, err := chain.NewSigner(keys.Account)
	require.NoError(e.t, err)
	client, err := chain.Dial(e.net.GRPC(0))
	require.NoError(e.t, err)
	e.t.Cleanup(func() { require.NoError(e.t, client.Close()) })
	e.reader = keys.Reader
	e.sender = &chain.Sender{Client: client, Signer: signer, ChainID: localnet.ChainID}
	e.tx(ctx, "consumer", "bank", "send", e.net.Address("consumer"), signer.Address(), coins)
}

const (
	// windows are long: every phase ends when nothing more can come.
	windows = 1000

	// jobLimit is for machines that do much else.
	jobLimit = 15 * time.Minute
)

// rawMoments is an input of moments_row for a column of so many bits: the rows used, the count, the sum and the sum of squares, of which nothing
// is taken away.
func rawMoments(t *testing.T, bits uint8) []byte {
	t.Helper()
	input, err := analysis.EncodeCentred([]fixedpoint.Column{{Bits: bits}}, []analysis.Centre{{}})
	require.NoError(t, err)
	return input
}

// openJob asks for the moments of all owners, exactly if they are in a panel.
func (e *secureExchange) openJob(ctx context.Context, change func(*computev1.JobSpec)) string {
	e.t.Helper()
	const bits = 20
	salt := make([]byte, 16)
	_, err := rand.Read(salt)
	require.NoError(e.t, err)
	owners := uint32(len(e.owners))
	spec := &computev1.JobSpec{
		PoolId: 1, ProgramId: programs.MomentsRow().Hash, Columns: []string{"speed_km_s"}, Length: 4, Input: rawMoments(e.t, bits),
		MinCohort: owners, MaxCohort: owners, PricePerMop: "1000000", MaxDataPerAlita: math.NewIntWithDecimal(1, 40).String(), ReaderKey: e.reader.Public().Bytes(),
		Budget:           &computev1.Funds{Alita: "1000000", Data: "40000000"},
		ContributeBlocks: windows, Delivery: computev1.Delivery_DELIVERY_SECURE_SUM,
		Secure: &computev1.SecureSum{
			Seats: 3, MaxSeatFee: "500", SeatBlocks: windows, VerifyBlocks: windows, OpenBlocks: windows, Rounds: 1, NextBlocks: windows,
			Ranges: []*computev1.SlotRange{{Count: 2, High: 1}, {Count: 1, High: 1 << bits}, {Count: 1, High: 1 << (2 * bits)}},
		},
	}
	if e.panel != "" {
		spec.Panels = []string{e.panel}
	}
	if change != nil {
		change(spec)
	}
	e.send(ctx, &computev1.MsgOpenJob{Consumer: e.sender.Signer.Address(), Salt: salt, Spec: spec})
	consumer, err := chain.ParseAddress(e.sender.Signer.Address())
	require.NoError(e.t, err)
	return computetypes.JobID(consumer, salt)
}

// maxRefusals is how often a message of the consumer may be refused: for a moment after a commit a node simulates on the block before
// the one that it shows.
const maxRefusals = 10

// send sends a message of the consumer.
func (e *secureExchange) send(ctx context.Context, msg proto.Message) {
	e.t.Helper()
	refusals := 0
	require.NoError(e.t, localnet.Wait(ctx, jobLimit, "a block with the message", func(ctx context.Context) (bool, error) {
		_, err := e.sender.Send(ctx, msg, chain.Limits{})
		var refused *chain.TxError
		if errors.As(err, &refused) && refusals < maxRefusals {
			refusals++
			return false, nil
		}
		return err == nil, err
	}))
}

func (e *secureExchange) job(ctx context.Context, id string) computetypes.Job {
	e.t.Helper()
	res, err := e.query.Job(ctx, &computetypes.QueryJobRequest{JobId: id})
	require.NoError(e.t, err)
	return res.Job
}

// drive watches a job until it has ended; it reads and accepts the sums of every round. at is called whenever the job is
// found in a phase, round or attempt that it was not in before.
func (e *secureExchange) drive(ctx context.Context, id string, at func(context.Context, computetypes.Job)) (last computetypes.Job, sums [][]string) {
	e.t.Helper()
	var seen string
	accepted := map[uint32]bool{}
	err := localnet.Wait(ctx, jobLimit, "the end of job "+id, func(ctx context.Context) (bool, error) {
		last = e.job(ctx, id)
		if now := fmt.Sprint(last.Status, last.Round, last.Attempt); now != seen {
			e.t.Logf("round %d, attempt %d: %s at %s", last.Round, last.Attempt, last.Status, time.Now().Format("05.000"))
			seen = now
			if at != nil {
				at(ctx, last)
			}
		}
		if last.Status == computetypes.JOB_STATUS_READING && !accepted[last.Round] {
			accepted[last.Round] = true
			sums = append(sums, e.read(ctx, last))
			e.send(ctx, &computev1.MsgAcceptSums{Consumer: last.Consumer, JobId: id})
			return false, nil
		}
		return !last.Open(), nil
	})
	if err != nil {
		e.dumpLogs()
	}
	require.NoError(e.t, err)
	return last, sums
}

// dumpLogs shows what workers and seats logged last.
func (e *secureExchange) dumpLogs() {
	logs := []string{}
	for _, o := range e.owners {
		logs = append(logs, o.Worker.LogFile())
	}
	for _, s := range e.seats {
		logs = append(logs, s.LogFile())
	}
	for _, path := range logs {
		bz, _ := os.ReadFile(path)
		e.t.Logf("%s:\n%s", path, bz[max(0, len(bz)-2000):])
	}
}

// read opens the sums as the reader.
func (e *secureExchange) read(ctx context.Context, job computetypes.Job) []string {
	e.t.Helper()
	res, err := e.query.Sums(ctx, &computetypes.QuerySumsRequest{JobId: job.Id})
	require.NoError(e.t, err)
	program, err := e.query.Program(ctx, &computetypes.QueryProgramRequest{ProgramId: job.Spec.ProgramId})
	require.NoError(e.t, err)
	protocol, err := computetypes.ProtocolOf(localnet.ChainID, job, program.Program)
	require.NoError(e.t, err)
	var shares [][]byte
	for i, s := range res.Sums.Sums {
		opening := s.Sum
		if !job.Spec.Secure.PublicResult {
			opening, err = protocol.OpenSealed(e.reader, i, s.Sealed.Enc, s.Sealed.Ciphertext)
			require.NoError(e.t, err)
		}
		share, err := protocol.VerifyOpening(res.Sums.Commitments[i], uint64(res.Sums.Valid), opening)
		require.NoError(e.t, err)
		shares = append(shares, share)
	}
	sum, err := protocol.Unshard(shares, uint64(res.Sums.Valid))
	require.NoError(e.t, err)
	sum, err = job.SecureSum("").Reveal(sum, res.Sums.Rows)
	require.NoError(e.t, err)
	var out []string
	for _, s := range sum {
		out = append(out, s.String())
	}
	return out
}

// michelson are the moments of all readings: the rows used, their number, their sum, and the sum of their squares.
var michelson = []string{"100", "100", "29985240", "8991146796600"}

func (e *secureExchange) requireSettled(job computetypes.Job, sums [][]string) {
	e.t.Helper()
	require.Equal(e.t, computetypes.JOB_STATUS_SETTLED, job.Status, job.Failure)
	require.Equal(e.t, job.Spec.Budget, computetypes.Funds{
		Alita: job.Paid.Alita.Add(job.Refunded.Alita), Data: job.Paid.Data.Add(job.Refunded.Data),
	})
	require.Len(e.t, sums, int(job.Round))
	for _, s := range sums {
		require.Equal(e.t, michelson, s)
	}
}

// lines counts the lines of a log that say something about a job.
func lines(t *testing.T, path, msg, job string) int {
	t.Helper()
	return len(logged(t, path, msg, job))
}

// logged are those lines.
func logged(t *testing.T, path, msg, job string) []string {
	t.Helper()
	bz, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []string
	for line := range strings.Lines(string(bz)) {
		if strings.Contains(line, `"msg":"`+msg+`"`) && strings.Contains(line, job) {
			out = append(out, line)
		}
	}
	return out
}

func (e *secureExchange) seatOf(account string) *localnet.Seat {
	for _, s := range e.seats {
		if s.Address == account {
			return s
		}
	}
	e.t.Fatalf("no seat %s", account)
	return nil
}

func TestSecureSum(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	marker, err := canary.New()
	require.NoError(t, err)
	e := newSecureExchange(t, ctx, marker.String())
	e.run(t, "settles", func(t *testing.T) {
		begun := time.Now()
		id := e.openJob(ctx, nil)
		job, sums := e.drive(ctx, id, nil)
		e.requireSettled(job, sums)
		t.Logf("%.1f s, %d blocks", time.Since(begun).Seconds(), e.height(ctx)-job.OpenedHeight)
		for _, s := range job.Seats {
			require.Equal(t, 1, lines(t, e.seatOf(s.Account).LogFile(), "opened the sum", id))
			t.Log(logged(t, e.seatOf(s.Account).LogFile(), "judged", id))
		}
		for _, o := range e.owners {
			require.Equal(t, 1, lines(t, o.Worker.LogFile(), "contributed", id))
		}
	})
	e.run(t, "seats and workers are killed in every phase", func(t *testing.T) { e.checkKills(ctx, t) })
	e.run(t, "a silent seat is replaced", func(t *testing.T) { e.checkSilent(ctx, t) })
	e.run(t, "a reader finds a wrong sum", func(t *testing.T) { e.checkWrongSum(ctx, t) })
	if full {
		e.run(t, "lies", func(t *testing.T) { e.checkLies(ctx, t) })
		e.run(t, "noise", func(t *testing.T) { e.checkNoise(ctx, t) })
	}
	e.run(t, "canary", func(t *testing.T) { e.checkSecureCanary(t, marker) })
}

func (e *secureExchange) height(ctx context.Context) int64 {
	e.t.Helper()
	h, err := e.net.Height(ctx)
	require.NoError(e.t, err)
	return h
}

// checkKills kills the processes that have something to do in a phase as soon as a job is in it; in full those of all seats in
// every phase.
func (e *secureExchange) checkKills(ctx context.Context, t *testing.T) {
	kills := 0
	id := e.openJob(ctx, func(s *computev1.JobSpec) {
		if full {
			s.Secure.Rounds = 2
		}
	})
	job, sums := e.drive(ctx, id, func(ctx context.Context, job computetypes.Job) {
		if job.Status == computetypes.JOB_STATUS_WAITING {
			e.send(ctx, &computev1.MsgNextRound{Consumer: job.Consumer, JobId: id, Round: job.Round + 1, Input: job.Spec.Input})
		}
		victims := e.seats
		if !full && len(job.Seats) > 0 {
			victims = nil
			for _, s := range job.Seats {
				victims = append(victims, e.seatOf(s.Account))
			}
		}
		idle := job.Status == computetypes.JOB_STATUS_CONTRIBUTING || job.Status == computetypes.JOB_STATUS_READING || job.Status == computetypes.JOB_STATUS_SETTLING
		if !job.Open() || idle && !full {
			victims = nil
		}
		for _, s := range victims {
			require.NoError(t, s.Kill())
			require.NoError(t, s.Start())
			kills++
		}
		if job.Status != computetypes.JOB_STATUS_CONTRIBUTING {
			return
		}
		for _, o := range e.owners {
			require.NoError(t, o.Worker.Kill())
			require.NoError(t, o.Worker.Start())
			kills++
		}
	})
	e.requireSettled(job, sums)
	require.Empty(t, job.Lost)
	t.Logf("%d processes killed", kills)
}

// checkSilent ends a seat's process for good once it has given its key: it is slashed and another takes its place.
func (e *secureExchange) checkSilent(ctx context.Context, t *testing.T) {
	var silent *localnet.Seat
	id := e.openJob(ctx, func(s *computev1.JobSpec) { s.Secure.VerifyBlocks = 30 })
	job, sums := e.drive(ctx, id, func(ctx context.Context, job computetypes.Job) {
		if job.Status == computetypes.JOB_STATUS_CONTRIBUTING && silent == nil {
			silent = e.seatOf(job.Seats[1].Account)
			require.NoError(t, silent.Kill())
		}
	})
	e.requireSettled(job, sums)
	require.Len(t, job.Lost, 1)
	require.Equal(t, silent.Operator, job.Lost[0].Operator)
	require.Equal(t, computetypes.SEAT_FAULT_SILENT, job.Lost[0].Fault)
	require.EqualValues(t, 2, job.Attempt)
	for _, o := range e.owners {
		require.Equal(t, 2, lines(t, o.Worker.LogFile(), "contributed", id))
		require.Equal(t, 1, lines(t, o.Worker.Details(), "run", id), "a new attempt computes nothing anew")
	}
	require.NoError(t, silent.Start())
}

// checkSecureCanary looks for where the data lies, and for what the owners' programs computed, wherever it must not be.
func (e *secureExchange) checkSecureCanary(t *testing.T, marker canary.Marker) {
	for _, s := range e.seats {
		require.NoError(t, s.Stop())
	}
	require.NoError(t, e.stop())
	traffic := append(e.rpc.Traffic(), e.grpc.Traffic()...)
	markers := map[string]canary.Marker{"location": marker}
	for i, o := range e.owners {
		for name, m := range e.ownMoments(o) {
			markers[fmt.Sprintf("%s of owner %d", name, i)] = m
		}
	}
	witness := canary.Of(e.ids[0])
	require.NotEmpty(t, witness.In(traffic), "the traffic does not show the record")
	for name, m := range markers {
		require.Empty(t, m.In(traffic), name)
		for _, o := range e.owners {
			bz, err := os.ReadFile(o.Worker.LogFile())
			require.NoError(t, err)
			require.Empty(t, m.In(bz), name)
		}
		for _, s := range e.seats {
			bz, err := os.ReadFile(s.LogFile())
			require.NoError(t, err)
			require.Empty(t, m.In(bz), name)
		}
	}
	for i := range e.seats {
		home := e.net.Home(i)
		seen, _, err := witness.Tree(home)
		require.NoError(t, err)
		require.NotEmpty(t, seen, home)
		for name, m := range markers {
			found, _, err := m.Tree(home)
			require.NoError(t, err)
			require.Empty(t, found, "%s in %s", name, home)
			bz, err := os.ReadFile(e.net.LogFile(i))
			require.NoError(t, err)
			require.Empty(t, m.In(bz), name)
		}
	}
	t.Logf("%d markers in none of %d bytes of traffic, %d nodes' homes and logs, %d seats' and %d workers' logs",
		len(markers), len(traffic), len(e.seats), len(e.seats), len(e.owners))
}

// readings are an owner's values.
func (e *secureExchange) readings(o *localnet.Owner) (all []uint64) {
	e.t.Helper()
	bz, err := os.ReadFile(o.File)
	require.NoError(e.t, err)
	rows := strings.Split(strings.TrimSpace(string(bz)), "\n")
	for _, row := range rows[1:] {
		cells := strings.Split(row, ",")
		var v uint64
		_, err := fmt.Sscan(cells[len(cells)-1], &v)
		require.NoError(e.t, err)
		all = append(all, v)
	}
	return all
}

// ownMoments are the sum of squares of an owner's readings, in the forms in which it could leak: as a number, and as an
// element of the field.
func (e *secureExchange) ownMoments(o *localnet.Owner) map[string]canary.Marker {
	e.t.Helper()
	var squares uint64
	for _, v := range e.readings(o) {
		squares += v * v
	}
	element := binary.LittleEndian.AppendUint64(nil, squares)
	return map[string]canary.Marker{
		"number":  canary.Of(fmt.Sprint(squares)),
		"element": canary.Of(string(append(element, make([]byte, 8)...))),
	}
}
