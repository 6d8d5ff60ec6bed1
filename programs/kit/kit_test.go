package kit_test

import (
	"context"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/analysis/costcheck"
	"github.com/alita-network/alita/analysis/simulate"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/programs/kit"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/sandbox"
	"github.com/alita-network/alita/terms"
)

func TestMaxBatchRows(t *testing.T) {
	require.Equal(t, metering.MaxBatchRows, kit.MaxBatchRows)
}

func TestChoose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Min(0).Draw(t, "a"), rapid.Int64Min(0).Draw(t, "b")
		want := int64(0)
		if a < b {
			want = 1
		}
		require.Equal(t, want, kit.Less(a, b))
		require.Equal(t, min(a, b), kit.Choose(kit.Less(a, b), a, b))
	})
}

// TestTemplate builds the template with the installed Go, measures its cost model in both engines, and runs a job with it.
func TestTemplate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildmode=c-shared", "-o", file, "./template")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
	code, err := os.ReadFile(file)
	require.NoError(t, err)

	limit := binary.LittleEndian.AppendUint64(nil, 300)
	var trials []costcheck.Trial
	for k := 1; k <= 4; k++ {
		columns := make([]fixedpoint.Column, k)
		for i := range columns {
			columns[i].Bits = 10
		}
		input, err := fixedpoint.AppendHeader(nil, columns)
		require.NoError(t, err)
		trials = append(trials, costcheck.Trial{Columns: k, Length: 2 * k, Input: append(input, limit...)})
	}
	data := t.TempDir()
	var files []string
	for name, rows := range map[string]string{"a.csv": "x\n299\n300\n\n7\n", "b.csv": "x\n", "c.csv": "x\n1000\n0\n"} {
		files = append(files, filepath.Join(data, name))
		require.NoError(t, os.WriteFile(files[len(files)-1], []byte(rows), 0o600))
	}
	var first *costcheck.Report
	for _, e := range []sandbox.Engine{sandbox.Compiler, sandbox.Interpreter} {
		box, err := sandbox.New(t.Context(), sandbox.Config{Engine: e})
		require.NoError(t, err)
		defer box.Close(context.Background())
		report, err := costcheck.Measure(t.Context(), box, code, trials, costcheck.Options{Rows: 2100, Seeds: 1})
		require.NoError(t, err)
		if first == nil {
			first = &report
			t.Logf("%+v", report.Model)
		}
		require.Equal(t, *first, report)

		session, err := analysis.NewForeignSession("below", code, []analysis.Column{{Name: "x", Bits: 10}}, limit, 2)
		require.NoError(t, err)
		got, err := simulate.Run(t.Context(), box, session, report.Model, files, simulate.Options{})
		require.NoError(t, err)
		require.Equal(t, [][]string{{"0", "3"}, {"1", "0"}}, got.Result.Table.Rows)
		require.Equal(t, 3, got.Result.Contributions)

		// With a column of labels, whose header is longer, through the shares of seats, and without one owner.
		labels := analysis.Column{Name: "x", Labels: []string{"7", "300"}, Other: true}
		session, err = analysis.NewForeignSession("below", code, []analysis.Column{labels}, binary.LittleEndian.AppendUint64(nil, 2), 2)
		require.NoError(t, err)
		got, err = simulate.Run(t.Context(), box, session, report.Model, files, simulate.Options{Seats: 2, Lose: []string{"c.csv"}})
		require.NoError(t, err)
		require.Equal(t, [][]string{{"0", "2"}, {"1", "0"}}, got.Result.Table.Rows, "of 299, 300 and 7 two have an index below 2")
	}
}

// TestRowTemplate measures the row template, whose module is built from its source if the toolchain is installed, and runs a job with it.
func TestRowTemplate(t *testing.T) {
	code, err := os.ReadFile("row/template.wasm")
	require.NoError(t, err)
	if tool, err := exec.LookPath("wat2wasm"); err == nil {
		file := filepath.Join(t.TempDir(), "template.wasm")
		text, err := exec.CommandContext(t.Context(), tool, "row/template.wat", "-o", file).CombinedOutput()
		require.NoError(t, err, string(text))
		built, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, built, code)
	}
	limit := binary.LittleEndian.AppendUint64(nil, 300)
	var trials []costcheck.Trial
	for k := 1; k <= 3; k++ {
		columns := make([]fixedpoint.Column, k)
		for i := range columns {
			columns[i].Bits = 10
		}
		input, err := fixedpoint.AppendHeader(nil, columns)
		require.NoError(t, err)
		trials = append(trials, costcheck.Trial{Columns: k, Length: 2*k + 1, Input: append(input, limit...)})
	}
	file := filepath.Join(t.TempDir(), "a.csv")
	require.NoError(t, os.WriteFile(file, []byte("x\n299\n300\nNA\n7\n"), 0o600))
	box, err := sandbox.New(t.Context(), sandbox.Config{})
	require.NoError(t, err)
	defer box.Close(context.Background())
	report, err := costcheck.Measure(t.Context(), box, code, trials, costcheck.Options{Rows: 2100, Seeds: 1})
	require.NoError(t, err)
	for _, l := range report.Lines {
		require.Equal(t, l.Least, l.PerRow, "every row costs the same")
		require.Zero(t, l.Lost)
	}
	ranges := terms.Ranges{{Count: 3, High: 1}}
	session, err := analysis.NewRowSession("below", code, []analysis.Column{{Name: "x", Bits: 10}}, limit, ranges, 0)
	require.NoError(t, err)
	got, err := simulate.Run(t.Context(), box, session, report.Model, []string{file}, simulate.Options{})
	require.NoError(t, err)
	require.Equal(t, [][]string{{"0", "4"}, {"1", "2"}, {"2", "1"}}, got.Result.Table.Rows)
	require.Zero(t, got.Owners[0].Report.Lost())
}
