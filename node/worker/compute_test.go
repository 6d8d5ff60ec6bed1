package worker_test

import (
	"fmt"
	"os"
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

	fails := func(cand worker.Candidate, p worker.Plan, want error, says string) {
		t.Helper()
		out, err := c.Compute(t.Context(), cand, p, f.code)
		require.ErrorIs(t, err, want)
		require.ErrorContains(t, err, says)
		require.Zero(t, out)
	}
	// The program takes more, or less, than the model says.
	less, more := plan, plan
	less.Operations--
	more.Operations++
	fails(f.candidate(), less, committed.ErrModel, "expected 4973 operations for 100 rows, got more")
	fails(f.candidate(), more, committed.ErrModel, "expected 4975 operations for 100 rows, got 4974")

	// The location was sealed for another record, or to another worker.
	moved := f.candidate()
	moved.Record.Id = "ffffffffffffffffffffffffffffffff"
	fails(moved, plan, seal.ErrOpen, "location")
	other, err := seal.GenerateKey()
	require.NoError(t, err)
	c.Key = other
	fails(f.candidate(), plan, seal.ErrNotRecipient, "location")
	c.Key = f.keys.Reader

	// The file lies outside of the policy's folders.
	c.Policy.DataDirs = nil
	fails(f.candidate(), plan, worker.ErrLocation, "data_dirs")
	c.Policy.DataDirs = []string{f.dir}

	// A slot that exceeds what the program states.
	narrow := f.candidate()
	narrow.Program.Bits = 42
	out, err := c.Compute(t.Context(), narrow, plan, f.code)
	require.ErrorContains(t, err, "slot 2: expected at most 42 bits, got more")
	require.Zero(t, out)

	// The file has changed since it was committed to, in a column that the job does not even read.
	require.NoError(t, os.WriteFile(f.file, []byte(strings.Replace(string(raw), "\n5,20,", "\n5,21,", 1)), 0o600))
	fails(f.candidate(), plan, source.ErrChanged, "michelson.csv")
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
