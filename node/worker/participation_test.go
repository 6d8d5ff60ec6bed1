package worker_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gogoproto "github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

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

// transcript is everything that leaves a worker: what it asks and sends, in order and with heights, and what it logs and reports.
type transcript struct {
	*ledger

	lines []string
	log   logLines
}

func (r *transcript) note(call string, args ...any) {
	r.lines = append(r.lines, strings.TrimSpace(fmt.Sprintln(append([]any{r.height, call}, args...)...)))
}

func (r *transcript) Status(ctx context.Context) (chain.Status, error) {
	r.note("status")
	return r.ledger.Status(ctx)
}

func (r *transcript) ChainID(ctx context.Context) (string, error) {
	r.note("chain")
	return r.ledger.ChainID(ctx)
}

func (r *transcript) Worker(ctx context.Context, address string) (chain.Worker, error) {
	r.note("worker", address)
	return r.ledger.Worker(ctx, address)
}

func (r *transcript) RecordsByOwner(ctx context.Context, owner string) ([]chain.Record, error) {
	r.note("records", owner)
	return r.ledger.RecordsByOwner(ctx, owner)
}

func (r *transcript) AdmittedVersion(ctx context.Context, id string) (chain.Record, chain.Version, error) {
	r.note("version", id)
	return r.ledger.AdmittedVersion(ctx, id)
}

func (r *transcript) Grants(ctx context.Context, id string) ([]chain.Grant, error) {
	r.note("grants", id)
	return r.ledger.Grants(ctx, id)
}

func (r *transcript) Membership(ctx context.Context, panel, record string) (chain.Membership, error) {
	r.note("membership", panel, record)
	return r.ledger.Membership(ctx, panel, record)
}

func (r *transcript) JobsByPool(ctx context.Context, pool uint64, s chain.JobStatus) ([]chain.Job, error) {
	r.note("jobs", pool, s)
	return r.ledger.JobsByPool(ctx, pool, s)
}

func (r *transcript) Job(ctx context.Context, id string) (chain.Job, error) {
	r.note("job", id)
	return r.ledger.Job(ctx, id)
}

func (r *transcript) Program(ctx context.Context, id string) (chain.Program, error) {
	r.note("program", id)
	return r.ledger.Program(ctx, id)
}

func (r *transcript) ProgramCode(ctx context.Context, id string) ([]byte, error) {
	r.note("code", id)
	return r.ledger.ProgramCode(ctx, id)
}

func (r *transcript) Contribution(ctx context.Context, job, record string) (chain.Contribution, error) {
	r.note("contribution", job, record)
	return r.ledger.Contribution(ctx, job, record)
}

func (r *transcript) MaxContributionBytes(ctx context.Context) (uint32, error) {
	r.note("parameters")
	return r.ledger.MaxContributionBytes(ctx)
}

func (r *transcript) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	shape := proto.Clone(msg)
	blank(shape.ProtoReflect())
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(shape)
	if err != nil {
		return chain.TxResult{}, err
	}
	r.note("send", msg.ProtoReflect().Descriptor().Name(), limits, hex.EncodeToString(raw))
	return r.ledger.Send(ctx, msg, limits)
}

// blank replaces all bytes of a message, which are ciphertexts, shares, roots and hashes, by zeros: only their lengths are compared.
func blank(m protoreflect.Message) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.IsList() && f.Kind() == protoreflect.BytesKind:
			for i := range v.List().Len() {
				v.List().Set(i, protoreflect.ValueOfBytes(make([]byte, len(v.List().Get(i).Bytes()))))
			}
		case f.IsList() && f.Message() != nil:
			for i := range v.List().Len() {
				blank(v.List().Get(i).Message())
			}
		case f.Kind() == protoreflect.BytesKind:
			m.Set(f, protoreflect.ValueOfBytes(make([]byte, len(v.Bytes()))))
		case f.Message() != nil && !f.IsMap():
			blank(v.Message())
		}
		return true
	})
}

// all is the transcript as one text.
func (r *transcript) all(t testing.TB) string {
	t.Helper()
	out := strings.Join(r.lines, "\n")
	for _, line := range strings.Split(strings.TrimSpace(r.log.buf.String()), "\n") {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		delete(m, slog.TimeKey)
		text, err := json.Marshal(m)
		require.NoError(t, err)
		out += "\n" + string(text)
	}
	return out
}

// kind is how a job's answer is delivered.
type kind int

const (
	direct kind = iota
	exact
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
		journal: filepath.Join(f.dir, "journal"), bits: 10, never: of.never, takes: 2,
	}
	w.s = newSecureLedger(t, &f)
	f.policy.IndividualResults = true
	w.s.grants[0].Terms.IndividualResults = true
	w.s.grants[0].Terms.Programs = []string{programOf(direct), programOf(exact), programOf(noisy), programOf(noisyOverPanel)}
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
		Speed: worker.Speed{Operations: 1 << 40, Cells: 1 << 40, Code: 1 << 40, Start: w.takes * 250},
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
	job.Spec.Secure = &chain.SecureSum{Seats: 3, Rounds: 1 + uint32(w.draw.IntN(2))}
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

// play is the transcript of many jobs over a file.
func play(t testing.TB, base *fixture, of file, seed uint64, jobs []kind) (*world, string) {
	t.Helper()
	w := newWorld(t, base, of, seed)
	if slices.ContainsFunc(jobs, kind.overPanels) {
		w.f.joinPanel(programOf(overPanel), programOf(noisyOverPanel))
		var err error
		w.computer.Editions, err = worker.OpenEditions(filepath.Join(w.f.dir, "editions"), w.f.keys.Reader)
		require.NoError(t, err)
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
		"any job":                        {readable, []kind{direct, exact, noisy}},
		"jobs with noise":                {append(slices.Clone(readable), unreadable...), []kind{noisy}},
		"unreadable files":               {unreadable, []kind{direct, exact, noisy}},
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

// attack compares what two owners show who differ in a secret: that is all that an attacker gets.
func attack(t *testing.T, a, b file, ask func(w *world)) {
	t.Helper()
	base := hostileFixture(t)
	show := func(of file) string {
		w := newWorld(t, base, of, 3)
		w.gate = make(chan struct{})
		w.start()
		ask(w)
		w.closer()
		require.NotEmpty(t, w.s.taken, "it contributes")
		return w.rec.all(t)
	}
	requireEqualTranscripts(t, b.name, show(a), show(b))
}

// Bisection of the range of a job's values tells nothing about an owner's largest one.
func TestAttackRangeOracle(t *testing.T) {
	attack(t, file{name: "largest 500", cell: onRow(4, "500")}, file{name: "largest 900", cell: onRow(4, "900")}, func(w *world) {
		for w.bits = 6; w.bits <= 10; w.bits++ {
			w.ask(exact)
		}
	})
}

// The decimals of a job tell nothing about the finest value.
func TestAttackDecimalsOracle(t *testing.T) {
	attack(t, file{name: "whole", cell: fits}, file{name: "finer", cell: onRow(4, "5.0625")}, func(w *world) {
		for w.decimals = range uint8(5) {
			w.ask(exact)
		}
	})
}

// A program that traps, loops or fails on a value tells nothing about who has it.
func TestAttackTrapOracle(t *testing.T) {
	for _, of := range readable[5:] {
		t.Run(of.name, func(t *testing.T) {
			attack(t, readable[0], of, func(w *world) {
				for _, k := range repeat(6, exact, noisy, direct) {
					w.ask(k)
				}
			})
		})
	}
}

// How long a run takes tells nothing: the worlds' runs end at different blocks, and one of them not at all.
func TestAttackTimingOracle(t *testing.T) {
	slow := readable[0]
	slow.name = "fits, by another pace of runs"
	attack(t, readable[0], slow, func(w *world) {
		for range 6 {
			w.ask(noisy)
		}
	})
	// Late: the run never ends, and the vector of an empty record is sent at the height that was drawn.
	attack(t, readable[0], file{name: "a run that never ends", cell: fits, never: true}, func(w *world) {
		for range 6 {
			w.ask(noisy)
		}
	})
}

// A job whose window closes at once, full of its payer's own accounts, and begins again while the first run may still be in progress, does not
// learn how long that run took: neither by what is sent nor by when.
func TestAttackSecondAttemptTimingOracle(t *testing.T) {
	base := hostileFixture(t)
	show := func(k kind, ends int) (string, []byte) {
		w := newWorld(t, base, readable[0], 5)
		w.takes = 9
		w.gate = make(chan struct{})
		w.start()
		job := w.job(k)
		first := w.s.height
		look := func() {
			if w.s.height == first+int64(ends) {
				close(w.gate)
			}
			w.look(w.s.height >= first+int64(ends))
		}
		for attempt := uint32(1); attempt <= 3; attempt++ {
			job.Attempt, job.DeadlineHeight = attempt, w.s.height+40
			w.open(job, k)
			look()
			if attempt == 3 {
				break
			}
			w.s.with(func() { w.s.job.Status = chain.JobSeating })
			look()
		}
		require.Empty(t, w.s.taken, "the planned end of the run is still to come")
		for range 40 {
			look()
		}
		w.closer()
		require.Equal(t, 1, w.s.taken[typeContribute])
		raw, err := gogoproto.Marshal(w.s.shared)
		require.NoError(t, err)
		return w.rec.all(t), raw
	}
	for _, k := range []kind{noisy, exact} {
		wantText, wantShares := show(k, 0)
		for _, ends := range []int{1, 4, 8} {
			text, shares := show(k, ends)
			requireEqualTranscripts(t, fmt.Sprint("a run of blocks ", ends), wantText, text)
			require.True(t, bytes.Equal(wantShares, shares), "the shares are of another vector")
		}
	}
}

// A run that is stopped by --max-run or takes the engine down tells nothing in a job with noise: the vector of an empty record is sent for it.
func TestAttackMaxRunOracle(t *testing.T) {
	base := hostileFixture(t)
	show := func(spoil func(), err error) string {
		w := newWorld(t, base, readable[0], 6)
		w.spoil, w.runError = spoil, err
		w.gate = make(chan struct{})
		w.start()
		for range 4 {
			w.ask(noisy)
		}
		w.closer()
		require.NotEmpty(t, w.s.taken, "it contributes")
		return w.rec.all(t)
	}
	want := show(nil, nil)
	requireEqualTranscripts(t, "stopped", want, show(func() {}, context.DeadlineExceeded))
	requireEqualTranscripts(t, "a panic", want, show(func() { panic("engine") }, nil))
}

// oneBatch is one batch of rows.
type oneBatch struct {
	values []int64
	valid  []byte
	ended  bool
}

func (*oneBatch) Columns() int { return 1 }

func (b *oneBatch) Next(context.Context) (sandbox.Batch, error) {
	if b.ended {
		return sandbox.Batch{}, io.EOF
	}
	b.ended = true
	return sandbox.Batch{Rows: len(b.values), Columns: []sandbox.Column{{Values: b.values, Valid: b.valid}}}, nil
}
