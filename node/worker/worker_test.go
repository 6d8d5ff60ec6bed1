package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/internal/nodetest"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/source"
)

const (
	typeContribute = "/alita.compute.v1.MsgContribute"
	typeDeliver    = "/alita.compute.v1.MsgDeliver"
)

// logLines collects the log as maps.
type logLines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logLines) find(t testing.TB, msg string) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(l.buf.String()), "\n") {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil && m["msg"] == msg {
			out = append(out, m)
		}
	}
	return out
}

type process struct {
	cancel  context.CancelFunc
	ended   chan error
	journal *worker.Journal
}

// startWorker runs a worker as its own process would: with a journal that it opens and closes.
func startWorker(t testing.TB, l *ledger, compute worker.ComputeFunc, journal string, log io.Writer) *process {
	t.Helper()
	return startWorkerOn(t, l, l, l, compute, journal, log)
}

// startWorkerOn is startWorker for a worker that asks and sends elsewhere.
func startWorkerOn(t testing.TB, l *ledger, state worker.Chain, sender follow.Sender, compute worker.ComputeFunc, journal string, log io.Writer) *process {
	t.Helper()
	j, err := worker.OpenJournal(journal)
	require.NoError(t, err)
	shares := &worker.Computer{Policy: l.f.policy, Key: l.f.keys.Reader}
	patient := &patient{Chain: state}
	w := worker.New(worker.Config{
		Policy: l.f.policy, Address: l.f.worker, Key: l.f.keys.Reader.Public(), Chain: patient, Sender: sender, Compute: compute, Shares: shares,
		Journal: j, Log: slog.New(slog.NewJSONHandler(log, nil)), Poll: time.Millisecond,
	})
	patient.worker = w
	ctx, cancel := context.WithCancel(t.Context())
	p := &process{cancel: cancel, ended: make(chan error, 1), journal: j}
	go func() { p.ended <- w.Run(ctx) }()
	return p
}

// patient answers with a height when no run is in progress: the blocks of a test follow each other without a pause.
type patient struct {
	worker.Chain

	worker *worker.Worker
}

func (p *patient) Status(ctx context.Context) (chain.Status, error) {
	p.worker.AwaitRuns(ctx)
	return p.Chain.Status(ctx)
}

func (p *process) stop(t testing.TB) {
	t.Helper()
	p.cancel()
	require.NoError(t, <-p.ended)
	require.NoError(t, p.journal.Close())
}

// eventually advances the chain until the condition holds: by a block whenever the worker has looked at the last one, so that no
// deadline passes because the machine is slow.
func eventually(t testing.TB, l *ledger, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about", what)
		}
		l.awaitLook(t)
		l.block()
	}
}

func finished(l *ledger, journal func() *worker.Journal) func() bool {
	return func() bool {
		e, ok := journal().State(worker.Key{Job: l.f.job.Id, Record: l.f.record.Id})
		return ok && e.Stage == worker.StageFinished
	}
}

func TestFromJobToPayment(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 400
	l := newLedger(f)
	l.registered = false
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "waiting", func() bool { return len(log.find(t, "waiting")) == 1 })
	l.with(func() { l.registered = true })
	eventually(t, l, "payment", finished(l, func() *worker.Journal { return p.journal }))
	p.stop(t)

	require.Equal(t, map[string]int{typeContribute: 1, typeDeliver: 1}, l.taken)
	require.Zero(t, l.refused)
	require.Equal(t, michelson, f.open(t, sealedOf(l)))
	for _, line := range []string{"started", "registered", "record", "accepted", "contributed", "delivered", "paid", "stopped"} {
		require.Len(t, log.find(t, line), 1, line)
	}
	// 5 % of 12318 ualita, rounded down, go to the stakers.
	require.Equal(t, "11703", log.find(t, "paid")[0]["ualita"])
	require.Equal(t, "12318", log.find(t, "paid")[0]["data"])
	require.NotContains(t, log.buf.String(), f.dir)
}

func sealedOf(l *ledger) result.Sealed {
	return result.Sealed{Enc: l.delivery.Enc, Ciphertext: l.delivery.Ciphertext}
}

// Whatever fails and whenever the process ends: the chain takes one contribution and one delivery, and what is
// delivered is what was attested.
func TestCrashesAndLostAnswers(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	c := computer(t, f)
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		l := newLedger(f)
		journal := filepath.Join(dir, fmt.Sprint(run))
		fates := nodetest.DrawFates(rt)
		l.fail, l.afterMsg = fates.Call, fates.Answer
		crashes := rapid.IntRange(0, 4).Draw(rt, "crashes")
		var p *process
		for range crashes {
			p = startWorker(t, l, c.Compute, journal, io.Discard)
			for range rapid.IntRange(0, 12).Draw(rt, "blocks") {
				l.block()
				l.awaitLook(t)
			}
			p.stop(t)
			// Cut what was being written when the power failed.
			torn := rapid.SliceOfN(rapid.ByteRange('a', 'z'), 0, 20).Draw(rt, "torn")
			appendTo(t, journal, torn)
		}
		p = startWorker(t, l, c.Compute, journal, io.Discard)
		eventually(t, l, "contribution", func() bool {
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.contribution != nil
		})
		l.with(func() { l.job.DeadlineHeight = l.height })
		eventually(t, l, "delivery", func() bool {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.job.Status == chain.JobDelivering {
				l.job.DeadlineHeight = l.height + 1000
			}
			return l.delivery != nil
		})
		l.with(func() { l.job.DeadlineHeight = l.height })
		eventually(t, l, "payment", finished(l, func() *worker.Journal { return p.journal }))
		p.stop(t)
		if l.taken[typeContribute] != 1 || l.taken[typeDeliver] != 1 || l.refused != 0 {
			rt.Fatalf("taken %v, refused %d", l.taken, l.refused)
		}
		if got := f.open(t, sealedOf(l)); fmt.Sprint(got) != fmt.Sprint(michelson) {
			rt.Fatalf("delivered %v", got)
		}
	})
}

// However long the node fails, the worker goes on asking at a pace that its poll bounds.
func TestLongTroubleDoesNotSlowTheWorkerForLong(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	failures := 100
	l.fail = func(string) error {
		if failures == 0 {
			return nil
		}
		failures--
		return errNetwork
	}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), io.Discard)
	eventually(t, l, "contribution", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.contribution != nil
	})
	p.stop(t)
	require.Zero(t, failures)
}

func appendTo(t testing.TB, path string, data []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.Write(data)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func TestDeclinesAreLoggedOnce(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	l.grants = nil
	log := &logLines{}
	journal := filepath.Join(t.TempDir(), "journal")
	c := computer(t, f)
	for range 2 {
		p := startWorker(t, l, c.Compute, journal, log)
		start := l.height
		eventually(t, l, "some blocks", func() bool { return l.height > start+30 })
		p.stop(t)
	}
	lines := log.find(t, "declined")
	require.Len(t, lines, 1)
	require.Contains(t, lines[0]["reason"], "grants of the record: expected one that allows the job, got none")
	require.Equal(t, f.job.Id, lines[0]["job"])

	// A grant that comes in time is noticed.
	p := startWorker(t, l, c.Compute, journal, log)
	l.with(func() { l.grants = []chain.Grant{f.grant} })
	eventually(t, l, "contribution", func() bool { return len(log.find(t, "contributed")) == 1 })
	p.stop(t)
}

// A program that fails is not run again. The vector of an empty record is sent for it, as for every other.
func TestRunThatFailsIsNotRepeated(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	runs := 0
	c := computer(t, f)
	compute := func(ctx context.Context, cand worker.Candidate, p worker.Plan, code []byte) (worker.Outcome, error) {
		runs++
		p.Operations-- // what the program states is one too few
		out, err := c.Compute(ctx, cand, p, code)
		out.Operations++
		return out, err
	}
	log := &logLines{}
	p := startWorker(t, l, compute, filepath.Join(t.TempDir(), "journal"), log)
	start := l.height
	eventually(t, l, "some blocks", func() bool { return l.height > start+50 && len(log.find(t, "contributed")) > 0 })
	l.with(func() { l.job.DeadlineHeight = l.height })
	eventually(t, l, "delivery", func() bool { return len(log.find(t, "delivered")) == 1 })
	p.stop(t)
	require.Equal(t, 1, runs)
	require.Equal(t, []int64{0, 0, 0}, f.open(t, sealedOf(l)))
	require.NotContains(t, log.buf.String(), "model")
}

// A process that dies with a run does not start it again, since the data may be why: without noise nothing is sent, in one reason, and with
// noise the vector of an empty record.
func TestRunThatKillsTheWorker(t *testing.T) {
	die := func(t *testing.T, f *fixture, l *ledger, round uint32) *logLines {
		journal := filepath.Join(t.TempDir(), "journal")
		c := computer(t, f)
		begun := make(chan struct{})
		compute := func(ctx context.Context, _ worker.Candidate, _ worker.Plan, _ []byte) (worker.Outcome, error) {
			close(begun)
			<-ctx.Done()
			return worker.Outcome{}, ctx.Err()
		}
		p := startWorker(t, l, compute, journal, io.Discard)
		<-begun
		raw, err := os.ReadFile(journal)
		require.NoError(t, err)
		p.stop(t)
		require.NoError(t, os.WriteFile(journal, raw, 0o600)) // what was on the disk when the run had begun
		log := &logLines{}
		p = startWorker(t, l, c.Compute, journal, log)
		eventually(t, l, "an end", func() bool { return len(log.find(t, "declined"))+len(log.find(t, "contributed")) == 1 })
		p.stop(t)
		return log
	}
	t.Run("exact", func(t *testing.T) {
		f := newFixture(t)
		f.job.DeadlineHeight = 100_000
		l := newLedger(f)
		log := die(t, f, l, 0)
		require.Equal(t, "nothing is sent in this round; the owner finds why in the file of details", log.find(t, "declined")[0]["reason"])
		require.Empty(t, l.taken)
	})
	t.Run("noise", func(t *testing.T) {
		f := newFixture(t)
		s := newNoisedLedger(t, f)
		log := die(t, f, s.ledger, 1)
		require.Len(t, log.find(t, "contributed"), 1)
	})
}

// A run that is interrupted by an orderly stop does not count as an attempt.
func TestStopDuringARun(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	journal := filepath.Join(t.TempDir(), "journal")
	begun := make(chan struct{}, 1)
	compute := func(ctx context.Context, _ worker.Candidate, _ worker.Plan, _ []byte) (worker.Outcome, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return worker.Outcome{}, ctx.Err()
	}
	for range 5 {
		p := startWorker(t, l, compute, journal, io.Discard)
		<-begun
		p.stop(t)
	}
	j, err := worker.OpenJournal(journal)
	require.NoError(t, err)
	e, ok := j.State(worker.Key{Job: f.job.Id, Record: f.record.Id})
	require.True(t, ok)
	require.Equal(t, worker.StageAccepted, e.Stage)
	require.NoError(t, j.Close())
}

// A contribution that this worker does not know, from another worker of the owner, ends its part.
func TestContributionFromElsewhere(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	l.contribution = &chain.Contribution{ResultCommitment: make([]byte, 32), Worker: "other"}
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "end", func() bool { return len(log.find(t, "finished")) == 1 })
	p.stop(t)
	require.Contains(t, log.find(t, "finished")[0]["reason"], "made by other")
	require.Empty(t, l.taken)
}

// A new version that is admitted while the attestation waits makes the worker compute again.
func TestNewVersionMeanwhile(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	next := f.newVersion(t, "1.1.0", [source.SeedSize]byte{10})
	l.fail = func(call string) error {
		if call == "send" && f.record.Admitted != 2 {
			f.version = next
			f.record.Admitted, f.record.ModifiedAt = 2, testTime.Add(time.Minute)
			return errNetwork
		}
		return nil
	}
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "contribution", func() bool { return len(log.find(t, "contributed")) == 1 })
	p.stop(t)
	require.Equal(t, "1.1.0", l.attestation.Version)
	require.Zero(t, l.refused)
}

// The chain took the attestation, its answer was lost, and then a new version was admitted: the old vector is owed.
func TestNewVersionAfterALostAnswer(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	old := f.version
	l.afterMsg = func() error {
		if l.delivery == nil {
			f.version = f.newVersion(t, "1.1.0", [source.SeedSize]byte{10})
			f.record.Admitted, f.record.ModifiedAt = 2, testTime.Add(time.Minute)
			l.grants = nil // and the new version would be declined
			return errNetwork
		}
		return nil
	}
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "contribution", func() bool { return len(log.find(t, "contributed")) == 1 })
	l.with(func() { l.job.DeadlineHeight = l.height })
	eventually(t, l, "delivery", func() bool { return len(log.find(t, "delivered")) == 1 })
	p.stop(t)
	f.version = old
	require.Equal(t, michelson, f.open(t, sealedOf(l)))
	require.Zero(t, l.refused)
}

// A node that lags behind does not make the worker give up a contribution.
func TestLaggingNode(t *testing.T) {
	f := newFixture(t)
	f.job.DeadlineHeight = 100_000
	l := newLedger(f)
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "contribution", func() bool { return len(log.find(t, "contributed")) == 1 })
	lags := 0
	l.with(func() {
		l.job.DeadlineHeight = l.height
		l.fail = func(call string) error {
			if call == "contribution" && lags < 3 {
				lags++
				return chain.ErrNotFound
			}
			return nil
		}
	})
	eventually(t, l, "delivery", func() bool { return len(log.find(t, "delivered")) == 1 })
	p.stop(t)
	require.Equal(t, 3, lags)
}

// The window closes before the chain takes anything: the worker gives up after some blocks.
func TestTooLate(t *testing.T) {
	f := newFixture(t)
	l := newLedger(f)
	l.fail = func(call string) error {
		if call == "send" {
			return &chain.TxError{Log: "out of gas"}
		}
		return nil
	}
	log := &logLines{}
	p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "a refusal", func() bool { return len(log.find(t, "contribution not taken, will try again")) == 1 })
	l.with(func() { l.job.DeadlineHeight = l.height + 20 })
	eventually(t, l, "end", func() bool { return len(log.find(t, "finished")) == 1 })
	p.stop(t)
	require.Contains(t, log.find(t, "finished")[0]["reason"], "window for contributions closed")
	require.Len(t, log.find(t, "contribution not taken, will try again"), 1)
}

func TestFatalErrors(t *testing.T) {
	f := newFixture(t)
	for name, tc := range map[string]struct {
		change func(*ledger)
		want   error
	}{
		"other chain": {func(l *ledger) { l.chainID = "other-1" }, follow.ErrWrongChain},
		"other owner": {func(l *ledger) {
			g := *f
			g.policy.Owner = f.consumer
			l.f = &g
		}, worker.ErrRegistration},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(f)
			tc.change(l)
			p := startWorker(t, l, nil, filepath.Join(t.TempDir(), "journal"), io.Discard)
			err := <-p.ended
			p.cancel()
			require.ErrorIs(t, err, tc.want)
			require.NoError(t, p.journal.Close())
		})
	}
}

func TestTroubleIsLoggedOnceAndHeals(t *testing.T) {
	f := newFixture(t)
	l := newLedger(f)
	down := errNetwork
	calls := 0
	l.fail = func(string) error { calls++; return down }
	log := &logLines{}
	p := startWorker(t, l, nil, filepath.Join(t.TempDir(), "journal"), log)
	eventually(t, l, "some attempts", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return calls > 4
	})
	require.Len(t, log.find(t, "node trouble, will try again"), 1)
	l.with(func() { down, l.job.Status = nil, chain.JobSettled })
	eventually(t, l, "recovery", func() bool { return len(log.find(t, "node answers again")) == 1 })
	p.stop(t)
}

// A node that shows one height far too high, once, silences nobody: the worker goes on with the next answer, also in jobs that it
// declined because their windows seemed to be over.
func TestAttackHighHeightSilencesNobody(t *testing.T) {
	for _, registered := range []bool{false, true} {
		t.Run(fmt.Sprint("registered before ", registered), func(t *testing.T) {
			f := newFixture(t)
			f.job.DeadlineHeight = 300
			l := newLedger(f)
			l.registered, l.height = registered, 1_000_000
			log := &logLines{}
			p := startWorker(t, l, computer(t, f).Compute, filepath.Join(t.TempDir(), "journal"), log)
			l.awaitLook(t)
			l.awaitLook(t) // the first look is over
			l.with(func() { l.registered, l.height = true, 12 })
			for range 300 {
				if len(log.find(t, "contributed")) > 0 {
					break
				}
				l.awaitLook(t)
				l.block()
			}
			p.stop(t)
			require.Len(t, log.find(t, "contributed"), 1)
			require.Len(t, log.find(t, "the chain has gone back"), 1)
			require.Equal(t, map[string]int{typeContribute: 1}, l.taken)
		})
	}
}
