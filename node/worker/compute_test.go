package worker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/crypto/result"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/worker"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/rows/source"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/sandbox/committed"
	"github.com/alita-network/alita/terms"
)

func computer(t testing.TB, f *fixture) *worker.Computer {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, box.Close(t.Context())) })
	return &worker.Computer{Policy: f.policy, Key: f.keys.Reader, Sandbox: box}
}

func (f *fixture) open(t testing.TB, s result.Sealed) []int64 {
	t.Helper()
	v, err := result.Open(f.reader, result.Binding{
		ChainID: testChain, JobID: f.job.Id, RecordID: f.record.Id, Version: f.version.Content.Version, Owner: f.ownerAddr,
	}, int(f.job.Spec.Length), s)
	require.NoError(t, err)
	return v
}

func TestComputeMichelson(t *testing.T) {
	f := newFixture(t)
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	out, err := computer(t, f).Compute(t.Context(), f.candidate(), plan, f.code)
	require.NoError(t, err)
	require.Equal(t, plan.Operations, out.Operations)
	require.EqualValues(t, 100, out.Rows)
	require.Equal(t, michelson, f.open(t, out.Sealed))
}

// TestComputeLabels: the worker reads a column of labels as the job's input lists them.
func TestComputeLabels(t *testing.T) {
	f := newFixture(t)
	input, err := analysis.EncodeMoments([]fixedpoint.Column{fixedpoint.Labelled([]string{"5", "2"}, false)})
	require.NoError(t, err)
	f.job.Spec.Input, f.job.Spec.Columns = input, []string{"experiment"}
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	out, err := computer(t, f).Compute(t.Context(), f.candidate(), plan, f.code)
	require.NoError(t, err)
	require.Equal(t, []int64{40, 20, 20}, f.open(t, out.Sealed), "20 readings of each experiment; the others are missing")

	f.job.Spec.Input[0] = fixedpoint.Version
	_, decline = f.policy.Decide(f.candidate())
	require.NotNil(t, decline)
	require.True(t, decline.Final)
	require.Contains(t, decline.Reason, "input of the job: bad input header")
}

func TestComputeRefuses(t *testing.T) {
	f := newFixture(t)
	c := computer(t, f)
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(t, decline)
	raw, err := os.ReadFile(f.file)
	require.NoError(t, err)

	fails := func(cand worker.Candidate, want error, says string) {
		t.Helper()
		out, err := c.Compute(t.Context(), cand, plan, f.code)
		require.ErrorIs(t, err, want)
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), f.dir)
		require.Zero(t, out)
	}
	empty := func(cand worker.Candidate, p worker.Plan, want error, says string) {
		t.Helper()
		out, err := c.Compute(t.Context(), cand, p, f.code)
		require.NoError(t, err)
		require.ErrorIs(t, out.Trouble, want)
		require.ErrorContains(t, out.Trouble, says)
		require.Equal(t, []int64{0, 0, 0}, f.open(t, out.Sealed))
		require.Equal(t, p.Operations, out.Operations, "it is billed by the model")
	}
	// The program takes more, or less, than the model says.
	less, more := plan, plan
	less.Operations--
	more.Operations++
	empty(f.candidate(), less, committed.ErrModel, "expected 12317 operations for 100 rows, got more")
	empty(f.candidate(), more, committed.ErrModel, "expected 12319 operations for 100 rows, got 12318")
	// A slot that exceeds what the program states.
	narrow := f.candidate()
	narrow.Program.Bits = 42
	empty(narrow, plan, committed.ErrSlot, "slot 2: expected at most 42 bits, got more")

	// The location was sealed for another record, or to another worker.
	moved := f.candidate()
	moved.Record.Id = "ffffffffffffffffffffffffffffffff"
	fails(moved, seal.ErrOpen, "location")
	other, err := seal.GenerateKey()
	require.NoError(t, err)
	c.Key = other
	fails(f.candidate(), seal.ErrNotRecipient, "location")
	c.Key = f.keys.Reader

	// The file lies where the policy does not let it.
	c.Policy.DataDirs = nil
	fails(f.candidate(), worker.ErrLocation, "data_dirs")
	c.Policy.DataDirs = []string{f.dir}

	// The file has changed since it was committed to, in a column that the job does not even read.
	require.NoError(t, os.WriteFile(f.file, []byte(strings.Replace(string(raw), "\n5,20,", "\n5,21,", 1)), 0o600))
	fails(f.candidate(), source.ErrChanged, "michelson.csv")
	require.ErrorIs(t, c.CheckFile(t.Context(), f.candidate()), source.ErrChanged)
	require.NoError(t, os.WriteFile(f.file, raw, 0o600))
	require.NoError(t, c.CheckFile(t.Context(), f.candidate()))
}

// An engine that fails on one machine does not leave a member out of a panel's sum. Elsewhere it must not be seen who it was.
func TestAttackEngineErrorIsNoVector(t *testing.T) {
	f := newFixture(t)
	newNoisedLedger(t, f)
	c := computer(t, f)
	stack := fmt.Errorf("%w: stack overflow", sandbox.ErrEngine)
	cand := f.candidate()
	out, err := c.EmptyAfter(cand, stack)
	require.NoError(t, err)
	require.ErrorIs(t, out.Trouble, sandbox.ErrEngine)
	cand.Job.Spec.Panels = []string{"panel"}
	_, err = c.EmptyAfter(cand, stack)
	require.ErrorIs(t, err, sandbox.ErrEngine)
	_, err = c.EmptyAfter(cand, sandbox.ErrTrap)
	require.NoError(t, err, "a program that fails on a content does so on every machine")
}

// The speed of the machine is measured once and kept.
func TestSpeed(t *testing.T) {
	h := worker.Home(filepath.Join(t.TempDir(), "home"))
	require.NoError(t, h.Create())
	box, err := sandbox.New(t.Context(), sandbox.Config{CacheDir: h.Cache()})
	require.NoError(t, err)
	defer func() { require.NoError(t, box.Close(t.Context())) }()
	first, err := worker.OpenSpeed(t.Context(), h, box)
	require.NoError(t, err)
	require.Greater(t, first.Operations, uint64(1_000_000))
	require.Greater(t, first.Cells, uint64(1_000))
	second, err := worker.OpenSpeed(t.Context(), h, box)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.NoError(t, os.WriteFile(h.Speed(), []byte("{}"), 0o600))
	_, err = worker.OpenSpeed(t.Context(), h, box)
	require.ErrorContains(t, err, "remove the file")
}

// BenchmarkCompute streams a file of a million rows through commitment, conversion and sandbox.
func BenchmarkCompute(b *testing.B) {
	f := newFixture(b)
	var text strings.Builder
	text.WriteString("experiment,run,speed_km_s\n")
	const rows = 1_000_000
	for i := range rows {
		fmt.Fprintf(&text, "%d,%d,%d\n", i/20, i%20, 299_000+i%1000)
	}
	require.NoError(b, os.WriteFile(f.file, []byte(text.String()), 0o600))
	f.addRecord(b)
	f.job.Spec.Budget = terms.NewFunds(1e9, 1e9)
	plan, decline := f.policy.Decide(f.candidate())
	require.Nil(b, decline)
	c := computer(b, f)
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := c.Compute(b.Context(), f.candidate(), plan, f.code); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
