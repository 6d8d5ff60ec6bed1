package worker_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

// file is what a record's file holds, and what becomes of it.
type file struct {
	name string
	cell func(row int) string
	// after is done to the file once the record commits to it.
	after func(t testing.TB, path string)
	// never is for runs that do not end by themselves.
	never bool
}

const fileRows = 30

func fits(row int) string { return fmt.Sprint(row % 90) }

func onRow(n int, text string) func(int) string {
	return func(row int) string {
		if row == n {
			return text
		}
		return fits(row)
	}
}

func always(text string) func(int) string { return func(int) string { return text } }

// readable are files that are the committed ones, in every way that a program may fail with them.
var readable = []file{
	{name: "fits", cell: fits},
	{name: "all missing", cell: always("NA")},
	{name: "no numbers", cell: always("yes")},
	{name: "out of range", cell: always("1e40")},
	{name: "decimals", cell: always("3.14159")},
	{name: "one row traps", cell: onRow(7, "666")},
	{name: "every row traps", cell: always("666")},
	{name: "endless loop", cell: onRow(29, "667")},
	{name: "fails", cell: onRow(3, "668")},
	{name: "leaves its model, with a wide slot", cell: onRow(0, "669")},
}

// unreadable are files that are missing or changed.
var unreadable = []file{
	{name: "deleted", cell: fits, after: func(t testing.TB, path string) { require.NoError(t, os.Remove(path)) }},
	{name: "changed in the middle", cell: fits, after: func(t testing.TB, path string) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, bytes.Replace(text, []byte("\n15\n"), []byte("\n16\n"), 1), 0o600))
	}},
}

// kind is how a job's answer is delivered.
type kind int

const (
	direct kind = iota
	noisy
	overPanel      // exact
	noisyOverPanel // with noise
)

// overPanels reports whether jobs of a kind run over the record's panel.
func (k kind) overPanels() bool { return k == overPanel || k == noisyOverPanel }

// programOf is the id of the program for jobs of a kind.
func programOf(k kind) string { return fmt.Sprintf("%064x", int(k)+1) }

// world is a worker over a file, and the jobs that it is asked.
type world struct {
	t    testing.TB
	f    *fixture
	s    *secureLedger
	rec  *transcript
	draw *rand.Rand // what happens, alike in all worlds of a seed
	own  *rand.Rand // how long this worker's runs take

	computer *worker.Computer
	journal  string
	never    bool
	takes    uint64          // blocks that are planned for a run
	speed    uint64          // operations in a block that are planned with
	ctx      context.Context //nolint:containedctx // of the process
	w        *worker.Worker
	closer   func()
	gate     chan struct{} // closed when runs may end
	spoil    func()        // called in place of a run; nil runs
	runError error         // what spoil leaves
	jobs     int
	bits     uint8
	decimals uint8
	offset   int64
}

// hostile is the programs of testdata/hostile.wat and testdata/hostile_row.wat.
var hostile struct {
	box        *sandbox.Sandbox
	operations uint64
	code, row  []byte
}

// hostileRow is what a row of hostile_row is granted.
const hostileRow = 400

// newWorld is a worker whose keys, policy and chain are those of base.
func newWorld(t testing.TB, base *fixture, of file, seed uint64) *world {
	t.Helper()
	f := *base
	f.dir = t.TempDir()
	f.file = filepath.Join(f.dir, "x.csv")
	text := "x\n"
	for i := range fileRows {
		text += of.cell(i) + "\n"
	}
	require.NoError(t, os.WriteFile(f.file, []byte(text), 0o600))
	f.addRecord(t)
	f.record.PrivacyBudget = 1 << 40
	f.policy.DataDirs, f.policy.MinSeats = []string{f.dir}, 3
	w := &world{
		t: t, f: &f, draw: rand.New(rand.NewPCG(seed, 1)), own: rand.New(rand.NewPCG(seed, uint64(len(of.name)))),
		journal: filepath.Join(f.dir, "journal"), bits: 10, never: of.never, takes: 2, speed: 1 << 40,
	}
	w.s = newSeatedLedger(t, &f)
	f.policy.IndividualResults = true
	w.s.grants[0].Terms.IndividualResults = true
	w.s.grants[0].Terms.Programs = []string{programOf(direct), programOf(noisy), programOf(noisyOverPanel)}
	w.rec = &transcript{ledger: w.s.ledger}
	w.computer = &worker.Computer{Policy: f.policy, Key: f.keys.Reader, Sandbox: hostile.box, Random: rand.NewChaCha8([32]byte{byte(seed)})}
	if of.after != nil {
		of.after(t, f.file)
	}
	return w
}

// hostileFixture is the fixture of all worlds of a test.
func hostileFixture(t testing.TB) *fixture {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(context.Background())) })
	code, err := os.ReadFile(filepath.Join("testdata", "hostile.wasm"))
	require.NoError(t, err)
	hostile.row, err = os.ReadFile(filepath.Join("testdata", "hostile_row.wasm"))
	require.NoError(t, err)
	f := newFixture(t)
	p, err := box.Compile(t.Context(), code)
	require.NoError(t, err)
	defer func() { require.NoError(t, p.Close(t.Context())) }()
	rows := &oneBatch{values: make([]int64, fileRows), valid: make([]byte, fileRows)}
	got, err := box.Run(t.Context(), p, sandbox.Shape{Columns: 1, Length: 2}, nil, rows, 1_000_000)
	require.NoError(t, err)
	hostile.box, hostile.code, hostile.operations = box, code, got.Operations
	return f
}

// start starts the worker's process.
func (w *world) start() {
	j, err := worker.OpenJournal(w.journal)
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	compute := func(ctx context.Context, c worker.Candidate, p worker.Plan, code []byte) (worker.Outcome, error) {
		if w.spoil != nil {
			w.spoil()
			return worker.Outcome{}, w.runError
		}
		out, err := w.computer.Compute(ctx, c, p, code)
		select {
		case <-w.gate:
		case <-ctx.Done():
			return worker.Outcome{}, ctx.Err()
		}
		return out, err
	}
	w.w = worker.New(worker.Config{
		Policy: w.f.policy, Address: w.f.worker, Key: w.f.keys.Reader.Public(), Chain: w.rec, Sender: w.rec, Compute: compute, Shares: w.computer, Keep: w.computer.Keep,
		Journal: j, Log: slog.New(slog.NewJSONHandler(&w.rec.log, nil)),
		Speed: worker.Speed{Operations: w.speed, Cells: 1 << 40, Code: 1 << 40, Start: w.takes * 250},
	})
	w.closer = func() {
		cancel()
		require.NoError(w.t, w.w.Stop())
		require.NoError(w.t, j.Close())
	}
	w.rec.note("start")
	w.ctx = ctx
}

// look is a block.
func (w *world) look(open bool) {
	w.s.with(func() { w.s.height++ })
	if open && !w.never {
		w.w.AwaitRuns(w.t.Context())
	}
	require.NoError(w.t, w.w.Look(w.ctx))
	if w.s.height%7 == 0 {
		w.rec.note("report", w.w.Report()...)
	}
}

// job is a new job of a kind over the world's record, before it is asked.
func (w *world) job(k kind) chain.Job {
	w.jobs++
	job := w.f.job
	job.Id = fmt.Sprintf("%032x", w.jobs)
	job.Status, job.Round, job.Attempt = chain.JobContributing, 1, 1
	input, err := fixedpoint.AppendHeader(nil, []fixedpoint.Column{{Bits: w.bits, Decimals: w.decimals, Offset: w.offset}})
	require.NoError(w.t, err)
	job.Spec.Columns, job.Spec.Length, job.Spec.Input = []string{"x"}, 2, input
	program := w.f.program
	program.Id = programOf(k)
	program.Shape = terms.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 2}
	program.Cost = terms.CostModel{Base: terms.Cost{Constant: hostile.operations}}
	program.Kind, program.Bits = terms.VectorSum, 40
	job.Spec.Delivery, job.Spec.Secure = chain.DeliverySecureSum, &chain.SecureSum{Seats: 3, Rounds: 1 + uint32(w.draw.IntN(2))}
	w.f.code, w.s.operations = hostile.code, hostile.operations
	switch k {
	case direct:
		job.Spec.Delivery, job.Spec.Secure, job.Round, job.Attempt = chain.DeliveryDirect, nil, 0, 0
	case noisy, noisyOverPanel:
		program.Row, program.Cost = true, terms.CostModel{Base: terms.Cost{Constant: 1}, PerRow: terms.Cost{Constant: hostileRow}}
		w.f.code, w.s.operations = hostile.row, 1+hostileRow*fileRows
		// A row with an odd value and one with an even value are within the budget; one with 3 or -3 is too long.
		job.Spec.Secure.Ranges = terms.Ranges{{Count: 1, High: 1, Variance: 101}, {Count: 1, Low: -3, High: 3, Variance: 101}}
		job.Spec.Secure.MicroRho, job.MicroRho = 10_000, 10_000
	}
	if k.overPanels() {
		job.Spec.Panels, job.Spec.MaxCohort = []string{panelID}, job.Spec.MinCohort
	}
	job.Spec.ProgramId = program.Id
	if k == overPanel {
		job.Spec.Secure.Rounds = 1
		w.f.signQuestion(job)
	}
	w.f.program = program
	return job
}

// open opens an attempt of a job.
func (w *world) open(job chain.Job, k kind) {
	w.s.with(func() {
		if job.Attempt <= 1 {
			w.s.contribution, w.s.delivery, w.s.secure = nil, nil, nil
			if k != direct {
				w.s.secure = w.s
			}
		}
		w.s.job = job
	})
}

// ask asks one job: its window, attempts and restarts are the same in all worlds of a seed.
func (w *world) ask(k kind) {
	job := w.job(k)
	w.gate = make(chan struct{})
	ends := w.own.IntN(3) // blocks until this worker's run ends
	attempts := 1 + w.draw.IntN(2)
	for attempt := 1; attempt <= attempts; attempt++ {
		job.DeadlineHeight = w.s.height + 5 + int64(w.draw.IntN(25))
		w.open(job, k)
		for n := 0; w.s.height < job.DeadlineHeight; n++ {
			if n == ends && attempt == 1 && !w.never {
				close(w.gate)
			}
			if w.draw.IntN(12) == 0 {
				w.closer()
				w.start()
			}
			w.look(n >= ends || attempt > 1)
		}
		if k == direct {
			break
		}
		w.s.with(func() { w.s.job.Status = chain.JobSeating })
		w.look(true)
		job.Attempt++
	}
	w.s.with(func() {
		if k == direct && w.s.contribution != nil {
			w.s.job.Status, w.s.job.DeadlineHeight = chain.JobDelivering, w.s.height+30
		}
	})
	for range 3 {
		w.look(true)
	}
	w.s.with(func() {
		w.s.job.Status = chain.JobSettled
		if w.s.contribution != nil {
			w.s.contribution.Status = chain.ContributionPaid
		}
	})
	for range 6 {
		w.look(true)
	}
}

// joinPanel puts the world's record into a panel.
func (w *world) joinPanel() {
	w.t.Helper()
	w.f.joinPanel(programOf(overPanel), programOf(noisyOverPanel))
	var err error
	w.computer.Editions, err = worker.OpenEditions(filepath.Join(w.f.dir, "editions"), w.f.keys.Reader)
	require.NoError(w.t, err)
}

// play is the transcript of many jobs over a file.
func play(t testing.TB, base *fixture, of file, seed uint64, jobs []kind) (*world, string) {
	t.Helper()
	w := newWorld(t, base, of, seed)
	if slices.ContainsFunc(jobs, kind.overPanels) {
		w.joinPanel()
	}
	w.gate = make(chan struct{})
	w.start()
	for _, k := range jobs {
		w.ask(k)
	}
	w.closer()
	return w, w.rec.all(t)
}

func requireEqualTranscripts(t testing.TB, name, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("%s: line %d:\n%s\nexpected:\n%s", name, i, strings.Join(b[max(0, i-3):i+1], "\n"), strings.Join(a[max(0, i-3):i+1], "\n"))
		}
	}
	t.Fatalf("%s: expected %d lines, got %d", name, len(a), len(b))
}

func repeat(n int, kinds ...kind) (out []kind) {
	for i := range n {
		out = append(out, kinds[i%len(kinds)])
	}
	return out
}

// TestTranscriptsDoNotDependOnTheFile: whatever is in a file, and whatever becomes of a run, a worker asks, sends, logs and reports the
// same at the same heights, over jobs, attempts and restarts. In jobs with noise that holds for missing and changed files, too.
func TestTranscriptsDoNotDependOnTheFile(t *testing.T) {
	base := hostileFixture(t)
	for name, tc := range map[string]struct {
		files []file
		kinds []kind
	}{
		"any job":                        {readable, []kind{direct, noisy}},
		"jobs with noise":                {append(slices.Clone(readable), unreadable...), []kind{noisy}},
		"unreadable files":               {unreadable, []kind{direct, noisy}},
		"over a panel":                   {readable, []kind{overPanel, noisy, noisyOverPanel}},
		"over a panel, unreadable files": {unreadable, []kind{overPanel, noisy, noisyOverPanel}},
	} {
		t.Run(name, func(t *testing.T) {
			jobs := repeat(18, tc.kinds...)
			w, want := play(t, base, tc.files[0], 7, jobs)
			t.Logf("%d jobs over each of %d files, %d lines, taken: %v", len(jobs), len(tc.files), strings.Count(want, "\n"), w.s.taken)
			if !strings.Contains(name, "unreadable files") {
				require.Greater(t, w.s.taken[typeContribute], len(jobs)/2)
			}
			require.Contains(t, want, "window for contributions", "some windows are too short")
			for _, of := range tc.files[1:] {
				_, got := play(t, base, of, 7, jobs)
				requireEqualTranscripts(t, of.name, want, got)
			}
		})
	}
}
